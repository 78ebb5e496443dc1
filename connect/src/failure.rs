//! That there is no connection, and why.

use std::error::Error;
use std::fmt;

use crate::server::Server;
use crate::trouble::Trouble;

/// None of the servers could be used. Its text names the server, the database, the role and what to do; it holds no
/// password. Its source is what the server or the system reports.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let target = onward_connect::Target::of("postgres://app@localhost:1/shop")?;
/// if let Err(error) = target.open(target.config()).await {
///     // cannot connect to the database on localhost:1, database shop, role app: no server listens there; ...
///     eprintln!("{error}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct NotConnected {
    login: String,
    failures: Vec<Failure>,
}

/// One server that could not be used.
#[derive(Debug)]
pub(crate) struct Failure {
    server: String,
    pub(crate) trouble: Trouble,
    said: Option<Words>,
    error: Option<tokio_postgres::Error>,
}

impl Failure {
    pub(crate) fn of(server: &Server, trouble: Trouble) -> Self {
        Self {
            server: server.to_string(),
            trouble,
            said: None,
            error: None,
        }
    }

    pub(crate) fn said(server: &Server, error: tokio_postgres::Error) -> Self {
        Self {
            server: server.to_string(),
            trouble: Trouble::of(&error),
            said: Some(Words(innermost(&error))),
            error: Some(error),
        }
    }
}

impl NotConnected {
    pub(crate) fn new(login: String, failures: Vec<Failure>) -> Self {
        Self { login, failures }
    }

    /// The driver's error about the last server, if it has answered.
    ///
    /// ```no_run
    /// fn sqlstate(error: &onward_connect::NotConnected) -> Option<&str> {
    ///     error.error()?.code().map(|code| code.code())
    /// }
    /// ```
    #[must_use]
    pub fn error(&self) -> Option<&tokio_postgres::Error> {
        self.failures.last()?.error.as_ref()
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = &self.login;
        match &self.failures[..] {
            [one] => write!(
                f,
                "cannot connect to the database on {}, {login}: {}",
                one.server, one.trouble
            ),
            all => {
                write!(f, "cannot connect to the database on any server, {login}:")?;
                all.iter()
                    .try_for_each(|one| write!(f, "\n  {}: {}", one.server, one.trouble))
            }
        }
    }
}

impl Error for NotConnected {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let said = self.failures.last()?.said.as_ref()?;
        Some(said)
    }
}

/// What the server or the system reports.
#[derive(Debug)]
struct Words(String);

impl Error for Words {}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The innermost cause of an error of the driver: the ones around it only report that there is one.
fn innermost(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return format!("{}: {}", said.severity(), said.message());
    }
    let mut innermost: &dyn Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}
