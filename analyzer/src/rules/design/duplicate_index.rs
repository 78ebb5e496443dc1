//! Indexes that another index makes redundant.

use crate::check::context::FileContext;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::{Message, Place};
use crate::schema::{ConstraintKind, Index, IndexKey, Relation};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-index",
    summary: "a new index repeats another index, or its first columns",
    page: include_str!("duplicate_index.md"),
    aliases: &["duplicate_index"],
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
    let mut found = Vec::new();
    for table in around.tables().filter(|table| table.partition_of.is_none()) {
        for (at, index) in table.indexes.iter().enumerate() {
            if index.origin.file != around.file || is_exclusion(table, index) {
                continue;
            }
            let mut others = table.indexes.iter().enumerate();
            // Of two identical indexes, report only the newer one.
            let other = others.find(|(n, other)| {
                *n != at && covers(other, index) && !(*n > at && covers(index, other))
            });
            if let Some((_, other)) = other {
                found.push((
                    index.origin.span.clone(),
                    message(around, table, index, other),
                ));
            }
        }
    }
    found
}

/// An exclusion constraint owns its index: the operators are in the constraint, and no other index
/// enforces it.
fn is_exclusion(table: &Relation, index: &Index) -> bool {
    table
        .constraints
        .iter()
        .any(|one| one.name == index.name && matches!(one.kind, ConstraintKind::Exclude(_)))
}

/// Whether the wide index can do everything that the narrow index does.
fn covers(wide: &Index, narrow: &Index) -> bool {
    let same = |(wide, narrow): (&IndexKey, &IndexKey)| {
        let is_column = wide.column.is_some() && wide.column == narrow.column;
        (is_column || wide.column == narrow.column && plain(wide) == plain(narrow))
            && wide.descending == narrow.descending
            && wide.class == narrow.class
            && wide.collation == narrow.collation
    };
    let starts =
        wide.keys.len() >= narrow.keys.len() && wide.keys.iter().zip(&narrow.keys).all(same);
    let is_same = starts && wide.keys.len() == narrow.keys.len();
    let predicate = |index: &Index| {
        index
            .predicate
            .as_ref()
            .map(|predicate| predicate.text.clone())
    };
    let has_columns = narrow.include.iter().all(|column| {
        wide.include.contains(column) || wide.keys.iter().any(|key| key.column == Some(*column))
    });
    let fits = match (narrow.unique, wide.unique) {
        // A unique index enforces something that the other does not.
        (true, false) => false,
        (true, true) => is_same,
        (false, true) | (false, false) => is_same || starts && wide.method == "btree",
    };
    fits && wide.method == narrow.method && predicate(wide) == predicate(narrow) && has_columns
}

fn plain(key: &IndexKey) -> String {
    let text = key.expression.text.chars();
    let kept = text.filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')'));
    kept.collect::<String>().to_lowercase()
}

fn message(around: &FileContext<'_>, table: &Relation, index: &Index, other: &Index) -> Message {
    let name = &table.name;
    let is_same = index.keys.len() == other.keys.len();
    let how = if is_same {
        "repeats"
    } else {
        "repeats the first columns of"
    };
    let source = around.sources.get(other.origin.file);
    let related = source.map(|source| {
        (
            Place::at(&source.path, other.origin.span.clone()),
            format!("{} is created here", other.name),
        )
    });
    let message = Message::new(
        format!("the index {} of {name} {how} {}", index.name, other.name),
        format!(
            "every query that can use {} can also use {}; each INSERT into {name} writes both indexes, and \
             both take up memory",
            index.name, other.name
        ),
        format!("remove the index {}", index.name),
    );
    message.with_related(related)
}
