//! Schema changes among reference data.

use crate::finding::Message;
use crate::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::scope::Scope;

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

fn check(scope: &Scope<'_>) -> Option<Message> {
    scope.change().is_ddl().then(|| {
        Message::new(
            "this changes the schema in a seed",
            "a seed runs again whenever its text changes, and then the object is already there",
            format!(
                "put it into a startup migration, `{}_<what>.sql`; it runs before the seeds",
                scope.next(crate::file_name::Category::Startup)
            ),
        )
    })
}
