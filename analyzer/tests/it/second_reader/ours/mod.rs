//! The facts of a statement as the analyzer reads it, from its public form.

mod alter;
mod code;
mod create;
mod object;
mod rows;

use std::collections::BTreeSet;

use onward_analyzer::statement::{Change, Expression, Name, ObjectKind, Statement};

use super::lines::{flags, list};
use super::theirs::canonical;

pub(super) fn facts(statement: &Statement) -> Vec<String> {
    let changes = statement.clauses.iter().map(|clause| &clause.change);
    let mut lines: Vec<String> = changes.clone().flat_map(of_change).collect();
    if changes.clone().any(alter::is_action) {
        let flags = flags([(statement.if_exists, "if exists"), (statement.only, "only")]);
        lines.push(format!("alter{flags}"));
    }
    let creates = |change: &Change| matches!(change, Change::CreateTable(_));
    if changes.clone().any(rows::is_about_rows) && !changes.clone().any(creates) {
        lines.extend(rows::reads(statement));
    }
    lines
}

fn of_change(change: &Change) -> Vec<String> {
    create::facts(change)
        .or_else(|| alter::facts(change))
        .or_else(|| rows::facts(change))
        .or_else(|| code::facts(change))
        .or_else(|| object::facts(change))
        .unwrap_or_else(|| vec![format!("? {}", change.kind())])
}

/// An expression in a normalised layout, so that its extent is compared, and what it uses.
fn spelled(expression: &Expression) -> String {
    let named = |word: &str, names: BTreeSet<String>| match names.is_empty() {
        true => String::new(),
        false => format!(" {word} {}", list(names)),
    };
    let calls = expression.calls.iter().map(|call| call.name.clone());
    format!(
        "{}{}{}",
        canonical(&expression.text),
        named("of", expression.columns.iter().cloned().collect()),
        named("calling", calls.collect())
    )
}

fn spelled_if(expression: Option<&Expression>) -> Option<String> {
    expression.map(spelled)
}

/// The name, without a schema for kinds of objects that are in none.
fn object_name(kind: ObjectKind, name: &Name) -> String {
    match kind {
        ObjectKind::Database
        | ObjectKind::Extension
        | ObjectKind::ForeignDataWrapper
        | ObjectKind::Role
        | ObjectKind::Schema
        | ObjectKind::Server => name.name.clone(),
        _ => name.to_string(),
    }
}
