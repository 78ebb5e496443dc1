//! Which questions a change asks.

use super::Question;
use super::domain::of_domain;
use super::exclusion::exclusion;
use super::narrower::narrower;
use super::partition::{attached, not_in_default};
use super::rows::{Rows, keys_of};
use crate::schema::{self, Relation, Schema};
use crate::statement::to_sql::{data_type as type_sql, quote_name};
use crate::statement::{
    Change, Column, ColumnValue, Constraint, ConstraintKind, CreateIndex, ForeignKey, IndexKey,
    Key, Name, TableAction,
};
use crate::text::quote::{quote_ident, quote_list};

/// A question about a table.
pub(super) struct Asked {
    pub(super) table: Name,
    pub(super) demand: String,
    pub(super) question: Question,
}

/// What a change asks of the rows that exist.
pub(super) fn questions(schema: &Schema, change: &Change) -> Vec<Asked> {
    if let Change::CreateTable(create) = change {
        let of = create.partition_of.as_ref();
        let of = of.and_then(|(of, bound)| schema.relation(of).zip(Some(bound)));
        let asked = of.and_then(|(of, bound)| not_in_default(schema, of, &create.table, bound));
        return asked.into_iter().collect();
    }
    let Some(relation) = change.table().and_then(|table| schema.relation(table)) else {
        return of_domain(schema, change);
    };
    let rows = Rows::of(relation);
    match change {
        Change::SetNotNull { column, .. } => vec![rows.not_null(column)],
        Change::AddConstraint { constraint, .. }
            if !constraint.not_valid && constraint.enforced =>
        {
            constrained(schema, relation, constraint)
        }
        Change::ValidateConstraint { constraint, .. } => validated(schema, relation, constraint),
        Change::CreateIndex(create) if create.unique => {
            unique_index(&rows, create).into_iter().collect()
        }
        Change::ColumnType {
            column,
            data_type,
            using,
            ..
        } => {
            let old = relation
                .column(column)
                .and_then(|known| known.data_type.as_ref());
            let value = using
                .as_ref()
                .map_or_else(|| quote_ident(column), |using| format!("({using})"));
            let Some(old) = old else { return Vec::new() };
            let demand = format!("every {column} of {} fits into {data_type}", relation.name);
            match narrower(old, data_type, &value, using.is_some()) {
                Some(condition) => vec![rows.none(demand, &condition)],
                None if using.is_some() => {
                    vec![rows.converts(demand, &format!("{value}::{}", type_sql(data_type)))]
                }
                None => Vec::new(),
            }
        }
        Change::AddColumn { column, .. } => added(&rows, column),
        Change::AlterTable {
            action:
                TableAction::AttachPartition {
                    partition,
                    bound: Some(bound),
                },
            ..
        } => attached(schema, relation, partition, bound),
        _ => Vec::new(),
    }
}

/// A new column that no default fills demands that there are no rows at all, or not two of them.
fn added(rows: &Rows<'_>, column: &Column) -> Vec<Asked> {
    let is_key = |one: &Constraint| matches!(one.kind, ConstraintKind::PrimaryKey(_));
    let is_unique = |one: &Constraint| {
        matches!(
            one.kind,
            ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_)
        )
    };
    let table = &rows.relation.name;
    let name = &column.name;
    if !column.is_filled() && (column.not_null || column.constraints.iter().any(is_key)) {
        let demand = format!(
            "{table} has no rows, because the new column {name} is not null and nothing fills it"
        );
        return vec![rows.none(demand, "")];
    }
    let is_constant = matches!(&column.value, ColumnValue::Default(value) if value.calls.is_empty() && !value.is_null);
    if is_constant && column.constraints.iter().any(is_unique) {
        let demand = format!(
            "{table} has no two rows, because the new column {name} is unique with one value"
        );
        return vec![rows.second(demand)];
    }
    Vec::new()
}

fn constrained(schema: &Schema, relation: &Relation, constraint: &Constraint) -> Vec<Asked> {
    let rows = Rows::of(relation);
    match &constraint.kind {
        ConstraintKind::Check(check) => vec![rows.check(constraint.name.as_deref(), &check.text)],
        ConstraintKind::NotNull { column } => vec![rows.not_null(column)],
        ConstraintKind::ForeignKey(key) => foreign_key(schema, &rows, key).into_iter().collect(),
        ConstraintKind::PrimaryKey(key) => {
            let columns = key_columns(relation, key);
            let nulls = columns.iter().map(|column| rows.not_null(column));
            let nulls: Vec<_> = nulls.collect();
            match key.using_index.is_some() || key.without_overlaps {
                true => nulls,
                false => nulls
                    .into_iter()
                    .chain([rows.distinct(&columns, false)])
                    .collect(),
            }
        }
        ConstraintKind::Unique(key) if key.using_index.is_none() && !key.without_overlaps => {
            vec![rows.distinct(&key.columns, key.nulls_not_distinct)]
        }
        ConstraintKind::Exclude {
            elements,
            keys,
            predicate,
            ..
        } => exclusion(&rows, elements, keys, predicate.as_ref())
            .into_iter()
            .collect(),
        ConstraintKind::Unique(_) => Vec::new(),
    }
}

fn key_columns(relation: &Relation, key: &Key) -> Vec<String> {
    let Some(name) = &key.using_index else {
        return key.columns.clone();
    };
    let index = relation.indexes.iter().find(|index| index.name == *name);
    let columns = index.into_iter().flat_map(|index| &index.keys);
    columns
        .filter_map(|key| Some(relation.name_of(key.column?)?.to_owned()))
        .collect()
}

/// A constraint that was added with `NOT VALID`.
fn validated(schema: &Schema, relation: &Relation, name: &str) -> Vec<Asked> {
    let rows = Rows::of(relation);
    let known = relation.constraints.iter().find(|one| one.name == name);
    let Some(known) = known.filter(|known| !known.valid) else {
        return Vec::new();
    };
    let names = |relation: &Relation, ids: &[schema::ColumnId]| {
        let names = ids.iter().filter_map(|id| relation.name_of(*id));
        names.map(str::to_owned).collect::<Vec<String>>()
    };
    match &known.kind {
        schema::ConstraintKind::Check { expression } => {
            vec![rows.check(Some(name), &expression.text)]
        }
        schema::ConstraintKind::NotNull => {
            let columns = names(relation, &known.columns);
            columns.iter().map(|column| rows.not_null(column)).collect()
        }
        schema::ConstraintKind::ForeignKey {
            parent,
            parent_columns,
            match_full,
            ..
        } => {
            let found = schema.relation(&parent.name);
            let key = ForeignKey {
                columns: names(relation, &known.columns),
                parent: parent.name.clone(),
                parent_columns: found
                    .map(|found| names(found, parent_columns))
                    .unwrap_or_default(),
                match_full: *match_full,
                ..ForeignKey::default()
            };
            foreign_key(schema, &rows, &key).into_iter().collect()
        }
        schema::ConstraintKind::PrimaryKey
        | schema::ConstraintKind::Unique
        | schema::ConstraintKind::Exclude(_) => Vec::new(),
    }
}

fn foreign_key(schema: &Schema, rows: &Rows<'_>, key: &ForeignKey) -> Option<Asked> {
    let parent_columns = match key.parent_columns.is_empty() {
        false => key.parent_columns.clone(),
        true => keys_of(schema.relation(&key.parent)?),
    };
    if key.period || key.columns.is_empty() || parent_columns.len() != key.columns.len() {
        return None;
    }
    let child = |column: &String| format!("child.{}", quote_ident(column));
    let all = |test: &str| {
        let each = key
            .columns
            .iter()
            .map(|column| format!("{} {test}", child(column)));
        each.collect::<Vec<_>>()
    };
    let pairs = key.columns.iter().zip(&parent_columns);
    let pairs =
        pairs.map(|(own, parent)| format!("parent.{} = {}", quote_ident(parent), child(own)));
    let orphan = format!(
        "{} AND NOT EXISTS (SELECT FROM {} AS parent WHERE {})",
        all("IS NOT NULL").join(" AND "),
        quote_name(&key.parent),
        pairs.collect::<Vec<_>>().join(" AND ")
    );
    let condition = match key.match_full && key.columns.len() > 1 {
        true => format!(
            "{orphan} OR ({}) AND ({})",
            all("IS NULL").join(" OR "),
            all("IS NOT NULL").join(" OR ")
        ),
        false => orphan,
    };
    let demand = format!(
        "every row of {} has a parent in {} by {}",
        rows.relation.name,
        key.parent,
        quote_list(&key.columns)
    );
    Some(rows.of_child(demand, &condition))
}

/// Only where equality is the usual one of the columns' types.
fn unique_index(rows: &Rows<'_>, create: &CreateIndex) -> Option<Asked> {
    let is_usual = |key: &IndexKey| key.class.is_none() && key.collation.is_none();
    if !create.keys.iter().all(is_usual) {
        return None;
    }
    let keys = create.keys.iter().map(|key| match &key.column {
        Some(column) => quote_ident(column),
        None => format!("({})", key.expression),
    });
    let predicate = create.predicate.as_ref().map(|one| one.text.as_str());
    Some(rows.groups(
        &keys.collect::<Vec<_>>(),
        create.nulls_not_distinct,
        predicate,
    ))
}
