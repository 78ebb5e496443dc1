//! The relations of `pg_catalog`, which PostgreSQL finds before those of any other schema.

use std::collections::HashSet;
use std::sync::LazyLock;

static RELATIONS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("catalog.txt").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});

/// Whether a name without a schema is one of PostgreSQL's own tables and views.
pub(super) fn has(relation: &str) -> bool {
    RELATIONS.contains(relation)
}
