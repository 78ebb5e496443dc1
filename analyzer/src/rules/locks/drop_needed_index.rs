//! Dropping an index that `ON CONFLICT`, a foreign key or tenant queries need.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::schema::{ColumnId, ConstraintKind, Index, IndexKey, Relation};
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "drop-needed-index",
    summary: "drops the only index for an ON CONFLICT, a foreign key or the queries of a tenant",
    page: include_str!("drop_needed_index.md"),
    aliases: &["ban-drop-index", "replace_index"],
    group: Group::Locks,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Drop], &Check::Clause(check)),
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
        "first create the replacement with CREATE INDEX CONCURRENTLY in a file of its own; if no code \
         needs the index any more, allow this finding with that reason",
    );
    Some(message.with_related(context.made(ObjectKind::Index, name, None)))
}

fn unique(table: &Relation, index: &Index, others: &[&Index]) -> Option<(String, String)> {
    if !index.unique || others.iter().any(|other| is_as_unique(other, index)) {
        return None;
    }
    Some((
        format!("drops {}, which keeps rows of {} unique", index.name, table.name),
        "every INSERT ... ON CONFLICT on these columns, also by the running release, fails: there is no \
         unique or exclusion constraint matching the ON CONFLICT specification (42P10); and PostgreSQL \
         accepts duplicate rows from then on"
            .to_owned(),
    ))
}

/// Whether another index keeps the same rows unique, so that `ON CONFLICT` can use it instead.
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

/// Whether the index finds rows by these columns: they are its first ones, in any order, and it covers
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
            "drops {}, the only index for the foreign key {} of {}",
            index.name, key.name, table.name
        ),
        format!(
            "from then on every DELETE from {parent}, and every UPDATE of its key, scans all of {} once \
             for each row, to find the rows that reference it",
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
            "drops {}, the only index of {} by tenant_id",
            index.name, table.name
        ),
        "from then on every query for one tenant scans the whole table".to_owned(),
    ))
}
