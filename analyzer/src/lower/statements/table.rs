//! `CREATE TABLE`, `CREATE INDEX` and sequences.

use super::clause::{clause, name_span, named};
use super::column::column;
use super::constraint::constraint;
use super::family::Family;
use super::parts::{bound, index_key, method, persistence, reads, sequence_options};
use super::{object, rows};
use crate::lower::expression::expression;
use crate::lower::grammar::Node;
use crate::lower::name::{self, Target, parameters};
use crate::statement::{
    Change, Clause, CreateIndex, CreateTable, ObjectKind, OnCommit, PartitionBy,
};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("table.grammar"),
    readers: &[
        ("create_table", create_table),
        ("create_foreign_table", create_table),
        ("create_index", create_index),
        ("create_sequence", create_sequence),
        ("alter_sequence", alter_sequence),
    ],
};

fn create_table(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let table = CreateTable {
        table: target.named(node),
        if_not_exists: node.says("IF NOT EXISTS"),
        persistence: persistence(node),
        columns: node
            .children()
            .filter(|child| matches!(child.rule(), "column" | "typed_column"))
            .map(|child| column(target, child))
            .collect(),
        constraints: node
            .all("constraint")
            .map(|child| constraint(target, child))
            .collect(),
        like: node
            .all("like")
            .map(|like| {
                let words = like.all("like_what").map(Node::phrase);
                (target.named(like), words.collect())
            })
            .collect(),
        inherits: node
            .child("inherits")
            .into_iter()
            .flat_map(|parents| parents.all("any_name"))
            .map(|parent| target.name(parent))
            .collect(),
        of_type: target.named_in(node, "of_type"),
        partition_of: target
            .named_in(node, "partition_of")
            .zip(node.child("bound").map(bound)),
        partition_by: node.child("partition_by").map(partition_by),
        from_query: node.child("query_source").is_some(),
        reads: node
            .child("query_source")
            .map(|query| reads(target, query))
            .unwrap_or_default(),
        without_data: node.says("WITH NO DATA"),
        method: node.child("using_method").map(name::first),
        parameters: parameters(node),
        on_commit: node.child("on_commit").map(on_commit),
        tablespace: node.child("tablespace").map(name::first),
        server: node.child("server").map(name::first),
    };
    let table = named(node, Change::CreateTable(Box::new(table)));
    [table, rows::changes(target, node)].concat()
}

fn partition_by(node: Node<'_>) -> PartitionBy {
    PartitionBy {
        strategy: node
            .phrase()
            .split(' ')
            .nth(2)
            .unwrap_or_default()
            .to_ascii_lowercase(),
        keys: node
            .all("partition_key")
            .map(|key| key.text().to_owned())
            .collect(),
    }
}

fn on_commit(node: Node<'_>) -> OnCommit {
    if node.says("DROP") {
        OnCommit::Drop
    } else if node.says("DELETE ROWS") {
        OnCommit::DeleteRows
    } else {
        OnCommit::PreserveRows
    }
}

fn create_index(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let Some(relation) = node.child("relation") else {
        return Vec::new();
    };
    let index = node.child("name");
    let include = node.child("index_include").into_iter();
    let create = CreateIndex {
        index: index.map(|name| (name::word(name), name.span())),
        table: target.name(relation),
        table_span: name_span(relation),
        unique: node.says("UNIQUE"),
        concurrently: node.says("CONCURRENTLY"),
        if_not_exists: node.says("IF NOT EXISTS"),
        only: relation.says("ONLY"),
        method: method(node),
        keys: node
            .all("index_column")
            .map(|key| index_key(target, key))
            .collect(),
        include: include
            .flat_map(|include| include.all("index_column"))
            .map(name::first)
            .collect(),
        nulls_not_distinct: node.says("NULLS NOT DISTINCT"),
        parameters: parameters(node),
        tablespace: node.child("tablespace").map(name::first),
        predicate: node
            .child("predicate")
            .and_then(|predicate| predicate.child("value"))
            .map(expression),
    };
    let span = index.map_or_else(|| node.first_line(), Node::span);
    vec![clause(span, Change::CreateIndex(Box::new(create)))]
}

fn create_sequence(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let change = Change::CreateSequence {
        name: target.named(node),
        if_not_exists: node.says("IF NOT EXISTS"),
        options: sequence_options(node),
    };
    named(node, change)
}

fn alter_sequence(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    if node.child("sequence_option").is_none() {
        return object::alter(target, node, ObjectKind::Sequence);
    }
    let change = Change::AlterSequence {
        name: target.named(node),
        options: sequence_options(node),
    };
    named(node, change)
}
