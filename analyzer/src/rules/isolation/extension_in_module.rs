//! Extensions, of which a database has one for all modules.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Command, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "extension-in-module",
    summary: "creates, changes or drops an extension, which the whole database shares",
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
    check: Check::Of(
        &[
            Subject::Create,
            Subject::Drop,
            Subject::Other,
            Subject::SetSchema,
        ],
        &Check::Clause(check),
    ),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (word, name) = match context.change() {
        Change::Create {
            kind: ObjectKind::Extension,
            name,
            ..
        } => ("creates", &name.name),
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
        format!("{word} the extension {name}, which all modules of the database share"),
        "a database has an extension only once, in one schema; most extensions need a privilege \
         that the role of a module does not have: permission denied (42501); and when one module \
         drops or updates it, that affects all modules",
        format!(
            "let the administrator of the database create it, or a separate module for all \
             extensions, whose onward.toml allows it: `[severity]` and `extension-in-module = \
             \"allow\"`; {} then finds the extension there",
            context.module.schema
        ),
    ))
}
