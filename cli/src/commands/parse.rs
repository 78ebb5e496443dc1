//! `onward parse`.

use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;
use onward_analyzer::lower::lower;
use onward_analyzer::normalize::Normal;
use onward_analyzer::position::Position;
use onward_analyzer::split::{Raw, Unclosed, split};
use onward_analyzer::statement::{Change, Statement};
use serde::Serialize;

use crate::input::{min_pg_beside, read};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::Format;

/// Show how the statements of an SQL file are understood, one a line
///
/// Prints the place of each statement, its kind and the names of its objects. A statement that cannot
/// be read is an error on its line, and the following ones are still read. Works on any SQL file,
/// not only on migrations, and needs no database.
///
/// Exit status: 0 when every statement was understood, 1 when one was not, 2 when a file could not
/// be read.
#[derive(Clone, Debug, Args)]
pub(crate) struct Parse {
    /// SQL files; `-` reads standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Output format; `json` is one object a line, with byte offsets into the unchanged file.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Oldest PostgreSQL major version that must accept the statements, 15 to 18. Default: for a file
    /// named like a migration, `min_pg` of the `onward.toml` beside it, or 15; for other files 18.
    #[arg(long, value_name = "MAJOR", value_parser = clap::value_parser!(u8).range(15..=18))]
    min_pg: Option<u8>,
}

/// One line of the output. Keys are only ever added.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    start: usize,
    end: usize,
    kind: String,
    objects: Vec<String>,
    error: Option<Wrong>,
}

#[derive(Serialize)]
struct Wrong {
    message: String,
    line: usize,
    column: usize,
}

pub(crate) fn run(command: &Parse, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let mut out = BufWriter::new(out);
    let mut outcome = Outcome::Good;
    for file in &command.files {
        if !parse(file, command, &mut out)? {
            outcome = Outcome::Refused;
        }
    }
    out.flush()?;
    Ok(outcome)
}

/// Writes the statements of a file; `false` when one of them could not be understood.
fn parse(path: &Path, command: &Parse, out: &mut impl Write) -> Result<bool, CouldNotRun> {
    let file = path.to_string_lossy();
    let normal = Normal::of(&read(path, &file)?);
    let min_pg = match command.min_pg {
        Some(min_pg) => min_pg,
        None => min_pg_beside(path)?,
    };
    let mut places = Places::new(&normal.text);
    let mut all_understood = true;
    for part in parts(&normal.text, min_pg) {
        let Position { line, column } = places.of(part.span.start);
        let error = part.error.map(|(message, at)| {
            all_understood = false;
            let Position { line, column } = places.of(at);
            Wrong {
                message,
                line,
                column,
            }
        });
        let line = Line {
            file: &file,
            line,
            column,
            start: normal.original(part.span.start),
            end: normal.original(part.span.end),
            kind: part.kind,
            objects: part.objects,
            error,
        };
        match command.format {
            Format::Text => write_text(out, &line)?,
            Format::Json => {
                serde_json::to_writer(&mut *out, &line).map_err(io::Error::from)?;
                writeln!(out)?;
            }
        }
    }
    Ok(all_understood)
}

fn write_text(out: &mut impl Write, line: &Line<'_>) -> io::Result<()> {
    let Line { file, kind, .. } = line;
    if let Some(wrong) = &line.error {
        let Wrong {
            message,
            line,
            column,
        } = wrong;
        return writeln!(out, "{file}:{line}:{column}: error: {message}");
    }
    write!(out, "{file}:{}:{}: {kind}", line.line, line.column)?;
    match line.objects.join(", ") {
        objects if objects.is_empty() => writeln!(out),
        objects => writeln!(out, " {objects}"),
    }
}

/// What one line shows, with byte offsets into the normalised text.
struct Part {
    span: Range<usize>,
    kind: String,
    objects: Vec<String>,
    error: Option<(String, usize)>,
}

impl Part {
    fn wrong(span: Range<usize>, message: String, at: usize) -> Self {
        Self {
            span,
            kind: "unknown".to_owned(),
            objects: Vec::new(),
            error: Some((message, at)),
        }
    }
}

/// The statements one after the other, so that the tree of only one is in memory.
fn parts(text: &str, min_pg: u8) -> impl Iterator<Item = Part> {
    let split = split(text);
    // Nothing follows a comment that is never closed, so it comes last.
    let comment = split.unclosed_comment.map(|at| {
        let message = unclosed(Unclosed::Comment).to_owned();
        Part::wrong(at..text.len(), message, at)
    });
    let statements = split.statements.into_iter();
    let understood = statements.map(move |raw| understand(text, &raw, min_pg));
    understood.chain(comment)
}

fn understand(text: &str, raw: &Raw, min_pg: u8) -> Part {
    if let Some((what, at)) = raw.unclosed {
        return Part::wrong(raw.span.clone(), unclosed(what).to_owned(), at);
    }
    // Without a folder there is no default schema: a name stays as it is written.
    let statement = lower(text, raw, "");
    Part {
        span: raw.span.clone(),
        kind: statement.kind(),
        objects: statement.objects(),
        error: problem(&statement, min_pg),
    }
}

/// What PostgreSQL's grammar would refuse, and where.
fn problem(statement: &Statement, min_pg: u8) -> Option<(String, usize)> {
    let needs = statement.needs.as_ref();
    if let Some(needs) = needs.filter(|needs| needs.version > min_pg) {
        let message = format!("needs PostgreSQL {}; this is for {min_pg}", needs.version);
        return Some((message, needs.span.start));
    }
    statement.clauses.iter().find_map(|clause| {
        let message = match &clause.change {
            Change::Unknown { problem } => problem.clone(),
            Change::Psql { command } => {
                format!("`{command}` is a psql command, not SQL: the server does not accept it")
            }
            change => {
                let mut inner = change.body().into_iter().flat_map(|body| &body.statements);
                return inner.find_map(|statement| problem(statement, min_pg));
            }
        };
        Some((message, clause.span.start))
    })
}

const fn unclosed(what: Unclosed) -> &'static str {
    match what {
        Unclosed::String => "this string is never closed; write `'` where it ends",
        Unclosed::Identifier => "this quoted identifier is never closed; write `\"` where it ends",
        Unclosed::DollarQuote => {
            "this dollar-quoted text is never closed; write the same tag again where it ends"
        }
        Unclosed::Comment => {
            "this comment is never closed; comments nest, write `*/` once for each `/*`"
        }
    }
}

/// Positions of offsets that mostly grow: each is counted from the one before.
struct Places<'a> {
    text: &'a str,
    at: usize,
    position: Position,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            position: Position { line: 1, column: 1 },
        }
    }

    fn of(&mut self, offset: usize) -> Position {
        if offset < self.at {
            *self = Self::new(self.text);
        }
        let passed = self.text.get(self.at..offset).unwrap_or_default();
        let within = Position::of(passed, passed.len());
        let newlines = within.line - 1;
        self.position = Position {
            line: self.position.line + newlines,
            column: match newlines {
                0 => self.position.column + within.column - 1,
                _ => within.column,
            },
        };
        self.at = offset;
        self.position
    }
}
