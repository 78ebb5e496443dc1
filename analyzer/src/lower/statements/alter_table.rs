//! `ALTER TABLE`, and what it shares with views, indexes and foreign tables.

use super::clause::other;
use super::family::Family;
use super::object::alter;
use crate::statement::ObjectKind;

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("alter_table.grammar"),
    readers: &[
        ("alter_tables_tablespace", |_, node| vec![other(node, None)]),
        ("alter_table", |target, node| {
            alter(target, node, ObjectKind::Table)
        }),
        ("alter_foreign_table", |target, node| {
            alter(target, node, ObjectKind::ForeignTable)
        }),
        ("alter_view", |target, node| {
            alter(target, node, ObjectKind::View)
        }),
        ("alter_materialized_view", |target, node| {
            alter(target, node, ObjectKind::MaterializedView)
        }),
        ("alter_index", |target, node| {
            alter(target, node, ObjectKind::Index)
        }),
    ],
};
