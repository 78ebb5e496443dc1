//! `/healthz` and `/readyz`.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Json;
use axum::routing::get;
use onward::{Category, Status, status};
use serde_json::{Value, json};
use tokio_postgres::{Config, NoTls};

use crate::MODULES;

pub(crate) fn router(database: Config) -> Router {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .with_state(Arc::new(database))
}

/// 200 when the binary can serve on the schemas of all modules, otherwise 503; the body gives the reason. A startup migration
/// that waits for a data migration keeps no instance from serving.
async fn ready(State(database): State<Arc<Config>>) -> (StatusCode, Json<Value>) {
    let (is_ready, body) = match ask(&database).await {
        Ok(modules) => {
            let is_ready = modules.iter().all(Status::is_ready);
            let described: Vec<Value> = modules.iter().map(describe).collect();
            (is_ready, json!({ "ready": is_ready, "modules": described }))
        }
        Err(error) => {
            let error = onward::Chain(&*error).to_string();
            (false, json!({ "ready": false, "error": error }))
        }
    };
    let status = match is_ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, Json(body))
}

/// One connection for each probe: an example needs no pool.
async fn ask(database: &Config) -> Result<Vec<Status>, Box<dyn std::error::Error + Send + Sync>> {
    let (client, connection) = database.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(status(&client, MODULES.plans()).await?)
}

fn describe(status: &Status) -> Value {
    let pending = |category| {
        status
            .pending(category)
            .map(|one| one.name)
            .collect::<Vec<_>>()
    };
    let drift = status
        .drift()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    json!({
        "ready": status.is_ready(),
        "current": status.is_current(),
        "schema": status.schema(),
        "ledger": status.head().map(|head| json!({
            "seq": head.seq,
            "chain": head.chain.to_string(),
        })),
        "pending": {
            "startup": pending(Category::Startup),
            "seed": pending(Category::Seed),
            "release": pending(Category::Release),
            "data": pending(Category::Data),
        },
        "drift": drift,
        "tampered": status.tampering().map(ToString::to_string),
        // The login of the service itself: as one that policies do not hold, `/users` shows every tenant's rows.
        "privileged": status.privileged().map(ToString::to_string),
    })
}
