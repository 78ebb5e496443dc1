//! Types and domains that are declared or changed as PostgreSQL does not.

use std::collections::BTreeSet;

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::schema::{Answer, TypeKind};
use crate::statement::{Change, Constraint, Name, ObjectKind, TypeBody, ValuePosition};

pub(super) static RULE: Rule = Rule {
    id: "refused-type",
    summary: "a type or domain is declared or changed as PostgreSQL does not",
    page: include_str!("refused_type.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(
        &[
            Subject::AddConstraint,
            Subject::AddEnumValue,
            Subject::Comment,
            Subject::CreateType,
            Subject::Drop,
            Subject::Rename,
            Subject::SetAttribute,
            Subject::ValidateConstraint,
        ],
        &Check::Parts(check),
    ),
};

/// What is wrong, PostgreSQL's reason, and what to do.
type Reason = (String, &'static str, String);

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let reason = match context.change() {
        Change::CreateType { name, body } => created(name, body),
        Change::AddEnumValue {
            name,
            value,
            if_not_exists,
            position: Some(position),
        } => placed(context, name, (value, *if_not_exists), position),
        Change::Rename {
            kind: kind @ (ObjectKind::EnumValue | ObjectKind::Attribute),
            name,
            part: Some(part),
            to,
        } => renamed(context, *kind, name, (part, to)),
        Change::Drop {
            kind: ObjectKind::Attribute,
            name,
            part: Some(part),
            if_exists: false,
            ..
        } => attribute(context, name, part),
        Change::SetAttribute {
            name,
            attribute: changed,
            new: false,
            ..
        } => attribute(context, name, &changed.name),
        Change::AddConstraint { table, constraint } => added(context, table, constraint),
        Change::ValidateConstraint { table, constraint }
        | Change::Drop {
            kind: ObjectKind::Constraint,
            name: table,
            part: Some(constraint),
            if_exists: false,
            ..
        }
        | Change::Rename {
            kind: ObjectKind::Constraint,
            name: table,
            part: Some(constraint),
            ..
        }
        | Change::Comment {
            kind: ObjectKind::Constraint,
            name: table,
            part: Some(constraint),
            ..
        } => missing(context, table, constraint),
        _ => None,
    };
    let found = reason.map(|(what, why, help)| refused(&context.clause.span, what, why, help));
    found.into_iter().collect()
}

fn created(name: &Name, body: &TypeBody) -> Option<Reason> {
    let mut seen = BTreeSet::new();
    match body {
        TypeBody::Enum(labels) => {
            let twice = labels.iter().find(|label| !seen.insert(label.as_str()))?;
            Some((
                format!("the type {name} has the label '{twice}' twice"),
                "duplicate key value violates unique constraint (23505)",
                "write each label once".to_owned(),
            ))
        }
        TypeBody::Composite(attributes) => {
            let mut names = attributes.iter().map(|one| one.name.as_str());
            let twice = names.find(|one| !seen.insert(*one))?;
            Some((
                format!("the type {name} has the attribute `{twice}` twice"),
                "attribute specified more than once (42701)",
                "give one of them another name".to_owned(),
            ))
        }
        TypeBody::Range(_) | TypeBody::Base(_) | TypeBody::Shell => None,
    }
}

/// The kind of a type that certainly is as the files create it.
fn known<'a>(context: &Context<'a>, name: &Name) -> Option<&'a TypeKind> {
    let is_certain = context.schema.exists(ObjectKind::Type, name, None) == Answer::Yes;
    let known = context.schema.type_of(name).filter(|_| is_certain)?;
    Some(&known.kind)
}

fn placed(
    context: &Context<'_>,
    name: &Name,
    (value, guarded): (&str, bool),
    position: &ValuePosition,
) -> Option<Reason> {
    let TypeKind::Enum(labels) = known(context, name)? else {
        return None;
    };
    let (ValuePosition::Before(beside) | ValuePosition::After(beside)) = position;
    let has = |label: &str| labels.iter().any(|one| one == label);
    let is_there = guarded && has(value);
    (!is_there && !has(beside)).then(|| no_label(name, beside, labels))
}

fn no_label(name: &Name, label: &str, labels: &[String]) -> Reason {
    (
        format!("the type {name} has no label '{label}'"),
        "is not an existing enum label (22023)",
        format!("the labels are: {}", labels.join(", ")),
    )
}

fn renamed(
    context: &Context<'_>,
    kind: ObjectKind,
    name: &Name,
    (from, to): (&str, &str),
) -> Option<Reason> {
    if kind == ObjectKind::Attribute {
        return attribute(context, name, from);
    }
    let TypeKind::Enum(labels) = known(context, name)? else {
        return None;
    };
    let has = |label: &str| labels.iter().any(|one| one == label);
    if !has(from) {
        return Some(no_label(name, from, labels));
    }
    has(to).then(|| {
        (
            format!("the type {name} has the label '{to}' already"),
            "enum label already exists (42710)",
            "choose another label".to_owned(),
        )
    })
}

fn attribute(context: &Context<'_>, name: &Name, part: &str) -> Option<Reason> {
    let TypeKind::Composite(attributes) = known(context, name)? else {
        return None;
    };
    (!attributes.iter().any(|one| one.name == part)).then(|| {
        (
            format!("the type {name} has no attribute `{part}`"),
            "column does not exist (42703)",
            "name an attribute that the type has".to_owned(),
        )
    })
}

/// The constraints of a domain: our words hold the domain where a table's name is.
fn constraints<'a>(context: &Context<'a>, name: &Name) -> Option<&'a [Constraint]> {
    match known(context, name)? {
        TypeKind::Domain(column) => Some(&column.constraints),
        TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other => None,
    }
}

fn added(context: &Context<'_>, domain: &Name, constraint: &Constraint) -> Option<Reason> {
    let name = constraint.name.as_deref()?;
    let mut known = constraints(context, domain)?.iter();
    known.any(|one| one.name.as_deref() == Some(name)).then(|| {
        (
            format!("the domain {domain} has a constraint `{name}` already"),
            "constraint already exists (42710)",
            "give the new constraint another name".to_owned(),
        )
    })
}

fn missing(context: &Context<'_>, domain: &Name, name: &str) -> Option<Reason> {
    let known = constraints(context, domain)?;
    // NOT NULL is a constraint with a name from PostgreSQL 17 on.
    let is_there = known.iter().any(|one| one.name.as_deref() == Some(name));
    (!is_there && !name.ends_with("_not_null")).then(|| {
        (
            format!("the domain {domain} has no constraint `{name}`"),
            "constraint does not exist (42704)",
            "name a constraint that the domain has".to_owned(),
        )
    })
}
