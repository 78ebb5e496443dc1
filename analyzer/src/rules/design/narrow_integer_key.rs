//! Keys of a type that runs out of numbers.

use crate::check::context::FileContext;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::rules::fixes::replace::{By, command};
use crate::schema::{Column, Constraint, ConstraintKind, Relation};
use crate::statement::{ColumnValue, ObjectKind, Persistence};

pub(super) static RULE: Rule = Rule {
    id: "narrow-integer-key",
    summary: "a key of type integer or smallint, which can run out of numbers",
    page: include_str!("narrow_integer_key.md"),
    aliases: &[
        "prefer-bigint-over-int",
        "prefer-bigint-over-smallint",
        "prefer-big-int",
        "preferBigInt",
        "preferBigintOverInt",
        "preferBigintOverSmallint",
        "prefer-bigint-primary-key",
    ],
    group: Group::Design,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::File(check),
};

fn check(around: &FileContext<'_>) -> Vec<SpannedMessage> {
    let tables = around.tables().filter(|table| {
        table.kind == ObjectKind::Table
            && table.persistence != Persistence::Temporary
            && table.partition_of.is_none()
    });
    let found = tables.flat_map(|table| {
        let columns = table.columns.iter();
        columns.filter_map(|column| judge(around, table, column))
    });
    found.collect()
}

fn judge(around: &FileContext<'_>, table: &Relation, column: &Column) -> Option<SpannedMessage> {
    let most = match column.data_type.as_ref()?.to_string().as_str() {
        "integer" => "2 147 483 647",
        "smallint" => "32 767",
        _ => return None,
    };
    let is_generated = match &column.value {
        ColumnValue::Serial | ColumnValue::Identity(_) => true,
        ColumnValue::Default(value) => value.calls.iter().any(|call| call.name == "nextval"),
        ColumnValue::None | ColumnValue::Generated { .. } => false,
    };
    // A smallint without a sequence is usually a short list of chosen numbers, and a part of a longer key
    // counts only within the rest of the key: neither grows with the number of rows.
    let key = table.constraints.iter().find(|one| {
        one.kind == ConstraintKind::PrimaryKey && one.columns == [column.id] && most.len() > 6
    });
    let points = |one: &Constraint| {
        matches!(one.kind, ConstraintKind::ForeignKey { .. })
            && one.columns == [column.id]
            && most.len() > 6
    };
    let points = table.constraints.iter().find(|one| points(one));
    if !is_generated && key.is_none() && points.is_none() {
        return None;
    }
    let origins = [Some(&column.origin), key.map(|key| &key.origin)];
    let origin = origins
        .into_iter()
        .flatten()
        .find(|origin| origin.file == around.file)?;
    let name = &table.name;
    let by = By {
        table: name,
        column: &column.name,
        new: format!("{}_new", column.name),
        data_type: Some("bigint".to_owned()),
        using: None,
        keeps_name: true,
    };
    let later = command(around, &by).map(|command| format!(". For a table in use: `{command}`"));
    let message = Message::new(
        format!(
            "the key {name}.{} has a type that ends at {most}",
            column.name
        ),
        "rolled back INSERTs and ON CONFLICT use up numbers too; when they run out, every INSERT fails: \
         numeric value out of range (22003), and changing to a wider type rewrites the table, and every \
         table that references it, under ACCESS EXCLUSIVE",
        format!(
            "write `{} bigint` from the start; it costs 4 more bytes per row{}",
            column.name,
            later.unwrap_or_default()
        ),
    );
    Some((origin.span.clone(), message))
}
