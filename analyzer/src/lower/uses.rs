//! The relations that the queries of a statement use, except those that its clauses name.

use std::collections::HashSet;

use super::grammar::{Node, Syntax};
use super::literal::string;
use super::name::{self, Target};
use crate::statement::{How, Name, Use};

/// The relations that the queries of a node use, each once and in order, without the names of its own
/// `WITH`.
pub(super) fn uses(target: Target<'_>, node: Node<'_>) -> Vec<Use> {
    let own = node
        .within()
        .filter(|node| node.is(Syntax::Cte))
        .map(name::first);
    let mut walk = Walk {
        target,
        own: own.collect(),
        root: node.syntax(),
        known: HashSet::new(),
        uses: Vec::new(),
    };
    walk.node(node);
    walk.uses
}

struct Walk<'a> {
    target: Target<'a>,
    own: HashSet<String>,
    root: Syntax,
    known: HashSet<Use>,
    uses: Vec<Use>,
}

impl Walk<'_> {
    fn node(&mut self, node: Node<'_>) {
        let mut locks = node.all(Syntax::Locking);
        let how = match locks.any(|lock| !lock.says("READ ONLY")) {
            true => How::LocksRows,
            false => How::Reads,
        };
        self.children(node, how);
    }

    fn children(&mut self, node: Node<'_>, how: How) {
        // The first relation of these statements is the one that they change, which a clause names.
        let changes = matches!(
            node.syntax(),
            Syntax::Update | Syntax::Delete | Syntax::Merge
        );
        for (at, child) in node.children().enumerate() {
            match child.syntax() {
                Syntax::Relation if changes && at == 0 => {
                    if let Some(how) = self.changed(how) {
                        self.relation(child, how);
                    }
                }
                Syntax::AnyName if node.is(Syntax::Insert) => {
                    if let Some(how) = self.changed(how) {
                        self.push(self.target.existing(&name::parts(child.words())), how);
                    }
                }
                Syntax::Relation => self.relation(child, how),
                Syntax::TableRefs => self.children(child, how),
                Syntax::OnConflict
                    if child.says("ON CONFLICT (") || child.says("ON CONSTRAINT") =>
                {
                    let table = self.target.named(node);
                    self.push(table, How::Infers);
                    self.node(child);
                }
                Syntax::FuncName if child.next_word() == "(" => self.call(child),
                _ => self.node(child),
            }
        }
    }

    /// How the relation is used that a statement inside changes; `None` if a clause names it.
    fn changed(&self, how: How) -> Option<How> {
        match self.root {
            Syntax::Explain | Syntax::Prepare => Some(how),
            Syntax::CreateRule => Some(How::Writes),
            _ => None,
        }
    }

    fn relation(&mut self, node: Node<'_>, how: How) {
        let Some(written) = node.child(Syntax::AnyName) else {
            return;
        };
        let parts = name::parts(written.words());
        let is_own = matches!(parts.as_slice(), [one] if self.own.contains(one));
        if !is_own {
            self.push(self.target.existing(&parts), how);
        }
    }

    /// `nextval('s')` and the like: the sequence is named in a string.
    fn call(&mut self, node: Node<'_>) {
        let function = name::parts(node.words()).pop().unwrap_or_default();
        if !matches!(function.as_str(), "nextval" | "setval" | "currval") {
            return;
        }
        let Some(written) = node.argument().filter(|word| word.is_string()) else {
            return;
        };
        let written = string(written.text());
        let parts: Vec<String> = written.split('.').map(name::identifier).collect();
        self.push(self.target.resolve(&parts), How::Advances);
    }

    fn push(&mut self, relation: Name, how: How) {
        let one = Use { relation, how };
        if self.known.insert(one.clone()) {
            self.uses.push(one);
        }
    }
}

/// The expression, if the query is only `SELECT expression`.
pub(super) fn only_value<'a>(node: Node<'a>) -> Option<Node<'a>> {
    let select = node.child(Syntax::Select).unwrap_or(node);
    let other = [
        "FROM",
        "WHERE",
        "GROUP",
        "HAVING",
        "WINDOW",
        "ORDER",
        "LIMIT",
        "OFFSET",
        "FETCH",
        "UNION",
        "INTERSECT",
        "EXCEPT",
        "DISTINCT",
        "INTO",
        "WITH",
        "VALUES",
        "TABLE",
    ];
    let mut depth = 0_usize;
    for word in select.words() {
        match word.text() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "," | "*" if depth == 0 => return None,
            _ if depth == 0 && other.iter().any(|one| word.is(one)) => return None,
            _ => {}
        }
    }
    let asks = select.within().any(|inner| inner.is(Syntax::Select));
    (select.starts_with("SELECT") && !asks).then_some(select)
}
