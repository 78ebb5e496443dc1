//! What has to hold before a replaced column is dropped.

use crate::plan::RelationName;

/// That every row has the same value in a replaced column and its successor.
///
/// ```
/// fn print(agreement: &onward::plan::Agreement) {
///     println!("{}: {}", agreement.demand, agreement.rows);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agreement {
    /// The name of the release migration that drops the column.
    pub migration: &'static str,
    /// The table of the column.
    pub table: RelationName,
    /// What has to hold, in words.
    pub demand: &'static str,
    /// The query that lists the rows which differ, by their keys.
    pub rows: &'static str,
}

impl Agreement {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        migration: &'static str,
        table: RelationName,
        demand: &'static str,
        rows: &'static str,
    ) -> Self {
        Self {
            migration,
            table,
            demand,
            rows,
        }
    }
}
