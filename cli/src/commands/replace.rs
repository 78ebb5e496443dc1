//! `onward replace`.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use onward_analyzer::directive::{Moved, column};
use onward_analyzer::finding::SuggestedFile;
use onward_analyzer::replace::{Generated, Part, Request, Wanted, generate};
use onward_analyzer::{Analysis, report};
use serde_json::json;

use crate::named::{FolderError, Named};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format};

/// Replace a column while old and new code use the table: writes the files of the whole series
///
/// A startup file with the new column and a trigger that keeps both equal, a data migration that fills the rows which
/// exist, and release files: NOT NULL, indexes and keys beside the old ones, foreign keys, and, as the last, the end of
/// the old column. They are plain files, and yours: read them, change them, check them in.
///
/// Another name only: `onward replace migrations/shop shop.orders.total price`. Another type: with --type. Other values:
/// with --using and --back. Several columns: with --into for each. Another table: with --to and --by.
///
/// Exit status: 0 when the series is written or printed, 1 when the column cannot be replaced like this, 2 when the folder
/// has errors or a file cannot be written.
#[derive(Clone, Debug, Args)]
pub(crate) struct Replace {
    /// Folder of the module, such as migrations/shop.
    folder: PathBuf,
    /// Column to replace, such as shop.orders.total.
    column: String,
    /// New column in the same table, such as total_cents.
    #[arg(required_unless_present_any = ["into", "to", "keep_name", "only"])]
    new: Option<String>,
    /// Type of the new column. Default: that of the old one.
    #[arg(long = "type", value_name = "TYPE", conflicts_with = "into")]
    data_type: Option<String>,
    /// Value of the new column, as an expression over the old one: 'round(total * 100)'.
    #[arg(long, value_name = "EXPRESSION", conflicts_with = "into")]
    using: Option<String>,
    /// Value of the old column, as an expression over the new ones: 'total_cents / 100.0'.
    #[arg(long, value_name = "EXPRESSION")]
    back: Option<String>,
    /// One of several new columns, with its expression: "first text using split_part(name, ' ', 1)".
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["new", "to", "keep_name"])]
    into: Vec<String>,
    /// New column in another table, such as shop.order_totals.total.
    #[arg(long, value_name = "COLUMN", requires = "by", conflicts_with_all = ["new", "keep_name"])]
    to: Option<String>,
    /// Columns of that table that hold the primary key of the old column's table.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', requires = "to")]
    by: Vec<String>,
    /// The new column takes the old name when the old column is dropped: for a wider key. Code has to cast it in between.
    #[arg(long)]
    keep_name: bool,
    /// Write only the files that begin the series, or only the one that ends it.
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// Print the files, and write none.
    #[arg(long)]
    dry_run: bool,
    /// Output format; `json` is one object.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// A part of the series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Only {
    /// All files but the one that drops the old column.
    Begin,
    /// The file that drops the old column.
    End,
}

pub(crate) fn run(command: &Replace, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let analysis = analysis(command)?;
    let request = match request(command, &analysis.module.schema) {
        Ok(request) => request,
        Err(why) => return refused(command, &[why], out),
    };
    let series = generate(
        &analysis.module,
        &analysis.schema,
        &analysis.replacements,
        &request,
    );
    let series = match series {
        Ok(series) => series,
        Err(why) => return refused(command, &why, out),
    };
    if !command.dry_run {
        for file in &series.files {
            // Another process may have taken the number meanwhile.
            File::create_new(command.folder.join(&file.file))?.write_all(file.sql.as_bytes())?;
        }
    }
    say(command, &series, out)?;
    Ok(Outcome::Good)
}

/// The folder, without errors: a series is generated from what the files create.
fn analysis(command: &Replace) -> Result<Analysis, CouldNotRun> {
    let analysis = Named::of(&command.folder)?.analyzed();
    match analysis.plan.is_some() {
        true => Ok(analysis),
        false => Err(CouldNotRun::Folder(FolderError::Findings {
            folder: command.folder.clone(),
            reports: report::by_file(&analysis.findings, &analysis.module.texts),
        })),
    }
}

fn request(command: &Replace, schema: &str) -> Result<Request, String> {
    let read = |text: &str| {
        column(text, schema).ok_or_else(|| {
            format!("`{text}` does not name a column of a table: write {schema}.<table>.<column>")
        })
    };
    let (table, old) = read(&command.column)?;
    let one = |column: String| Wanted {
        column,
        data_type: command.data_type.clone(),
        using: command.using.clone(),
    };
    let mut moved = None;
    let targets = match (&command.new, &command.to) {
        (_, Some(to)) => {
            let (table, column) = read(to)?;
            let by = command.by.iter().map(|by| by.trim().to_owned()).collect();
            moved = Some(Moved { table, by });
            vec![one(column)]
        }
        (Some(new), None) => vec![one(folded(new))],
        (None, None) if command.keep_name => vec![one(format!("{old}_new"))],
        (None, None) => command
            .into
            .iter()
            .map(|text| into(text))
            .collect::<Result<_, _>>()?,
    };
    Ok(Request {
        table,
        column: old,
        targets,
        back: command.back.clone(),
        moved,
        keeps_name: command.keep_name,
        part: match command.only {
            None => Part::All,
            Some(Only::Begin) => Part::Begin,
            Some(Only::End) => Part::End,
        },
    })
}

/// A name as PostgreSQL folds it.
fn folded(name: &str) -> String {
    match name
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'))
    {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => name.to_lowercase(),
    }
}

/// `first text using split_part(name, ' ', 1)`; without the type, that of the old column.
fn into(text: &str) -> Result<Wanted, String> {
    let wrong = || {
        format!(
            "`{text}` does not say how the column is computed: write \"<column> <type> using <expression>\""
        )
    };
    let at = text
        .to_ascii_lowercase()
        .find(" using ")
        .ok_or_else(wrong)?;
    let (head, using) = text.split_at(at);
    let (name, data_type) = head
        .trim()
        .split_once(char::is_whitespace)
        .unwrap_or((head.trim(), ""));
    let data_type = data_type.trim();
    Ok(Wanted {
        column: folded(name),
        data_type: (!data_type.is_empty()).then(|| data_type.to_owned()),
        using: using
            .get(" using ".len()..)
            .map(|using| using.trim().to_owned()),
    })
}

fn refused(
    command: &Replace,
    why: &[String],
    out: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    match command.format {
        Format::Json => {
            let document = json!({ "format_version": FORMAT_VERSION, "refused": why });
            writeln!(out, "{document:#}")?;
        }
        Format::Text => {
            writeln!(
                out,
                "{} is not replaced, and no file is written:",
                command.column
            )?;
            why.iter().try_for_each(|why| writeln!(out, "  {why}"))?;
        }
    }
    Ok(Outcome::Refused)
}

fn say(command: &Replace, series: &Generated, out: &mut impl Write) -> Result<(), CouldNotRun> {
    if command.format == Format::Json {
        let file = |file: &SuggestedFile| json!({ "name": file.file, "sql": file.sql });
        let document = json!({
            "format_version": FORMAT_VERSION,
            "folder": command.folder.display().to_string(),
            "column": series.series.old(),
            "by": series.series.targets.iter().map(|target| &target.column).collect::<Vec<_>>(),
            "files": series.files.iter().map(file).collect::<Vec<_>>(),
            "left_to_do": series.left,
            "ends": !series.is_open && command.only != Some(Only::Begin),
            "written": !command.dry_run,
        });
        writeln!(out, "{document:#}")?;
        return Ok(());
    }
    for file in &series.files {
        match command.dry_run {
            true => writeln!(out, "-- {}\n{}", file.file, file.sql)?,
            false => writeln!(out, "{}", command.folder.join(&file.file).display())?,
        }
    }
    for left in &series.left {
        writeln!(out, "left to do: {left}")?;
    }
    let (folder, old, new) = (
        command.folder.display(),
        series.series.old(),
        series.series.successors(),
    );
    if series.is_open {
        writeln!(
            out,
            "{old} cannot be dropped before that. Then: onward replace {folder} {old} --only end"
        )?;
    } else if command.only == Some(Only::Begin) {
        writeln!(
            out,
            "When no code names {old}: onward replace {folder} {old} --only end"
        )?;
    } else if let (Some(last), false) = (series.files.last(), series.series.keeps_name) {
        writeln!(
            out,
            "{} takes {old} away: release it when all code that runs uses {new}.",
            last.file
        )?;
    }
    Ok(())
}
