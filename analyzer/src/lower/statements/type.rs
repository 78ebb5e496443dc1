//! Types and domains.

use super::clause::{clause, name_span, named};
use super::column::{attribute, column};
use super::constraint::of_domain;
use super::family::Family;
use super::object::{self, alter};
use super::parts::{drop_part, rename_part};
use crate::lower::data_type::data_type;
use crate::lower::formula::evaluated;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::literal::string;
use crate::lower::name::{self, Target, parameters};
use crate::statement::{
    Attribute, Change, Clause, DomainAction, Name, ObjectKind, TypeBody, ValuePosition,
};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("type.grammar"),
    readers: &[
        (Syntax::CreateType, create_type),
        (Syntax::AlterType, alter_type),
        (Syntax::CreateDomain, create_domain),
        (Syntax::AlterDomain, alter_domain),
        (Syntax::DropType, object::drop),
    ],
};

fn create_type(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let body = if let Some(labels) = node.child(Syntax::Enum) {
        TypeBody::Enum(labels.strings().map(|label| string(label.text())).collect())
    } else if let Some(composite) = node.child(Syntax::Composite) {
        let attributes = composite.all(Syntax::ColumnType);
        TypeBody::Composite(attributes.map(|node| attribute(target, node)).collect())
    } else if let Some(range) = node.child(Syntax::Range) {
        TypeBody::Range(parameters(range))
    } else if node.child(Syntax::DefinitionItem).is_some() {
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
        let span = name_span(node.child(Syntax::ColumnType).unwrap_or(node));
        let cascade = node.says("CASCADE");
        let change = Change::SetAttribute {
            name: name.clone(),
            attribute,
            new,
            cascade,
        };
        Some(clause(span, change))
    };
    match node.syntax() {
        Syntax::RenameAttribute => rename_part(node, ObjectKind::Attribute, name),
        Syntax::DropAttribute => Some(drop_part(node, ObjectKind::Attribute, name)),
        Syntax::RenameValue => {
            let [part, to] = <[String; 2]>::try_from(strings).ok()?;
            let change = Change::Rename {
                kind: ObjectKind::EnumValue,
                name,
                part: Some(part),
                to,
            };
            Some(clause(node.first_line(), change))
        }
        Syntax::AddValue => {
            let change = Change::AddEnumValue {
                name,
                value: strings.into_iter().next()?,
                if_not_exists: node.says("IF NOT EXISTS"),
                position: node.child(Syntax::ValuePlace).and_then(value_position),
            };
            Some(clause(node.first_line(), change))
        }
        Syntax::AddAttribute => set(attribute(target, node.child(Syntax::ColumnType)?), true),
        Syntax::AlterAttribute => set(
            Attribute {
                name: name::first(node),
                data_type: node.child(Syntax::Type).map(data_type).unwrap_or_default(),
                collation: target.named_in(node, Syntax::ColumnCollation),
            },
            false,
        ),
        _ => None,
    }
}

fn value_position(node: Node<'_>) -> Option<ValuePosition> {
    let label = string(node.strings().next()?.text());
    Some(match node.says("BEFORE") {
        true => ValuePosition::Before(label),
        false => ValuePosition::After(label),
    })
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
    let action = node.children().find_map(|child| match child.syntax() {
        Syntax::DomainAction => Some(clause(
            name_span(node),
            Change::AlterDomain {
                domain: domain.clone(),
                action: domain_action(child)?,
            },
        )),
        Syntax::AddDomainConstraint => {
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

fn domain_action(node: Node<'_>) -> Option<DomainAction> {
    if let Some(value) = node.child(Syntax::Value) {
        return Some(DomainAction::SetDefault(Box::new(evaluated(value))));
    }
    let actions = [
        ("DROP DEFAULT", DomainAction::DropDefault),
        ("SET NOT NULL", DomainAction::SetNotNull),
        ("DROP NOT NULL", DomainAction::DropNotNull),
    ];
    let said = actions.into_iter().find(|(words, _)| node.says(words));
    said.map(|(_, action)| action)
}
