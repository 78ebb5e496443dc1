//! One file for each family of statements, beside its part of the grammar.
//!
//! To add a statement, write it down in the family's `.grammar` as `statement <name> = ...` and put
//! its name and a reader into the family's list; a test holds that no statement is without a reader.

mod alter_table;
mod choice;
mod column;
mod constraint;
mod object;
mod role;
mod routine;
mod rows;
mod session;
mod table;
mod trigger;
mod r#type;
mod view;

use std::ops::Range;

use super::grammar::Node;
use super::{Target, expression, first_line, uses};
use crate::statement::{Change, Clause, Statement};

/// A part of the grammar and what reads its statements.
pub(super) struct Family {
    pub(super) grammar: &'static str,
    readers: &'static [(&'static str, Reader)],
}

/// Puts a statement into our words.
type Reader = fn(Target<'_>, Node<'_>) -> Vec<Clause>;

/// In the order in which the grammar tries them.
pub(super) const FAMILIES: [&Family; 10] = [
    &rows::FAMILY,
    &table::FAMILY,
    &alter_table::FAMILY,
    &view::FAMILY,
    &routine::FAMILY,
    &trigger::FAMILY,
    &r#type::FAMILY,
    &object::FAMILY,
    &session::FAMILY,
    &role::FAMILY,
];

/// The statements that run a query at once, with all that it calls.
const RUNNING: [&str; 8] = [
    "query",
    "copy",
    "create_table",
    "create_materialized_view",
    "explain",
    "prepare",
    "declare_cursor",
    "call_procedure",
];

/// The statements with queries, whether they run them or only keep them.
const USING: [&str; 15] = [
    "create_function",
    "query",
    "copy",
    "create_table",
    "create_view",
    "create_materialized_view",
    "explain",
    "prepare",
    "declare_cursor",
    "create_policy",
    "alter_policy",
    "create_rule",
    "create_statistics",
    "create_publication",
    "alter_publication",
];

/// A whole statement.
pub(super) fn read(target: Target<'_>, node: Node<'_>) -> Statement {
    let read = FAMILIES
        .iter()
        .flat_map(|family| family.readers)
        .find(|(name, _)| *name == node.rule());
    let mut clauses = read.map(|(_, read)| read(target, node)).unwrap_or_default();
    if clauses.is_empty() {
        clauses.push(other(node, None));
    }
    let calls = match RUNNING.contains(&node.rule()) {
        true => expression::calls(node),
        false => Vec::new(),
    };
    Statement {
        span: node.span(),
        clauses,
        if_exists: node.says("IF EXISTS"),
        only: node
            .child("relation")
            .is_some_and(|relation| relation.says("ONLY")),
        calls,
        uses: match USING.contains(&node.rule()) {
            true => uses::uses(target, node),
            false if matches!(node.rule(), "grant" | "revoke") => role::granted(target, node),
            false => Vec::new(),
        },
        value: match node.is("query") {
            true => uses::only_value(node).map(expression::expression),
            false => None,
        },
        ..Statement::default()
    }
}

fn clause(span: Range<usize>, change: Change) -> Clause {
    Clause { span, change }
}

/// A change whose place is the statement's first line.
fn whole(node: Node<'_>, change: Change) -> Vec<Clause> {
    vec![clause(first_line(node), change)]
}

/// A change whose place is the first name in the statement, or else its first line.
fn named(node: Node<'_>, change: Change) -> Vec<Clause> {
    vec![clause(name_span(node), change)]
}

fn name_span(node: Node<'_>) -> Range<usize> {
    let name = node.children().find(|child| {
        matches!(
            child.rule(),
            "name" | "any_name" | "relation" | "func_name" | "role"
        )
    });
    match name {
        Some(name) if name.is("relation") => name_span(name),
        Some(name) => name.span(),
        None => first_line(node),
    }
}

/// A statement of which only the kind and the object are told.
fn other(node: Node<'_>, object: Option<crate::statement::Name>) -> Clause {
    let change = Change::Other {
        kind: node.rule().replace('_', "-"),
        object,
        outside_transaction: false,
        ddl: true,
    };
    clause(first_line(node), change)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::lower::grammar;

    #[test]
    fn every_statement_of_the_grammar_has_a_reader_and_every_reader_a_statement() {
        let readers = FAMILIES.iter().flat_map(|family| family.readers);
        let readers: Vec<&str> = readers.map(|(name, _)| *name).collect();
        let distinct: BTreeSet<&str> = readers.iter().copied().collect();
        assert_eq!(distinct.len(), readers.len(), "a statement has two readers");
        let statements: BTreeSet<&str> = grammar::statements().into_iter().collect();
        assert_eq!(distinct, statements);
        for name in RUNNING.into_iter().chain(USING) {
            assert!(statements.contains(name), "{name}");
        }
    }
}
