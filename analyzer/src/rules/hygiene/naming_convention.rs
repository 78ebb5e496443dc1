//! Names that must be quoted.

use std::ops::Range;

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::finding::{Message, Severity};
use crate::rules::facts::plain_name::is_plain;
use crate::statement::{Change, Constraint, ObjectKind, TypeBody};
use crate::text::keywords::is_reserved;

pub(super) static RULE: Rule = Rule {
    id: "naming-convention",
    summary: "a new name must be quoted: it has capitals or spaces, or is a reserved word",
    page: include_str!("naming_convention.md"),
    aliases: &["NM101", "NM102", "NM103", "NM104", "NM105", "NM106"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Warn),
    check: Check::Parts(check),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let here = || context.clause.span.clone();
    let mut names = Vec::new();
    for made in context.created() {
        if made.kind == ObjectKind::EnumValue {
            continue;
        }
        let name = made.part.as_ref().unwrap_or(&made.name.name);
        names.push((made.span.clone().unwrap_or_else(here), name));
    }
    match context.change() {
        Change::CreateTable(create) => {
            for column in &create.columns {
                names.push((column.span.clone(), &column.name));
            }
            for column in &create.columns {
                constrained(&column.constraints, &mut names);
            }
            constrained(&create.constraints, &mut names);
        }
        Change::CreateType {
            body: TypeBody::Composite(attributes),
            ..
        } => names.extend(attributes.iter().map(|one| (here(), &one.name))),
        Change::CreateView(create) if create.or_replace => {
            names.push((here(), &create.view.name));
        }
        Change::CreateRoutine(create) => names.push((here(), &create.routine.name)),
        _ => {}
    }
    let mut found = Vec::new();
    for (span, name) in names {
        if let Some(message) = message(name) {
            found.push((span, message));
        }
    }
    found
}

/// Adds the names of constraints.
fn constrained<'a>(constraints: &'a [Constraint], names: &mut Vec<(Range<usize>, &'a String)>) {
    for constraint in constraints {
        if let Some(name) = &constraint.name {
            names.push((constraint.span.clone(), name));
        }
    }
}

fn message(name: &str) -> Option<Message> {
    let what = if !is_plain(name) {
        format!("the new name `{name}` must be quoted in every query")
    } else if is_reserved(name) {
        format!("the new name `{name}` is a reserved word and must be quoted in every query")
    } else {
        return None;
    };
    let plain = plain(name);
    Some(Message::new(
        what,
        "PostgreSQL folds unquoted names to lower case. A query, tool or driver that does not quote the name \
         exactly like this fails: table or column does not exist (42P01, 42703), or syntax error (42601)",
        format!("name it `{plain}`: use lower-case letters, digits and underscores"),
    ))
}

/// `createdAt` becomes `created_at`, and `order` becomes `order_`.
fn plain(name: &str) -> String {
    let mut plain = String::new();
    for character in name.chars() {
        let follows_a_word = plain.ends_with(|last: char| last != '_');
        match character {
            'A'..='Z' => {
                if follows_a_word && !plain.is_empty() {
                    plain.push('_');
                }
                plain.push(character.to_ascii_lowercase());
            }
            'a'..='z' | '0'..='9' => plain.push(character),
            _ if follows_a_word && !plain.is_empty() => plain.push('_'),
            _ => {}
        }
    }
    let needs_more = is_reserved(&plain) || plain.is_empty();
    let starts_badly = plain.starts_with(|first: char| first.is_ascii_digit());
    match (starts_badly, needs_more) {
        (true, _) => format!("n{plain}"),
        (false, true) => format!("{plain}_"),
        (false, false) => plain,
    }
}
