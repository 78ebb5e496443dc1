//! Requests of one tenant: the extractor that gives its scope, and a route that uses it.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use onward::tenant::{InvalidTenantId, Scope, TenantId, scope};
use serde_json::{Value, json};
use tokio_postgres::{Config, NoTls};

use crate::error::Error;
use crate::schema::AUTH;

/// Which tenant a request is for. A gateway sets it from the token that it has checked, and removes what the client sent:
/// a service that is reached without one has to read it from the token itself.
const HEADER: &str = "x-tenant-id";

/// How many connections the service holds.
const CONNECTIONS: usize = 8;

pub(crate) fn router(database: Config) -> Result<Router, Error> {
    // A scope leaves nothing in the session, so a connection is lent as it comes back.
    let recycling_method = RecyclingMethod::Fast;
    let manager = Manager::from_config(database, NoTls, ManagerConfig { recycling_method });
    let pool = Pool::builder(manager).max_size(CONNECTIONS).build();
    let pool = pool.map_err(|error| Error::NoDatabase(error.into()))?;
    Ok(Router::new().route("/users", get(users)).with_state(pool))
}

/// The people of the tenant. The query names no tenant: the policy does.
async fn users(mut tenant: Tenant) -> Result<Json<Value>, Refused> {
    let scope = tenant.scope().await?;
    // It is sent without a name: a pooler in transaction mode gives the next transaction another connection of its own.
    let people = onward::query!(
        AUTH,
        "SELECT email, display_name FROM auth.users ORDER BY email"
    );
    let people = people.all(&*scope).await?;
    let people: Vec<Value> = people
        .iter()
        .map(|one| json!({ "email": one.email, "display_name": one.display_name }))
        .collect();
    scope.commit().await?;
    Ok(Json(Value::Array(people)))
}

/// A tenant, and a connection for the time of its request. A handler that takes it runs for a tenant only.
pub(crate) struct Tenant {
    id: TenantId,
    connection: Object,
}

impl Tenant {
    /// A transaction in which the database shows this tenant's rows and no others. What is not committed when the handler
    /// returns, or when the client hangs up, is rolled back.
    pub(crate) async fn scope(&mut self) -> Result<Scope<'_>, onward::tenant::Error> {
        scope(&mut self.connection, self.id).await
    }
}

/// Which tenant a request is for, without a connection.
pub(crate) struct Whose(pub(crate) TenantId);

impl<S: Sync> FromRequestParts<S> for Whose {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let header = parts.headers.get(HEADER).ok_or(Refused::NoTenant)?;
        // What is not even text is not a UUID either.
        let id = header.to_str().unwrap_or("%").parse();
        id.map(Self).map_err(Refused::InvalidTenant)
    }
}

impl FromRequestParts<Pool> for Tenant {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, pool: &Pool) -> Result<Self, Refused> {
        let Whose(id) = Whose::from_request_parts(parts, pool).await?;
        let connection = pool
            .get()
            .await
            .map_err(|error| Refused::Database(error.into()))?;
        Ok(Self { id, connection })
    }
}

/// Why a request of a tenant is not answered.
pub(crate) enum Refused {
    NoTenant,
    InvalidTenant(InvalidTenantId),
    Database(Box<dyn std::error::Error + Send + Sync>),
}

impl From<onward::tenant::Error> for Refused {
    fn from(error: onward::tenant::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<tokio_postgres::Error> for Refused {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Database(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, why) = match self {
            Self::NoTenant => (
                StatusCode::UNAUTHORIZED,
                format!("the request has no {HEADER}"),
            ),
            Self::InvalidTenant(error) => (StatusCode::BAD_REQUEST, error.to_string()),
            Self::Database(error) => {
                // The reason is for the log: it may name tables.
                tracing::error!(error = %onward::Chain(&*error), "a request of a tenant failed");
                let why = "the database did not answer".to_owned();
                (StatusCode::SERVICE_UNAVAILABLE, why)
            }
        };
        (status, Json(json!({ "error": why }))).into_response()
    }
}
