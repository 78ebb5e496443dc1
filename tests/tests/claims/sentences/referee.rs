//! What a server and the analyzer reply to a text.

use std::error::Error;

use onward_analyzer::lower::lower;
use onward_analyzer::split::split;
use onward_analyzer::statement::{Change, Statement};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// What a server says about a statement without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Accepts,
    Refuses,
    /// Its parser refuses it for another reason than its form. That is a matter of the rules.
    Objects,
}

/// The server parses the whole message before it runs anything, and this one ends in a syntax error.
pub(super) async fn reply(client: &Client, sql: &str) -> Result<Reply, Box<dyn Error>> {
    let message = format!("{sql}\n;BEGIN;)");
    let Err(error) = client.simple_query(&message).await else {
        return Err(format!("{sql}: the server ran it").into());
    };
    let error = error
        .as_db_error()
        .ok_or_else(|| format!("{sql}: {error}"))?;
    let position = error.position().map(|position| format!("{position:?}"));
    let end = format!("Original({})", message.chars().count());
    Ok(match *error.code() == SqlState::SYNTAX_ERROR {
        true if position == Some(end) => Reply::Accepts,
        true => Reply::Refuses,
        false => Reply::Objects,
    })
}

/// Whether PL/pgSQL compiles a body; `None` if something else than its form is wrong.
pub(super) async fn compiles(client: &Client, body: &str) -> Result<Option<bool>, Box<dyn Error>> {
    let create = format!(
        "BEGIN; CREATE FUNCTION pg_temp.f() RETURNS void LANGUAGE plpgsql AS $of_test$\n{body}\n$of_test$"
    );
    let created = client.simple_query(&create).await;
    client.simple_query("ROLLBACK").await?;
    let Err(error) = created else {
        return Ok(Some(true));
    };
    let error = error.as_db_error().ok_or("no answer")?;
    Ok((*error.code() == SqlState::SYNTAX_ERROR).then_some(false))
}

/// The oldest version for which the analyzer accepts a text as one statement.
pub(super) fn accepted_from(sql: &str) -> Option<u32> {
    let split = split(sql);
    let [raw] = split.statements.as_slice() else {
        return None;
    };
    let statement = lower(sql, raw, "");
    match is_unknown(&statement) || raw.unclosed.is_some() {
        true => None,
        false => Some(statement.needs.map_or(15, |needs| needs.version.into())),
    }
}

/// Whether the analyzer accepts a body of PL/pgSQL.
pub(super) fn accepts_body(body: &str) -> bool {
    let sql = format!("DO $of_test$\n{body}\n$of_test$");
    let split = split(&sql);
    let [raw] = split.statements.as_slice() else {
        return false;
    };
    let statement = lower(&sql, raw, "");
    let inner = statement
        .clauses
        .iter()
        .filter_map(|clause| match &clause.change {
            Change::Do { body, .. } => Some(body),
            _ => None,
        });
    let mut inner = inner.flat_map(|body| &body.statements);
    !is_unknown(&statement) && !inner.any(is_unknown)
}

fn is_unknown(statement: &Statement) -> bool {
    let mut clauses = statement.clauses.iter();
    clauses.any(|clause| matches!(clause.change, Change::Unknown { .. }))
}
