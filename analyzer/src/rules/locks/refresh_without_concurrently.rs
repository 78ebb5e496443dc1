//! Refreshing a materialized view with its readers waiting.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, Rule, WARN};
use crate::finding::Message;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "refresh-without-concurrently",
    summary: "a materialized view is refreshed without CONCURRENTLY",
    page: include_str!("refresh_without_concurrently.md"),
    aliases: &[
        "require-concurrent-matview-refresh",
        "requireConcurrentRefreshMatview",
        "refresh-matview-non-concurrent",
        "RefreshMatViewCheck",
    ],
    group: Group::Locks,
    levels: Levels {
        startup: DENY,
        release: WARN,
        seed: WARN,
        data: WARN,
    },
    check: Check::Clause(check),
};

fn check(context: &Context<'_>) -> Option<Message> {
    let Change::RefreshView {
        view,
        concurrently: false,
    } = context.change()
    else {
        return None;
    };
    if context.is_new(ObjectKind::MaterializedView, view, None) {
        return None;
    }
    let known = context.schema.relation(view);
    let whole = |index: &crate::schema::Index| {
        let plain = index
            .keys
            .iter()
            .all(|key| key.column.is_some() || is_name(&key.expression.text));
        index.unique && index.predicate.is_none() && plain
    };
    let has_key = known.is_none_or(|view| view.indexes.iter().any(whole));
    let refresh = format!(
        "REFRESH MATERIALIZED VIEW CONCURRENTLY {};",
        quote_name(view)
    );
    let message = Message::new(
        format!("this refreshes {view} without CONCURRENTLY"),
        format!(
            "REFRESH takes ACCESS EXCLUSIVE on {view} and keeps it while the query runs: nobody \
                 can read it"
        ),
        "",
    );
    let message = match has_key {
        true => Message {
            help:
                "refresh it with CONCURRENTLY, which takes EXCLUSIVE and lets reads through; that \
                   runs in a transaction too"
                    .to_owned(),
            ..message
        }
        .with_files(context.fix(Some(refresh), &[])),
        false => Message {
            help: format!(
                "CONCURRENTLY, which lets reads through, needs a unique index over whole columns: \
                 `CREATE UNIQUE INDEX CONCURRENTLY {}_key ON {view} (...)` in a file before this one, \
                 and here `{refresh}`",
                view.name
            ),
            ..message
        },
    };
    Some(message.with_related(context.made(ObjectKind::MaterializedView, view, None)))
}

/// The columns of a view are not known, so that an index speaks of them in words.
fn is_name(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == '"')
}
