//! Schema changes in a data migration.

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
            "this statement changes the schema in a data migration",
            "a data migration runs in many short batches beside the service. A schema change would lock whole \
             tables there, and would be repeated with every batch",
            format!(
                "move an additive change into a startup migration, `{}_<title>.sql`, and a change that breaks old code \
                 into a release migration, `{}_<title>.sql`",
                context.next(Startup),
                context.next(Release)
            ),
        )
    })
}

/// Objects that only this transaction uses.
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
