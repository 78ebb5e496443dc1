//! ON CONFLICT over columns that no unique index covers.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::intake::file_name::Category;
use crate::rules::facts::rows::{new_index, plain_columns};
use crate::schema::{Index, Relation};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Expression, IndexKey, ObjectKind, OnConflict};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "conflict-target-not-unique",
    summary: "ON CONFLICT names columns that no unique index covers",
    page: include_str!("conflict_target_not_unique.md"),
    aliases: &["seed-conflict-target-not-unique"],
    group: Group::Seeds,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Insert], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let Change::Insert(insert) = context.change() else {
        return Vec::new();
    };
    let table = context.schema.relation(&insert.table);
    let Some((table, conflict)) = table.zip(insert.on_conflict.as_ref()) else {
        return Vec::new();
    };
    let known = context
        .schema
        .exists(ObjectKind::Table, &insert.table, None);
    let is_certain = known == crate::schema::Answer::Yes && table.columns_known;
    // A column that does not exist is another finding.
    let is_known = |key: &IndexKey| {
        let column = key.column.as_ref();
        column.is_none_or(|column| table.column(column).is_some())
    };
    let is_certain = is_certain && conflict.keys.iter().all(is_known);
    let message = match &conflict.constraint {
        _ if !is_certain || fits_one(table, conflict) => return Vec::new(),
        Some(constraint) => Message::new(
            format!("{} has no unique constraint {constraint}", table.name),
            "ON CONFLICT ON CONSTRAINT needs the name of a PRIMARY KEY or UNIQUE constraint, not of an index. \
             PostgreSQL refuses any other name: constraint does not exist (42704)",
            "name the columns of the key instead: `ON CONFLICT (<columns>)`",
        ),
        None => none_fits(context, table, conflict),
    };
    vec![(conflict.span.clone(), message)]
}

/// Whether an index of the table decides the conflict.
fn fits_one(table: &Relation, conflict: &OnConflict) -> bool {
    let checked_at_once = |index: &&Index| index.unique && index.valid && is_at_once(table, index);
    if let Some(constraint) = &conflict.constraint {
        let mut constraints = table.constraints.iter();
        return constraints
            .any(|one| one.name == *constraint && one.kind.is_indexed() && !one.deferrable);
    }
    let mut unique = table.indexes.iter().filter(checked_at_once);
    conflict.keys.is_empty()
        || unique.any(|index| {
            has_keys(table, index, &conflict.keys)
                && has_predicate(index, conflict.predicate.as_ref())
        })
}

/// Whether the index is checked immediately: no deferrable constraint delays the check.
fn is_at_once(table: &Relation, index: &Index) -> bool {
    !table
        .constraints
        .iter()
        .any(|one| one.name == index.name && one.deferrable)
}

fn has_keys(table: &Relation, index: &Index, keys: &[IndexKey]) -> bool {
    let same = |key: &IndexKey, other: &crate::schema::IndexKey| match (&key.column, other.column) {
        (Some(column), Some(id)) => table.name_of(id) == Some(column),
        (None, None) => plain(&key.expression) == plain(&other.expression),
        (Some(_), None) | (None, Some(_)) => false,
    };
    index
        .keys
        .iter()
        .all(|other| keys.iter().any(|key| same(key, other)))
        && keys
            .iter()
            .all(|key| index.keys.iter().any(|other| same(key, other)))
}

/// A partial index needs a WHERE that implies its own; whether another text does is not known here.
fn has_predicate(index: &Index, predicate: Option<&Expression>) -> bool {
    index.predicate.is_none() || predicate.is_some()
}

/// The text without differences that do not matter.
fn plain(expression: &Expression) -> String {
    let kept = expression
        .text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')'));
    kept.collect::<String>().to_lowercase()
}

fn none_fits(context: &Context<'_>, table: &Relation, conflict: &OnConflict) -> Message {
    let name = &table.name;
    let targets: Vec<&str> = conflict
        .keys
        .iter()
        .map(|key| key.expression.text.as_str())
        .collect();
    let target = targets.join(", ");
    let partial = table.indexes.iter().find(|index| {
        index.unique && index.predicate.is_some() && has_keys(table, index, &conflict.keys)
    });
    let columns: Option<Vec<&str>> = conflict
        .keys
        .iter()
        .map(|key| key.column.as_deref())
        .collect();
    let what = format!("no unique index of {name} covers exactly ({target})");
    let why = "ON CONFLICT needs a unique index over exactly these columns that is checked immediately. Without one \
               PostgreSQL refuses the statement: no matching unique index (42P10)";
    if let Some(predicate) = partial.and_then(|index| index.predicate.as_ref()) {
        let help = format!(
            "the unique index over these columns is partial: write `ON CONFLICT ({target}) WHERE {predicate}`"
        );
        return Message::new(what, why, help);
    }
    let late = table.indexes.iter().find(|index| {
        index.unique && !is_at_once(table, index) && has_keys(table, index, &conflict.keys)
    });
    if let Some(index) = late {
        // A second index over the same columns costs more than a constraint that is not deferrable.
        let help = format!(
            "{} is DEFERRABLE, so it is checked later: name another key of {name}, or let an operator recreate the \
             constraint as NOT DEFERRABLE",
            index.name
        );
        return Message::new(what, why, help);
    }
    let unique = table
        .indexes
        .iter()
        .filter(|index| index.unique && is_at_once(table, index));
    let keys: Vec<String> = unique
        .filter_map(|index| plain_columns(table, index))
        .map(|columns| format!("({})", columns.join(", ")))
        .collect();
    let help = match keys.as_slice() {
        [] => {
            "create a unique index over the columns in a startup migration, which runs before the seeds".to_owned()
        }
        keys => format!(
            "name an existing key of {name}: {}. Or create a unique index over these columns in a startup migration",
            keys.join(", ")
        ),
    };
    let message = Message::new(what, why, help);
    let Some(columns) = columns else {
        return message;
    };
    let (index, columns) = new_index(name, &columns, "key");
    let sql = format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({columns});",
        quote_ident(&index),
        quote_name(name)
    );
    let files = [(Category::Startup, index.as_str(), sql)];
    message.with_files(context.suggested_files(&files))
}
