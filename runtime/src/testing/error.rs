//! Why a test has no database.

use onward_connect::{NotConnected, Unreadable};

use crate::outcome::error::Error;
use crate::session::SendError;
use crate::session::server_error::ServerMessage;

/// Why a test has no database.
///
/// ```
/// fn is_a_mistake_of_the_migrations(error: &onward::testing::TestingError) -> bool {
///     matches!(error, onward::testing::TestingError::Module(_))
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TestingError {
    /// The environment names no server.
    #[error(
        "no server for tests is named: set ONWARD_TEST_URL or DATABASE_URL to any database of a server where tests may \
         create databases, such as postgres://postgres@localhost/postgres"
    )]
    NoServer,
    /// The URL cannot be read.
    #[error(transparent)]
    Url(#[from] Unreadable),
    /// The server cannot be reached.
    #[error(transparent)]
    Connect(#[from] NotConnected),
    /// The server refused what a test's database needs.
    #[error("{doing} failed. {said}{}", advice(.said))]
    Refused {
        /// What was to be done.
        doing: String,
        /// Why not.
        said: ServerMessage,
    },
    /// The connection ended.
    #[error("{doing} failed: the connection ended")]
    Lost {
        /// What was to be done.
        doing: String,
    },
    /// A migration failed in the template.
    #[error(transparent)]
    Module(#[from] Error),
    /// The thread that creates databases cannot be started, or has ended.
    #[error("the thread that creates the databases of tests has ended")]
    Ended,
}

impl TestingError {
    pub(super) fn of(doing: String, error: SendError) -> Self {
        match error {
            SendError::Refused(refused) => Self::Refused {
                doing,
                said: refused.said,
            },
            SendError::Lost(_) | SendError::TimedOut => Self::Lost { doing },
        }
    }

    pub(super) fn sqlstate(&self) -> Option<&str> {
        match self {
            Self::Refused { said, .. } => Some(said.sqlstate()),
            Self::NoServer
            | Self::Url(_)
            | Self::Connect(_)
            | Self::Lost { .. }
            | Self::Module(_)
            | Self::Ended => None,
        }
    }
}

/// What to type when the role may not create databases.
fn advice(said: &ServerMessage) -> &'static str {
    match said.sqlstate() {
        "42501" => {
            ". The role of the tests needs the right to create databases: ALTER ROLE <role> CREATEDB"
        }
        _ => "",
    }
}
