//! What the database knows of artifacts: whose they are, and where.
//!
//! Each statement is sent with the types of its parameters and without a name, so a pooler in transaction mode may give
//! it to any connection of its own. `query!` finds the types, and does not compile where the migrations say otherwise.

use onward::artifact::Ref;
use onward::tenant::{TenantId, scope};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, NoTls};

use super::ArtifactError;
use super::subject::canonical;
use crate::schema::EVIDENCE;

/// One connection for each request: an example needs no pool.
pub(crate) async fn connect(database: &Config) -> Result<Client, ArtifactError> {
    let (client, connection) = database.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Registers an upload, and returns the key of its object.
pub(crate) async fn begin(client: &Client, tenant: TenantId) -> Result<String, ArtifactError> {
    let begin = onward::query!(
        EVIDENCE,
        "INSERT INTO evidence.objects (of_tenant) VALUES ($1) RETURNING object_key",
        tenant,
    );
    Ok(begin.one(client).await?.object_key)
}

/// Makes an SBOM of an upload whose object is stored, unless a sweep has taken it.
pub(crate) async fn commit(
    client: &mut Client,
    tenant: TenantId,
    subject: &str,
    sbom: &Ref,
) -> Result<String, ArtifactError> {
    let scope = scope(client, tenant).await?;
    let key = sbom.key();
    let stored = onward::query!(
        EVIDENCE,
        "UPDATE evidence.objects SET stored_at = now() WHERE object_key = $1 AND stored_at IS NULL",
        key,
    );
    if stored.execute(&*scope).await? == 0 {
        return Err(ArtifactError::Swept);
    }
    let size = i64::try_from(sbom.size()).unwrap_or(i64::MAX);
    let (canonical, sha256, media_type) = (canonical(subject), sbom.sha256(), sbom.media_type());
    let insert = onward::query!(
        EVIDENCE,
        "INSERT INTO evidence.sboms (tenant_id, subject, canonical_subject, object_key, sbom)
        VALUES ($1, $2, $3, $4, ROW($4, $5, $6, $7)::evidence.artifact) RETURNING id::text AS id",
        tenant,
        subject,
        canonical,
        key,
        size,
        sha256,
        media_type,
    );
    let id = insert.one(&*scope).await?.id;
    scope.commit().await?;
    Ok(id)
}

/// An upload has failed, and its object is not stored.
pub(crate) async fn give_up(client: &Client, key: &str) -> Result<(), ArtifactError> {
    let end = onward::query!(
        EVIDENCE,
        "DELETE FROM evidence.objects WHERE object_key = $1 AND stored_at IS NULL",
        key,
    );
    end.execute(client).await?;
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
    let any = onward::query!(
        EVIDENCE,
        "SELECT NOT EXISTS (SELECT FROM evidence.objects WHERE stored_at IS NOT NULL) AS is_new"
    );
    Ok(any.one(client).await?.is_new)
}
