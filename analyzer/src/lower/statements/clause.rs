//! Builds clauses: a change, and the place to which messages point.

use std::ops::Range;

use crate::lower::grammar::{Node, Syntax};
use crate::statement::{Change, Clause, Command, Name};

pub(super) fn clause(span: Range<usize>, change: Change) -> Clause {
    Clause {
        span,
        change,
        arguments: None,
    }
}

/// A change that points to the statement's first line.
pub(super) fn whole(node: Node<'_>, change: Change) -> Vec<Clause> {
    vec![clause(node.first_line(), change)]
}

/// A change that points to the first name in the statement, or else to its first line.
pub(super) fn named(node: Node<'_>, change: Change) -> Vec<Clause> {
    vec![clause(name_span(node), change)]
}

pub(super) fn name_span(node: Node<'_>) -> Range<usize> {
    let name = node.children().find(|child| {
        matches!(
            child.syntax(),
            Syntax::Name | Syntax::AnyName | Syntax::Relation | Syntax::FuncName | Syntax::Role
        )
    });
    match name {
        Some(name) if name.is(Syntax::Relation) => name_span(name),
        Some(name) => name.span(),
        None => node.first_line(),
    }
}

/// A statement of which only the command and the object are known.
pub(super) fn other(node: Node<'_>, command: Command, object: Option<Name>) -> Clause {
    let change = Change::Other {
        command,
        object,
        outside_transaction: false,
        ddl: true,
    };
    clause(node.first_line(), change)
}
