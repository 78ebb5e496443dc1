//! Views and materialized views.

use super::rows::persistence;
use super::{Family, named};
use crate::lower::Target;
use crate::lower::expression::expression;
use crate::lower::grammar::Node;
use crate::lower::name::{self, parameters, words};
use crate::statement::{Change, Clause, CreateView, Name};

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
    let view = CreateView {
        view: target.named(node),
        materialized: node.says("MATERIALIZED VIEW"),
        or_replace: node.says("OR REPLACE"),
        if_not_exists: node.says("IF NOT EXISTS"),
        persistence: persistence(node),
        columns: words(node, "name"),
        parameters: parameters(node),
        query: query.map(expression).unwrap_or_default(),
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

/// The relations that a query reads, each once, without the names of its own `WITH`.
pub(super) fn reads(target: Target<'_>, query: Node<'_>) -> Vec<Name> {
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
