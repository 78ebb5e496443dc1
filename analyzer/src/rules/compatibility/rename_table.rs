//! New names for tables and views.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "rename-table",
    summary: "a table or view is renamed while the release that serves uses the old name",
    page: include_str!("rename_table.md"),
    aliases: &[
        "renaming-table",
        "BC101",
        "renamingTable",
        "rename_table",
        "RENAME_TABLE",
        "RenameTableCheck",
    ],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Rename {
        kind:
            kind @ (ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView),
        name,
        part: None,
        to,
    } = context.change()
    else {
        return None;
    };
    if context.is_new(*kind, name, None) {
        return None;
    }
    let message = Message::new(
        format!("this renames the {kind} {name} to `{to}`"),
        "RENAME takes ACCESS EXCLUSIVE for a moment, and every statement of the serving release \
         that says the old name fails with 42P01 from then on; a view under the old name does not \
         help ON CONFLICT, FOR UPDATE and row-level security",
        format!(
            "add a view `{schema}.{to}` now and let the next release use it; when nothing says \
             `{old}` any more, drop the view and rename the {kind} in a release migration, \
             `{version}_rename_{old}.sql`",
            schema = name.schema,
            old = name.name,
            version = context.next(crate::intake::file_name::Category::Release),
        ),
    );
    Some(message.with_related(context.made(*kind, name, None)))
}
