//! Why a connection string and its surroundings lead nowhere.

use std::io;
use std::path::PathBuf;

/// Why a URL, or what it refers to, cannot be used. None of these texts holds the URL or a password.
///
/// ```
/// use onward_connect::{Surroundings, Target};
///
/// let error = Target::read("postgres://me:a@b@host/db", &Surroundings::none()).err();
/// assert!(error.is_some_and(|error| error.to_string().contains("write `@` as %40")));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// It is neither a URL nor `key=value` pairs.
    #[error("the URL cannot be read: write it as postgres://user@host:5432/name")]
    Url,
    /// There is none, and no variable of the environment names a server either.
    #[error(
        "the URL is empty: write it as postgres://user@host:5432/name, or set PGHOST or PGSERVICE"
    )]
    Empty,
    /// A `%` without two hexadecimal digits behind it.
    #[error(
        "the URL cannot be read: write `%` as %25, and other bytes as % and two hexadecimal digits"
    )]
    Percent,
    /// A second `@`.
    #[error("the URL cannot be read: in a password, write `@` as %40")]
    AtInPassword,
    /// A `/` before the `@`.
    #[error("the URL cannot be read: in a user name or password, write `/` as %2F")]
    SlashInPassword,
    /// A value that the parameter does not take. The value is not shown.
    #[error("the URL cannot be read: {place} cannot be used, it takes {takes}")]
    Value {
        /// The parameter, and where it was given.
        place: String,
        /// What it takes.
        takes: &'static str,
    },
    /// A parameter that is nearly one that is known.
    #[error("there is no parameter `{given}`; did you mean `{meant}`?")]
    Misspelt {
        /// As it was given.
        given: String,
        /// The known one.
        meant: &'static str,
    },
    /// A parameter that demands what is not done.
    #[error("{place} asks for a check that is not supported: leave it out, or connect another way")]
    Unsupported {
        /// The parameter, and where it was given.
        place: String,
    },
    /// Two lists of which one entry belongs to one server.
    #[error("there are {servers} hosts and {others} {what}: give one for all, or one for each")]
    Count {
        /// How many hosts.
        servers: usize,
        /// How many of the others.
        others: usize,
        /// What the others are.
        what: &'static str,
    },
    /// No service file has the service.
    #[error(
        "there is no service `{name}` in {}: write a section [{name}] into one of them",
        shown(files)
    )]
    NoService {
        /// Its name.
        name: String,
        /// The files that were looked at.
        files: Vec<PathBuf>,
    },
    /// A line of a service file.
    #[error("{}:{line}: a line of a service file is `parameter=value`, without blanks around the name", file.display())]
    ServiceFile {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// Two wishes that exclude each other.
    #[error("{0}")]
    Weak(&'static str),
    /// TLS is asked for, and this program has none.
    #[error(
        "sslmode={0} needs TLS, and this program is built without it: add the feature `tls` of the crate onward"
    )]
    NoTls(&'static str),
    /// A file of a certificate or a key.
    #[error("{what} {} cannot be used: {why}", file.display())]
    Pem {
        /// What it holds.
        what: &'static str,
        /// The file.
        file: PathBuf,
        /// What is wrong, and what to do.
        why: String,
    },
    /// A file that cannot be read.
    #[error("{what} {} cannot be read", file.display())]
    File {
        /// What it holds.
        what: &'static str,
        /// The file.
        file: PathBuf,
        /// What the system reports.
        source: io::Error,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

fn shown(files: &[PathBuf]) -> String {
    let files: Vec<_> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    match files.is_empty() {
        true => "any file, because PGSERVICEFILE and HOME are not set".to_owned(),
        false => files.join(" and "),
    }
}
