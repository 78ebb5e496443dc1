//! Tables and views that get a new name.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, NEVER, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "rename-table",
    summary: "renames a table or view while the running release uses the old name",
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
    check: Check::Of(&[Subject::Rename], &Check::Clause(check)),
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
        format!("renames the {kind} {name} to `{to}`"),
        "takes ACCESS EXCLUSIVE for a moment; afterwards every statement of the running release \
         that uses the old name fails: relation does not exist (42P01); a view under the old name \
         does not replace the table for ON CONFLICT, FOR UPDATE and row-level security",
        format!(
            "add a view `{schema}.{to}` now and let the next release use it; once no code uses \
             `{old}`, drop the view and rename the {kind} in a release migration, \
             `{version}_rename_{old}.sql`",
            schema = name.schema,
            old = name.name,
            version = context.next(crate::intake::file_name::Category::Release),
        ),
    );
    Some(message.with_related(context.made(*kind, name, None)))
}
