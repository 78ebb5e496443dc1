//! What the database knows of artifacts: whose they are, and where.
//!
//! Each statement is sent with the types of its parameters and without a name, so a pooler in transaction mode may give
//! it to any connection of its own.

use onward::artifact::Ref;
use onward::tenant::{TenantId, scope};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, NoTls};

use super::ArtifactError;
use super::subject::canonical;

/// One connection for each request: an example needs no pool.
pub(crate) async fn connect(database: &Config) -> Result<Client, ArtifactError> {
    let (client, connection) = database.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Registers an upload, and returns the key of its object.
pub(crate) async fn begin(client: &Client, tenant: TenantId) -> Result<String, ArtifactError> {
    let begin = "INSERT INTO evidence.objects (of_tenant) VALUES ($1) RETURNING object_key";
    let row = client
        .query_typed_one(begin, &[(&tenant, Type::UUID)])
        .await?;
    Ok(row.try_get(0)?)
}

/// Makes an SBOM of an upload whose object is stored, unless a sweep has taken it.
pub(crate) async fn commit(
    client: &mut Client,
    tenant: TenantId,
    subject: &str,
    sbom: &Ref,
) -> Result<String, ArtifactError> {
    let scope = scope(client, tenant).await?;
    let stored =
        "UPDATE evidence.objects SET stored_at = now() WHERE object_key = $1 AND stored_at IS NULL";
    let key = sbom.key();
    if scope.execute_typed(stored, &[(&key, Type::TEXT)]).await? == 0 {
        return Err(ArtifactError::Swept);
    }
    let insert =
        "INSERT INTO evidence.sboms (tenant_id, subject, canonical_subject, object_key, sbom)
        VALUES ($1, $2, $3, $4, ROW($4, $5, $6, $7)::evidence.artifact) RETURNING id::text";
    let size = i64::try_from(sbom.size()).unwrap_or(i64::MAX);
    let canonical = canonical(subject);
    let values: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 7] = [
        (&tenant, Type::UUID),
        (&subject, Type::TEXT),
        (&canonical, Type::TEXT),
        (&key, Type::TEXT),
        (&size, Type::INT8),
        (&sbom.sha256(), Type::BYTEA),
        (&sbom.media_type(), Type::TEXT),
    ];
    let id = scope.query_typed_one(insert, &values).await?.try_get(0)?;
    scope.commit().await?;
    Ok(id)
}

/// An upload has failed, and its object is not stored.
pub(crate) async fn give_up(client: &Client, key: &str) -> Result<(), ArtifactError> {
    let end = "DELETE FROM evidence.objects WHERE object_key = $1 AND stored_at IS NULL";
    client.execute_typed(end, &[(&key, Type::TEXT)]).await?;
    Ok(())
}

/// The reference of one of the tenant's SBOMs. The query names no tenant: the policy does.
pub(crate) async fn find(
    client: &mut Client,
    tenant: TenantId,
    id: &str,
) -> Result<Ref, ArtifactError> {
    let scope = scope(client, tenant).await?;
    // The attributes and not the whole: the driver would first ask for its type, with a statement that has a name.
    let find = "SELECT (sbom).object_key, (sbom).size, (sbom).sha256, (sbom).media_type FROM evidence.sboms
        WHERE id::text = $1";
    let row = scope.query_typed_opt(find, &[(&id, Type::TEXT)]).await?;
    let row = row.ok_or_else(|| ArtifactError::Unknown(id.to_owned()))?;
    let sbom = Ref::try_from(&row).map_err(ArtifactError::Record)?;
    scope.commit().await?;
    Ok(sbom)
}

/// Whether there are no records yet, so that a store without a mark is a new one.
pub(crate) async fn is_new(client: &Client) -> Result<bool, ArtifactError> {
    let any = "SELECT NOT EXISTS (SELECT FROM evidence.objects WHERE stored_at IS NOT NULL)";
    Ok(client.query_typed_one(any, &[]).await?.try_get(0)?)
}
