//! `IF NOT EXISTS`, which mistakes the remains of a failed concurrent build for the index.

use crate::check::context::Context;
use crate::check::rule::{Check, Group, Levels, NEVER, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::Change;
use crate::statement::to_sql::quote_name;
use crate::text::quote::quote_ident;

pub(super) static RULE: Rule = Rule {
    id: "concurrently-if-not-exists",
    summary: "CREATE INDEX CONCURRENTLY IF NOT EXISTS, which accepts the invalid index of a failed \
              build",
    page: include_str!("concurrently_if_not_exists.md"),
    aliases: &["concurrent-index-if-not-exists", "duplicate-object"],
    group: Group::Locks,
    levels: Levels {
        startup: WARN,
        release: WARN,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::CreateIndex], &Check::Clause(check)),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::CreateIndex(create) = context.change() else {
        return None;
    };
    if !create.concurrently || !create.if_not_exists {
        return None;
    }
    let name = create.index.as_ref().map(|(name, _)| name.as_str());
    let name = name.unwrap_or("<index>");
    let unique = if create.unique { "UNIQUE " } else { "" };
    let here = format!(
        "CREATE {unique}INDEX CONCURRENTLY {} ON {} {};",
        quote_ident(name),
        quote_name(&create.table),
        context.sql_from(create.table_span.end)
    );
    let message = Message::new(
        format!("IF NOT EXISTS would accept an invalid index {name} from a failed build"),
        "an interrupted concurrent build leaves an invalid index with this name: every write maintains \
         it and no query uses it, and the next attempt finds the name taken, builds nothing and \
         succeeds",
        "remove IF NOT EXISTS: Onward finds an invalid index, drops it and builds it again",
    );
    Some(message.with_files(context.in_own_file(name, here)))
}
