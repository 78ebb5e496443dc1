//! `CREATE TABLE`, `CREATE INDEX` and sequences.

use super::clause::{clause, name_span, named};
use super::column::column;
use super::constraint::constraint;
use super::family::Family;
use super::parts::{
    bound, index_key, method, partition_key, persistence, persistence_of, reads, sequence_options,
    sequence_owner,
};
use super::{object, rows};
use crate::lower::formula::evaluated;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::{self, Target, parameters};
use crate::statement::{
    Change, Clause, CreateIndex, CreateTable, IndexKey, LikeOption, ObjectKind, OnCommit,
    PartitionBy, Spelled,
};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("table.grammar"),
    readers: &[
        (Syntax::CreateTable, create_table),
        (Syntax::CreateForeignTable, create_table),
        (Syntax::CreateIndex, create_index),
        (Syntax::CreateSequence, create_sequence),
        (Syntax::AlterSequence, alter_sequence),
    ],
};

fn create_table(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let written = persistence(node);
    let name = target.created(node, written);
    let table = CreateTable {
        persistence: persistence_of(&name, written),
        table: name,
        if_not_exists: node.says("IF NOT EXISTS"),
        columns: node
            .children()
            .filter(|child| matches!(child.syntax(), Syntax::Column | Syntax::TypedColumn))
            .map(|child| column(target, child))
            .collect(),
        constraints: node
            .all(Syntax::Constraint)
            .map(|child| constraint(target, child))
            .collect(),
        like: node
            .all(Syntax::Like)
            .map(|like| (target.named(like), like_options(like)))
            .collect(),
        inherits: node
            .child(Syntax::Inherits)
            .into_iter()
            .flat_map(|parents| parents.all(Syntax::AnyName))
            .map(|parent| target.name(parent))
            .collect(),
        of_type: target.named_in(node, Syntax::OfType),
        partition_of: target
            .named_in(node, Syntax::PartitionOf)
            .zip(node.child(Syntax::Bound).map(bound)),
        partition_by: node
            .child(Syntax::PartitionBy)
            .and_then(|by| partition_by(target, by)),
        from_query: node.child(Syntax::QuerySource).is_some(),
        reads: node
            .child(Syntax::QuerySource)
            .map(|query| reads(target, query))
            .unwrap_or_default(),
        without_data: node.says("WITH NO DATA"),
        method: node.child(Syntax::UsingMethod).map(name::first),
        parameters: parameters(node),
        on_commit: node.child(Syntax::OnCommit).map(on_commit),
        tablespace: node.child(Syntax::Tablespace).map(name::first),
        server: node.child(Syntax::Server).map(name::first),
    };
    let mut clauses = named(node, Change::CreateTable(Box::new(table)));
    clauses.append(&mut rows::changes(target, node));
    clauses
}

/// What `LIKE` copies: for each property the last word counts.
fn like_options(node: Node<'_>) -> Vec<LikeOption> {
    let mut included = Vec::new();
    for option in node.all(Syntax::LikeWhat) {
        let all = <LikeOption as Spelled>::ALL.iter().copied();
        let about = all.filter(|one| option.says("ALL") || option.says(one.words()));
        for one in about {
            included.retain(|known| *known != one);
            if option.says("INCLUDING") {
                included.push(one);
            }
        }
    }
    included
}

fn partition_by(target: Target<'_>, node: Node<'_>) -> Option<PartitionBy> {
    Some(PartitionBy {
        strategy: Spelled::spelled(node.words().nth(2)?.text())?,
        keys: node
            .all(Syntax::PartitionKey)
            .map(|key| key.text().to_owned())
            .collect(),
        parts: node
            .all(Syntax::PartitionKey)
            .map(|key| partition_key(target, key))
            .collect(),
    })
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
    let Some(relation) = node.child(Syntax::Relation) else {
        return Vec::new();
    };
    let index = node.child(Syntax::Name);
    let include = node.child(Syntax::IndexInclude);
    let included: Vec<IndexKey> = include
        .into_iter()
        .flat_map(|include| include.all(Syntax::IndexColumn))
        .map(|key| index_key(target, key))
        .collect();
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
            .all(Syntax::IndexColumn)
            .map(|key| index_key(target, key))
            .collect(),
        include: included
            .iter()
            .filter_map(|key| key.column.clone())
            .collect(),
        included,
        nulls_not_distinct: node.says("NULLS NOT DISTINCT"),
        parameters: parameters(node),
        tablespace: node.child(Syntax::Tablespace).map(name::first),
        predicate: node
            .child(Syntax::Predicate)
            .and_then(|predicate| predicate.child(Syntax::Value))
            .map(evaluated),
    };
    let span = index.map_or_else(|| node.first_line(), Node::span);
    vec![clause(span, Change::CreateIndex(Box::new(create)))]
}

fn create_sequence(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let change = Change::CreateSequence {
        name: target.created(node, persistence(node)),
        if_not_exists: node.says("IF NOT EXISTS"),
        options: sequence_options(node),
        owner: sequence_owner(target, node),
    };
    named(node, change)
}

fn alter_sequence(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    if node.child(Syntax::SequenceOption).is_none() {
        return object::alter(target, node, ObjectKind::Sequence);
    }
    let change = Change::AlterSequence {
        name: target.named(node),
        options: sequence_options(node),
        owner: sequence_owner(target, node),
    };
    named(node, change)
}
