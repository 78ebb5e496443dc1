//! What became of each database: a line for each in one table, or one JSON document that is written as it grows.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::Words;
use crate::outcome::Outcome;
use crate::output::{FORMAT_VERSION, Format, count};

/// How many characters of an answer are in the table.
const MOST: usize = 160;

/// One database that was asked.
pub(super) struct Ended {
    pub(super) name: String,
    pub(super) outcome: Outcome,
    pub(super) took: Duration,
    /// The document that the verb prints, or that of its failure.
    pub(super) answer: Value,
}

impl Ended {
    /// A line as soon as it has ended.
    pub(super) fn news(&self, words: &Words, line: fn(&Value) -> String) -> String {
        let (word, took) = (word(words, self.outcome), self.took);
        let line = short(&self.answer, line);
        format!("{}: {word} after {took:.1?}: {line}", self.name)
    }
}

const fn word(words: &Words, outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Good => words.good,
        Outcome::Refused => words.refused,
        Outcome::CouldNotRun => NO_ANSWER,
    }
}

const NO_ANSWER: &str = "no answer";
const NOT_TRIED: &str = "not tried";
const INTERRUPTED: &str = "interrupted";

/// A failure is the same document for all verbs; `up` has it behind those that succeeded.
fn short(answer: &Value, line: fn(&Value) -> String) -> String {
    let all = answer.as_array().map(Vec::as_slice);
    let failure = all.and_then(<[Value]>::last).unwrap_or(answer);
    let text = match failure["error"].as_str() {
        Some(error) => {
            let because = failure["because"]
                .as_str()
                .map(|why| format!("; because: {why}"));
            [error, &because.unwrap_or_default()].concat()
        }
        None => line(answer),
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(MOST) {
        Some((at, _)) => {
            let whole = text[..at].rfind(' ').unwrap_or(at);
            format!("{} ...", &text[..whole])
        }
        None => text,
    }
}

/// The answers so far. The table keeps a line for each database, and JSON keeps nothing.
pub(super) struct Report<'o, W> {
    format: Format,
    words: Words,
    out: &'o mut W,
    rows: Vec<[String; 3]>,
    /// All names, in the order of the table.
    order: Vec<String>,
    counts: Vec<(&'static str, usize)>,
    /// Those that were in flight when the command was interrupted have no row.
    known: Vec<String>,
}

#[derive(Serialize)]
struct TargetJson<'a> {
    target: &'a str,
    outcome: &'a str,
    duration_ms: Option<u128>,
    answer: Option<&'a Value>,
}

impl<'o, W: Write> Report<'o, W> {
    pub(super) fn new(
        format: Format,
        words: Words,
        order: Vec<String>,
        out: &'o mut W,
    ) -> io::Result<Self> {
        if format == Format::Json {
            write!(
                out,
                "{{\n\"format_version\": {FORMAT_VERSION},\n\"targets\": ["
            )?;
        }
        Ok(Self {
            format,
            words,
            out,
            rows: Vec::new(),
            order,
            counts: Vec::new(),
            known: Vec::new(),
        })
    }

    pub(super) fn add(&mut self, ended: Ended, line: fn(&Value) -> String) -> io::Result<()> {
        let word = word(&self.words, ended.outcome);
        self.row(&ended.name, word, Some((ended.took, &ended.answer)), line)
    }

    pub(super) fn untried(&mut self, name: &str) -> io::Result<()> {
        self.row(name, NOT_TRIED, None, |_| String::new())
    }

    /// One of the wave that was in flight; those of it that had ended are in the report.
    pub(super) fn interrupted(&mut self, name: &str) -> io::Result<()> {
        match self.known.iter().any(|known| known == name) {
            true => Ok(()),
            false => self.row(name, INTERRUPTED, None, |_| String::new()),
        }
    }

    fn row(
        &mut self,
        name: &str,
        word: &'static str,
        answer: Option<(Duration, &Value)>,
        line: fn(&Value) -> String,
    ) -> io::Result<()> {
        let is_first = self.counts.is_empty();
        match self.counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => self.counts.push((word, 1)),
        }
        self.known.push(name.to_owned());
        match self.format {
            Format::Text => {
                let text = answer.map(|(_, answer)| short(answer, line));
                let text = text.unwrap_or_default();
                self.rows.push([name.to_owned(), word.to_owned(), text]);
                Ok(())
            }
            Format::Json => {
                let document = TargetJson {
                    target: name,
                    outcome: word,
                    duration_ms: answer.map(|(took, _)| took.as_millis()),
                    answer: answer.map(|(_, answer)| answer),
                };
                writeln!(self.out, "{}", if is_first { "" } else { "," })?;
                serde_json::to_writer(&mut *self.out, &document)?;
                self.out.flush()
            }
        }
    }

    pub(super) fn end(self, is_interrupted: bool) -> io::Result<()> {
        let Self {
            format,
            out,
            words,
            mut rows,
            order,
            mut counts,
            ..
        } = self;
        let known = [words.good, words.refused, NO_ANSWER, NOT_TRIED, INTERRUPTED];
        counts.sort_by_key(|(word, _)| known.iter().position(|known| known == word));
        if format == Format::Json {
            let counts: serde_json::Map<_, _> = { counts.iter() }
                .map(|(word, count)| ((*word).to_owned(), Value::from(*count)))
                .collect();
            let counts = Value::Object(counts);
            return writeln!(
                out,
                "\n],\n\"counts\": {counts},\n\"interrupted\": {is_interrupted}\n}}"
            );
        }
        rows.sort_by_key(|[name, ..]| order.iter().position(|known| known == name));
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
        let (names, words) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
        for [name, word, text] in &rows {
            let line = format!("{name:<names$}  {word:<words$}  {text}");
            writeln!(out, "{}", line.trim_end())?;
        }
        let counted = counts.iter().map(|(word, count)| format!("{count} {word}"));
        let counted = counted.collect::<Vec<_>>().join(", ");
        writeln!(out, "{}: {counted}", count(rows.len(), "database"))
    }
}
