//! `onward tenancy`.

mod live;
mod offline;

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::outcome::{CouldNotRun, Outcome};

/// Show for each table and command whether the policies keep tenants apart; with `--url`, prove it on a server
///
/// PROVEN: no session reaches a row of another tenant. LEAK: one does, and the line below says which. UNVERIFIED: the
/// files do not decide it, and the line below says what is not known. Needs no database: the migrations are read as
/// the compiler reads them. Tables and settings come from `[tenancy]` in onward.toml.
///
/// With `--url` it tries on that server, as the application's role, everything by which one tenant could reach
/// another's rows: each kind of statement through tables, partitions, views, functions, foreign keys and sequences,
/// on fresh and on reused connections. Every attempt has a control, the same with the policy taken away, which must
/// succeed. All of it is rolled back. It locks tables and reads all of them: run it in CI or on a copy.
///
/// Exit status: 0 when nothing leaks, 1 when something does, when an attempt shows nothing, or with an error of the
/// rules about tenants, 2 when a folder cannot be read or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Tenancy {
    /// Folders of modules, such as migrations/auth.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    live: live::Live,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The output formats of `onward tenancy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people, and below it what leaks and what is not known.
    Text,
    /// One JSON document: an object for each folder; with `--url` one with an entry for each attempt.
    Json,
    /// SARIF 2.1.0 with the findings of the rules about tenants; not with `--url`.
    Sarif,
}

pub(crate) async fn run(
    command: &Tenancy,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let Tenancy {
        folders,
        live,
        format,
    } = command;
    match (&live.url, format) {
        (None, format) => offline::run(folders, *format, out),
        (Some(url), Format::Text) => {
            live::run(live, url, folders, live::write_text, out, err).await
        }
        (Some(url), Format::Json) => {
            live::run(live, url, folders, live::write_json, out, err).await
        }
        (Some(_), Format::Sarif) => Err(CouldNotRun::NoSarif),
    }
}

impl Tenancy {
    /// Whether people read the answer.
    pub(crate) fn is_text(&self) -> bool {
        self.format == Format::Text
    }

    /// Whether failures are JSON too.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }
}
