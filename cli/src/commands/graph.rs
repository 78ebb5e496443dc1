//! `onward graph`.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use onward_analyzer::Analysis;

use crate::named::Named;
use crate::outcome::{CouldNotRun, Outcome};
use crate::picture::{Picture, mermaid, moments, svg, timeline, timeline_svg};

/// Draw the tables of modules with their keys and tenants, or what each file did to them
///
/// Computed from the files, as they leave the schema. Needs no database. Findings of `onward check` do not stop it.
/// A table of tenants, one that all tenants share, and one of a module without tenants have different colours.
///
/// Exit status: 0 when it was drawn, 2 when a folder could not be found.
#[derive(Clone, Debug, Args)]
pub(crate) struct Graph {
    /// Folders of modules, such as migrations/*; keys between them are drawn too.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// What each file does, in the order in which they run, instead of the tables.
    #[arg(long)]
    timeline: bool,
    /// Output format.
    #[arg(long, value_enum, default_value_t = Format::Mermaid)]
    format: Format,
}

/// The formats of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text that GitHub, GitLab and many editors draw inside of a code block.
    Mermaid,
    /// A drawing that every browser shows.
    Svg,
}

pub(crate) fn run(command: &Graph, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let named = Named::all(&command.folders)?;
    let modules: Vec<Analysis> = named.iter().map(Named::analyzed).collect();
    let text = match (command.timeline, command.format) {
        (false, Format::Mermaid) => mermaid(&Picture::of(&modules)),
        (false, Format::Svg) => svg(&Picture::of(&modules)),
        (true, format) => {
            let modules = modules
                .iter()
                .map(|one| (one.module.schema.clone(), moments(one)));
            let modules: Vec<_> = modules.collect();
            match format {
                Format::Mermaid => timeline(&modules),
                Format::Svg => timeline_svg(&modules),
            }
        }
    };
    out.write_all(text.as_bytes())?;
    Ok(Outcome::Good)
}
