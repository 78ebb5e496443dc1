//! Drops that take along what nobody named.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::finding::{Message, Severity, SuggestedFile};
use crate::intake::file_name::{Category, snake_case};
use crate::rules::facts::falling::{Falling, falling};
use crate::schema::Answer;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Name, ObjectKind};
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "drop-cascade",
    summary: "CASCADE drops objects that the statement does not name",
    page: include_str!("drop_cascade.md"),
    aliases: &["ban-cascade", "destructive-cascade"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (kind, name, part) = match context.change() {
        Change::Drop {
            kind,
            name,
            part,
            cascade: true,
            ..
        } if *kind != ObjectKind::Attribute => (*kind, name, part.as_deref()),
        Change::DropColumn {
            table,
            column,
            cascade: true,
            ..
        } => (ObjectKind::Column, table, Some(column.as_str())),
        _ => return None,
    };
    if context.is_new(kind, name, part) || part.is_some() && context.is_new_relation(name) {
        return None;
    }
    let dropped = part.map_or_else(|| kind.show(name), |part| format!("{name}.{part}"));
    let falling = falling(context.schema, context.file, context.clause);
    let is_known = is_followed(kind) && context.schema.exists(kind, name, part) == Answer::Yes;
    let is_proven = is_known && falling.is_empty();
    let why = match (falling.is_empty(), is_proven) {
        (_, true) => "nothing in the history depends on it, so CASCADE drops nothing more; but an \
                      object that somebody makes before this runs would go without a word"
            .to_owned(),
        (true, false) => {
            "CASCADE drops whatever depends on it without naming it: views, foreign keys, \
             defaults, columns; the history does not tell what that is"
                .to_owned()
        }
        (false, _) => format!(
            "CASCADE also drops {}; each table among them is locked with ACCESS EXCLUSIVE, and the \
             serving release may use any of it",
            words(&falling)
        ),
    };
    let help = match falling.is_empty() {
        true => "leave CASCADE out: if something depends on it, PostgreSQL says what, with 2BP01, \
                 and changes nothing"
            .to_owned(),
        false => {
            "let an operator drop each of them by its name, what depends on others first, and \
             leave CASCADE out"
                .to_owned()
        }
    };
    let message = Message::new(
        format!("CASCADE drops more than the {kind} {dropped}"),
        why,
        help,
    );
    let message = match context.category() {
        // There the files would have to come before this one.
        Some(Category::Release) | None => message,
        Some(Category::Startup | Category::Seed | Category::Data) => {
            let last = alone(kind, name, part).map(|sql| Falling {
                words: format!("the {kind} {dropped}"),
                title: part.unwrap_or(&name.name).to_owned(),
                sql,
            });
            message.with_files(one_by_one(context, falling, last))
        }
    };
    Some(message.mild(is_proven, Severity::Warn))
}

/// A release migration for each, and for what was to be dropped at last.
fn one_by_one(
    context: &Context<'_>,
    falling: Vec<Falling>,
    last: Option<Falling>,
) -> Vec<SuggestedFile> {
    if falling.is_empty() {
        return Vec::new();
    }
    let drops = falling.into_iter().chain(last).map(|one| {
        let sql = format!(
            "-- onward: breaks code that uses {}\n{}",
            one.words, one.sql
        );
        (snake_case(&format!("drop_{}", one.title)), sql)
    });
    let drops: Vec<(String, String)> = drops.collect();
    let files = drops
        .iter()
        .map(|(title, sql)| (Category::Release, title.as_str(), sql.clone()));
    context.suggested_files(&files.collect::<Vec<_>>())
}

fn words(falling: &[Falling]) -> String {
    let words: Vec<&str> = falling.iter().map(|one| one.words.as_str()).collect();
    words.join(", ")
}

/// The drop itself without CASCADE, for what is told by its name alone.
fn alone(kind: ObjectKind, name: &Name, part: Option<&str>) -> Option<String> {
    let (on, part) = (quote_name(name), part.map(quote_ident));
    match (kind, part) {
        (ObjectKind::Column, Some(part)) => Some(format!("ALTER TABLE {on} DROP COLUMN {part};")),
        (ObjectKind::Constraint, Some(part)) => {
            Some(format!("ALTER TABLE {on} DROP CONSTRAINT {part};"))
        }
        (
            ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Type
            | ObjectKind::Domain,
            None,
        ) => Some(format!("DROP {} {on};", kind.to_string().to_uppercase())),
        _ => None,
    }
}

/// The kinds whose dependents the model follows all.
const fn is_followed(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Column
            | ObjectKind::Constraint
            | ObjectKind::Trigger
            | ObjectKind::Policy
    )
}
