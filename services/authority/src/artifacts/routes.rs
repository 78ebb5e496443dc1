//! `POST /sboms` and `GET /sboms/{id}`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use onward::tenant::TenantId;
use serde_json::{Value, json};
use tokio_postgres::Config;

use super::download::download;
use super::records;
use super::upload::{Declared, upload};
use super::{ArtifactError, Store};
use crate::tenant::Whose;

/// The checksum that the client declares, in hexadecimal digits.
const CHECKSUM: &str = "x-checksum-sha256";

struct Artifacts {
    store: Store,
    database: Config,
    /// The most bytes of one artifact.
    limit: u64,
}

pub(crate) fn router(store: Store, database: Config, limit: u64) -> Router {
    Router::new()
        .route("/sboms", post(store_one))
        .route("/sboms/{id}", get(read_one))
        .with_state(Arc::new(Artifacts {
            store,
            database,
            limit,
        }))
}

/// The work goes on when the client has gone: it then finds the body cut off, and cleans up.
async fn store_one(
    State(artifacts): State<Arc<Artifacts>>,
    Whose(tenant): Whose,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Value>), ArtifactError> {
    let declared = declared(&headers)?;
    // What the SBOM is about, such as a package URL.
    let subject = query.get("subject").cloned().ok_or_else(|| {
        ArtifactError::Request(
            "name what the SBOM is about: `/sboms?subject=pkg:cargo/onward@1`".to_owned(),
        )
    })?;
    let work = tokio::spawn(async move { artifacts.take(tenant, &subject, &declared, body).await });
    let stored = work.await.unwrap_or_else(|error| {
        let why = error.to_string();
        Err(ArtifactError::Request(why))
    })?;
    Ok((StatusCode::CREATED, Json(stored)))
}

fn declared(headers: &HeaderMap) -> Result<Declared, ArtifactError> {
    let text = |name: &str| {
        let value = headers.get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let wrong = |name: &str| ArtifactError::Request(format!("the header {name} cannot be read"));
    let size = text(CONTENT_LENGTH.as_str()).map(str::parse).transpose();
    let sha256 = text(CHECKSUM).map(str::parse).transpose();
    Ok(Declared {
        size: size.map_err(|_| wrong("content-length"))?,
        sha256: sha256.map_err(|_| wrong(CHECKSUM))?,
        media_type: text(CONTENT_TYPE.as_str())
            .unwrap_or("application/octet-stream")
            .to_owned(),
    })
}

impl Artifacts {
    async fn take(
        &self,
        tenant: TenantId,
        subject: &str,
        declared: &Declared,
        body: Body,
    ) -> Result<Value, ArtifactError> {
        let limit = self.limit;
        if declared.size.is_some_and(|size| size > limit) {
            return Err(ArtifactError::TooLarge { limit });
        }
        let mut client = records::connect(&self.database).await?;
        let key = records::begin(&client, tenant).await?;
        let stored = upload(&self.store, &key, declared, limit, body.into_data_stream()).await;
        let sbom = match stored {
            Ok(sbom) => sbom,
            Err(error) => {
                // A store that failed may have the object after all: then the sweep needs the line.
                if !matches!(
                    error,
                    ArtifactError::Store(_) | ArtifactError::StoreStopped(_)
                ) {
                    records::give_up(&client, &key).await?;
                }
                return Err(error);
            }
        };
        let committed = records::commit(&mut client, tenant, subject, &sbom).await;
        if let Err(ArtifactError::Swept) = &committed {
            self.store.remove(&key).await?;
        }
        Ok(json!({
            "id": committed?,
            "object_key": sbom.key(),
            "size": sbom.size(),
            "sha256": sbom.sha256().to_string(),
            "media_type": sbom.media_type(),
        }))
    }
}

async fn read_one(
    State(artifacts): State<Arc<Artifacts>>,
    Whose(tenant): Whose,
    Path(id): Path<String>,
) -> Result<Response, ArtifactError> {
    let mut client = records::connect(&artifacts.database).await?;
    let sbom = records::find(&mut client, tenant, &id).await?;
    let head = [
        (CONTENT_TYPE, sbom.media_type().to_owned()),
        (CONTENT_LENGTH, sbom.size().to_string()),
    ];
    let bytes = download(&artifacts.store, sbom).await?;
    Ok((head, Body::from_stream(bytes)).into_response())
}
