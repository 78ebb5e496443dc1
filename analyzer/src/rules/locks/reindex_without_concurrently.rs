//! `REINDEX` that blocks reads and writes.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, FORBID, Group, Levels, Rule};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::{Change, Command, ReindexTarget};

pub(super) static RULE: Rule = Rule {
    id: "reindex-without-concurrently",
    summary: "REINDEX without CONCURRENTLY, which blocks reads and writes",
    page: include_str!("reindex_without_concurrently.md"),
    aliases: &[
        "require-concurrent-reindex",
        "requireConcurrentReindex",
        "reindex-non-concurrent",
        "ReindexCheck",
        "REINDEX",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: FORBID,
        release: DENY,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Other], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::Other {
        command: Command::Reindex {
            target,
            concurrently: false,
        },
        object,
        ..
    } = context.change()
    else {
        return None;
    };
    let name = object
        .as_ref()
        .map(crate::statement::to_sql::quote_name)
        .unwrap_or_default();
    let message = Message::new(
        format!("runs REINDEX {target} without CONCURRENTLY"),
        "REINDEX takes SHARE on the table, which blocks writes, and ACCESS EXCLUSIVE on each index, \
         which blocks SELECT too, because the planner looks at every index of the table",
        "run REINDEX with CONCURRENTLY in a release migration, in a file of its own: that allows reads \
         and writes",
    );
    let suggested_files = match target {
        ReindexTarget::Index | ReindexTarget::Table => {
            let sql = format!("REINDEX {target} CONCURRENTLY {name};");
            let title = format!("reindex_{}", name.rsplit('.').next().unwrap_or_default());
            context.suggested_files(&[(crate::intake::file_name::Category::Release, &title, sql)])
        }
        ReindexTarget::Schema | ReindexTarget::Database | ReindexTarget::System => Vec::new(),
    };
    Some(message.with_files(suggested_files))
}
