//! How the rows of a statement are chosen: conditions, other relations, limits.

use crate::lower::condition::condition;
use crate::lower::expression::expression;
use crate::lower::grammar::Node;
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
        node.child("where")?.child("value").map(condition)
    }

    /// The choice of an `UPDATE` or a `DELETE`, or of a `MERGE`, whose condition is its `ON`.
    pub(super) fn choice(self, node: Node<'a>) -> Choice {
        let on = node.child("value").filter(|_| node.is("merge"));
        let parts: Vec<Node<'a>> = node
            .children()
            .filter(|child| matches!(child.rule(), "table_refs" | "merge_source" | "where"))
            .collect();
        let from = parts.iter().filter(|part| !part.is("where"));
        Choice {
            condition: on.map(condition).or_else(|| Self::condition(node)),
            from: self.relations(from.copied()),
            limits: self.limits(parts),
            current_of: node.says("CURRENT OF"),
        }
    }

    /// The choice of a query.
    pub(super) fn query(self, select: Node<'a>) -> Choice {
        Choice {
            condition: Self::condition(select),
            from: self.relations([select]),
            limits: self.limits([select]),
            current_of: false,
        }
    }

    /// The relations below these nodes, each once; instead of a name of `WITH`, what its query reads.
    fn relations(self, nodes: impl IntoIterator<Item = Node<'a>>) -> Vec<Name> {
        let mut found: Vec<Name> = Vec::new();
        for node in self.reach(nodes) {
            let relations = node.within().filter(|node| node.is("relation"));
            for relation in relations.filter(|relation| self.with(*relation).is_none()) {
                let name = self.target.name(relation);
                if !found.contains(&name) {
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
        let limit = select.child("limit")?;
        let is_one = limit.says("LIMIT") && !limit.says("LIMIT ALL") || limit.says("FETCH");
        let from = select.all("table_refs");
        is_one.then(|| Limit {
            span: limit.span(),
            from: self.relations(from),
            condition: Self::condition(select),
            order_by: select
                .child("order_by")
                .into_iter()
                .flat_map(|order| order.all("sort_item"))
                .filter_map(|item| item.child("value").map(expression))
                .collect(),
            ctid: select.child("targets").is_some_and(|targets| {
                let columns = targets.within().filter(|node| node.is("column_ref"));
                let mut names = columns.map(|column| name::last(column));
                names.next().is_some_and(|name| name == "ctid") && names.next().is_none()
            }),
            offset: limit.says("OFFSET"),
            locking: select.child("locking").map(Node::phrase),
        })
    }

    /// The nodes, and the queries of `WITH` that they name, each once.
    fn reach(self, nodes: impl IntoIterator<Item = Node<'a>>) -> Vec<Node<'a>> {
        let mut reached: Vec<Node<'a>> = nodes.into_iter().collect();
        let mut at = 0;
        while let Some(node) = reached.get(at).copied() {
            let relations = node.within().filter(|node| node.is("relation"));
            for cte in relations.filter_map(|relation| self.with(relation)) {
                if !reached.iter().any(|known| known.span() == cte.span()) {
                    reached.push(cte);
                }
            }
            at += 1;
        }
        reached
    }

    /// The query of `WITH` that the name names.
    fn with(self, relation: Node<'a>) -> Option<Node<'a>> {
        let written = name::parts(relation.child("any_name")?.words());
        let [written] = written.as_slice() else {
            return None;
        };
        let mut queries = self.root.within().filter(|node| node.is("cte"));
        queries.find(|cte| name::first(*cte) == *written)
    }
}

/// The queries with a limit that decide which rows there are; what a query computes for each of its
/// rows decides nothing.
fn choosing<'a>(node: Node<'a>, found: &mut Vec<Node<'a>>) {
    if matches!(node.rule(), "targets" | "assignment") {
        return;
    }
    if node.is("select") && node.child("limit").is_some() {
        found.push(node);
    }
    for child in node.children() {
        choosing(child, found);
    }
}
