//! `onward new`.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use onward_analyzer::file_name::Category;
use serde::Serialize;

use crate::new_file::create;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format, write_json};

/// Create the next file of a module, with the number that is free
///
/// A startup migration unless another kind is named. The file begins with comments that say when it runs; the
/// statements are yours. Creates the folder if it does not exist and the folder above it does.
///
/// Exit status: 0 when the file was created, 2 when the name is not valid, no number is free, or the file cannot be
/// written.
#[derive(Clone, Debug, Args)]
#[command(group = clap::ArgGroup::new("kind"))]
pub(crate) struct New {
    /// Folder of the module, such as migrations/auth.
    folder: PathBuf,
    /// What the file does, such as add_users_email: lower case, digits and `_`.
    name: String,
    /// A release migration, 100-199: an operator runs it before the deploy.
    #[arg(long, group = "kind")]
    release: bool,
    /// A seed, S001-S999: rows that belong to the schema.
    #[arg(long, group = "kind")]
    seed: bool,
    /// A data migration, DM001-DM999: a worker runs it beside the service.
    #[arg(long, group = "kind")]
    data: bool,
    /// Output format; `json` is one object.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Keys are only ever added.
#[derive(Serialize)]
struct NewJson {
    format_version: u8,
    version: String,
    category: &'static str,
    path: String,
}

pub(crate) fn run(command: &New, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let (version, path) = create(&command.folder, &command.name, command.category())?;
    let path = path.display().to_string();
    match command.format {
        Format::Text => writeln!(out, "{path}")?,
        Format::Json => write_json(
            out,
            &NewJson {
                format_version: FORMAT_VERSION,
                version: version.to_string(),
                category: version.category.word(),
                path,
            },
        )?,
    }
    Ok(Outcome::Good)
}

impl New {
    const fn category(&self) -> Category {
        match (self.release, self.seed, self.data) {
            (true, _, _) => Category::Release,
            (_, true, _) => Category::Seed,
            (_, _, true) => Category::Data,
            (false, false, false) => Category::Startup,
        }
    }
}
