//! Foreign keys to columns without a unique key.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity};
use crate::rules::facts::foreign_keys::{Foreign, foreign_keys};
use crate::statement::{Change, ConstraintKind, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "foreign-key-without-unique-key",
    summary: "a foreign key points to columns that no primary key or unique index covers",
    page: include_str!("foreign_key_without_unique_key.md"),
    aliases: &[],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Of(&[Subject::ForeignKey], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let foreign_keys = foreign_keys(context);
    // PostgreSQL creates a key of the same ALTER TABLE first, wherever it is written.
    let makes_key = || {
        context.others().any(|clause| match &clause.change {
            Change::AddConstraint { constraint, .. } => is_key(&constraint.kind),
            Change::AddColumn { column, .. } => {
                column.constraints.iter().any(|one| is_key(&one.kind))
            }
            _ => false,
        })
    };
    let found: Vec<SpannedMessage> = foreign_keys
        .into_iter()
        .filter_map(|foreign| Some((foreign.span.clone(), message(context, &foreign)?)))
        .collect();
    match found.is_empty() || makes_key() {
        true => Vec::new(),
        false => found,
    }
}

const fn is_key(kind: &ConstraintKind) -> bool {
    matches!(
        kind,
        ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_)
    )
}

fn message(context: &Context<'_>, foreign: &Foreign<'_>) -> Option<Message> {
    let key = foreign.key;
    let named = foreign.parent_columns(context);
    let (has_key, is_known) = match foreign.is_of_itself() {
        true => {
            let keys = foreign.own_keys(false);
            let is_new = foreign
                .type_of(context, named.first().map_or("", String::as_str))
                .is_some();
            (
                keys.iter().any(|key| same(key, &named)),
                is_new || named.is_empty(),
            )
        }
        false => {
            let parent = foreign.parent(context)?;
            let ids: Vec<_> = named
                .iter()
                .filter_map(|name| Some(parent.column(name)?.id))
                .collect();
            if !ids.is_empty() && parent.primary_key() == ids {
                return None;
            }
            let mut indexes = parent.indexes.iter();
            let has_key = indexes.any(|index| {
                let keys: Option<Vec<_>> = index.keys.iter().map(|key| key.column).collect();
                index.unique
                    && index.predicate.is_none()
                    && keys.is_some_and(|keys| same(&keys, &ids))
            });
            (has_key, ids.len() == named.len())
        }
    };
    if has_key || !is_known || key.period {
        return None;
    }
    let columns = match named.is_empty() {
        true => "<column>".to_owned(),
        false => named.join(", "),
    };
    let (what, why) = match named.is_empty() {
        true => (
            format!(
                "{} has no primary key for this foreign key to point to",
                key.parent
            ),
            "PostgreSQL refuses the statement: primary key does not exist (42704). A foreign key without a list of \
             columns points to the primary key",
        ),
        false => (
            format!("no unique key of {} covers exactly ({columns})", key.parent),
            "PostgreSQL refuses the statement: no matching unique key (42830). A foreign key needs a primary key, or \
             a unique index without WHERE and expressions, over exactly these columns",
        ),
    };
    let message = Message::new(
        what,
        why,
        format!(
            "create the index first, in a file of its own: `CREATE UNIQUE INDEX CONCURRENTLY ... ON {} \
             ({columns})`. Or point to an existing key",
            key.parent
        ),
    );
    let origin = context.schema.origin(ObjectKind::Table, &key.parent, None);
    let made = origin.and_then(|origin| context.first_made(origin, &key.parent.to_string()));
    Some(message.with_related(made))
}

/// Whether these are the same, in any order.
fn same<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    !one.is_empty() && one.len() == other.len() && one.iter().all(|item| other.contains(item))
}
