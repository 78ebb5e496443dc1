//! One verb on many databases: a canary, then waves, and one table at the end.
//!
//! Nothing is remembered between two runs. What a database has is in its ledger, so a second run does what is left.

mod order;
mod report;

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde_json::Value;

use self::order::{Progress, waves};
use self::report::{Ended, Report};
use crate::ctrl_c::Interrupt;
use crate::failure::FailureJson;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, count};
use crate::targets::{Target, named};

/// How many databases at a time, unless `--width` is given.
const WIDTH: usize = 8;

/// Which databases, and in which order.
#[derive(Clone, Debug, Args)]
pub(crate) struct Fleet {
    /// File with a database a line, its name and then its URL, `-` for standard input; `#` begins a comment. The
    /// verb does its work on each of them, and `--url` is not read.
    #[arg(long, value_name = "FILE", groups = ["database", "fleet"])]
    targets: Option<PathBuf>,
    /// Command that prints such lines; `sh -c` runs it.
    #[arg(long, value_name = "COMMAND", groups = ["database", "fleet"])]
    targets_from: Option<String>,
    /// Name of the database that is first, and alone: the others begin when it has succeeded.
    #[arg(long, value_name = "NAME", requires = "fleet")]
    canary: Option<String>,
    /// How many databases at a time. The next wave begins when all of the one before have ended. Default: 8.
    #[arg(long, value_name = "NUMBER", requires = "fleet", value_parser = clap::value_parser!(u16).range(1..=1000))]
    width: Option<u16>,
    /// How many databases may fail until no further wave begins. Default: 1 for verbs that change databases; the
    /// others ask all of them.
    #[arg(long, value_name = "NUMBER", requires = "fleet", value_parser = clap::value_parser!(u16).range(1..))]
    quota: Option<u16>,
}

impl Fleet {
    /// Whether the verb works on many databases.
    pub(crate) const fn is_named(&self) -> bool {
        self.targets.is_some() || self.targets_from.is_some()
    }
}

/// The words for how a verb ended on one database.
pub(crate) struct Words {
    pub(crate) good: &'static str,
    pub(crate) refused: &'static str,
}

/// A verb that can do its work on many databases.
pub(crate) trait Verb: Sized {
    /// Whether a failure keeps it from the databases that are still to come.
    const CHANGES: bool;
    /// How it ended, in a word.
    const WORDS: Words;

    fn fleet(&self) -> &Fleet;

    fn format(&self) -> Format;

    /// The same with plans for its folders, which are read once; writes what a reader has to know about them.
    fn read(&self, err: &mut impl Write) -> Result<Self, CouldNotRun>;

    /// The same on this database, with an answer in JSON.
    fn on(&self, url: &str) -> Self;

    async fn answer(&self, out: &mut Vec<u8>, err: &mut Vec<u8>) -> Result<Outcome, CouldNotRun>;

    /// An answer in a line.
    fn line(answer: &Value) -> String;
}

/// Runs the verb on all databases that the fleet names.
pub(crate) async fn run<V: Verb>(
    verb: &V,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let fleet = verb.fleet();
    let targets = named(fleet.targets.as_deref(), fleet.targets_from.as_deref())?;
    let width = fleet.width.map_or(WIDTH, usize::from);
    let all = waves(targets, fleet.canary.as_deref(), width)?;
    let verb = verb.read(err)?;
    announce(&all, fleet.canary.as_deref(), width, err)?;
    let quota = match (fleet.quota, V::CHANGES) {
        (Some(quota), _) => Some(usize::from(quota)),
        (None, true) => Some(1),
        (None, false) => None,
    };
    let mut progress = Progress::new(quota, fleet.canary.is_some());
    let names = all.iter().flatten().map(|target| target.name.clone());
    let mut report = Report::new(verb.format(), V::WORDS, names.collect(), out)?;
    let mut interrupt = Interrupt::watch().await;
    for wave in all {
        if !progress.goes_on() {
            { wave.iter() }.try_for_each(|target| report.untried(&target.name))?;
            continue;
        }
        let asked = wave.iter().map(|target| one(&verb, target));
        let mut asked: FuturesUnordered<_> = asked.collect();
        loop {
            let ended = tokio::select! {
                biased;
                // What is committed stays, and what is not is rolled back by the servers.
                () = interrupt.came() => {
                    progress.interrupt();
                    None
                }
                ended = asked.next() => ended,
            };
            let Some(ended) = ended else { break };
            progress.note(ended.outcome);
            writeln!(err, "{}", ended.news(&V::WORDS, V::line))?;
            report.add(ended, V::line)?;
        }
        drop(asked);
        if progress.is_interrupted() {
            { wave.iter() }.try_for_each(|target| report.interrupted(&target.name))?;
        }
    }
    report.end(progress.is_interrupted())?;
    Ok(progress.outcome())
}

fn announce(
    all: &[Vec<Target>],
    canary: Option<&str>,
    width: usize,
    err: &mut impl Write,
) -> Result<(), CouldNotRun> {
    let databases = all.iter().map(Vec::len).sum();
    let first = canary.map(|name| format!(", {name} first"));
    writeln!(
        err,
        "on {}, {width} at a time{}",
        count(databases, "database"),
        first.unwrap_or_default()
    )?;
    Ok(())
}

/// The verb on one database: its answer, or the document of its failure.
async fn one<V: Verb>(verb: &V, target: &Target) -> Ended {
    let since = Instant::now();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let answer = verb.on(&target.url).answer(&mut out, &mut err).await;
    let (outcome, answer) = match answer {
        Ok(outcome) => (outcome, serde_json::from_slice(&out).unwrap_or(Value::Null)),
        Err(error) => (
            Outcome::CouldNotRun,
            serde_json::to_value(FailureJson::of(&error)).unwrap_or(Value::Null),
        ),
    };
    Ended {
        name: target.name.clone(),
        outcome,
        took: since.elapsed(),
        answer,
    }
}
