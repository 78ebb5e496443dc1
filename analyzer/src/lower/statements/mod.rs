//! The statements, with one file for each family beside its part of the grammar.
//!
//! To add a statement, write it into the family's `.grammar` file as `statement <name> = ...`, and add
//! its name and a reader to the family's list. A test checks that every statement has a reader.

mod alter_table;
mod choice;
mod clause;
mod column;
mod constraint;
mod family;
mod object;
mod parts;
mod publication;
mod reread;
mod role;
mod routine;
mod rows;
mod session;
mod table;
mod table_action;
mod trigger;
mod r#type;
mod view;
mod walk;

use std::sync::LazyLock;

use self::family::{Family, Reader};
use super::grammar::{Node, Syntax};
use super::name::Target;
use super::{expression, query, uses};
use crate::statement::{Change, Statement};

/// The families, in the order in which the grammar tries them.
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

/// The readers of the families, each at the place of its statement.
static READERS: LazyLock<Vec<Option<Reader>>> = LazyLock::new(|| {
    let mut readers = vec![None; Syntax::ALL.len()];
    for (syntax, read) in FAMILIES.iter().flat_map(|family| family.readers) {
        if let Some(reader @ None) = readers.get_mut(*syntax as usize) {
            *reader = Some(*read);
        }
    }
    readers
});

/// The statements that run a query at once, and with it every function that it calls.
pub(super) const RUNNING: [Syntax; 8] = [
    Syntax::Query,
    Syntax::Copy,
    Syntax::CreateTable,
    Syntax::CreateMaterializedView,
    Syntax::Explain,
    Syntax::Prepare,
    Syntax::DeclareCursor,
    Syntax::CallProcedure,
];

/// The statements that contain queries, whether they run them or store them.
pub(super) const USING: [Syntax; 15] = [
    Syntax::CreateFunction,
    Syntax::Query,
    Syntax::Copy,
    Syntax::CreateTable,
    Syntax::CreateView,
    Syntax::CreateMaterializedView,
    Syntax::Explain,
    Syntax::Prepare,
    Syntax::DeclareCursor,
    Syntax::CreatePolicy,
    Syntax::AlterPolicy,
    Syntax::CreateRule,
    Syntax::CreateStatistics,
    Syntax::CreatePublication,
    Syntax::AlterPublication,
];

/// `CREATE TABLE` without a query.
fn is_plain_table(node: Node<'_>) -> bool {
    node.is(Syntax::CreateTable) && node.child(Syntax::QuerySource).is_none()
}

/// A whole statement.
pub(super) fn read(target: Target<'_>, node: Node<'_>) -> Statement {
    let read = READERS.get(node.syntax() as usize).copied().flatten();
    let mut clauses = read.map(|read| read(target, node)).unwrap_or_default();
    if clauses.is_empty() {
        // The grammar accepts a word here that its reader does not know.
        let problem = "this form of the statement is not understood".to_owned();
        clauses.extend(clause::whole(node, Change::Unknown { problem }));
    }
    let only = node
        .child(Syntax::Relation)
        .is_some_and(|relation| relation.says("ONLY"));
    for clause in &mut clauses {
        if let Change::AddConstraint { constraint, .. } = &mut clause.change {
            constraint.only = only;
        }
    }
    let calls = match RUNNING.contains(&node.syntax()) {
        true => expression::calls(node),
        false => Vec::new(),
    };
    Statement {
        span: node.span(),
        clauses,
        if_exists: node.says("IF EXISTS"),
        only,
        of_domain: node.is(Syntax::AlterDomain),
        calls,
        uses: match USING.contains(&node.syntax()) {
            true if is_plain_table(node) => Vec::new(),
            true => uses::uses(target, node),
            false if matches!(node.syntax(), Syntax::Grant | Syntax::Revoke) => {
                role::granted(target, node)
            }
            false => Vec::new(),
        },
        queries: query::of_statement(node),
        cuts: walk::cuts(target, node).map(Box::new),
        value: match node.is(Syntax::Query) {
            true => uses::only_value(node).map(expression::expression),
            false => None,
        },
        ..Statement::default()
    }
}
