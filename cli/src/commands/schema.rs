//! `onward schema`.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use onward_analyzer::folded::script;

use crate::input::read;
use crate::named::Named;
use crate::outcome::{CouldNotRun, Outcome};
use crate::picture::{Picture, dbml, diesel};

/// Print the schema of a module as its files leave it, as one file to review
///
/// Computed from the files; needs no database. The SQL creates the same schema on an empty server as the migrations do, so
/// that a pull request shows the result beside the steps. Rows of seeds are no part of it. For diesel it is the `schema.rs`
/// of the tables, and for DBML what drawing tools read.
///
/// Exit status: 0 when it was printed, or is equal to the file of --check; 1 when that differs; 2 when a folder or file
/// cannot be read.
#[derive(Clone, Debug, Args)]
pub(crate) struct Schema {
    /// Folder of the module, such as migrations/auth.
    folder: PathBuf,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Sql)]
    format: Format,
    /// File that an earlier run has written: compares instead of printing, for CI.
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
}

/// The formats of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The statements that create it.
    Sql,
    /// `schema.rs` for diesel.
    Diesel,
    /// DBML.
    Dbml,
}

pub(crate) fn run(command: &Schema, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let analysis = Named::of(&command.folder)?.analyzed();
    let text = match command.format {
        Format::Sql => script(&analysis.module),
        Format::Diesel => diesel(&Picture::of(&[analysis])),
        Format::Dbml => dbml(&Picture::of(&[analysis])),
    };
    let Some(file) = &command.check else {
        out.write_all(text.as_bytes())?;
        return Ok(Outcome::Good);
    };
    let shown = file.display().to_string();
    let known = read(file, &shown)?.replace("\r\n", "\n");
    if known == text {
        writeln!(out, "{shown} is as the files leave the schema")?;
        return Ok(Outcome::Good);
    }
    let mut pairs = known.lines().zip(text.lines()).zip(1..);
    let first = pairs.find(|((one, other), _)| one != other);
    let (line, is, should) = match first {
        Some(((is, should), line)) => (line, is, should),
        None => (known.lines().count().min(text.lines().count()) + 1, "", ""),
    };
    writeln!(
        out,
        "{shown}:{line}: differs from the schema that the files leave\n  is:        {is}\n  should be: {should}\n\
         Write it again: onward schema {} --format {} > {shown}",
        command.folder.display(),
        word(command.format)
    )?;
    Ok(Outcome::Refused)
}

/// As the command line writes it.
fn word(format: Format) -> String {
    let value = format.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}
