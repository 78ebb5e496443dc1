//! `onward tenancy`.

mod live;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::outcome::{CouldNotRun, Outcome};
use crate::output::Format;

/// Prove on a server that tenants are kept apart
///
/// Tries, as the application's role, everything by which one tenant could reach another's rows: each kind of
/// statement through tables, partitions, views, functions, foreign keys and sequences, on fresh and on reused
/// connections. Every attempt has a control, the same with the policy taken away, which must succeed. All of it
/// is rolled back. It locks tables and reads all of them: run it in CI or on a copy.
///
/// Exit status: 0 when every attempt is held, 1 when one leaks or shows nothing, 2 when a folder cannot be read
/// or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Tenancy {
    /// Folders of modules, such as migrations/auth.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    #[command(flatten)]
    live: live::Live,
    /// Output format; `json` is one object with an entry for each attempt.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Tenancy,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    live::run(&command.live, &command.folders, command.format, out, err).await
}
