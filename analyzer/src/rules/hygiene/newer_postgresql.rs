//! Syntax that the module's oldest server does not know.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::finding::{Message, Severity};

pub(super) static RULE: Rule = Rule {
    id: "newer-postgresql",
    summary: "a statement uses syntax that the module's oldest PostgreSQL does not know",
    page: include_str!("newer_postgresql.md"),
    aliases: &["unsupported-syntax"],
    group: Group::Hygiene,
    levels: Levels::all(Severity::Forbid),
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Option<SpannedMessage> {
    let needs = context.statement.needs.as_ref()?;
    let (version, min_pg) = (needs.version, context.min_pg);
    (version > min_pg).then(|| {
        let message = Message::new(
            format!("this syntax needs PostgreSQL {version} or newer"),
            format!(
                "the module supports PostgreSQL {min_pg} and newer (`min_pg`). A server older than {version} refuses \
                 the statement: syntax error (42601)"
            ),
            format!(
                "use syntax that PostgreSQL {min_pg} knows. Or, if all servers run PostgreSQL {version} or newer, set \
                 `min_pg = {version}` in the module's `onward.toml`"
            ),
        );
        (needs.span.clone(), message)
    })
}
