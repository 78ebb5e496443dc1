//! `onward parse`.

use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::ops::Range;
use std::path::Path;

use onward_analyzer::lower::lower;
use onward_analyzer::original::Normal;
use onward_analyzer::position::Position;
use onward_analyzer::split::{Raw, Unclosed, split};
use onward_analyzer::statement::{Change, Statement};
use serde::Serialize;

use crate::args::{Format, Parse as Command};
use crate::{CouldNotRun, Outcome};

/// Why a file is no text to parse.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("cannot read `{file}`; name an SQL file that exists, or `-` for standard input")]
    Io { file: String, source: io::Error },
    #[error("`{file}` is not UTF-8 from byte {at} on; save it as UTF-8")]
    NotUtf8 { file: String, at: usize },
    #[error("`{file}` holds a NUL byte at offset {at}, where PostgreSQL stops reading; remove it")]
    Nul { file: String, at: usize },
}

/// One line of the answer. Keys are only ever added.
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

pub(crate) fn run(command: &Command, out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    let file = command.file.to_string_lossy();
    let normal = Normal::of(&read(&command.file, &file)?);
    let mut out = BufWriter::new(out);
    let mut places = Places::new(&normal.text);
    let mut outcome = Outcome::Good;
    for part in parts(&normal.text) {
        let Position { line, column } = places.of(part.span.start);
        let error = part.error.map(|(message, at)| {
            outcome = Outcome::Refused;
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
            Format::Text => write_text(&mut out, &line)?,
            Format::Json => writeln!(out, "{}", serde_json::json!(line))?,
        }
    }
    out.flush()?;
    Ok(outcome)
}

fn read(path: &Path, shown: &str) -> Result<String, FileError> {
    let file = || shown.to_owned();
    let mut bytes = Vec::new();
    let result = if path == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        fs::read(path).map(|read| bytes = read)
    };
    result.map_err(|source| FileError::Io {
        file: file(),
        source,
    })?;
    let text = String::from_utf8(bytes).map_err(|error| FileError::NotUtf8 {
        file: file(),
        at: error.utf8_error().valid_up_to(),
    })?;
    match text.find('\0') {
        Some(at) => Err(FileError::Nul { file: file(), at }),
        None => Ok(text),
    }
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

/// What one line is about, with places in the normalised text.
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

/// The statements one after the other, so that only one at a time is in memory as a tree.
fn parts(text: &str) -> impl Iterator<Item = Part> {
    let split = split(text);
    // Nothing follows a comment without an end, so it comes last.
    let comment = split.unclosed_comment.map(|at| {
        let message = unclosed(Unclosed::Comment).to_owned();
        Part::wrong(at..text.len(), message, at)
    });
    let statements = split.statements.into_iter();
    statements.map(|raw| understand(text, &raw)).chain(comment)
}

fn understand(text: &str, raw: &Raw) -> Part {
    if let Some((what, at)) = raw.unclosed {
        return Part::wrong(raw.span.clone(), unclosed(what).to_owned(), at);
    }
    // Without a folder no schema is known, and a name stays as it is written.
    let statement = lower(text, raw, "");
    Part {
        span: raw.span.clone(),
        kind: statement.kind(),
        objects: statement.objects(),
        error: problem(&statement),
    }
}

/// What PostgreSQL's grammar would refuse, and where.
fn problem(statement: &Statement) -> Option<(String, usize)> {
    statement.clauses.iter().find_map(|clause| {
        let message = match &clause.change {
            Change::Unknown { problem } => problem.clone(),
            Change::Psql { command } => {
                format!("`{command}` is a command of psql and no SQL; the server does not know it")
            }
            _ => return None,
        };
        Some((message, clause.span.start))
    })
}

const fn unclosed(what: Unclosed) -> &'static str {
    match what {
        Unclosed::String => "this string is never closed; write `'` where it ends",
        Unclosed::Identifier => "this quoted identifier is never closed; write `\"` where it ends",
        Unclosed::DollarQuote => {
            "this dollar-quoted text is never closed; write the same tag once more where it ends"
        }
        Unclosed::Comment => {
            "this comment is never closed; comments nest, write `*/` once for each `/*`"
        }
    }
}

/// Positions of offsets that mostly grow: each goes on from the one before.
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
