//! Schema changes in a data migration.

use crate::check::context::Context;
use crate::check::rule::{Check, FORBID, Group, Levels, NEVER, Rule};
use crate::effect::{Mode, mode};
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
    let is_job = runs_in_background(context);
    if !is_meant || is_job && context.read.declared.background {
        return None;
    }
    let message = Message::new(
        "this statement changes the schema in a data migration",
        "a data migration runs in many short batches beside the service. A schema change would lock whole tables there, \
         and would be repeated with every batch",
        format!(
            "move an additive change into a startup migration, `{}_<title>.sql`, and a change that breaks old code into a \
             release migration, `{}_<title>.sql`",
            context.next(Startup),
            context.next(Release)
        ),
    );
    Some(match is_job {
        true => Message {
            help: "write `-- onward: background` at the top of the file, in which only such statements may stand: the \
                   worker of data migrations runs it once, without a limit of time"
                .to_owned(),
            ..message
        },
        false => message,
    })
}

/// What takes long and lets others work in the meantime: it runs outside of transactions, or only validates.
fn runs_in_background(context: &Context<'_>) -> bool {
    mode(&context.statement.clauses) != Mode::Transactional
        || matches!(context.change(), Change::ValidateConstraint { .. })
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
