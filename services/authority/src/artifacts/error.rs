//! What can be wrong with an artifact.

use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use onward::Checksum;
use onward::artifact::InvalidRef;
use serde_json::json;

/// One variant for each answer that a client or an operator needs.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ArtifactError {
    #[error("the artifact is empty")]
    Empty,
    #[error("the artifact is larger than {limit} bytes, which is the most that this service takes")]
    TooLarge { limit: u64 },
    #[error("{declared} bytes were declared, and {sent} were sent")]
    OtherSize { declared: u64, sent: u64 },
    #[error("the content has the SHA-256 {found}, and {declared} was declared")]
    OtherChecksum { declared: Checksum, found: Checksum },
    #[error("{0}")]
    Request(String),
    #[error("the request cannot be stored")]
    Invalid(#[from] InvalidRef),
    #[error("the body of the request ended early")]
    Body(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("there is no SBOM {0}")]
    Unknown(String),
    #[error("the object {key} is missing in the store, though its record is here")]
    Missing { key: String },
    #[error(
        "the object {key} in the store is not the one that was stored: {found} instead of {expected}"
    )]
    Damaged {
        key: String,
        expected: String,
        found: String,
    },
    #[error("the upload took too long and was swept; send it again")]
    Swept,
    #[error("the store did not answer within {0:?}")]
    StoreStopped(Duration),
    #[error("the store cannot be used: {0}")]
    NotTheStore(String),
    #[error("the store failed")]
    Store(#[from] object_store::Error),
    #[error("the record of the artifact cannot be read")]
    Record(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the database failed")]
    Database(#[from] tokio_postgres::Error),
    #[error("the database did not begin or end the work for the tenant")]
    Tenant(#[from] onward::tenant::Error),
}

impl ArtifactError {
    fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Empty
            | Self::OtherSize { .. }
            | Self::OtherChecksum { .. }
            | Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Request(_) | Self::Body(_) => StatusCode::BAD_REQUEST,
            Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::Missing { .. } => StatusCode::GONE,
            Self::Swept => StatusCode::CONFLICT,
            Self::StoreStopped(_) | Self::Store(_) => StatusCode::BAD_GATEWAY,
            Self::Damaged { .. } | Self::Record(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotTheStore(_) | Self::Database(_) | Self::Tenant(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}

impl IntoResponse for ArtifactError {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = %onward::Chain(&self), "an artifact failed");
        }
        (status, Json(json!({ "error": self.to_string() }))).into_response()
    }
}
