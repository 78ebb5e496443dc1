//! SBOMs: the files in an object store, their references in PostgreSQL.
//!
//! An upload is registered before its first byte, stored, and then committed: its key moves from `evidence.uploads` to
//! `evidence.sboms` in one transaction. So a key is always in one of the two tables while its object may exist, and what is
//! in neither is an orphan, which `sweep` removes.

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
