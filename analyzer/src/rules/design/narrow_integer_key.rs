//! Keys that run out.

use crate::check::context::FileContext;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::Message;
use crate::schema::{Column, Constraint, ConstraintKind, Relation};
use crate::statement::{ColumnValue, ObjectKind, Persistence};

pub(super) static RULE: Rule = Rule {
    id: "narrow-integer-key",
    summary: "a key of integer or smallint, which runs out of numbers",
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
    // A short list of chosen numbers does not grow by itself, nor does a part of a longer key.
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
    let message = Message::new(
        format!(
            "{name}.{} counts in a type that ends at {most}",
            column.name
        ),
        "rolled back INSERTs and ON CONFLICT use up numbers too; on the day when they run out every \
         INSERT fails with 22003, and a wider type rewrites the table under ACCESS EXCLUSIVE, with every \
         table that points to it",
        format!(
            "write `{} bigint` from the start: 4 more bytes a row",
            column.name
        ),
    );
    Some((origin.span.clone(), message))
}
