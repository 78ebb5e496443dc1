//! Columns that get a new name.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::fixes::replace::{By, command};
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "rename-column",
    summary: "renames a column while the running release uses the old name",
    page: include_str!("rename_column.md"),
    aliases: &[
        "renaming-column",
        "BC102",
        "renamingColumn",
        "rename_column",
        "RENAME_COLUMN",
        "RenameColumnCheck",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Rename], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Rename {
        kind: ObjectKind::Column,
        name,
        part: Some(old),
        to,
    } = context.change()
    else {
        return None;
    };
    if context.is_new_column(name, old) {
        return None;
    }
    let by = By {
        table: name,
        column: old,
        new: to.clone(),
        data_type: None,
        using: None,
        keeps_name: false,
    };
    let help = match command(context, &by) {
        Some(command) => format!(
            "take this out, and let `{command}` write the files: they add `{to}`, keep it equal to `{old}` with a trigger, \
             copy the existing rows in a data migration, and drop `{old}` when no code uses it"
        ),
        None => format!(
            "add the column `{to}` beside the old one, write both, copy the existing rows in a data migration, then drop \
             `{old}` in a release migration, `{}_drop_{}_{old}.sql`",
            context.next(crate::intake::file_name::Category::Release),
            name.name
        ),
    };
    let message = Message::new(
        format!("renames the column {name}.{old} to `{to}`"),
        format!(
            "takes ACCESS EXCLUSIVE on {name} for a moment; afterwards every statement of the \
             running release that uses the old name fails: column does not exist (42703)"
        ),
        help,
    );
    Some(message.with_related(context.made(ObjectKind::Column, name, Some(old))))
}
