//! Building an index with writers waiting.

use crate::check::context::Scope;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::{Message, Remedy};
use crate::schema::{Relation, generated_name};
use crate::statement::{Change, CreateIndex, Name, ObjectKind};
use crate::text::quote;

pub(super) static RULE: Rule = Rule {
    id: "index-without-concurrently",
    summary: "an index is built without CONCURRENTLY on a table that is in use",
    page: include_str!("index_without_concurrently.md"),
    aliases: &[
        "require-concurrent-index-creation",
        "E6",
        "PG101",
        "requireConcurrentIndexCreation",
        "add_index",
        "add-index-non-concurrent",
        "AddIndexCheck",
        "CREATE_INDEX",
        "add_reference",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::CreateIndex(create) = scope.change() else {
        return None;
    };
    let table = &create.table;
    let is_new = scope.is_new(ObjectKind::MaterializedView, table, None);
    let relation = scope.schema.relation(table);
    let partitioned = relation.filter(|relation| relation.partition_by.is_some());
    // An index of a partitioned table alone builds nothing.
    let builds_nothing = create.only && partitioned.is_some();
    if create.concurrently || is_new || builds_nothing || !scope.is_old_table(table) {
        return None;
    }
    let message = Message::new(
        format!("this builds an index on {table} without CONCURRENTLY"),
        "CREATE INDEX takes SHARE on the table, also when IF NOT EXISTS finds the index there: every \
         INSERT, UPDATE and DELETE waits until the index is built",
        match partitioned {
            None => "build it in a file of its own, with CONCURRENTLY: then writes go on",
            Some(_) => {
                "PostgreSQL builds no index of a partitioned table with CONCURRENTLY: build one on \
                 each partition, and attach them to one that the table has alone"
            }
        },
    );
    let remedies = match partitioned {
        None => quietly(scope, create),
        Some(relation) => by_partition(scope, create, relation),
    };
    Some(
        message
            .with_remedies(remedies)
            .with_related(scope.made(ObjectKind::Table, table, None)),
    )
}

fn name(create: &CreateIndex) -> String {
    let new = || {
        let columns = create.keys.iter().filter_map(|key| key.column.as_ref());
        generated_name(&create.table.name, columns, "idx")
    };
    let written = create.index.as_ref().map(|(name, _)| name.clone());
    written.unwrap_or_else(new)
}

fn build(scope: &Scope<'_>, create: &CreateIndex, how: &str, name: &str, on: &Name) -> String {
    let unique = if create.unique { "UNIQUE " } else { "" };
    let (how, only) = match how {
        "ONLY" => ("", "ONLY "),
        how => (how, ""),
    };
    format!(
        "CREATE {unique}INDEX {how}{} ON {only}{} {};",
        quote::ident(name),
        quote::name(on),
        scope.sql_from(create.table_span.end)
    )
}

fn quietly(scope: &Scope<'_>, create: &CreateIndex) -> Vec<Remedy> {
    let name = name(create);
    let sql = build(scope, create, "CONCURRENTLY ", &name, &create.table);
    scope.in_own_file(&name, sql)
}

fn by_partition(scope: &Scope<'_>, create: &CreateIndex, table: &Relation) -> Vec<Remedy> {
    let whole = name(create);
    let here = build(scope, create, "ONLY", &whole, &create.table);
    let mut later = Vec::new();
    let relations = scope.schema.relations();
    for partition in relations.filter(|relation| table.children.contains(&relation.id)) {
        let ending = whole.strip_suffix("_idx").unwrap_or(&whole);
        let part = generated_name(&partition.name.name, [ending], "idx");
        let sql = build(scope, create, "CONCURRENTLY ", &part, &partition.name);
        later.push((part.clone(), sql));
        let part = Name {
            schema: partition.name.schema.clone(),
            name: part,
        };
        let index = Name {
            schema: create.table.schema.clone(),
            name: whole.clone(),
        };
        let sql = format!(
            "ALTER INDEX {} ATTACH PARTITION {};",
            quote::name(&index),
            quote::name(&part)
        );
        later.push((format!("attach_{}", part.name), sql));
    }
    let later: Vec<(&str, String)> = later
        .iter()
        .map(|(title, sql)| (title.as_str(), sql.clone()))
        .collect();
    scope.cure(Some(here), &later)
}
