//! Changes to the column by which rows are spread.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::citus::{Placed, is_spread_already, placed};
use crate::schema::Relation;
use crate::statement::{Assignment, Change, ColumnAction, ColumnValue, Merged, Name};

pub(super) static RULE: Rule = Rule {
    id: "distribution-column-changed",
    summary: "the column by which Citus spreads a table is altered, dropped or written, or cannot be one",
    page: include_str!("distribution_column_changed.md"),
    aliases: &[],
    group: Group::Citus,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: DENY,
        data: DENY,
    },
    check: Check::Of(
        &[
            Subject::DropColumn,
            Subject::ColumnType,
            Subject::DropNotNull,
            Subject::AlterColumn,
            Subject::Expression,
            Subject::Insert,
            Subject::Update,
            Subject::Merge,
        ],
        &Check::Parts(check),
    ),
};

const MOVES: &str = "rows would have to move to other servers";

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let clause = || context.clause.span.clone();
    let altered = altered(context.change()).and_then(|(table, column, what)| {
        let table = spread_by(context, table, column)?;
        is_spread_already(context, table).then(|| (clause(), alters(table, column, what)))
    });
    let generated = generated(context).map(|message| (clause(), message));
    altered
        .into_iter()
        .chain(generated)
        .chain(written(context))
        .collect()
}

/// The table, if Citus spreads it by this column.
fn spread_by<'a>(context: &Context<'a>, table: &Name, column: &str) -> Option<&'a Relation> {
    let table = context.schema.relation(table)?;
    let Placed::By(id) = placed(context, table)? else {
        return None;
    };
    (table.name_of(id) == Some(column)).then_some(table)
}

/// The column that the clause alters, and how.
fn altered(change: &Change) -> Option<(&Name, &str, &'static str)> {
    Some(match change {
        Change::DropColumn { table, column, .. } => (table, column, "drops"),
        Change::ColumnType { table, column, .. } => (table, column, "changes the type of"),
        Change::DropNotNull { table, column } => (table, column, "drops NOT NULL of"),
        Change::AlterColumn {
            table,
            column,
            action,
        } => match action {
            ColumnAction::SetDefault(_) => (table, column, "sets a default of"),
            ColumnAction::DropDefault => (table, column, "drops the default of"),
            ColumnAction::SetExpression(_)
            | ColumnAction::DropExpression { .. }
            | ColumnAction::AddIdentity(_)
            | ColumnAction::SetIdentity { .. }
            | ColumnAction::DropIdentity { .. }
            | ColumnAction::Statistics(_)
            | ColumnAction::Storage(_)
            | ColumnAction::Compression(_)
            | ColumnAction::SetParameters(_)
            | ColumnAction::ResetParameters(_)
            | ColumnAction::Options => return None,
        },
        _ => return None,
    })
}

fn alters(table: &Relation, column: &str, what: &str) -> Message {
    let name = &table.name;
    Message::new(
        format!("this {what} {name}.{column}, by which Citus spreads the rows"),
        format!("Citus refuses it: {MOVES}"),
        format!(
            "add a column beside it; or copy the rows into a new table that is distributed as it shall be, and rename \
             both. undistribute_table('{name}') first moves all rows to one server"
        ),
    )
}

/// A table that is created with a generated column as the one to spread it by.
fn generated(context: &Context<'_>) -> Option<Message> {
    let Change::CreateTable(create) = context.change() else {
        return None;
    };
    let wanted = context.module.settings.distribution_column()?;
    let column = create.columns.iter().find(|column| column.name == wanted)?;
    matches!(column.value, ColumnValue::Generated { .. }).then(|| {
        Message::new(
            format!("{}.{wanted} is generated, and Citus spreads rows by it", create.table),
            "Citus refuses to distribute a table by a generated column (0A000): it chooses the server before it computes the \
             value",
            "let the service give the value",
        )
    })
}

/// Statements that write the column of existing rows.
fn written(context: &Context<'_>) -> Vec<SpannedMessage> {
    let (table, sets) = sets(context.change());
    let Some(table) = table else {
        return Vec::new();
    };
    let columns = sets.into_iter().flat_map(|set| &set.columns);
    let found = columns.filter_map(|written| {
        let table = spread_by(context, table, &written.column)?;
        let (name, column) = (&table.name, &written.column);
        let message = Message::new(
            format!("this writes {name}.{column} of existing rows, by which Citus spreads them"),
            format!("Citus refuses it (0A000): {MOVES}"),
            "leave the column out; a row gets another value in it by DELETE and INSERT",
        );
        Some((written.span.clone(), message))
    });
    found.collect()
}

fn sets(change: &Change) -> (Option<&Name>, Vec<&Assignment>) {
    match change {
        Change::Update(update) => (Some(&update.table), update.set.iter().collect()),
        Change::Insert(insert) => {
            let conflict = insert.on_conflict.as_ref();
            let update = conflict.and_then(|conflict| conflict.update.as_ref());
            let set = update.map(|(set, _)| set.iter().collect());
            (Some(&insert.table), set.unwrap_or_default())
        }
        Change::Merge(merge) => {
            let updates = merge
                .actions
                .iter()
                .filter_map(|action| match &action.merged {
                    Merged::Update(set) => Some(set),
                    Merged::Nothing | Merged::Delete | Merged::Insert { .. } => None,
                });
            (Some(&merge.table), updates.flatten().collect())
        }
        _ => (None, Vec::new()),
    }
}
