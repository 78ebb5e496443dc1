//! What the database knows of artifacts.

use onward::artifact::Ref;
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
pub(crate) async fn begin(client: &Client) -> Result<String, ArtifactError> {
    let begin = "INSERT INTO evidence.uploads DEFAULT VALUES RETURNING object_key";
    Ok(client.query_one(begin, &[]).await?.try_get(0)?)
}

/// Makes an SBOM of an upload whose object is stored, unless a sweep has taken it.
pub(crate) async fn commit(
    client: &mut Client,
    subject: &str,
    sbom: &Ref,
) -> Result<String, ArtifactError> {
    let transaction = client.transaction().await?;
    let end = "DELETE FROM evidence.uploads WHERE object_key = $1";
    if transaction.execute(end, &[&sbom.key()]).await? == 0 {
        return Err(ArtifactError::Swept);
    }
    let insert = "INSERT INTO evidence.sboms (subject, canonical_subject, sbom) VALUES ($1, $2, $3) RETURNING id::text";
    let canonical = canonical(subject);
    let row = transaction.query_one(insert, &[&subject, &canonical, sbom]).await?;
    transaction.commit().await?;
    Ok(row.try_get(0)?)
}

/// An upload has failed, and its object is not stored.
pub(crate) async fn give_up(client: &Client, key: &str) -> Result<(), ArtifactError> {
    let end = "DELETE FROM evidence.uploads WHERE object_key = $1";
    client.execute(end, &[&key]).await?;
    Ok(())
}

pub(crate) async fn find(client: &Client, id: &str) -> Result<Ref, ArtifactError> {
    let find = "SELECT sbom FROM evidence.sboms WHERE id::text = $1";
    match client.query_opt(find, &[&id]).await? {
        Some(row) => Ok(row.try_get(0)?),
        None => Err(ArtifactError::Unknown(id.to_owned())),
    }
}

/// Whether there are no records yet, so that a store without a mark is a new one.
pub(crate) async fn is_new(client: &Client) -> Result<bool, ArtifactError> {
    let any = "SELECT NOT EXISTS (SELECT FROM evidence.sboms)";
    Ok(client.query_one(any, &[]).await?.try_get(0)?)
}
