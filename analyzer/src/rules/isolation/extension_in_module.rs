//! Extensions, which a database has once.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Change, Command, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "extension-in-module",
    summary: "a module makes, changes or drops an extension of the whole database",
    page: include_str!("extension_in_module.md"),
    aliases: &[
        "extension_in_public",
        "ban-drop-extension",
        "ban-alter-extension",
    ],
    group: Group::Isolation,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (word, name) = match context.change() {
        Change::Create {
            kind: ObjectKind::Extension,
            name,
            ..
        } => ("makes", &name.name),
        Change::Drop {
            kind: ObjectKind::Extension,
            name,
            ..
        } => ("drops", &name.name),
        Change::SetSchema {
            kind: ObjectKind::Extension,
            name,
            ..
        } => ("moves", &name.name),
        Change::Other {
            command: Command::Alter(ObjectKind::Extension),
            object: Some(name),
            ..
        } => ("alters", &name.name),
        _ => return None,
    };
    Some(Message::new(
        format!("this {word} the extension {name}, which all modules of the database share"),
        "a database has an extension once, in one schema; most need a right that the role of a module \
         does not have, 42501, and what one module drops or updates is gone or new for all",
        format!(
            "leave it to whoever sets up the database, or to a module of its own for all extensions, \
             which says so in its onward.toml: `[severity]` and `extension-in-module = \"allow\"`; it \
             is there for {} then",
            context.module.schema
        ),
    ))
}
