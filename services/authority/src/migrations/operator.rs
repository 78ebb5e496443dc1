//! What an operator asks and says, with a token: the routes of the page's buttons, and of `onward data ... --service`.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use onward::data::{Command, Throttles, history, list, readings, steer};
use onward::{Error, Plan, Version};
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};

use super::{Page, answer};
use crate::WORKED;

/// In the head of every answer, so that a program knows what it is talking to.
const MARK: (&str, &str) = ("onward-operator", "1");
/// How many batches, and rows that were left out, are shown unless the request says how many.
const BATCHES: u32 = 10;

type Words = Query<HashMap<String, String>>;

/// Why nothing was done.
pub(super) struct Refused(StatusCode, String);

/// `GET /migrations/data`: the data migrations of all modules.
pub(super) async fn all(State(page): State<Page>, headers: HeaderMap) -> Response {
    reply(async {
        let client = admit(&page, &headers).await?;
        let mut modules = Vec::new();
        for plan in WORKED {
            modules.push((plan, list(&client, plan, None).await?));
        }
        Ok(answer::modules(&modules))
    })
    .await
}

/// `GET /migrations/DM001?module=auth&batches=10`: one of them, with its newest batches.
pub(super) async fn show(
    State(page): State<Page>,
    Path(version): Path<String>,
    Query(words): Words,
    headers: HeaderMap,
) -> Response {
    reply(async {
        let client = admit(&page, &headers).await?;
        let (plan, version) = named(&version, &words)?;
        let batches = words.get("batches").and_then(|word| word.parse().ok());
        let all = list(&client, plan, None).await?;
        let one = all.iter().find(|one| one.version == version);
        let one = one.ok_or_else(|| unknown("this version"))?;
        let history = history(&client, plan, None, version, batches.unwrap_or(BATCHES)).await?;
        let readings = match one.done {
            Some(_) => Vec::new(),
            None => readings(&client, plan, None, &Throttles::new()).await?,
        };
        Ok(answer::shown(plan, one, &history, &readings))
    })
    .await
}

/// `POST /migrations/DM001/pause?module=auth`, and the other verbs.
pub(super) async fn say(
    State(page): State<Page>,
    Path((version, verb)): Path<(String, String)>,
    Query(words): Words,
    headers: HeaderMap,
) -> Response {
    reply(async {
        let client = admit(&page, &headers).await?;
        let (plan, version) = named(&version, &words)?;
        let command = command(&verb, &words)?;
        let status = steer(&client, plan, None, version, command).await?;
        Ok(answer::status(plan, &status))
    })
    .await
}

async fn reply(work: impl Future<Output = Result<Value, Refused>>) -> Response {
    match work.await {
        Ok(answer) => ([MARK], Json(answer)).into_response(),
        Err(Refused(status, why)) => {
            (status, [MARK], Json(json!({ "error": why }))).into_response()
        }
    }
}

/// A connection for a request with the token, and nothing for any other.
async fn admit(page: &Page, headers: &HeaderMap) -> Result<Client, Refused> {
    let Some(token) = &page.token else {
        let why = "the service was started without ONWARD_OPERATOR_TOKEN, so that no operator steers here";
        return Err(Refused(StatusCode::NOT_FOUND, why.to_owned()));
    };
    if !token.is_in(headers) {
        let why = "the token is missing or wrong".to_owned();
        return Err(Refused(StatusCode::UNAUTHORIZED, why));
    }
    match page.migrations.connect(NoTls).await {
        Ok((client, connection)) => {
            tokio::spawn(connection);
            Ok(client)
        }
        Err(_) => Err(Refused(
            StatusCode::SERVICE_UNAVAILABLE,
            "no connection to the database".to_owned(),
        )),
    }
}

/// The data migration that a request names, of the page's module unless it names another one.
fn named(
    version: &str,
    words: &HashMap<String, String>,
) -> Result<(&'static Plan, Version), Refused> {
    let version = version.parse::<Version>();
    let version = version.map_err(|_| unknown("this version"))?;
    let plan = match words.get("module") {
        Some(module) => WORKED.into_iter().find(|plan| plan.schema() == module),
        None => WORKED.into_iter().next(),
    };
    let plan = plan.ok_or_else(|| unknown("this module"))?;
    match answer::has(plan, version) {
        true => Ok((plan, version)),
        false => Err(unknown("this version")),
    }
}

fn unknown(what: &str) -> Refused {
    let why = format!("there is no data migration of {what} here");
    Refused(StatusCode::NOT_FOUND, why)
}

fn command(verb: &str, words: &HashMap<String, String>) -> Result<Command, Refused> {
    let says = |word: &str| words.get(word).map(String::as_str);
    Ok(match verb {
        "approve" => Command::Approve,
        "pause" => Command::Pause,
        "resume" => Command::Resume,
        "cancel" => Command::Cancel,
        "retry" if says("from_start") == Some("true") => Command::Restart,
        "retry" => Command::Retry,
        "speed" => {
            let to = says("to").and_then(|word| word.parse::<f64>().ok());
            let why = "say how fast: `speed?to=0.5`";
            Command::Speed(to.ok_or_else(|| Refused(StatusCode::BAD_REQUEST, why.to_owned()))?)
        }
        _ => {
            let why = format!("`{verb}` is nothing that can be said to a data migration");
            return Err(Refused(StatusCode::NOT_FOUND, why));
        }
    })
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let status = match error {
            Error::NoEffect { .. } => StatusCode::CONFLICT,
            _ => StatusCode::SERVICE_UNAVAILABLE,
        };
        Self(status, error.to_string())
    }
}
