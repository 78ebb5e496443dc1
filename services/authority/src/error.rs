//! Why the service does not run.

use std::{fmt, io};

use crate::artifacts::ArtifactError;

#[derive(thiserror::Error)]
pub(crate) enum Error {
    #[error("no database is available")]
    NoDatabase(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the URL of the database is not valid")]
    Url(#[source] tokio_postgres::Error),
    #[error("the schema could not be migrated to what this version of the service needs")]
    Migrate(#[from] onward::ModulesError),
    #[error("the release migrations could not be applied")]
    Release(#[from] onward::Error),
    #[error("the store of artifacts cannot be used")]
    Store(#[from] ArtifactError),
    #[error("AUTHORITY_MOST_BYTES is `{0}`, and not a number of bytes")]
    Limit(String),
    #[error("the code of a data migration belongs to none")]
    Version(#[from] onward::InvalidVersion),
    #[error("cannot listen on {address}; set AUTHORITY_LISTEN to another address")]
    Listen { address: String, source: io::Error },
    #[error("the service stopped because of an I/O error")]
    Io(#[from] io::Error),
}

/// What `main` prints when it ends with an error: the error and all of its causes.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", onward::Chain(self))
    }
}
