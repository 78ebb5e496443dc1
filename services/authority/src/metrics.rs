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

use crate::WORKED;

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
    let mut metrics = Metrics::new();
    for plan in WORKED {
        let all = list(&client, plan, None).await?;
        let room = readings(&client, plan, None, &Throttles::new()).await?;
        metrics = metrics.module(plan, &all, &room);
    }
    Ok(metrics.to_string())
}
