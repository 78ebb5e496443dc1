//! Code that runs and is not looked into.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, Rule, WARN};
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "opaque-sql",
    summary: "CALL, EXECUTE or a block that puts text together: what it runs is not judged",
    page: include_str!("opaque_sql.md"),
    aliases: &["unchecked-do-block", "opaque-dynamic-sql", "execute"],
    group: Group::Hygiene,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: DENY,
        data: WARN,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Opaque { command } = context.change() else {
        return None;
    };
    Some(Message::new(
        format!("{command} runs code that is not looked into"),
        "whatever it does to the schema escapes every rule, and the plan does not know of it",
        "write the statements as plain SQL; if that cannot be, say above it why it is safe: \
         `-- onward: allow opaque-sql because \"<why>\"`",
    ))
}
