//! `/migrations`: a page that shows what the schema's migrations do, as they do it, with buttons to pause and resume data
//! migrations; and the routes by which `onward data ... --service` steers them.

mod answer;
mod operator;
mod snapshot;
mod token;
mod watch;

use std::convert::Infallible;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio_postgres::Config;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt as _};

pub(crate) use self::token::Token;
pub(crate) use self::watch::{Snapshots, Throttled, watch};

/// One file, with its style and its script.
const PAGE: &str = include_str!("page.html");
/// Nothing is loaded from elsewhere, and the page talks to this service only.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; \
    frame-ancestors 'none'; form-action 'none'; base-uri 'none'";

/// What the routes share.
#[derive(Clone)]
pub(crate) struct Page {
    /// The database for steering, with the role that owns the ledger.
    pub(crate) migrations: Config,
    pub(crate) snapshots: Snapshots,
    /// Without one no operator steers here.
    pub(crate) token: Option<Token>,
}

pub(crate) fn router(page: Page) -> Router {
    Router::new()
        .route("/migrations", get(show))
        .route("/migrations/events", get(events))
        .route("/migrations/data", get(operator::all))
        .route("/migrations/{version}", get(operator::show))
        .route("/migrations/{version}/{verb}", post(operator::say))
        .with_state(page)
}

async fn show() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, PAGE).into_response()
}

/// One event for each change; ends when the service stops.
async fn events(
    State(page): State<Page>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let steers = page.token.is_some();
    let snapshots = WatchStream::new(page.snapshots.subscribe());
    let events = snapshots.filter_map(move |snapshot| {
        let snapshot = snapshot?;
        Some(Ok(Event::default().data(snapshot.text(steers))))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
