//! What falls with an object that is dropped with `CASCADE`.

use std::collections::BTreeSet;

use crate::schema::{ConstraintKind, Relation, RelationId, Schema};
use crate::statement::{Change, Clause};

/// What the clause drops beyond what it names, in words; as far as the history knows.
pub(super) fn falling(schema: &Schema, file: usize, clause: &Clause) -> Vec<String> {
    let Some(alone) = without_cascade(&clause.change) else {
        return Vec::new();
    };
    let after = |change: Change| {
        let mut after = schema.clone();
        after.apply(
            file,
            &Clause {
                span: clause.span.clone(),
                change,
            },
        );
        after
    };
    let (with, without) = (after(clause.change.clone()), after(alone));
    let kept: BTreeSet<RelationId> = with.relations().map(|relation| relation.id).collect();
    let mut falling = Vec::new();
    for relation in without.relations().filter(|one| !kept.contains(&one.id)) {
        falling.push(format!("the {} {}", relation.kind, relation.name));
    }
    for before in schema.relations() {
        let by_id = |schema: &'_ Schema| {
            let mut relations = schema.relations();
            relations.find(|one| one.id == before.id).cloned()
        };
        if let (Some(with), Some(without)) = (by_id(&with), by_id(&without)) {
            falling.extend(parts(before, &with, &without, &kept));
        }
    }
    falling
}

/// The columns, constraints, triggers and policies of a relation that stays.
fn parts(
    before: &Relation,
    with: &Relation,
    without: &Relation,
    kept: &BTreeSet<RelationId>,
) -> Vec<String> {
    let mut falling = Vec::new();
    let table = &before.name;
    for column in &without.columns {
        if with.columns.iter().all(|one| one.id != column.id) {
            falling.push(format!("the column {table}.{}", column.name));
        }
    }
    for constraint in &before.constraints {
        let is_in = |relation: &Relation| {
            let mut constraints = relation.constraints.iter();
            constraints.any(|one| one.name == constraint.name)
        };
        // The foreign keys that point to a table never outlive it.
        let points_away = match &constraint.kind {
            ConstraintKind::ForeignKey { parent, .. } => {
                parent.id.is_some_and(|id| !kept.contains(&id))
            }
            ConstraintKind::Check { .. }
            | ConstraintKind::NotNull
            | ConstraintKind::PrimaryKey
            | ConstraintKind::Unique
            | ConstraintKind::Exclude(_) => false,
        };
        if !is_in(with) && (is_in(without) || points_away) {
            falling.push(format!("the constraint {} of {table}", constraint.name));
        }
    }
    for trigger in &without.triggers {
        if with.triggers.iter().all(|one| one.name != trigger.name) {
            falling.push(format!("the trigger {} of {table}", trigger.name));
        }
    }
    for policy in &without.policies {
        if with.policies.iter().all(|one| one.name != policy.name) {
            falling.push(format!("the policy {} of {table}", policy.name));
        }
    }
    falling
}

/// The same drop without `CASCADE`; nothing where there is none.
fn without_cascade(change: &Change) -> Option<Change> {
    let mut alone = change.clone();
    match &mut alone {
        Change::Drop { cascade, .. } | Change::DropColumn { cascade, .. } if *cascade => {
            *cascade = false;
            Some(alone)
        }
        _ => None,
    }
}
