//! Schema changes among batches.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::finding::Message;
use crate::statement::{Change, Persistence};

pub(super) static RULE: Rule = Rule {
    id: "ddl-in-data-migration",
    summary: "a data migration changes the schema",
    page: include_str!("ddl_in_data_migration.md"),
    aliases: &[],
    group: Group::Data,
    levels: Levels {
        startup: NEVER,
        release: NEVER,
        seed: NEVER,
        data: FORBID,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    use crate::intake::file_name::Category::{Release, Startup};

    let is_meant = context.change().is_ddl() && !is_temporary(context);
    is_meant.then(|| {
        Message::new(
            "this changes the schema in a data migration",
            "a data migration runs in many short batches beside the service; a lock on a whole table \
             has no place there",
            format!(
                "put what is additive into a startup migration, `{}_<what>.sql`, and what breaks old \
                 code into a release migration, `{}_<what>.sql`",
                context.next(Startup),
                context.next(Release)
            ),
        )
    })
}

/// What a transaction makes for itself.
fn is_temporary(context: &Context<'_>) -> bool {
    let temporary = |persistence| persistence == Persistence::Temporary;
    match context.change() {
        Change::CreateTable(create) => temporary(create.persistence),
        change => {
            let relation = change
                .table()
                .and_then(|table| context.schema.relation(table));
            relation.is_some_and(|relation| temporary(relation.persistence))
        }
    }
}
