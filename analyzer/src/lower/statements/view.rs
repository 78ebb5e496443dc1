//! Views and materialized views.

use super::rows::persistence;
use super::{Family, named};
use crate::lower::Target;
use crate::lower::expression::expression;
use crate::lower::grammar::{Item, Node};
use crate::lower::name::{self, parameters, words};
use crate::statement::{Change, Clause, CreateView, Name, Output};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("view.grammar"),
    readers: &[
        ("create_view", create),
        ("create_materialized_view", create),
        ("refresh_materialized_view", refresh),
    ],
};

fn create(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let query = node.child("select");
    let recursive = node.says("RECURSIVE");
    let check_option = node.says("CHECK OPTION").then(|| {
        let local = node.says("LOCAL CHECK OPTION");
        if local { "LOCAL" } else { "CASCADED" }.to_owned()
    });
    let (outputs, source) = query.map(outputs).unwrap_or_default();
    let view = CreateView {
        view: target.named(node),
        materialized: node.says("MATERIALIZED VIEW"),
        or_replace: node.says("OR REPLACE"),
        if_not_exists: node.says("IF NOT EXISTS"),
        persistence: persistence(node),
        columns: words(node, "name"),
        parameters: parameters(node),
        query: query.map(expression).unwrap_or_default(),
        outputs,
        source,
        reads: query
            .map(|query| reads(target, query))
            .unwrap_or_default()
            .into_iter()
            // A recursive one reads itself.
            .filter(|read| !recursive || *read != target.named(node))
            .collect(),
        check_option,
        with_data: !node.says("WITH NO DATA"),
    };
    named(node, Change::CreateView(Box::new(view)))
}

/// What the query's first `SELECT` puts out, and the rest of the query.
fn outputs(query: Node<'_>) -> (Vec<Output>, String) {
    let mut outputs = Vec::new();
    let mut source = Vec::new();
    let mut current = Vec::new();
    let (mut depth, mut state) = (0_usize, Part::Before);
    for item in query.items() {
        let text = match item {
            Item::Token(word) => word.text(),
            Item::Node(node) => node.text(),
        };
        let says = |words: &[&str]| match item {
            Item::Token(word) => depth == 0 && words.iter().any(|one| word.is(one)),
            Item::Node(_) => false,
        };
        match state {
            Part::Before if says(&["SELECT"]) => state = Part::Outputs,
            Part::Outputs if says(&[","]) => outputs.push(output(&std::mem::take(&mut current))),
            Part::Outputs if says(&BEHIND) => state = Part::Behind,
            Part::Outputs => current.push(item),
            Part::Before | Part::Behind => {}
        }
        match text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ if state != Part::Outputs => source.extend(text.split_whitespace()),
            _ => {}
        }
    }
    if !current.is_empty() {
        outputs.push(output(&current));
    }
    (outputs, source.join(" "))
}

/// Where in a query an item stands.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Before,
    Outputs,
    Behind,
}

/// What may follow the outputs.
const BEHIND: [&str; 12] = [
    "FROM",
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
];

fn output(items: &[Item<'_>]) -> Output {
    let text = |item: &Item<'_>| match item {
        Item::Token(word) => word.text().to_owned(),
        Item::Node(node) => node.text().to_owned(),
    };
    let name = match items {
        [Item::Node(column)] if column.is("column_ref") => name::parts(column.words())
            .pop()
            .filter(|_| !column.text().ends_with('*')),
        [.., Item::Token(word), label] if word.is("AS") => Some(name::identifier(&text(label))),
        _ => None,
    };
    let words: Vec<String> = items.iter().map(text).collect();
    Output {
        name,
        text: words.join(" "),
    }
}

/// The relations that a query reads, each once, without the names of its own `WITH`.
fn reads(target: Target<'_>, query: Node<'_>) -> Vec<Name> {
    let own: Vec<String> = query
        .within()
        .filter(|node| node.is("cte"))
        .map(name::first)
        .collect();
    let mut reads: Vec<Name> = Vec::new();
    for relation in query.within().filter(|node| node.is("relation")) {
        let Some(name) = relation.child("any_name") else {
            continue;
        };
        let is_own = matches!(name::parts(name.words()).as_slice(), [one] if own.contains(one));
        let name = target.name(name);
        if !is_own && !reads.contains(&name) {
            reads.push(name);
        }
    }
    reads
}

fn refresh(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let change = Change::RefreshView {
        view: target.named(node),
        concurrently: node.says("CONCURRENTLY"),
    };
    named(node, change)
}
