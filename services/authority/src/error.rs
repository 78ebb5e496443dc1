//! Why the service does not run.

use std::{fmt, io};

#[derive(thiserror::Error)]
pub(crate) enum Error {
    #[error("there is no database to work on")]
    NoDatabase(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the URL of the database cannot be read")]
    Url(#[source] tokio_postgres::Error),
    #[error("the schema is not what this release needs")]
    Migrate(#[from] onward::Error),
    #[error("cannot listen on {address}; set AUTHORITY_LISTEN to another address")]
    Listen { address: String, source: io::Error },
    #[error("the service broke off")]
    Io(#[from] io::Error),
}

/// What `main` prints when it ends with an error: the whole story, in words.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            write!(f, "\n  because: {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}
