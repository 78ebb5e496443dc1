//! New constraints that writes of old code may violate.

use crate::check::context::Context;
use crate::check::rule::{ALLOW, Check, FORBID, Group, Levels, NEVER, Rule, WARN};
use crate::finding::Message;
use crate::rules::facts::write_restriction::restriction;
use crate::statement::ObjectKind;

pub(super) static RULE: Rule = Rule {
    id: "new-write-restriction",
    summary: "adds a constraint or unique index that writes of old code may violate",
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
        format!("new writes to {table} must satisfy {what}"),
        format!(
            "existing rows are not checked; every INSERT and UPDATE is checked from now on, also \
             those of the running release, and fails if it violates the new constraint: {code}"
        ),
        "first deploy a release that writes only valid rows; once that is the running release, \
         allow this: `-- onward: allow new-write-restriction because \"every release since 2.3 \
         writes ...\"`",
    );
    Some(message.with_related(context.made(ObjectKind::Table, table, None)))
}
