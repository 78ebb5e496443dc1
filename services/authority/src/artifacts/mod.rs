//! SBOMs: the files in an object store, their references in PostgreSQL.
//!
//! Each belongs to a tenant, whose requests alone find it. An upload is registered before its first byte, stored, and then
//! committed: its key is in `evidence.objects` while its object may exist, and what is not there is an orphan, which `sweep`
//! removes. The tenant's record is in `evidence.sboms`, from the commit on.

mod digest;
mod download;
mod error;
mod records;
mod routes;
mod store;
mod subject;
mod sweep;
#[cfg(test)]
mod tests;
mod upload;

use tokio_postgres::Config;

pub(crate) use self::error::ArtifactError;
pub(crate) use self::routes::router;
pub(crate) use self::store::Store;
pub(crate) use self::subject::FillCanonicalSubjects;
pub(crate) use self::sweep::keep_swept;

/// Marks a store that is new, and refuses one that is not the one that the records are about.
pub(crate) async fn open(store: &Store, database: &Config) -> Result<(), ArtifactError> {
    let client = records::connect(database).await?;
    store.mark(records::is_new(&client).await?).await
}
