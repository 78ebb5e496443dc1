//! `ALTER TABLE`, and the actions that it shares with views, indexes and foreign tables.

use super::clause::other;
use super::family::Family;
use super::object::alter;
use crate::lower::grammar::Syntax;
use crate::statement::{Command, ObjectKind};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("alter_table.grammar"),
    readers: &[
        (Syntax::AlterTablesTablespace, |_, node| {
            vec![other(node, Command::AlterTablesTablespace, None)]
        }),
        (Syntax::AlterTable, |target, node| {
            alter(target, node, ObjectKind::Table)
        }),
        (Syntax::AlterForeignTable, |target, node| {
            alter(target, node, ObjectKind::ForeignTable)
        }),
        (Syntax::AlterView, |target, node| {
            alter(target, node, ObjectKind::View)
        }),
        (Syntax::AlterMaterializedView, |target, node| {
            alter(target, node, ObjectKind::MaterializedView)
        }),
        (Syntax::AlterIndex, |target, node| {
            alter(target, node, ObjectKind::Index)
        }),
    ],
};
