//! Tables that are emptied.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::intake::file_name::Category;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "truncate",
    summary: "empties a table in use",
    page: include_str!("truncate.md"),
    aliases: &["ban-truncate", "banTruncate", "TruncateTableCheck"],
    group: Group::Compatibility,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Truncate], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Truncate {
        table,
        cascade: false,
        ..
    } = context.change()
    else {
        return None;
    };
    if context.is_new_table(table) {
        return None;
    }
    let message = Message::new(
        format!("empties {table}"),
        format!(
            "takes ACCESS EXCLUSIVE on {table}, so reads and writes wait; transactions that \
             started before the TRUNCATE see an empty table afterwards"
        ),
        format!(
            "delete the rows that are not needed in a data migration, `{}_delete_{}.sql`, in \
             batches",
            context.next(Category::Data),
            table.name
        ),
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
