//! Which values of columns a new constraint of their domain does not take.

use super::question::Asked;
use super::rows::Rows;
use crate::schema::{Relation, Schema, TypeKind};
use crate::statement::{
    Change, Constraint, ConstraintKind, DataType, DomainAction, Name, ObjectKind,
};

/// What `ALTER DOMAIN` asks of each column of the domain, and of each domain that is based on it.
pub(super) fn of_domain(schema: &Schema, change: &Change) -> Vec<Asked> {
    match change {
        Change::AlterDomain {
            domain,
            action: DomainAction::SetNotNull,
        } => each(schema, domain, |rows, column| Some(rows.not_null(column))),
        Change::AddConstraint { table, constraint } if !constraint.not_valid => {
            each(schema, table, |rows, column| {
                constrained(&rows, column, table, constraint)
            })
        }
        Change::ValidateConstraint { table, constraint } => {
            let Some(TypeKind::Domain(domain)) = schema.type_of(table).map(|one| &one.kind) else {
                return Vec::new();
            };
            let mut known = domain.constraints.iter();
            let known = known.find(|one| one.name.as_ref() == Some(constraint));
            let Some(known) = known.filter(|known| known.not_valid) else {
                return Vec::new();
            };
            each(schema, table, |rows, column| {
                constrained(&rows, column, table, known)
            })
        }
        _ => Vec::new(),
    }
}

fn constrained(
    rows: &Rows<'_>,
    column: &str,
    domain: &Name,
    constraint: &Constraint,
) -> Option<Asked> {
    match &constraint.kind {
        ConstraintKind::Check(check) => rows.value(column, &domain.to_string(), &check.text),
        ConstraintKind::NotNull { .. } => Some(rows.not_null(column)),
        ConstraintKind::ForeignKey(_)
        | ConstraintKind::PrimaryKey(_)
        | ConstraintKind::Unique(_)
        | ConstraintKind::Exclude { .. } => None,
    }
}

/// One question for each column. What a table hands down to partitions and children is asked of the table.
fn each(
    schema: &Schema,
    domain: &Name,
    ask: impl Fn(Rows<'_>, &str) -> Option<Asked>,
) -> Vec<Asked> {
    let is_domain = |name| {
        matches!(
            schema.type_of(name).map(|one| &one.kind),
            Some(TypeKind::Domain(_))
        )
    };
    if !is_domain(domain) {
        return Vec::new();
    }
    let mut all = Vec::new();
    for relation in schema.relations() {
        if relation.kind != ObjectKind::Table {
            continue;
        }
        for column in &relation.columns {
            let is_of =
                { column.data_type.as_ref() }.is_some_and(|one| is_based_on(schema, one, domain));
            if is_of && !is_inherited(schema, relation, &column.name) {
                all.extend(ask(Rows::of(relation), &column.name));
            }
        }
    }
    all
}

fn is_inherited(schema: &Schema, relation: &Relation, column: &str) -> bool {
    let parents = relation.parents.iter();
    let mut parents = parents.filter_map(|parent| schema.relation(&parent.name));
    parents.any(|parent| parent.columns.iter().any(|one| one.name == column))
}

fn is_based_on(schema: &Schema, data_type: &DataType, domain: &Name) -> bool {
    let mut data_type = data_type;
    // As many steps as there can be: a domain is not based on itself.
    for _ in 0..32 {
        if data_type.array || data_type.set {
            return false;
        }
        let is_named = data_type.name == domain.name
            && data_type
                .schema
                .as_ref()
                .is_none_or(|one| *one == domain.schema);
        let Some(TypeKind::Domain(base)) = schema.made_type(data_type).map(|one| &one.kind) else {
            return false;
        };
        if is_named {
            return true;
        }
        data_type = &base.data_type;
    }
    false
}
