//! Code that runs unchecked.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, Rule, WARN};
use crate::finding::Message;
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "opaque-sql",
    summary: "CALL, EXECUTE, or a block that runs text put together at run time: the code is not checked",
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
        format!("{command} runs code that Onward cannot check"),
        "no rule sees what the code does to the schema, and later files are checked without its changes",
        "write the statements as plain SQL. If that is not possible, write above the statement why the code is \
         safe: `-- onward: allow opaque-sql because \"<reason>\"`",
    ))
}
