//! The database that an operator names, and connections to it.

use std::fmt;
use std::fs;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use onward::Connector;
use onward_connect::{NotConnected, Surroundings, Unreadable};
use tokio_postgres::Client;

/// The database of a verb that needs one.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("database")
    .required(!Surroundings::of_the_process().name_a_server())
    .multiple(true)
    .args(["url", "url_file", "env_file"]))]
pub(crate) struct Database {
    #[command(flatten)]
    place: Place,
}

/// The arguments that name a database.
#[derive(Clone, Debug, Args)]
pub(crate) struct Place {
    /// Database to connect to: postgres://user@host:5432/name, or key=value pairs, with all that programs on libpq
    /// read: PG* variables, service files, ~/.pgpass, sslmode. Waits 15 s for an answer, or as many seconds as
    /// `connect_timeout` in it. A password does not belong here: other users see the command line.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    url: Option<String>,
    /// File whose first line is the URL, `-` for standard input; used instead of `--url`.
    #[arg(long, value_name = "FILE")]
    url_file: Option<PathBuf>,
    /// File with variables such as DATABASE_URL and PGHOST, one NAME=value a line; the environment comes first.
    #[arg(long, value_name = "FILE")]
    env_file: Option<PathBuf>,
}

/// Where a run works, and as which role.
#[derive(Clone, Debug, Args)]
pub(crate) struct Server {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    work: Work,
}

/// How a run works on a database.
#[derive(Clone, Debug, Args)]
pub(crate) struct Work {
    /// URL of the server itself, for when `--url` leads to a connection pooler such as PgBouncer; used
    /// instead of `--url`.
    #[arg(
        long,
        value_name = "URL",
        env = "ONWARD_DIRECT_URL",
        hide_env_values = true
    )]
    direct_url: Option<String>,
    /// Role that owns the module's objects; each transaction switches to it with SET LOCAL ROLE.
    /// Default: the role that logs in.
    #[arg(long)]
    role: Option<onward::Role>,
}

impl Server {
    /// The same role on another server.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self {
            database: self.database.at(url),
            work: self.work.here(),
        }
    }

    pub(crate) fn target(&self) -> Result<Target, DatabaseError> {
        self.work.target(&self.database.place)
    }

    pub(crate) const fn role(&self) -> Option<&onward::Role> {
        self.work.role()
    }
}

impl Work {
    /// The same role, on the server of the URL.
    pub(crate) fn here(&self) -> Self {
        Self {
            direct_url: None,
            role: self.role.clone(),
        }
    }

    pub(crate) fn target(&self, place: &Place) -> Result<Target, DatabaseError> {
        let target = place.target_of(self.direct_url.clone())?;
        Ok(target.with_role(self.role.as_ref()))
    }

    pub(crate) const fn role(&self) -> Option<&onward::Role> {
        self.role.as_ref()
    }
}

impl Database {
    /// The same with another URL.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self {
            place: self.place.at(url),
        }
    }

    pub(crate) fn target(&self) -> Result<Target, DatabaseError> {
        self.place.target(None)
    }
}

impl Place {
    /// The same with another URL.
    pub(crate) fn at(&self, url: &str) -> Self {
        Self {
            url: Some(url.to_owned()),
            url_file: None,
            env_file: self.env_file.clone(),
        }
    }

    pub(crate) fn target(&self, role: Option<&onward::Role>) -> Result<Target, DatabaseError> {
        Ok(self.target_of(None)?.with_role(role))
    }

    /// The database that the arguments name; what the environment names is not meant.
    pub(crate) fn named(&self) -> Result<Option<Target>, DatabaseError> {
        let is_named = self.url.is_some() || self.url_file.is_some() || self.env_file.is_some();
        is_named.then(|| self.target(None)).transpose()
    }

    /// Reads the files that the arguments name, and what the URL refers to.
    fn target_of(&self, direct: Option<String>) -> Result<Target, DatabaseError> {
        let mut around = Surroundings::of_the_process();
        if let Some(file) = &self.env_file {
            around = around.with_env_file(&read(file)?);
        }
        let of_file = self.url_file.as_deref().map(read).transpose()?;
        let of_file = of_file.map(|text| text.trim().lines().next().unwrap_or_default().to_owned());
        let given = direct.or(of_file).or_else(|| self.url.clone());
        let url = given.or_else(|| around.variable("DATABASE_URL").map(str::to_owned));
        match url {
            Some(url) => Target::of(&url, &around),
            None if around.name_a_server() => Target::of("", &around),
            None => Err(DatabaseError::Unnamed),
        }
    }
}

/// The text of a file, or of standard input.
pub(crate) fn read(file: &Path) -> Result<String, DatabaseError> {
    let text = match file.to_str() {
        Some("-") => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text).map(|_| text)
        }
        _ => fs::read_to_string(file),
    };
    text.map_err(|source| DatabaseError::File {
        file: file.to_owned(),
        source,
    })
}

/// Whether the process list shows it.
fn is_on_command_line(url: &str) -> bool {
    std::env::args_os().any(|argument| argument.to_string_lossy().ends_with(url))
}

/// What a URL leads to, without its password.
#[derive(Clone)]
pub(crate) struct Target {
    target: onward::Target,
    works_as: Option<String>,
    is_exposed: bool,
}

impl Target {
    fn of(url: &str, around: &Surroundings) -> Result<Self, DatabaseError> {
        let target = onward::Target::read(url, around)?;
        Ok(Self {
            is_exposed: target.has_password_in_url() && is_on_command_line(url),
            target,
            works_as: None,
        })
    }

    /// Where a URL leads that stands in the command line and nowhere else.
    pub(crate) fn named(url: &str, works_as: Option<&onward::Role>) -> Result<Self, DatabaseError> {
        Ok(Self::of(url, &Surroundings::of_the_process())?.with_role(works_as))
    }

    fn with_role(self, works_as: Option<&onward::Role>) -> Self {
        Self {
            works_as: works_as.map(|role| role.as_str().to_owned()),
            ..self
        }
    }

    /// Prints where a command works, before it tries to: also when that fails, an operator has to see it.
    pub(crate) fn announce(&self, err: &mut impl Write) -> io::Result<()> {
        writeln!(err, "{self}")?;
        for note in self.target.notes() {
            writeln!(err, "note: {note}")?;
        }
        if self.is_exposed {
            writeln!(
                err,
                "note: other users of this machine can read the password in the process list; put the URL into \
                 DATABASE_URL or a file for --url-file, or the password into ~/.pgpass"
            )?;
        }
        Ok(())
    }

    /// Another database of the same server.
    pub(crate) fn with_database(&self, name: &str) -> Self {
        Self {
            target: self.target.clone().with_database(name),
            works_as: self.works_as.clone(),
            is_exposed: false,
        }
    }

    /// For a run, which opens its own connections.
    pub(crate) fn connector(&self) -> Connector {
        Connector::to(self.target.clone())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.target)?;
        match &self.works_as {
            Some(owner) => write!(f, ", works as {owner}"),
            None => Ok(()),
        }
    }
}

/// Why there is no connection. None of these texts holds the URL, which may have a password in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    #[error(transparent)]
    Url(#[from] Unreadable),
    #[error("no database is named: give --url, or set DATABASE_URL or PGHOST")]
    Unnamed,
    #[error(transparent)]
    Connect(#[from] NotConnected),
    #[error("`{}` cannot be read", file.display())]
    File {
        file: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// Opens one connection.
pub(crate) async fn connect(target: &Target) -> Result<Client, DatabaseError> {
    let mut config = target.target.config().clone();
    if config.get_application_name().is_none() {
        config.application_name("onward");
    }
    Ok(target.target.open(&config).await?.client)
}
