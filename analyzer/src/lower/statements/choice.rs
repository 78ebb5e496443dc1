//! How a statement chooses its rows: conditions, other relations, limits.

use std::collections::{HashMap, HashSet};

use crate::lower::condition::condition;
use crate::lower::expression::expression;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::{self, Target};
use crate::statement::{Choice, Condition, Limit, Name};

/// A statement with the queries of its `WITH`.
#[derive(Clone, Copy)]
pub(super) struct Chooser<'a> {
    pub(super) target: Target<'a>,
    pub(super) root: Node<'a>,
}

impl<'a> Chooser<'a> {
    /// `WHERE` of an `UPDATE`, a `DELETE` or a query.
    pub(super) fn condition(node: Node<'_>) -> Option<Condition> {
        node.child(Syntax::Where)?
            .child(Syntax::Value)
            .map(condition)
    }

    /// How an `UPDATE`, a `DELETE` or a `MERGE` chooses its rows; the condition of a `MERGE` is its `ON`.
    pub(super) fn choice(self, node: Node<'a>) -> Choice {
        let on = node.child(Syntax::Value).filter(|_| node.is(Syntax::Merge));
        let parts: Vec<Node<'a>> = node
            .children()
            .filter(|child| {
                matches!(
                    child.syntax(),
                    Syntax::TableRefs | Syntax::MergeSource | Syntax::Where
                )
            })
            .collect();
        let from = parts.iter().filter(|part| !part.is(Syntax::Where));
        Choice {
            condition: on.map(condition).or_else(|| Self::condition(node)),
            from: self.relations(from.copied()),
            limits: self.limits(parts),
            current_of: node.says("CURRENT OF"),
        }
    }

    /// How a query chooses its rows.
    pub(super) fn query(self, select: Node<'a>) -> Choice {
        Choice {
            condition: Self::condition(select),
            from: self.relations([select]),
            limits: self.limits([select]),
            current_of: false,
        }
    }

    /// The relations below these nodes, each once; for a name of `WITH`, the relations that its query
    /// reads.
    fn relations(self, nodes: impl IntoIterator<Item = Node<'a>>) -> Vec<Name> {
        let mut known = HashSet::new();
        let mut found: Vec<Name> = Vec::new();
        let with = self.queries();
        for node in self.reach(nodes) {
            let relations = node.within().filter(|node| node.is(Syntax::Relation));
            for relation in relations.filter(|relation| named(&with, *relation).is_none()) {
                let name = self.target.name(relation);
                if known.insert(name.clone()) {
                    found.push(name);
                }
            }
        }
        found
    }

    fn limits(self, nodes: impl IntoIterator<Item = Node<'a>>) -> Vec<Limit> {
        let mut selects = Vec::new();
        for node in self.reach(nodes) {
            choosing(node, &mut selects);
        }
        let limits = selects.into_iter();
        limits.filter_map(|select| self.limit(select)).collect()
    }

    fn limit(self, select: Node<'a>) -> Option<Limit> {
        let limit = select.child(Syntax::Limit)?;
        let is_one = limit.says("LIMIT") && !limit.says("LIMIT ALL") || limit.says("FETCH");
        let from = select.all(Syntax::TableRefs);
        is_one.then(|| Limit {
            span: limit.span(),
            from: self.relations(from),
            condition: Self::condition(select),
            order_by: select
                .child(Syntax::OrderBy)
                .into_iter()
                .flat_map(|order| order.all(Syntax::SortItem))
                .filter_map(|item| item.child(Syntax::Value).map(expression))
                .collect(),
            ctid: select.child(Syntax::Targets).is_some_and(|targets| {
                let columns = targets.within().filter(|node| node.is(Syntax::ColumnRef));
                let mut names = columns.map(|column| name::last(column));
                names.next().is_some_and(|name| name == "ctid") && names.next().is_none()
            }),
            offset: limit.says("OFFSET"),
            locking: select.child(Syntax::Locking).map(Node::phrase),
        })
    }

    /// The nodes, and the queries of `WITH` that they name, each once.
    fn reach(self, nodes: impl IntoIterator<Item = Node<'a>>) -> Vec<Node<'a>> {
        let with = self.queries();
        let mut reached: Vec<Node<'a>> = nodes.into_iter().collect();
        let mut at = 0;
        while let Some(node) = reached.get(at).copied() {
            let relations = node.within().filter(|node| node.is(Syntax::Relation));
            for cte in relations.filter_map(|relation| named(&with, relation)) {
                if !reached.iter().any(|known| known.span() == cte.span()) {
                    reached.push(cte);
                }
            }
            at += 1;
        }
        reached
    }

    /// The queries of `WITH` by their names; the first of a name counts.
    fn queries(self) -> HashMap<String, Node<'a>> {
        let mut queries = HashMap::new();
        for cte in self.root.within().filter(|node| node.is(Syntax::Cte)) {
            queries.entry(name::first(cte)).or_insert(cte);
        }
        queries
    }
}

/// The query of `WITH` that the name names.
fn named<'a>(queries: &HashMap<String, Node<'a>>, relation: Node<'a>) -> Option<Node<'a>> {
    let written = name::parts(relation.child(Syntax::AnyName)?.words());
    match written.as_slice() {
        [written] => queries.get(written).copied(),
        _ => None,
    }
}

/// The queries with a limit that decide which rows are chosen. A query that is evaluated for each row
/// does not decide that.
fn choosing<'a>(node: Node<'a>, found: &mut Vec<Node<'a>>) {
    if matches!(node.syntax(), Syntax::Targets | Syntax::Assignment) {
        return;
    }
    if node.is(Syntax::Select) && node.child(Syntax::Limit).is_some() {
        found.push(node);
    }
    for child in node.children() {
        choosing(child, found);
    }
}
