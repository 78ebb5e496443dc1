//! Drops that PostgreSQL refuses because another object depends on what is dropped.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::{Message, Place};
use crate::rules::facts::dependents::described;
use crate::schema::Object;

pub(super) static RULE: Rule = Rule {
    id: "drop-with-dependents",
    summary: "drops an object that another object depends on",
    page: include_str!("drop_with_dependents.md"),
    aliases: &["dependent-objects-still-exist"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Drop, Subject::DropColumn], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (object, cascade) = context.dropped(context.change())?;
    let what = described(context.schema, &object)?.words;
    let owner = context.schema.required_by(&object);
    if let Some(owner) = owner.filter(|_| context.schema.is_certainly(&object)) {
        return of_part(context, &what, &object, &owner);
    }
    let blocking = context.blocking();
    let first = blocking.first().filter(|_| !cascade)?;
    let order = context.schema.falls(&context.dropped_together());
    let order = order.iter().filter_map(|one| {
        let known = described(context.schema, one)?;
        Some(format!(
            "{}{}: `{}`",
            known.words,
            file_of(context, one),
            known.sql
        ))
    });
    let order: Vec<String> = order.collect();
    let users = blocking
        .iter()
        .filter_map(|one| described(context.schema, one));
    let users: Vec<String> = users.map(|one| one.words).collect();
    let users = users.join(", ");
    let message = Message::new(
        format!("drops {what}, which {users} needs"),
        "PostgreSQL refuses this and changes nothing: cannot drop it because other objects depend on it \
         (2BP01)",
        format!(
            "first drop or change what depends on it, in this order: {}",
            order.join(", ")
        ),
    );
    let message = match users.contains(", ") {
        true => Message {
            what: format!("drops {what}, which these need: {users}"),
            ..message
        },
        false => message,
    };
    Some(message.with_related(place_of(context, first)))
}

/// The place that creates the object.
fn place_of(context: &Context<'_>, object: &Object) -> Option<(Place, String)> {
    let known = described(context.schema, object)?;
    context.first_made(context.schema.made_at(object)?, &known.words)
}

/// The file that creates the object, if it is another one.
fn file_of(context: &Context<'_>, object: &Object) -> String {
    let made = context.schema.made_at(object);
    let other = made.filter(|made| made.file != context.file);
    let source = other.and_then(|made| context.sources.get(made.file));
    source.map_or_else(String::new, |source| format!(" of `{}`", source.name))
}

/// An index that enforces a constraint, an index of a partition, the sequence of an identity column.
fn of_part(context: &Context<'_>, what: &str, object: &Object, owner: &Object) -> Option<Message> {
    let owned_by = described(context.schema, owner)?;
    let help = match (object, owner) {
        (Object::Sequence(_), _) => {
            let identity = owned_by.sql.replace("DROP COLUMN", "ALTER COLUMN");
            let sql = identity.trim_end_matches(';');
            format!("drop the identity, and the sequence goes with it: `{sql} DROP IDENTITY;`")
        }
        (_, _) => format!("drop {} instead: `{}`", owned_by.words, owned_by.sql),
    };
    let message = Message::new(
        format!("drops {what}, which belongs to {}", owned_by.words),
        format!(
            "PostgreSQL refuses this, also with CASCADE: cannot drop it because {} requires it (2BP01)",
            owned_by.words
        ),
        help,
    );
    Some(message.with_related(place_of(context, owner)))
}
