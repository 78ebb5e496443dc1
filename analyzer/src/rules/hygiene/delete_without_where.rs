//! DELETE of every row.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "delete-without-where",
    summary: "a DELETE of every row of a table",
    page: include_str!("delete_without_where.md"),
    aliases: &["ban-delete-without-where", "banDeleteWithoutWhere"],
    group: Group::Hygiene,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Delete], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Delete(delete) = context.change() else {
        return None;
    };
    let table = &delete.table;
    if !delete.choice.is_everything() || context.is_new_table(table) {
        return None;
    }
    Some(Message::new(
        format!("this DELETE removes every row of {table}"),
        format!(
            "each row of {table} stays locked until the transaction ends. After that the running release finds no \
             rows, and they cannot be restored"
        ),
        "add a WHERE that selects the rows to delete, in a data migration that deletes them in batches",
    ))
}
