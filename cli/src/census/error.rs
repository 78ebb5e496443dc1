//! Why two schemas could not be compared.

use crate::connect::DatabaseError;
use crate::scratch::NotCreated;

#[derive(Debug, thiserror::Error)]
pub(crate) enum CensusError {
    #[error(
        "the role that logs in may not create a database, and the files are applied to a scratch database to compare it with \
         this one (42501): run `ALTER ROLE {0} CREATEDB`, or give `--scratch-url` with a role that may, on a server of \
         the same version"
    )]
    NoRight(String),
    #[error(
        "template0 is in use, and the files are applied to a database that is created of it: try again"
    )]
    Template,
    #[error(
        "cannot create the scratch database, to which the files are applied to compare it with this one"
    )]
    Scratch(#[source] tokio_postgres::Error),
    #[error("cannot read the catalogs of the schema {schema}")]
    Catalogs {
        schema: &'static str,
        #[source]
        source: tokio_postgres::Error,
    },
    #[error(
        "cannot copy {what} into the scratch database: name the folder of the module that has it too"
    )]
    Foreign {
        what: String,
        #[source]
        source: tokio_postgres::Error,
    },
    #[error("the files of {schema} that are applied here cannot be applied to an empty database")]
    Files {
        schema: &'static str,
        #[source]
        source: Box<onward::Error>,
    },
    #[error(
        "the schema {0} has no migration ledger: `onward baseline` creates one for a database that no tool knows"
    )]
    NoLedger(&'static str),
    #[error("cannot read the status from the database")]
    Status(#[source] Box<onward::Error>),
    #[error(transparent)]
    Connect(#[from] DatabaseError),
    #[error("interrupted: nothing was changed, and the scratch database is dropped")]
    Interrupted,
}

impl From<NotCreated> for CensusError {
    fn from(error: NotCreated) -> Self {
        match error {
            NotCreated::MayNot(role) => Self::NoRight(role),
            NotCreated::Server(source) | NotCreated::NotDropped { source, .. } => {
                Self::Scratch(source)
            }
            NotCreated::InUse(_) => Self::Template,
        }
    }
}
