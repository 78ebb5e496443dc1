//! `onward plan --url`: what is pending in a database, and what it meets there.

use std::collections::BTreeSet;
use std::io::{self, Write};

use onward::plan::{Agreement, Step};
use onward::{State, status};
use onward_analyzer::precondition::{Precondition, Question, preconditions};
use onward_analyzer::statement::Name;
use tokio_postgres::Client;

use super::{File, PlanJson, files, versions};
use crate::bridge::Seen;
use crate::connect::{Target, connect};
use crate::live::{self, Server};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::live::{Found, LiveJson, write_asked, write_server, write_statement};
use crate::output::{Format, job, write_json};

/// What is pending of a module.
struct Pending {
    files: Vec<File>,
    found: Found,
}

pub(super) async fn run(
    format: Format,
    target: &Target,
    modules: &[Seen],
    out: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let client = connect(target).await?;
    let server = Server::look(&client).await.map_err(CouldNotRun::Live)?;
    let mut all = Vec::new();
    for module in modules {
        all.push(pending(&client, module).await?);
    }
    match format {
        Format::Text => {
            write_server(out, &server)?;
            let modules = modules.iter().zip(&all);
            modules
                .into_iter()
                .try_for_each(|(module, pending)| write_text(out, module, pending))?;
        }
        Format::Json => {
            let plans = modules.iter().zip(&all).map(|(module, pending)| {
                let names = pending.files.iter().map(|file| file.name);
                let live = LiveJson::new(&server, names.collect(), &pending.found);
                PlanJson::new(module, Some(live))
            });
            write_json(out, &plans.collect::<Vec<_>>())?;
        }
    }
    let mut asked = all.iter().flat_map(|one| &one.found.asked);
    Ok(match asked.any(|(_, one)| one.answer.is_no()) {
        true => Outcome::Refused,
        false => Outcome::Good,
    })
}

async fn pending(client: &Client, module: &Seen) -> Result<Pending, CouldNotRun> {
    let all = status(client, &[&module.plan])
        .await
        .map_err(CouldNotRun::Status)?;
    let done: BTreeSet<&str> = { all.iter() }
        .flat_map(|status| status.migrations())
        .filter(|one| matches!(one.state, State::Applied { .. }))
        .map(|one| one.name)
        .collect();
    let files: Vec<File> = { files(module).into_iter() }
        .filter(|file| !done.contains(file.name))
        .collect();
    let locked = files.iter().flat_map(|file| file.statements);
    let locked = locked
        .flat_map(|one| one.locks)
        .map(|lock| lock.relation.to_owned());
    let names: BTreeSet<String> = locked.collect();
    let names: Vec<String> = names.into_iter().collect();
    let tables = live::tables(client, &names)
        .await
        .map_err(CouldNotRun::Live)?;
    let sessions = live::sessions(client, &names)
        .await
        .map_err(CouldNotRun::Live)?;
    let mut asked = Vec::new();
    for (name, one) in questions(module) {
        let is_pending = files.iter().any(|file| file.name == name);
        if is_pending {
            let answered = live::asked(client, one, module.plan.schema())
                .await
                .map_err(CouldNotRun::Live)?;
            asked.push((name, answered));
        }
    }
    Ok(Pending {
        files,
        found: Found {
            tables,
            sessions,
            asked,
        },
    })
}

/// What files demand of rows, each with the file's name. A program that has its plans does not have the model, which knows
/// what statements demand: its plans have what series of files demand before they end.
fn questions(module: &Seen) -> Vec<(String, Precondition)> {
    let Some(read) = &module.read else {
        let all = module.plan.agreements().iter().map(of_plan);
        return all.collect();
    };
    let all = preconditions(read)
        .into_iter()
        .chain(module.agreements.clone());
    let named = all.filter_map(|one| Some((read.sources.get(one.source)?.name.clone(), one)));
    named.collect()
}

fn of_plan(agreement: &Agreement) -> (String, Precondition) {
    let precondition = Precondition {
        source: 0,
        span: 0..0,
        table: Name {
            schema: agreement.table.schema.to_owned(),
            name: agreement.table.name.to_owned(),
        },
        demand: agreement.demand.to_owned(),
        question: Question::NoRow(agreement.rows.to_owned()),
        changed_by: Vec::new(),
    };
    (agreement.migration.to_owned(), precondition)
}

fn write_text(out: &mut impl Write, module: &Seen, pending: &Pending) -> io::Result<()> {
    let plan = &module.plan;
    writeln!(out, "\n{}, schema {}", plan.folder(), plan.schema())?;
    if pending.files.is_empty() {
        return writeln!(out, "  nothing is pending");
    }
    for file in &pending.files {
        writeln!(out, "\n{}, {}", file.name, mode(&file.step))?;
        let mut statements = file.statements.iter();
        statements.try_for_each(|statement| write_statement(out, statement, &pending.found))?;
        if !file.requires.is_empty() {
            writeln!(out, "  requires {}", versions(file.requires).join(", "))?;
        }
        if let Some(data) = file.data {
            job::write(out, data)?;
        }
        let asked = pending
            .found
            .asked
            .iter()
            .filter(|(name, _)| name == file.name);
        for (_, answered) in asked {
            write_asked(out, answered, module.read.as_ref())?;
        }
    }
    Ok(())
}

/// How the statements of a file are sent.
const fn mode(step: &Step) -> &'static str {
    match step {
        Step::Transaction(_) => "in one transaction",
        Step::BuildIndex(_) => {
            "outside of a transaction: the index is built under a private name and then renamed"
        }
        Step::DropIndex { .. } | Step::DetachPartition { .. } | Step::NonTransactional { .. } => {
            "outside of a transaction"
        }
        Step::Sequence { .. } => "one after the other, outside of a transaction",
        _ => "",
    }
}
