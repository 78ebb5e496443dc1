//! What an operator says: pause and resume, with a token.

use std::hint::black_box;

use axum::extract::{Path, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Json;
use onward::data::{Command, steer};
use onward::{Error, Version};
use serde_json::{Value, json};
use tokio_postgres::NoTls;

use super::Page;
use crate::AUTH;

/// What a request has to carry, as `Authorization: Bearer <token>`: never in a URL, which logs keep.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// `None` for an empty text: it would let everyone in.
    pub(crate) fn new(text: String) -> Option<Self> {
        (!text.trim().is_empty()).then_some(Self(text))
    }

    fn is_in(&self, headers: &HeaderMap) -> bool {
        let said = headers.get(AUTHORIZATION).map(|said| said.as_bytes());
        let said = said.and_then(|said| said.strip_prefix(b"Bearer "));
        said.is_some_and(|said| is_same(self.0.as_bytes(), said))
    }
}

/// Takes as long for any text of a length, so that the time says nothing about where two differ.
fn is_same(token: &[u8], said: &[u8]) -> bool {
    let mut differs = u8::from(token.len() != said.len());
    for (at, byte) in said.iter().enumerate() {
        let expected = token.get(at % token.len().max(1)).copied();
        differs |= black_box(expected.unwrap_or_default() ^ byte);
    }
    black_box(differs) == 0
}

type Answer = (StatusCode, Json<Value>);

pub(super) async fn pause(page: State<Page>, version: Path<String>, headers: HeaderMap) -> Answer {
    say(page, version, headers, Command::Pause).await
}

pub(super) async fn resume(page: State<Page>, version: Path<String>, headers: HeaderMap) -> Answer {
    say(page, version, headers, Command::Resume).await
}

async fn say(
    State(page): State<Page>,
    Path(version): Path<String>,
    headers: HeaderMap,
    command: Command,
) -> Answer {
    if !page.token.is_some_and(|token| token.is_in(&headers)) {
        return refused(StatusCode::UNAUTHORIZED, "the token is missing or wrong");
    }
    let Ok(version) = version.parse::<Version>() else {
        return refused(StatusCode::NOT_FOUND, "this is not a version");
    };
    let client = match page.migrations.connect(NoTls).await {
        Ok((client, connection)) => {
            tokio::spawn(connection);
            client
        }
        Err(_) => return refused(StatusCode::SERVICE_UNAVAILABLE, "no connection"),
    };
    match steer(&client, &AUTH, None, version, command).await {
        Ok(status) => {
            let state = status.progress.map(|progress| progress.state.as_str());
            (StatusCode::OK, Json(json!({ "state": state })))
        }
        Err(error @ Error::NoEffect { .. }) => refused(StatusCode::CONFLICT, &error.to_string()),
        Err(error) => refused(StatusCode::SERVICE_UNAVAILABLE, &error.to_string()),
    }
}

fn refused(status: StatusCode, why: &str) -> Answer {
    (status, Json(json!({ "error": why })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_token_is_the_same() {
        assert!(is_same(b"secret", b"secret"));
        for wrong in ["", "s", "secre", "secrets", "Secret", "secretsecret"] {
            assert!(!is_same(b"secret", wrong.as_bytes()), "{wrong}");
        }
        assert!(Token::new("  ".to_owned()).is_none());
    }
}
