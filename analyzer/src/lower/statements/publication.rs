//! Publications: their tables, schemas and options.

use super::clause::{clause, name_span};
use super::object;
use super::parts::object as named;
use crate::lower::expression::expression;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::name::{self, Target, words};
use crate::statement::{
    Change, Clause, Definition, ObjectKind, Publication, PublicationAction, PublishedTable,
};

pub(super) fn create(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let publication = Box::new(publication(target, node));
    object::defined(target, node, Definition::Publication(publication))
}

pub(super) fn alter(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let renames = [Syntax::RenameTo, Syntax::OwnerTo];
    if node
        .children()
        .any(|child| renames.contains(&child.syntax()))
    {
        return object::alter(target, node, ObjectKind::Publication);
    }
    let action = match (node.says("ADD"), node.says("DROP")) {
        (true, _) => PublicationAction::Add,
        (_, true) => PublicationAction::Drop,
        (false, false) => PublicationAction::Set,
    };
    let change = Change::AlterPublication {
        name: named(target, node),
        action,
        publication: Box::new(publication(target, node)),
    };
    vec![clause(name_span(node), change)]
}

fn publication(target: Target<'_>, node: Node<'_>) -> Publication {
    let schemas = node.all(Syntax::PublishedSchema).map(|schema| {
        let written = schema.child(Syntax::Name).map(name::word);
        written.unwrap_or_else(|| target.resolve(&[]).schema)
    });
    Publication {
        everything: node.says("ALL TABLES"),
        schemas: schemas.collect(),
        tables: node
            .all(Syntax::PublishedTable)
            .map(|table| published(target, table))
            .collect(),
        options: name::parameters(node),
    }
}

fn published(target: Target<'_>, node: Node<'_>) -> PublishedTable {
    let relation = node.child(Syntax::Relation);
    PublishedTable {
        table: target.named(node),
        only: relation.is_some_and(|relation| relation.says("ONLY")),
        columns: words(node, Syntax::Name),
        filter: node.child(Syntax::Value).map(expression),
        span: name_span(node),
    }
}
