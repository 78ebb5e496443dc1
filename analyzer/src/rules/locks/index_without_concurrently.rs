//! `CREATE INDEX` that blocks writes.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, SuggestedFile};
use crate::schema::{Relation, generated_name};
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, CreateIndex, Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "index-without-concurrently",
    summary: "CREATE INDEX without CONCURRENTLY on a table in use, which blocks writes",
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
    check: Check::Of(&[Subject::CreateIndex], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateIndex(create) = context.change() else {
        return None;
    };
    let table = &create.table;
    let is_new = context.is_new(ObjectKind::MaterializedView, table, None);
    let relation = context.schema.relation(table);
    let partitioned = relation.filter(|relation| relation.partition_by.is_some());
    // With ON ONLY, an index of a partitioned table builds nothing.
    let builds_nothing = create.only && partitioned.is_some();
    if create.concurrently || is_new || builds_nothing || !context.is_old_table(table) {
        return None;
    }
    let message = Message::new(
        format!("builds an index on {table} without CONCURRENTLY"),
        "CREATE INDEX takes SHARE on the table, even if IF NOT EXISTS finds the index: INSERT, UPDATE \
         and DELETE are blocked until the index is built",
        match partitioned {
            None => {
                "build the index with CONCURRENTLY in a file of its own, without blocking writes"
            }
            Some(_) => {
                "PostgreSQL cannot build an index of a partitioned table with CONCURRENTLY: create it \
                 ON ONLY the partitioned table, build one on each partition with CONCURRENTLY, and \
                 attach those"
            }
        },
    );
    let suggested_files = match partitioned {
        None => quietly(context, create),
        Some(relation) => by_partition(context, create, relation),
    };
    Some(
        message
            .with_files(suggested_files)
            .with_related(context.made(ObjectKind::Table, table, None)),
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

fn build(context: &Context<'_>, create: &CreateIndex, how: &str, name: &str, on: &Name) -> String {
    let unique = if create.unique { "UNIQUE " } else { "" };
    let (how, only) = match how {
        "ONLY" => ("", "ONLY "),
        how => (how, ""),
    };
    format!(
        "CREATE {unique}INDEX {how}{} ON {only}{} {};",
        quote_ident(name),
        quote_name(on),
        context.sql_from(create.table_span.end)
    )
}

fn quietly(context: &Context<'_>, create: &CreateIndex) -> Vec<SuggestedFile> {
    let name = name(create);
    let sql = build(context, create, "CONCURRENTLY ", &name, &create.table);
    context.in_own_file(&name, sql)
}

fn by_partition(
    context: &Context<'_>,
    create: &CreateIndex,
    table: &Relation,
) -> Vec<SuggestedFile> {
    let whole = name(create);
    let here = build(context, create, "ONLY", &whole, &create.table);
    let mut later = Vec::new();
    of_partitions(context, create, table, &whole, &mut later);
    context.fix(Some(here), &later)
}

/// An index on each partition, attached to that of the table. The index of a partition that has partitions
/// itself is valid when all of its own are attached.
fn of_partitions(
    context: &Context<'_>,
    create: &CreateIndex,
    table: &Relation,
    whole: &str,
    files: &mut Vec<(String, String)>,
) {
    let index = |table: &Name, index: &str| {
        quote_name(&Name {
            schema: table.schema.clone(),
            name: index.to_owned(),
        })
    };
    let ending = name(create);
    let ending = ending.strip_suffix("_idx").unwrap_or(&ending);
    let relations = context.schema.relations();
    for partition in relations.filter(|relation| table.children.contains(&relation.id)) {
        let on = &partition.name;
        let part = generated_name(&on.name, [ending], "idx");
        match partition.partition_by {
            Some(_) => {
                files.push((part.clone(), build(context, create, "ONLY", &part, on)));
                of_partitions(context, create, partition, &part, files);
            }
            None => files.push((
                part.clone(),
                build(context, create, "CONCURRENTLY ", &part, on),
            )),
        }
        let sql = format!(
            "ALTER INDEX {} ATTACH PARTITION {};",
            index(&table.name, whole),
            index(on, &part)
        );
        files.push((format!("attach_{part}"), sql));
    }
}
