//! `onward data list`.

use std::io::{self, Write};

use clap::Args;
use onward::data;
use serde_json::Value;

use super::answer::{StatusJson, line};
use super::{Common, remote};
use crate::commands::fleets::seen_one;
use crate::fleet::{Fleet, Verb, Words};
use crate::module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, count, write_json};
use crate::service::Service;

/// List the data migrations of a module: how far each one is, and why it does not run
///
/// Exit status: 0 when all of them are done, 1 otherwise, 2 when the folder cannot be read or the database or service
/// does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct List {
    /// Folder of the module, such as migrations/auth; with --service its schema, or nothing for all of its modules.
    #[arg(required_unless_present = "service")]
    folder: Option<module::Module>,
    #[command(flatten)]
    pub(super) common: Common,
    #[command(flatten)]
    pub(crate) fleet: Fleet,
}

/// The data migrations of a module.
pub(super) struct Module {
    pub(super) schema: String,
    pub(super) data: Vec<StatusJson>,
}

pub(super) async fn run(
    verb: &List,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let folder = verb.folder.clone().unwrap_or_default();
    let modules = match verb.common.endpoint()? {
        Some(endpoint) => {
            let name = verb.folder.as_ref().map(|name| name.name());
            remote::list(&endpoint, name.as_deref(), err).await?
        }
        None => {
            let (plan, client) = verb.common.look(&folder, err).await?;
            let all = data::list(&client, &plan, verb.common.role()).await;
            let all = all.map_err(CouldNotRun::Status)?;
            vec![Module {
                schema: plan.schema().to_owned(),
                data: StatusJson::all(plan.schema(), &all),
            }]
        }
    };
    let all = || modules.iter().flat_map(|module| &module.data);
    match verb.common.format {
        Format::Text => modules.iter().try_for_each(|one| print(one, out))?,
        Format::Json => write_json(out, &all().collect::<Vec<_>>())?,
    }
    Ok(match all().all(|one| one.done_at.is_some()) {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}

fn print(module: &Module, out: &mut impl Write) -> io::Result<()> {
    let Module { schema, data } = module;
    if data.is_empty() {
        return writeln!(out, "{schema}: no data migrations");
    }
    let names = data.iter().map(|one| one.name.len()).max().unwrap_or(0);
    let states = data.iter().map(|one| one.state.len()).max().unwrap_or(0);
    writeln!(out, "{schema}")?;
    for one in data {
        writeln!(out, "  {}", line(one, names, states))?;
    }
    Ok(())
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
        if let Some(folder) = &self.folder {
            read.folder = Some(seen_one(folder, err)?);
        }
        Ok(read)
    }

    fn on(&self, url: &str) -> Self {
        let mut one = self.clone();
        one.common.place = self.common.place.at(url);
        one.common.work = self.common.work.here();
        one.common.service = Service::none();
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
