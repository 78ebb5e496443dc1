//! The verbs that can do their work on many databases.

use std::io::Write;

use onward::Plan;
use serde_json::Value;

use super::release::{self, Release};
use super::status::{self, Status};
use super::up::{self, Up};
use super::verify::{self, Verify};
use crate::bridge::{Seen, plan_of};
use crate::confirm::confirmed;
use crate::fleet::{Fleet, Verb, Words};
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, count};

/// Modules to look at; writes what is to be known about their folders.
fn seen(modules: &[Module], err: &mut impl Write) -> Result<Vec<Module>, CouldNotRun> {
    let seen = Seen::all(modules)?;
    for note in seen.iter().flat_map(Seen::notes) {
        writeln!(err, "{note}")?;
    }
    Ok(seen
        .iter()
        .map(|one| Module::Plan(Box::new(one.plan)))
        .collect())
}

/// The same for one module.
pub(super) fn seen_one(module: &Module, err: &mut impl Write) -> Result<Module, CouldNotRun> {
    let seen = Seen::of(module)?;
    for note in seen.notes() {
        writeln!(err, "{note}")?;
    }
    Ok(Module::Plan(Box::new(seen.plan)))
}

/// One text for each module of an answer.
fn each(answer: &Value, one: impl Fn(&Value) -> String) -> String {
    let all = answer
        .as_array()
        .map_or(std::slice::from_ref(answer), Vec::as_slice);
    let texts = all.iter().map(|document| {
        let schema = document["schema"].as_str().unwrap_or_default();
        format!("{schema}: {}", one(document))
    });
    texts.collect::<Vec<_>>().join("; ")
}

fn applied(document: &Value) -> String {
    match document["applied"].as_array().map_or(0, Vec::len) {
        0 => "nothing to apply".to_owned(),
        n => format!("applied {}", count(n, "migration")),
    }
}

impl Verb for Status {
    const CHANGES: bool = false;
    const WORDS: Words = Words {
        good: "current",
        refused: "behind",
    };

    fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    fn format(&self) -> Format {
        self.format
    }

    fn read(&self, err: &mut impl Write) -> Result<Self, CouldNotRun> {
        let mut read = self.clone();
        read.folders = seen(&self.folders, err)?;
        Ok(read)
    }

    fn on(&self, url: &str) -> Self {
        let mut one = self.clone();
        one.database = self.database.at(url);
        one.format = Format::Json;
        one
    }

    async fn answer(&self, out: &mut Vec<u8>, err: &mut Vec<u8>) -> Result<Outcome, CouldNotRun> {
        status::run(self, out, err).await
    }

    fn line(answer: &Value) -> String {
        each(answer, |document| {
            let migrations = document["migrations"].as_array().into_iter().flatten();
            let open =
                migrations.filter(|one| one["category"] != "data" && one["state"] != "applied");
            let drift = document["drift"].as_array().map_or(0, Vec::len);
            let parts = [
                (open.count(), "pending"),
                (drift, "drifted"),
                (
                    usize::from(!document["tampered"].is_null()),
                    "changed ledger",
                ),
                (
                    usize::from(document["ledger"].is_null()),
                    "without a ledger",
                ),
            ];
            let parts = parts.iter().filter(|(n, _)| *n > 0);
            let parts: Vec<_> = parts.map(|(n, what)| format!("{n} {what}")).collect();
            match parts.is_empty() {
                true => "current".to_owned(),
                false => parts.join(", "),
            }
        })
    }
}

impl Verb for Up {
    const CHANGES: bool = true;
    const WORDS: Words = Words {
        good: "done",
        refused: "failed",
    };

    fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    fn format(&self) -> Format {
        self.format
    }

    fn read(&self, _: &mut impl Write) -> Result<Self, CouldNotRun> {
        let plans = self.folders.iter().map(plan_of);
        let plans = plans.collect::<Result<Vec<Plan>, _>>()?;
        let mut read = self.clone();
        read.folders = plans
            .into_iter()
            .map(|plan| Module::Plan(Box::new(plan)))
            .collect();
        Ok(read)
    }

    fn on(&self, url: &str) -> Self {
        let mut one = self.clone();
        one.server = self.server.at(url);
        one.format = Format::Json;
        one
    }

    async fn answer(&self, out: &mut Vec<u8>, err: &mut Vec<u8>) -> Result<Outcome, CouldNotRun> {
        up::run(self, out, err).await
    }

    fn line(answer: &Value) -> String {
        each(answer, applied)
    }
}

impl Verb for Release {
    const CHANGES: bool = true;
    const WORDS: Words = Words {
        good: "done",
        refused: "failed",
    };

    fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    fn format(&self) -> Format {
        self.format
    }

    /// A question to the operator would stand between the answers of other databases.
    fn read(&self, err: &mut impl Write) -> Result<Self, CouldNotRun> {
        let mut read = self.clone();
        read.folder = Module::Plan(Box::new(plan_of(&self.folder)?));
        if !self.yes {
            writeln!(
                err,
                "what is pending is released on all of these databases, without a question for each"
            )?;
        }
        read.yes = confirmed(self.yes, err)?;
        if !read.yes {
            return Err(CouldNotRun::Unconfirmed);
        }
        Ok(read)
    }

    fn on(&self, url: &str) -> Self {
        let mut one = self.clone();
        one.server = self.server.at(url);
        one.format = Format::Json;
        one
    }

    async fn answer(&self, out: &mut Vec<u8>, err: &mut Vec<u8>) -> Result<Outcome, CouldNotRun> {
        release::run(self, out, err).await
    }

    fn line(answer: &Value) -> String {
        each(answer, applied)
    }
}

impl Verb for Verify {
    const CHANGES: bool = false;
    const WORDS: Words = Words {
        good: "intact",
        refused: "changed",
    };

    fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    fn format(&self) -> Format {
        self.format
    }

    fn read(&self, err: &mut impl Write) -> Result<Self, CouldNotRun> {
        let mut read = self.clone();
        read.folders = seen(&self.folders, err)?;
        Ok(read)
    }

    fn on(&self, url: &str) -> Self {
        let mut one = self.clone();
        one.database = self.database.at(url);
        one.format = Format::Json;
        one
    }

    async fn answer(&self, out: &mut Vec<u8>, err: &mut Vec<u8>) -> Result<Outcome, CouldNotRun> {
        verify::run(self, out, err).await
    }

    fn line(answer: &Value) -> String {
        each(answer, |document| match document["tampered"].as_str() {
            Some(tampered) => tampered.to_owned(),
            None => format!("the ledger is intact, #{}", document["ledger"]["seq"]),
        })
    }
}
