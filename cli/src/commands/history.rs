//! `onward history`.

use std::io::{self, Write};

use clap::Args;
use onward::{HistoryLine, history};
use serde::Serialize;

use crate::bridge::Seen;
use crate::connect::{Database, connect};
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format, write_json};

/// Show what was done to the schema of a module: what, when, by which role, how long, and by which program
///
/// Prints the lines of the ledger in order, with those that `onward status` does not show: attempts that failed, data
/// migrations that began, what operators decided and why. Changes nothing and blocks no other session.
///
/// Exit status: 0 when the history was printed, 2 when the ledger does not exist or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct History {
    /// Folders of modules, such as migrations/auth.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<Module>,
    #[command(flatten)]
    database: Database,
    /// Output format; `json` is one array with an object for each folder.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &History,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let modules = Seen::all(&command.folders)?;
    let target = command.database.target()?;
    target.announce(err)?;
    let client = connect(&target).await?;
    let mut all = Vec::new();
    for module in &modules {
        let lines = history(&client, &module.plan).await;
        all.push((module.plan.schema(), lines.map_err(CouldNotRun::Verify)?));
    }
    match command.format {
        Format::Text => {
            for (schema, lines) in &all {
                writeln!(out, "{schema}")?;
                write_lines(out, lines)?;
            }
        }
        Format::Json => {
            let all = all.iter().map(|(schema, lines)| HistoryJson {
                format_version: FORMAT_VERSION,
                schema,
                lines: lines.iter().map(LineJson::new).collect(),
            });
            write_json(out, &all.collect::<Vec<_>>())?;
        }
    }
    Ok(Outcome::Good)
}

/// Columns as wide as their widest text.
fn write_lines(out: &mut impl Write, lines: &[HistoryLine]) -> io::Result<()> {
    let width = |of: fn(&HistoryLine) -> &str| {
        let widths = lines.iter().map(|line| of(line).chars().count());
        widths.max().unwrap_or(0)
    };
    let (events, names) = (width(|line| &line.event), width(|line| &line.name));
    let roles = width(|line| &line.by);
    for line in lines {
        let took = line.duration.map(|took| format!("{} ms", took.as_millis()));
        let attempt = (line.attempt > 1).then(|| format!(", attempt {}", line.attempt));
        let oldest = line.compatible_from.as_ref();
        let oldest = oldest.map(|oldest| format!(", binaries from {oldest} on start"));
        let text = format!(
            "  #{:<4} {}  {:<events$}  {:<names$}  {:<roles$}  {:>8}  {}{}{}",
            line.seq,
            line.at.get(..19).unwrap_or(&line.at),
            line.event,
            line.name,
            line.by,
            took.unwrap_or_default(),
            line.build,
            attempt.unwrap_or_default(),
            oldest.unwrap_or_default()
        );
        writeln!(out, "{}", text.trim_end())?;
    }
    Ok(())
}

/// Keys are only ever added.
#[derive(Serialize)]
struct HistoryJson<'a> {
    format_version: u8,
    schema: &'a str,
    lines: Vec<LineJson<'a>>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    seq: i64,
    event: &'a str,
    category: &'a str,
    version: &'a str,
    name: &'a str,
    attempt: i32,
    by: &'a str,
    at: &'a str,
    duration_ms: Option<u128>,
    build: &'a str,
    compatible_from: Option<&'a str>,
    checksum: &'a str,
}

impl<'a> LineJson<'a> {
    fn new(line: &'a HistoryLine) -> Self {
        Self {
            seq: line.seq,
            event: &line.event,
            category: &line.category,
            version: &line.version,
            name: &line.name,
            attempt: line.attempt,
            by: &line.by,
            at: &line.at,
            duration_ms: line.duration.map(|took| took.as_millis()),
            build: &line.build,
            compatible_from: line.compatible_from.as_deref(),
            checksum: &line.checksum,
        }
    }
}
