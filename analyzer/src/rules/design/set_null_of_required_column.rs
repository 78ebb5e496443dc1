//! Foreign keys whose action sets a column to null that cannot be null.

use crate::check::context::FileContext;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::finding::Message;
use crate::schema::{Column, ColumnId, Constraint, ConstraintKind, Relation};
use crate::statement::ReferentialAction;

pub(super) static RULE: Rule = Rule {
    id: "set-null-of-required-column",
    summary: "ON DELETE SET NULL or ON UPDATE SET NULL of a column that is NOT NULL",
    page: include_str!("set_null_of_required_column.md"),
    aliases: &[],
    group: Group::Design,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let mut found = Vec::new();
    for table in around.tables() {
        let is_partition = table.partition_of.is_some();
        let is_certain = around.certain(&table.name).is_some();
        if is_partition || !is_certain {
            continue;
        }
        let here = table.constraints.iter();
        for key in here.filter(|key| key.origin.file == around.file) {
            let message = about(table, key);
            found.extend(message.map(|message| (key.origin.span.clone(), message)));
        }
    }
    found
}

fn about(table: &Relation, key: &Constraint) -> Option<Message> {
    let ConstraintKind::ForeignKey {
        parent,
        on_delete,
        set_columns,
        on_update,
        ..
    } = &key.kind
    else {
        return None;
    };
    let all: Vec<&Column> = key
        .columns
        .iter()
        .filter_map(|id| column(table, *id))
        .collect();
    let named = |column: &&&Column| set_columns.is_empty() || set_columns.contains(&column.name);
    let deleted = all
        .iter()
        .filter(named)
        .find(|column| refuses(table, column, *on_delete));
    let updated = all.iter().find(|column| refuses(table, column, *on_update));
    let (column, verb, action) = match (deleted, updated) {
        (Some(column), _) => (column, "DELETE", *on_delete),
        (None, Some(column)) => (column, "UPDATE", *on_update),
        (None, None) => return None,
    };
    let (table, column, parent) = (&table.name, &column.name, &parent.name);
    let keeps = all.iter().any(|one| one.name != *column) && verb == "DELETE";
    let word = match action {
        ReferentialAction::SetDefault => "SET DEFAULT",
        _ => "SET NULL",
    };
    let help = match keeps {
        true => format!(
            "name the columns that may be null: ON DELETE {word} (<column>), without {column}; or choose another action"
        ),
        false => format!("write ON {verb} CASCADE or RESTRICT, or let {column} be null"),
    };
    Some(Message::new(
        format!(
            "`{}` of {table} sets {column} to null, which is NOT NULL",
            key.name
        ),
        format!(
            "each {verb} of a row of {parent} that {table} references fails: null value in column violates not-null \
             constraint (23502)"
        ),
        help,
    ))
}

fn column(table: &Relation, id: ColumnId) -> Option<&Column> {
    table.columns.iter().find(|column| column.id == id)
}

/// Whether the action puts a null into the column.
fn refuses(table: &Relation, column: &Column, action: ReferentialAction) -> bool {
    let sets_null = match action {
        ReferentialAction::SetNull => true,
        ReferentialAction::SetDefault => !column.is_filled(),
        ReferentialAction::NoAction | ReferentialAction::Restrict | ReferentialAction::Cascade => {
            false
        }
    };
    sets_null && table.is_surely_not_null(&column.name)
}
