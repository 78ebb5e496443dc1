//! Columns that change their type.

use crate::finding::Message;
use crate::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "column-type-change",
    summary: "a column changes its type",
    page: include_str!("column_type_change.md"),
    aliases: &["changing-column-type", "PG301", "changingColumnType", "change_column", "alter-column-type", "E5", "AlterColumnTypeCheck"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::ColumnType {
        table,
        column,
        data_type,
        ..
    } = scope.change()
    else {
        return None;
    };
    if scope.is_new_table(table) || scope.is_new(ObjectKind::Column, table, Some(column)) {
        return None;
    }
    let message = Message::new(
        format!("this changes the type of {table}.{column} to {data_type}"),
        "most changes of type rewrite the table and its indexes under ACCESS EXCLUSIVE, and the \
         serving release still reads and binds the old type",
        format!(
            "add a column of the new type, write both, copy the rows in a data migration, \
             `{}_copy_{column}.sql`, and drop the old column in a release migration",
            scope.next(crate::file_name::Category::Data)
        ),
    );
    Some(message.with_related(scope.made(ObjectKind::Column, table, Some(column))))
}
