//! Dropping an index that something relies on.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::schema::{ColumnId, ConstraintKind, Index, IndexKey, Relation};
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-needed-index",
    summary: "the index that ON CONFLICT, a foreign key or the tenant's queries rely on is dropped",
    page: include_str!("drop_needed_index.md"),
    aliases: &["ban-drop-index", "replace_index"],
    group: Group::Locks,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Drop {
        kind: ObjectKind::Index,
        name,
        ..
    } = context.change()
    else {
        return None;
    };
    let table = context.schema.table_of_index(name)?;
    if !context.is_old_table(&table.name) {
        return None;
    }
    let index = table.indexes.iter().find(|index| index.name == name.name)?;
    let others: Vec<&Index> = table
        .indexes
        .iter()
        .filter(|other| other.name != index.name && other.valid)
        .collect();
    let (what, why) = unique(table, index, &others)
        .or_else(|| foreign_key(table, index, &others))
        .or_else(|| tenant(table, index, &others))?;
    let message = Message::new(
        what,
        why,
        "build the index that takes its place first, with CONCURRENTLY in a file of its own; if \
         nothing needs it any more, allow this with the reason",
    );
    Some(message.with_related(context.made(ObjectKind::Index, name, None)))
}

fn unique(table: &Relation, index: &Index, others: &[&Index]) -> Option<(String, String)> {
    if !index.unique || others.iter().any(|other| is_as_unique(other, index)) {
        return None;
    }
    Some((
        format!("this drops {}, which keeps rows of {} unique", index.name, table.name),
        "every INSERT ... ON CONFLICT of the serving release with these columns fails with 42P10, and \
         nothing refuses a second row any more"
            .to_owned(),
    ))
}

/// Whether another index keeps the same rows unique, so that `ON CONFLICT` takes it as well.
fn is_as_unique(other: &Index, index: &Index) -> bool {
    let text = |index: &Index| {
        index
            .predicate
            .as_ref()
            .map(|predicate| predicate.text.clone())
    };
    let same = |(one, other): (&IndexKey, &IndexKey)| {
        let is_column = one.column.is_some();
        let alike = is_column || one.expression.text == other.expression.text;
        one.column == other.column && alike && one.class == other.class
    };
    let mut pairs = other.keys.iter().zip(&index.keys);
    other.unique
        && other.keys.len() == index.keys.len()
        && pairs.all(same)
        && text(other) == text(index)
}

/// Whether the index finds rows by these columns: they are its first ones, in any order, and it holds
/// all rows.
fn finds(index: &Index, columns: &[ColumnId]) -> bool {
    let first = index.keys.get(..columns.len()).unwrap_or_default();
    let named = |column| first.iter().any(|key| key.column == Some(column));
    index.predicate.is_none() && !first.is_empty() && columns.iter().all(|column| named(*column))
}

fn foreign_key(table: &Relation, index: &Index, others: &[&Index]) -> Option<(String, String)> {
    let key = table.constraints.iter().find(|constraint| {
        let is_foreign = matches!(constraint.kind, ConstraintKind::ForeignKey { .. });
        let columns = &constraint.columns;
        is_foreign && finds(index, columns) && !others.iter().any(|other| finds(other, columns))
    })?;
    let ConstraintKind::ForeignKey { parent, .. } = &key.kind else {
        return None;
    };
    Some((
        format!(
            "this drops {}, the only index for the foreign key {} of {}",
            index.name, key.name, table.name
        ),
        format!(
            "every DELETE from {parent} and every UPDATE of its key reads the whole of {} from then \
             on, once for each row",
            table.name,
            parent = parent.name
        ),
    ))
}

fn tenant(table: &Relation, index: &Index, others: &[&Index]) -> Option<(String, String)> {
    let tenant = [table.column("tenant_id")?.id];
    if !finds(index, &tenant) || others.iter().any(|other| finds(other, &tenant)) {
        return None;
    }
    Some((
        format!(
            "this drops {}, the only index of {} by tenant_id",
            index.name, table.name
        ),
        "every query that is limited to a tenant reads the whole table from then on".to_owned(),
    ))
}
