//! Columns that an `INSERT` has to fill.

use crate::finding::Message;
use crate::schema::{Answer, Column, Relation, Schema, TypeKind};
use crate::statement::{
    Change, ColumnValue, Name, ObjectKind, Rows, Statement, TriggerEvent, TriggerTiming,
};

/// The columns that a statement leaves out and that have neither a default nor may be null; unless a trigger may fill them.
pub(super) fn left_out(schema: &Schema, statement: &Statement) -> Option<Message> {
    let change = &statement.clauses.first()?.change;
    let Change::Insert(insert) = change else {
        return None;
    };
    let table = schema.relation(&insert.table)?;
    let is_certain = table.kind == ObjectKind::Table
        && table.columns_known
        && schema.exists(ObjectKind::Table, &insert.table, None) == Answer::Yes;
    if !is_certain || may_fill(schema, table) {
        return None;
    }
    let rows_are_default = matches!(insert.rows, Rows::Default);
    if insert.columns.is_empty() && !rows_are_default {
        return None;
    }
    let is_written = |column: &Column| insert.position(&column.name).is_some();
    let columns = table.columns.iter();
    let missing: Vec<&Column> = columns
        .filter(|column| !is_written(column) && is_required(schema, table, column))
        .collect();
    let first = missing.first()?;
    let names: Vec<&str> = missing.iter().map(|one| one.name.as_str()).collect();
    let others = match names.as_slice() {
        [_] => "has no default and is NOT NULL",
        [..] => "have no default and are NOT NULL",
    };
    Some(Message::new(
        format!(
            "the INSERT leaves out {} of {}",
            names.join(", "),
            insert.table
        ),
        format!(
            "{} {others}, and no trigger fills them in. Every row fails: null value in column \"{}\" violates not-null \
             constraint (23502)",
            names.join(", "),
            first.name
        ),
        "write a value for each of them, or give them a default in a migration",
    ))
}

fn is_required(schema: &Schema, table: &Relation, column: &Column) -> bool {
    let has_value = match &column.value {
        ColumnValue::None => false,
        ColumnValue::Default(value) => !value.is_null,
        ColumnValue::Serial | ColumnValue::Identity(_) | ColumnValue::Generated { .. } => true,
    };
    let domain = column.data_type.as_ref().and_then(|data_type| {
        let name = Name {
            schema: data_type
                .schema
                .clone()
                .unwrap_or_else(|| schema.owned().to_owned()),
            name: data_type.name.clone(),
        };
        schema.type_of(&name)
    });
    let fills = domain.is_some_and(|domain| match &domain.kind {
        TypeKind::Domain(domain) => domain.value != ColumnValue::None,
        TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other => false,
    });
    table.is_surely_not_null(&column.name) && !has_value && !fills
}

/// Whether a trigger or a rule may change the row before it is stored, on the table or on a partition of it.
fn may_fill(schema: &Schema, table: &Relation) -> bool {
    let changes = |one: &Relation| {
        let before = one.triggers.iter().any(|trigger| {
            trigger.definition.timing == TriggerTiming::Before
                && trigger.definition.events.contains(&TriggerEvent::Insert)
        });
        before || !one.rules.is_empty()
    };
    let children = table.children.iter().filter_map(|id| schema.by_id(*id));
    changes(table) || children.into_iter().any(changes)
}
