//! PostgreSQL's own parser reads each statement of `cases/grammar`.
//!
//! No statement runs: the server parses a whole message first, and this one ends in a syntax error.

use std::error::Error;

use onward_cases::grammar::{accepted, rejected};
use onward_pg::{Major, Server};
use tokio_postgres::Client;
use tokio_postgres::error::{ErrorPosition, SqlState};

use crate::Outcome;

#[tokio::test]
async fn postgresql_15() -> Outcome {
    agrees(Major::V15).await
}

#[tokio::test]
async fn postgresql_16() -> Outcome {
    agrees(Major::V16).await
}

#[tokio::test]
async fn postgresql_17() -> Outcome {
    agrees(Major::V17).await
}

#[tokio::test]
async fn postgresql_18() -> Outcome {
    agrees(Major::V18).await
}

async fn agrees(major: Major) -> Outcome {
    let server = Server::of(major).await?;
    let database = server.database().await?;
    let client = database.connect().await?;
    let mut wrong = Vec::new();
    for row in accepted() {
        let refused = refused(&client, row.sql).await?;
        let should = major.number() >= u32::from(row.version);
        if refused.is_none() != should {
            wrong.push(format!("{}\n    is refused at {refused:?}", row.sql));
        }
    }
    for row in rejected() {
        let refused = refused(&client, row.sql).await?;
        if refused
            .as_deref()
            .is_none_or(|rest| !rest.starts_with(row.place))
        {
            wrong.push(format!("{}\n    is refused at {refused:?}", row.sql));
        }
        let at_the_end = refused.as_deref() == Some("");
        if at_the_end != row.place.is_empty() {
            wrong.push(format!("{}\n    is refused at {refused:?}", row.sql));
        }
    }
    assert!(wrong.is_empty(), "{server}:\n{}", wrong.join("\n"));
    Ok(())
}

/// The rest of the statement from the place where the parser refuses it.
///
/// A `BEGIN` is at the top level only, so that an open body cannot swallow the text after it.
async fn refused(client: &Client, sql: &str) -> Result<Option<String>, Box<dyn Error>> {
    let message = format!("{sql}\n;BEGIN;)");
    let Err(error) = client.simple_query(&message).await else {
        return Err(format!("{sql}: the server ran it").into());
    };
    let error = error.as_db_error().ok_or("no answer")?;
    let at = match error.position() {
        Some(ErrorPosition::Original(position)) => usize::try_from(*position)? - 1,
        Some(ErrorPosition::Internal { .. }) | None => 0,
    };
    let is_behind = at + 1 == message.chars().count();
    if is_behind && error.code() == &SqlState::SYNTAX_ERROR {
        return Ok(None);
    }
    let rest: String = message.chars().skip(at).collect();
    let end = "\n;BEGIN;)".len();
    Ok(Some(rest[..rest.len().saturating_sub(end)].to_owned()))
}
