//! `onward data list`.

use std::io::Write;

use clap::Args;
use onward::data;
use serde_json::Value;

use super::Common;
use super::answer::{StatusJson, line, state};
use crate::commands::fleets::seen_one;
use crate::fleet::{Fleet, Verb, Words};
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, count, write_json};

/// List the data migrations of a module: how far each one is, and why it does not run
///
/// Exit status: 0 when all of them are done, 1 otherwise, 2 when the folder cannot be read or the database does
/// not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct List {
    /// Folder of the module, such as migrations/auth.
    folder: Module,
    #[command(flatten)]
    pub(super) common: Common,
    #[command(flatten)]
    pub(crate) fleet: Fleet,
}

pub(super) async fn run(
    verb: &List,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let (plan, client) = verb.common.look(&verb.folder, err).await?;
    let all = data::list(&client, &plan, verb.common.server.role.as_ref())
        .await
        .map_err(CouldNotRun::Status)?;
    match verb.common.format {
        Format::Text if all.is_empty() => {
            writeln!(out, "{}: no data migrations", plan.schema())?;
        }
        Format::Text => {
            let names = all.iter().map(|one| one.name.len()).max().unwrap_or(0);
            let states = all.iter().map(|one| state(one).len()).max().unwrap_or(0);
            writeln!(out, "{}", plan.schema())?;
            for one in &all {
                writeln!(out, "  {}", line(one, names, states))?;
            }
        }
        Format::Json => {
            let all: Vec<_> = all.iter().map(StatusJson::new).collect();
            write_json(out, &all)?;
        }
    }
    Ok(match all.iter().all(|one| one.done.is_some()) {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}

impl Verb for List {
    const CHANGES: bool = false;
    const WORDS: Words = Words {
        good: "done",
        refused: "not done",
    };

    fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    fn format(&self) -> Format {
        self.common.format
    }

    fn read(&self, err: &mut impl Write) -> Result<Self, CouldNotRun> {
        let mut read = self.clone();
        read.folder = seen_one(&self.folder, err)?;
        Ok(read)
    }

    fn on(&self, url: &str) -> Self {
        let mut one = self.clone();
        one.common.server = self.common.server.at(url);
        one.common.format = Format::Json;
        one
    }

    async fn answer(&self, out: &mut Vec<u8>, err: &mut Vec<u8>) -> Result<Outcome, CouldNotRun> {
        run(self, out, err).await
    }

    fn line(answer: &Value) -> String {
        let all = answer.as_array().map_or(&[][..], Vec::as_slice);
        let open = all.iter().filter(|one| one["state"] != "done");
        let open = open.map(|one| {
            let word = |key: &str| one[key].as_str().unwrap_or_default();
            let fraction = one["progress"]["fraction"].as_f64();
            let fraction = fraction.map(|part| format!(" {:.0} %", part * 100.0));
            format!(
                "{} {}{}",
                word("version"),
                word("state"),
                fraction.unwrap_or_default()
            )
        });
        let open: Vec<_> = open.collect();
        match (all.len(), open.is_empty()) {
            (0, _) => "no data migrations".to_owned(),
            (n, true) => format!("{} done", count(n, "data migration")),
            (_, false) => open.join(", "),
        }
    }
}
