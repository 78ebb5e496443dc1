//! Foreign keys without an index on the referencing columns.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::check::context::FileContext;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, SpannedMessage, WARN};
use crate::finding::{Message, SuggestedFile};
use crate::rules::facts::rows::new_index;
use crate::schema::{ColumnId, Constraint, ConstraintKind, Index, Relation};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Statement};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "unindexed-foreign-key",
    summary: "a foreign key whose columns have no index",
    page: include_str!("unindexed_foreign_key.md"),
    aliases: &["E15", "unindexed_foreign_keys"],
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
    // The statements with which an index was suggested: each suggestion holds all of the statement.
    let mut given = BTreeSet::new();
    // A partition has the keys and the indexes of its table.
    for table in around.tables().filter(|table| table.partition_of.is_none()) {
        for key in &table.constraints {
            let ConstraintKind::ForeignKey { parent, .. } = &key.kind else {
                continue;
            };
            let is_found = |index: &Index| finds(index, &key.columns, table);
            let is_known = !key.columns.is_empty();
            if key.origin.file == around.file && is_known && !table.indexes.iter().any(is_found) {
                let parent = parent.name.to_string();
                let message = message(around, table, key, &parent, &mut given);
                found.push((place(table, key), message));
            }
        }
    }
    found
}

/// Where the key is written; for `REFERENCES` without a name, its column.
fn place(table: &Relation, key: &Constraint) -> Range<usize> {
    let column = match key.columns.as_slice() {
        [id] => table.columns.iter().find(|column| column.id == *id),
        _ => None,
    };
    let nearer = column.filter(|column| {
        let (column, key) = (&column.origin, &key.origin);
        column.file == key.file && key.span.start < column.span.start
    });
    nearer.map_or_else(
        || key.origin.span.clone(),
        |column| column.origin.span.clone(),
    )
}

/// Whether the index starts with the columns, in any order, and contains every row in which none of them
/// is null.
fn finds(index: &Index, columns: &[ColumnId], table: &Relation) -> bool {
    let first: Vec<ColumnId> = { index.keys.iter() }
        .take(columns.len())
        .filter_map(|key| key.column)
        .collect();
    let starts = first.len() == columns.len() && columns.iter().all(|id| first.contains(id));
    let has_all = index.predicate.as_ref().is_none_or(|predicate| {
        let names: Vec<&str> = columns.iter().filter_map(|id| table.name_of(*id)).collect();
        let of_key = |column: &String| names.contains(&column.as_str());
        // Only terms of the kind `column IS NOT NULL`.
        predicate.columns == predicate.not_null && predicate.columns.iter().all(of_key)
    });
    starts && has_all && matches!(index.method.as_str(), "btree" | "hash")
}

fn message(
    around: &FileContext<'_>,
    table: &Relation,
    key: &Constraint,
    parent: &str,
    given: &mut BTreeSet<usize>,
) -> Message {
    let columns: Vec<&str> = key
        .columns
        .iter()
        .filter_map(|id| table.name_of(*id))
        .collect();
    let name = &table.name;
    let (index, listed) = new_index(name, &columns, "idx");
    let on = format!("{} ON {} ({listed})", quote_ident(&index), quote_name(name));
    let is_new = table.origin.file == around.file;
    let help = match is_new {
        true => "create the index in this file, after the foreign key".to_owned(),
        false => format!(
            "create the index in a separate file before the foreign key: `CREATE INDEX CONCURRENTLY {on}`"
        ),
    };
    let message = Message::new(
        format!("the foreign key on {name} ({listed}), which references {parent}, has no index"),
        format!(
            "each DELETE from {parent}, and each UPDATE of its key, scans all of {name} for rows that \
             reference the changed row, and keeps that row locked during the scan"
        ),
        help,
    );
    let mut statements = around.statements.iter();
    let Some(statement) = statements.find(|one| one.span.contains(&key.origin.span.start)) else {
        return message;
    };
    let suggested_files = match is_new {
        true if !given.insert(statement.span.start) => {
            let help = format!("{}: `CREATE INDEX {on};`", message.help);
            return Message { help, ..message };
        }
        true => {
            let kept = around.text(&(around.kept_from(statement)..statement.span.end));
            vec![SuggestedFile {
                file: around.file_name().to_owned(),
                sql: format!("{kept};\nCREATE INDEX {on};"),
            }]
        }
        false => before(
            around,
            statement,
            &index,
            format!("CREATE INDEX CONCURRENTLY {on};"),
            key,
        ),
    };
    message.with_files(suggested_files)
}

/// The index in a separate file, and the key in the next. Only for `ADD CONSTRAINT ... NOT VALID`: for
/// every other form, the rule about the key's lock suggests the files first.
fn before(
    around: &FileContext<'_>,
    statement: &Statement,
    index: &str,
    build: String,
    key: &Constraint,
) -> Vec<SuggestedFile> {
    let [clause] = statement.clauses.as_slice() else {
        return Vec::new();
    };
    let is_added = matches!(
        &clause.change,
        Change::AddConstraint { constraint, .. } if constraint.not_valid && constraint.name.is_some()
    );
    if !is_added {
        return Vec::new();
    }
    let category = around.category_of_more();
    let add = (
        category,
        key.name.as_str(),
        format!("{};", around.text(&statement.span)),
    );
    match around.statements {
        [_] => {
            let here = SuggestedFile {
                file: around.file_name().to_owned(),
                sql: build,
            };
            [here]
                .into_iter()
                .chain(around.suggested_files(&[add]))
                .collect()
        }
        _ => around.suggested_files(&[(category, index, build), add]),
    }
}
