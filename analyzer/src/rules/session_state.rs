//! Settings, locks and objects that outlive the migration.

use crate::finding::{Message, Severity};
use crate::rule::{Check, Levels, Rule, Scope};
use crate::split::{Raw, TokenKind, split};
use crate::statement::Change;

pub(super) static RULE: Rule = Rule {
    id: "session-state",
    summary: "a setting, lock or object that stays in the session when the migration is over",
    page: include_str!("session_state.md"),
    aliases: &["session-set-without-local"],
    levels: Levels::all(Severity::Deny),
    check: Check::Clause(check),
};

fn check(scope: &Scope<'_>) -> Option<Message> {
    // The statement is cut again for its tokens: once, and not for each of its clauses.
    if scope.statement.clauses.first() != Some(scope.clause) {
        return None;
    }
    let sql = scope.sql();
    let split = split(sql);
    let raw = split.statements.first()?;
    let (what, help) = state(raw, sql, scope.change())?;
    Some(Message::new(
        format!("{what} stays in the session when the migration is over"),
        "the connection belongs to the service, or to a pool that hands it to somebody else, who then \
         works with it",
        help,
    ))
}

/// What stays, and what to do instead.
fn state(raw: &Raw, sql: &str, change: &Change) -> Option<(&'static str, &'static str)> {
    let starts = |words: &[&str]| raw.starts_with(sql, words);
    let ends_with_transaction = ["LOCAL", "CONSTRAINTS", "TRANSACTION"];
    let is_local = ends_with_transaction
        .iter()
        .any(|word| starts(&["SET", word]));
    if starts(&["SET"]) && !is_local {
        return Some((
            "a SET without LOCAL",
            "write `SET LOCAL ...`, which ends with the transaction",
        ));
    }
    if starts(&["RESET"]) || starts(&["DISCARD"]) {
        return Some((
            "what this takes back",
            "leave the session's settings to its owner; `SET LOCAL ... TO DEFAULT` ends with the transaction",
        ));
    }
    if starts(&["DECLARE"]) && raw.contains(sql, &["WITH", "HOLD"]) {
        return Some(("a cursor WITH HOLD", "declare it without WITH HOLD"));
    }
    if starts(&["LISTEN"]) {
        return Some((
            "LISTEN",
            "let the service listen, on a connection of its own",
        ));
    }
    if calls(
        raw,
        sql,
        &[
            "pg_advisory_lock",
            "pg_advisory_lock_shared",
            "pg_try_advisory_lock",
        ],
    ) {
        return Some((
            "this advisory lock",
            "take `pg_advisory_xact_lock(...)`, which ends with the transaction",
        ));
    }
    if calls(raw, sql, &["set_config"]) && raw.contains(sql, &["FALSE"]) {
        return Some((
            "what this set_config() sets",
            "pass `true` as the last argument: then it ends with the transaction",
        ));
    }
    let is_temporary = match change {
        Change::CreateTable { temporary, .. } => *temporary,
        _ => false,
    };
    if is_temporary && !raw.contains(sql, &["ON", "COMMIT", "DROP"]) {
        return Some(("a temporary table", "end it with `ON COMMIT DROP`"));
    }
    None
}

/// Whether one of these functions is called; literals and comments do not count.
fn calls(raw: &Raw, sql: &str, functions: &[&str]) -> bool {
    raw.tokens.windows(2).any(|pair| match pair {
        [name, open] if open.kind == TokenKind::Symbol('(') => {
            let name = sql.get(name.span.clone()).unwrap_or_default();
            functions
                .iter()
                .any(|function| function.eq_ignore_ascii_case(name))
        }
        _ => false,
    })
}
