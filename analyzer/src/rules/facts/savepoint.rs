//! Which transaction control leaves the transaction open.

/// Whether the transaction goes on behind it.
pub(in crate::rules) fn is_of_savepoint(keyword: &str) -> bool {
    matches!(keyword, "SAVEPOINT" | "RELEASE" | "ROLLBACK TO")
}
