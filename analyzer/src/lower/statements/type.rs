//! Types and domains.

use super::clause::{clause, name_span, named};
use super::column::{attribute, column};
use super::constraint::of_domain;
use super::family::Family;
use super::object::{self, alter};
use super::parts::{drop_part, rename_part};
use crate::lower::data_type::data_type;
use crate::lower::expression::expression;
use crate::lower::grammar::Node;
use crate::lower::literal::string;
use crate::lower::name::{self, Target, parameters};
use crate::statement::{Attribute, Change, Clause, Name, ObjectKind, TypeBody};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("type.grammar"),
    readers: &[
        ("create_type", create_type),
        ("alter_type", alter_type),
        ("create_domain", create_domain),
        ("alter_domain", alter_domain),
        ("drop_type", object::drop),
    ],
};

fn create_type(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let body = if let Some(labels) = node.child("enum") {
        TypeBody::Enum(labels.strings().map(|label| string(label.text())).collect())
    } else if let Some(composite) = node.child("composite") {
        let attributes = composite.all("column_type");
        TypeBody::Composite(attributes.map(|node| attribute(target, node)).collect())
    } else if let Some(range) = node.child("range") {
        TypeBody::Range(parameters(range))
    } else if node.child("definition_item").is_some() {
        TypeBody::Base(parameters(node))
    } else {
        TypeBody::Shell
    };
    let name = target.named(node);
    named(node, Change::CreateType { name, body })
}

fn alter_type(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let name = target.named(node);
    let actions = node
        .children()
        .filter_map(|child| type_action(target, child, &name));
    let clauses: Vec<Clause> = actions.collect();
    match clauses.is_empty() {
        true => alter(target, node, ObjectKind::Type),
        false => clauses,
    }
}

fn type_action(target: Target<'_>, node: Node<'_>, name: &Name) -> Option<Clause> {
    let name = name.clone();
    let strings: Vec<String> = node.strings().map(|label| string(label.text())).collect();
    let set = |attribute: Attribute, new: bool| {
        let span = name_span(node.child("column_type").unwrap_or(node));
        let cascade = node.says("CASCADE");
        let change = Change::SetAttribute {
            name: name.clone(),
            attribute,
            new,
            cascade,
        };
        Some(clause(span, change))
    };
    match node.rule() {
        "rename_attribute" => rename_part(node, ObjectKind::Attribute, name),
        "drop_attribute" => Some(drop_part(node, ObjectKind::Attribute, name)),
        "rename_value" => {
            let [part, to] = <[String; 2]>::try_from(strings).ok()?;
            let change = Change::Rename {
                kind: ObjectKind::EnumValue,
                name,
                part: Some(part),
                to,
            };
            Some(clause(node.first_line(), change))
        }
        "add_value" => {
            let change = Change::AddEnumValue {
                name,
                value: strings.into_iter().next()?,
                if_not_exists: node.says("IF NOT EXISTS"),
                place: node
                    .child("value_place")
                    .map(|place| place.text().to_owned()),
            };
            Some(clause(node.first_line(), change))
        }
        "add_attribute" => set(attribute(target, node.child("column_type")?), true),
        "alter_attribute" => set(
            Attribute {
                name: name::first(node),
                data_type: node.child("type").map(data_type).unwrap_or_default(),
                collation: target.named_in(node, "column_collation"),
            },
            false,
        ),
        _ => None,
    }
}

fn create_domain(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let change = Change::CreateDomain {
        name: target.named(node),
        column: column(target, node),
    };
    named(node, change)
}

fn alter_domain(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let domain = target.named(node);
    let action = node.children().find_map(|child| match child.rule() {
        "domain_action" => Some(clause(
            name_span(node),
            Change::AlterDomain {
                domain: domain.clone(),
                action: child.phrase(),
                default: child.child("value").map(expression),
            },
        )),
        "add_domain_constraint" => {
            let constraint = Box::new(of_domain(child));
            let table = domain.clone();
            let span = constraint.span.clone();
            Some(clause(span, Change::AddConstraint { table, constraint }))
        }
        _ => None,
    });
    match action {
        Some(action) => vec![action],
        None => alter(target, node, ObjectKind::Domain),
    }
}
