//! What the directives of a file declare about the file as a whole.

use super::{Batch, Directive, PlacedDirective, Series};
use crate::intake::external::External;
use crate::intake::file_name::Version;
use crate::statement::Name;

/// What the directives of a file declare about the file as a whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declarations {
    /// `transaction none`.
    pub(crate) transaction_none: bool,
    /// The data migrations that must have finished first.
    pub(crate) requires: Vec<Version>,
    /// The last startup migration for which the file stands, and the digest over all of them.
    pub(crate) replaces: Option<(Version, [u8; 32])>,
    /// How the data migration is split into batches.
    pub(crate) batch: Option<Batch>,
    /// `in rust`.
    pub(crate) in_rust: bool,
    /// `background`.
    pub(crate) background: bool,
    /// How many rows that fail may be left out.
    pub(crate) skip: u32,
    /// `approve`.
    pub(crate) approve: bool,
    /// What stops working in the running release.
    pub(crate) breaks: Option<String>,
    /// The objects of other schemas that the file may use.
    pub(crate) externals: Vec<External>,
    /// The tables that are declared to be small.
    pub(crate) small_tables: Vec<Name>,
    /// The series that begin with the file.
    pub(crate) replace: Vec<Series>,
    /// The old columns of the series that end with the file.
    pub(crate) replace_ends: Vec<(Name, String)>,
}

impl Declarations {
    /// Collects the directives. Where only one `batch` or `breaks` makes sense, the first counts.
    pub(crate) fn of(directives: &[PlacedDirective]) -> Self {
        let mut declared = Self::default();
        for placed in directives {
            match placed.directive.clone() {
                Directive::TransactionNone => declared.transaction_none = true,
                Directive::Requires(version) => declared.requires.push(version),
                Directive::Replaces { through, digest } => {
                    declared.replaces.get_or_insert((through, digest));
                }
                Directive::Batch(batch) => {
                    declared.batch.get_or_insert(batch);
                }
                Directive::InRust => declared.in_rust = true,
                Directive::Background => declared.background = true,
                Directive::Skip(rows) => declared.skip = rows,
                Directive::Approve => declared.approve = true,
                Directive::Breaks(what) => {
                    declared.breaks.get_or_insert(what);
                }
                Directive::External(external) => declared.externals.push(external),
                Directive::SmallTable { table, .. } => declared.small_tables.push(table),
                Directive::Replace(series) => declared.replace.push(*series),
                Directive::ReplaceEnds { table, column } => {
                    declared.replace_ends.push((table, column));
                }
                // `File` has the queries, which are read as SQL.
                Directive::DoneWhen(_) | Directive::HealthyWhen(_) | Directive::Tenants(_) => {}
                Directive::Allow { .. } | Directive::AllowFile { .. } => {}
            }
        }
        declared
    }
}
