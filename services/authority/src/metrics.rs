//! `/metrics`: how far the data migrations are, as Prometheus reads it.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use onward::data::{Metrics, Throttles, list, readings};
use tokio_postgres::{Config, NoTls};

use crate::AUTH;

pub(crate) fn router(database: Config) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .with_state(Arc::new(database))
}

async fn metrics(State(database): State<Arc<Config>>) -> Response {
    match ask(&database).await {
        Ok(text) => ([(CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => {
            let why = onward::Chain(&*error).to_string();
            (StatusCode::SERVICE_UNAVAILABLE, why).into_response()
        }
    }
}

async fn ask(database: &Config) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let (client, connection) = database.connect(NoTls).await?;
    tokio::spawn(connection);
    let all = list(&client, &AUTH, None).await?;
    let room = readings(&client, &AUTH, None, &Throttles::new()).await?;
    Ok(Metrics::new().module(&AUTH, &all, &room).to_string())
}
