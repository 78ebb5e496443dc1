//! Several ALTER TABLE of one table.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule, WARN};
use crate::finding::{Message, Place};
use crate::statement::{Change, Name, ObjectKind, Statement, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "multiple-alter-table",
    summary: "a file has several ALTER TABLE statements for one table in use",
    page: include_str!("multiple_alter_table.md"),
    aliases: &["W12", "multipleAlterTable"],
    group: Group::Locks,
    levels: Levels {
        startup: WARN,
        release: ALLOW,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    if !context.starts_statement() {
        return None;
    }
    let table = altered(context.statement)?;
    let is_before = |other: &&Statement| {
        other.span.end <= context.statement.span.start && altered(other) == Some(table)
    };
    let before = context.statements.iter().rfind(is_before)?;
    if !context.is_old_table(table) || is_of_new_column(context, table) {
        return None;
    }
    let first = before.clauses.first()?;
    let message = Message::new(
        format!("this is the second ALTER TABLE of {table} in this file"),
        "each goes through the table's catalogue entries and, where it has to read or write rows, through \
         the whole table again: under the lock that the first one took",
        "make one statement of them: `ALTER TABLE ... action, action`",
    );
    let source = context.sources.get(context.file)?;
    let place = Place::at(&source.path, first.span.clone());
    Some(message.with_related(Some((place, format!("{table} is altered here")))))
}

/// The table, if all that the statement does can be one action among others. `DROP CONSTRAINT` comes
/// first among them, wherever it stands, which takes a proof away from `SET NOT NULL`.
fn altered(statement: &Statement) -> Option<&Name> {
    let joins = |change: &Change| match change {
        Change::AddColumn { .. }
        | Change::DropColumn { .. }
        | Change::ColumnType { .. }
        | Change::SetNotNull { .. }
        | Change::DropNotNull { .. }
        | Change::AlterColumn { .. }
        | Change::AddConstraint { .. } => true,
        Change::AlterTable { kind, action, .. } => {
            *kind == ObjectKind::Table
                && !matches!(
                    action,
                    TableAction::AttachPartition { .. } | TableAction::DetachPartition { .. }
                )
        }
        _ => false,
    };
    let all = statement.clauses.iter().all(|clause| joins(&clause.change));
    let first = &statement.clauses.first()?.change;
    all.then(|| first.table()).flatten()
}

/// Whether it only goes on with columns that the same file makes: a default for new rows only has to be
/// set apart from its new column.
fn is_of_new_column(context: &Context<'_>, table: &Name) -> bool {
    context.statement.clauses.iter().all(|clause| {
        let column = match &clause.change {
            Change::DropColumn { column, .. }
            | Change::ColumnType { column, .. }
            | Change::SetNotNull { column, .. }
            | Change::DropNotNull { column, .. }
            | Change::AlterColumn { column, .. } => column,
            _ => return false,
        };
        context.is_new(ObjectKind::Column, table, Some(column))
    })
}
