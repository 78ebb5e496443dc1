//! Several `ALTER TABLE` statements for one table.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, Group, Levels, NEVER, Rule, WARN};
use crate::finding::{Message, Place};
use crate::rules::facts::citus::placed;
use crate::statement::{Change, Name, ObjectKind, Statement, TableAction};

pub(super) static RULE: Rule = Rule {
    id: "multiple-alter-table",
    summary: "several ALTER TABLE statements for one table in use, which could be one",
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
    // An earlier ALTER TABLE has left its lock, so the file is searched only where there is one.
    context.held_on(table)?;
    let start = context.statement.span.start;
    let end = context
        .statements
        .partition_point(|one| one.span.end <= start);
    let mut before = context.statements.get(..end)?.iter();
    let before = before.rfind(|other| altered(other) == Some(table))?;
    let is_kept_by_citus = context
        .schema
        .relation(table)
        .is_some_and(|known| placed(context, known).is_some());
    if !context.is_old_table(table) || is_of_new_column(context, table) || is_kept_by_citus {
        return None;
    }
    let first = before.clauses.first()?;
    let message = Message::new(
        format!("alters {table} with a second ALTER TABLE in this file"),
        "each statement updates the table's catalogue entries again and, where it has to scan or \
         rewrite the table, does that again too, all under the lock that the first statement took",
        "join the statements into one: `ALTER TABLE ... action, action`",
    );
    let source = context.sources.get(context.file)?;
    let place = Place::at(&source.path, first.span.clone());
    Some(message.with_related(Some((place, format!("{table} is altered here")))))
}

/// The table, if everything that the statement does can be an action of a common `ALTER TABLE`.
/// `DROP CONSTRAINT` cannot: PostgreSQL runs it first among several actions, wherever it is written, and
/// it could drop a check that `SET NOT NULL` needs.
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

/// Whether the statement only changes columns that the same file adds: a default for new rows only
/// must be
/// set in a statement after the one that adds the column.
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
