//! Schema changes among reference data.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;

pub(super) static RULE: Rule = Rule {
    id: "ddl-in-seed",
    summary: "a seed changes the schema",
    page: include_str!("ddl_in_seed.md"),
    aliases: &[],
    group: Group::Seeds,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: FORBID,
        data: NEVER,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    context.change().is_ddl().then(|| {
        Message::new(
            "this statement changes the schema in a seed",
            "a seed runs again whenever its text changes. Then the object already exists, and the service does not start",
            format!(
                "move the statement into a startup migration, `{}_<title>.sql`, which runs before the seeds",
                context.next(crate::intake::file_name::Category::Startup)
            ),
        )
    })
}
