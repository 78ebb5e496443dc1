//! `REFRESH MATERIALIZED VIEW` that blocks the view's readers.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, Rule, WARN};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "refresh-without-concurrently",
    summary: "REFRESH MATERIALIZED VIEW without CONCURRENTLY, which blocks reads of the view",
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
    check: Check::Of(&[Subject::RefreshView], &Check::Clause(check)),
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
        format!("refreshes {view} without CONCURRENTLY"),
        format!(
            "REFRESH MATERIALIZED VIEW takes ACCESS EXCLUSIVE on {view} and keeps it while the query of \
             the view runs: every SELECT from {view} is blocked until then"
        ),
        "",
    );
    let message = match has_key {
        true => Message {
            help:
                "refresh the view with CONCURRENTLY, which takes EXCLUSIVE and allows reads; it can run \
                 in a transaction"
                    .to_owned(),
            ..message
        }
        .with_files(context.fix(Some(refresh), &[])),
        false => Message {
            help: format!(
                "CONCURRENTLY allows reads, but needs a unique index over whole columns: write `CREATE \
                 UNIQUE INDEX CONCURRENTLY {}_key ON {view} (...)` in a file before this one, and \
                 `{refresh}` in this file",
                view.name
            ),
            ..message
        },
    };
    Some(message.with_related(context.made(ObjectKind::MaterializedView, view, None)))
}

/// The columns of a view are not known, so its indexes hold their keys as text.
fn is_name(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == '"')
}
