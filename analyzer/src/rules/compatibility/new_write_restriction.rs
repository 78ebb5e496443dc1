//! Restrictions that old code may run into.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::rules::facts::write_restriction::restriction;
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "new-write-restriction",
    summary: "writes of old code are checked against something new",
    page: include_str!("new_write_restriction.md"),
    aliases: &["ban-new-write-restriction", "MF101", "MF102", "ADD_UNIQUE"],
    group: Group::Compatibility,
    levels: Levels {
        startup: WARN,
        release: ALLOW,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let (table, columns, what, code) = restriction(context.change())?;
    let is_new = |column: &&str| context.is_new(ObjectKind::Column, table, Some(column));
    let only_new = !columns.is_empty() && columns.iter().all(is_new);
    let is_new_domain = context.is_new(ObjectKind::Domain, table, None);
    if context.is_new_table(table) || is_new_domain || only_new {
        return None;
    }
    let message = Message::new(
        format!("writes to {table} have to fulfil {what} from now on"),
        format!(
            "old rows are not looked at, but every INSERT and UPDATE is, at once: where the \
             serving release writes what does not fit, it fails with {code}"
        ),
        "ship a release first that writes only what fits; when it is the one that serves, say so: \
         `-- onward: allow new-write-restriction because \"every release since 2.3 writes ...\"`",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
