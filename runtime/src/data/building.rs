//! How far the server is with an index that a data migration builds.

use std::fmt;

use tokio_postgres::SimpleQueryMessage;

use crate::plan::Step;
use crate::session::row::{flag, parsed, row};

/// An index that is built at this moment, as `pg_stat_progress_create_index` has it (the manual, "Progress Reporting").
///
/// ```
/// fn percent(building: &onward::data::Building) -> Option<f64> {
///     building.fraction().map(|fraction| fraction * 100.0)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Building {
    /// The table, as `schema.name`.
    pub table: String,
    /// What the server does, in its own words, such as `building index: scanning table`.
    pub phase: String,
    /// Blocks or rows that this phase is done with.
    pub done: u64,
    /// Blocks or rows of this phase; 0 while they are not known.
    pub total: u64,
}

impl Building {
    pub(crate) fn all(answer: &[SimpleQueryMessage]) -> Vec<Self> {
        let rows = answer.iter().filter_map(row);
        let rows = rows.filter(|row| flag(row, "building"));
        let all = rows.filter_map(|row| {
            Some(Self {
                table: parsed(row, "relation")?,
                phase: parsed(row, "phase")?,
                done: parsed(row, "done").unwrap_or_default(),
                total: parsed(row, "total").unwrap_or_default(),
            })
        });
        all.collect()
    }

    /// Whether the step may be what builds it.
    pub(crate) fn is_of(&self, step: &Step) -> bool {
        match step {
            Step::BuildIndex(build) => format!("{}.{}", build.schema, build.table) == self.table,
            Step::NonTransactional { statement, .. } => {
                let mut locks = statement.locks.iter();
                locks.any(|lock| lock.relation == self.table)
            }
            Step::Sequence { steps, .. } => steps.iter().any(|step| self.is_of(step)),
            Step::Transaction(_) | Step::DropIndex { .. } | Step::DetachPartition { .. } => false,
        }
    }

    /// How much of the phase is done, from 0 to 1; `None` while that is not known.
    ///
    /// ```
    /// fn is_half_done(building: &onward::data::Building) -> bool {
    ///     building.fraction().is_some_and(|fraction| fraction >= 0.5)
    /// }
    /// ```
    #[must_use]
    pub fn fraction(&self) -> Option<f64> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a part of 1 does not need all digits"
        )]
        let part = (self.total > 0).then(|| self.done as f64 / self.total as f64);
        part.map(|part| part.min(1.0))
    }
}

/// `the index on app.orders: building index: scanning table, 45 %`.
impl fmt::Display for Building {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, phase, .. } = self;
        write!(f, "the index on {table}: {phase}")?;
        match self.fraction() {
            Some(part) => write!(f, ", {:.0} %", part * 100.0),
            None => Ok(()),
        }
    }
}
