//! Drops that also drop objects which the statement does not name.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Severity, SuggestedFile};
use crate::intake::file_name::{Category, snake_case};
use crate::rules::facts::dependents::{Dependent, falling};
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
    check: Check::Of(&[Subject::Drop, Subject::DropColumn], &Check::Clause(check)),
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
    let falling = falling(context);
    let is_known = is_followed(kind) && context.schema.exists(kind, name, part) == Answer::Yes;
    let is_proven = is_known && falling.is_empty();
    let why = match (falling.is_empty(), is_proven) {
        (_, true) => "no object in the migration files depends on the dropped object, so CASCADE \
                      drops nothing else; but a dependent object that is created before this runs \
                      would be dropped without an error"
            .to_owned(),
        (true, false) => {
            "CASCADE drops every dependent object without naming it: views, foreign keys, \
             defaults, columns; the migration files do not show which objects these are"
                .to_owned()
        }
        (false, _) => format!(
            "CASCADE also drops {}; each table among them is locked with ACCESS EXCLUSIVE, and the \
             running release may use any of these objects",
            words(&falling)
        ),
    };
    let help = match falling.is_empty() {
        true => {
            "remove CASCADE: if other objects depend on the dropped one, PostgreSQL then lists \
                 them in an error (2BP01) and changes nothing"
                .to_owned()
        }
        false => "remove CASCADE and drop each of these objects by name in a release migration, \
             dependent objects first"
            .to_owned(),
    };
    let message = Message::new(
        format!("drops the {kind} {dropped} with CASCADE"),
        why,
        help,
    );
    let message = match context.category() {
        // The new files would have to come before this release migration.
        Some(Category::Release) | None => message,
        Some(Category::Startup | Category::Seed | Category::Data) => {
            let last = alone(kind, name, part).map(|sql| Dependent {
                words: format!("the {kind} {dropped}"),
                title: part.unwrap_or(&name.name).to_owned(),
                sql,
            });
            message.with_files(one_by_one(context, falling, last))
        }
    };
    Some(message.mild(is_proven, Severity::Warn))
}

/// A release migration for each dependent object, and a last one for the object that is named.
fn one_by_one(
    context: &Context<'_>,
    falling: Vec<Dependent>,
    last: Option<Dependent>,
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

fn words(falling: &[Dependent]) -> String {
    let words: Vec<&str> = falling.iter().map(|one| one.words.as_str()).collect();
    words.join(", ")
}

/// The drop itself without CASCADE, for the kinds that a name alone identifies.
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

/// The kinds for which the schema model knows all dependent objects.
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
