//! Syntax that the oldest server does not know.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, Rule, SpannedMessage};
use crate::finding::{Message, Severity};

pub(super) static RULE: Rule = Rule {
    id: "newer-postgresql",
    summary: "syntax of a PostgreSQL that is newer than the oldest one the module is for",
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
            format!("this needs PostgreSQL {version}"),
            format!(
                "the module is for PostgreSQL {min_pg} and newer (`min_pg`), and what is older than \
                 {version} refuses the statement"
            ),
            format!(
                "write it as PostgreSQL {min_pg} understands it; or, when no older server is left, set \
                 `min_pg = {version}` in the module's `onward.toml`"
            ),
        );
        (needs.span.clone(), message)
    })
}
