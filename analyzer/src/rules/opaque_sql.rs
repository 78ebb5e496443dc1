//! Code that runs and is not looked into.

use crate::finding::{Message, Severity};
use crate::rule::{Check, Levels, Rule, Scope};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "opaque-sql",
    summary: "CALL, EXECUTE or a block that puts text together: what it runs is not judged",
    page: include_str!("opaque_sql.md"),
    aliases: &["unchecked-do-block", "opaque-dynamic-sql"],
    levels: Levels {
        startup: Severity::Deny,
        seed: Severity::Deny,
        release: Severity::Warn,
        data: Severity::Warn,
    },
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    let Change::Opaque { keyword } = scope.change() else {
        return None;
    };
    Some(Message::new(
        format!("{keyword} runs code that is not looked into"),
        "whatever it does to the schema escapes every rule, and the plan does not know of it",
        "write the statements as plain SQL; if that cannot be, say above it why it is safe: \
         `-- onward: allow opaque-sql because \"<why>\"`",
    ))
}
