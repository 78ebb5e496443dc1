//! The objects that `CASCADE` drops together with the one that is named.

use std::collections::BTreeSet;

use crate::schema::{ConstraintKind, Relation, RelationId, Schema};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Clause};
use crate::text::quote::quote_ident;

/// An object that `CASCADE` drops.
pub(in crate::rules) struct Falling {
    /// "the view app.contacts".
    pub(in crate::rules) words: String,
    /// Its name, as a part of a file name.
    pub(in crate::rules) title: String,
    /// The statement that drops it by name.
    pub(in crate::rules) sql: String,
}

/// What the clause drops in addition to the objects that it names, newest first, as far as the history
/// knows them.
pub(in crate::rules) fn falling(schema: &Schema, file: usize, clause: &Clause) -> Vec<Falling> {
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
        let (kind, name) = (relation.kind, &relation.name);
        falling.push(Falling {
            words: format!("the {kind} {name}"),
            title: name.name.clone(),
            sql: format!(
                "DROP {} {};",
                kind.to_string().to_uppercase(),
                quote_name(name)
            ),
        });
    }
    falling.reverse();
    for before in schema.relations() {
        let by_id = |schema: &'_ Schema| schema.by_id(before.id).cloned();
        if let (Some(with), Some(without)) = (by_id(&with), by_id(&without)) {
            falling.extend(parts(before, &with, &without, &kept));
        }
    }
    falling
}

/// The columns, constraints, triggers and policies that are dropped from a relation that stays.
fn parts(
    before: &Relation,
    with: &Relation,
    without: &Relation,
    kept: &BTreeSet<RelationId>,
) -> Vec<Falling> {
    let mut falling = Vec::new();
    let table = &before.name;
    let on = quote_name(table);
    let mut falls = |words: String, part: &str, sql: String| {
        let title = format!("{}_{part}", table.name);
        falling.push(Falling { words, title, sql });
    };
    for column in &without.columns {
        if with.columns.iter().all(|one| one.id != column.id) {
            let name = &column.name;
            let sql = format!("ALTER TABLE {on} DROP COLUMN {};", quote_ident(name));
            falls(format!("the column {table}.{name}"), name, sql);
        }
    }
    for constraint in &before.constraints {
        let is_in = |relation: &Relation| {
            let mut constraints = relation.constraints.iter();
            constraints.any(|one| one.name == constraint.name)
        };
        // In the model no foreign key outlives the table that it points to, with or without `CASCADE`.
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
            let name = &constraint.name;
            let sql = format!("ALTER TABLE {on} DROP CONSTRAINT {};", quote_ident(name));
            falls(format!("the constraint {name} of {table}"), name, sql);
        }
    }
    for trigger in &without.triggers {
        if with.triggers.iter().all(|one| one.name != trigger.name) {
            let name = &trigger.name;
            let sql = format!("DROP TRIGGER {} ON {on};", quote_ident(name));
            falls(format!("the trigger {name} of {table}"), name, sql);
        }
    }
    for policy in &without.policies {
        if with.policies.iter().all(|one| one.name != policy.name) {
            let name = &policy.name;
            let sql = format!("DROP POLICY {} ON {on};", quote_ident(name));
            falls(format!("the policy {name} of {table}"), name, sql);
        }
    }
    falling
}

/// The same drop without `CASCADE`; `None` if the change has none.
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
