//! `onward status`.

use std::collections::BTreeSet;
use std::io::{self, Write};

use clap::Args;
use onward::plan::Statement;
use onward::{Category, Plan, State, Status as Standing, data, status};
use serde::Serialize;
use tokio_postgres::Client;

use super::data as data_verbs;
use crate::bridge::Seen;
use crate::connect::{Database, connect};
use crate::fleet::Fleet;
use crate::live::{self, Session};
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::live::write_session;
use crate::output::overview::{Line, write_overview};
use crate::output::report::StatusJson;
use crate::output::{Format, write_json};

/// Show which migrations are applied and which are pending
///
/// Also reports drift, such as an applied file that was edited, and a ledger that was changed by
/// hand; how far data migrations are; and the sessions that hold locks which pending migrations wait for. With several
/// folders, a table of all of them comes last. Changes nothing and blocks no other session. Findings of `onward check`
/// do not stop it.
///
/// Exit status: 0 when every startup, seed and release migration is applied and nothing has drifted,
/// 1 otherwise, also while one of them waits for a data migration (`waiting`), 2 when a folder cannot be read or the
/// database does not answer. Pending data migrations do not count.
#[derive(Clone, Debug, Args)]
pub(crate) struct Status {
    /// Folders of modules, such as migrations/auth.
    #[arg(required = true, value_name = "FOLDER")]
    pub(crate) folders: Vec<Module>,
    #[command(flatten)]
    pub(crate) database: Database,
    #[command(flatten)]
    pub(crate) fleet: Fleet,
    /// Output format; `json` is one array with an object for each folder.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// What is known about a module beside its ledger.
struct Beside {
    data: Vec<data::Status>,
    sessions: Vec<Session>,
}

pub(crate) async fn run(
    command: &Status,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let modules = Seen::all(&command.folders)?;
    let target = command.database.target()?;
    target.announce(err)?;
    for note in modules.iter().flat_map(Seen::notes) {
        writeln!(err, "{note}")?;
    }
    let client = connect(&target).await?;
    let plans: Vec<&Plan> = modules.iter().map(|module| &module.plan).collect();
    let standings = status(&client, &plans).await.map_err(CouldNotRun::Status)?;
    let mut all = Vec::new();
    for (plan, standing) in plans.iter().zip(standings) {
        let beside = beside(&client, plan, &standing).await?;
        all.push((standing, beside));
    }
    match command.format {
        Format::Text => {
            all.iter()
                .try_for_each(|(standing, beside)| write_text(out, standing, beside))?;
            if all.len() > 1 {
                let lines = all
                    .iter()
                    .map(|(standing, beside)| Line::new(standing, &beside.data));
                write_overview(out, &lines.collect::<Vec<_>>())?;
            }
        }
        Format::Json => {
            let all: Vec<_> = all
                .iter()
                .map(|(standing, beside)| ModuleJson::new(standing, beside))
                .collect();
            write_json(out, &all)?;
        }
    }
    Ok(
        match all.iter().all(|(standing, _)| standing.is_current()) {
            true => Outcome::Good,
            false => Outcome::Refused,
        },
    )
}

async fn beside(client: &Client, plan: &Plan, standing: &Standing) -> Result<Beside, CouldNotRun> {
    let data = match plan.data() {
        [] => Vec::new(),
        _ => data::list(client, plan, None)
            .await
            .map_err(CouldNotRun::Status)?,
    };
    let pending = standing.migrations().iter();
    let pending = pending.filter(|one| {
        one.version.category() != Category::Data && !matches!(one.state, State::Applied { .. })
    });
    let statements = pending
        .filter_map(|one| plan.statements(one.version))
        .flatten();
    let locks: Vec<_> = statements.flat_map(|one: &Statement| one.locks).collect();
    let names: BTreeSet<String> = locks.iter().map(|lock| lock.relation.to_owned()).collect();
    let names: Vec<String> = names.into_iter().collect();
    let mut sessions = live::sessions(client, &names)
        .await
        .map_err(CouldNotRun::Live)?;
    sessions.retain(|one| {
        let mut wanted = locks.iter().filter(|lock| lock.relation == one.relation);
        one.granted && wanted.any(|lock| one.is_in_the_way_of(lock.mode))
    });
    Ok(Beside { data, sessions })
}

fn write_text(out: &mut impl Write, standing: &Standing, beside: &Beside) -> io::Result<()> {
    writeln!(out, "{standing}")?;
    let begun = beside
        .data
        .iter()
        .filter(|one| one.done.is_none() && one.progress.is_some());
    for one in begun {
        let one = data_verbs::StatusJson::new(standing.schema(), one);
        writeln!(out, "  {}", data_verbs::data_line(&one, 0, 0))?;
    }
    for session in &beside.sessions {
        writeln!(
            out,
            "  {} is in use, and a pending migration waits for it:",
            session.relation
        )?;
        write_session(out, session)?;
    }
    Ok(())
}

/// Keys are only ever added.
#[derive(Serialize)]
struct ModuleJson<'a> {
    #[serde(flatten)]
    status: StatusJson<'a>,
    /// Each data migration, as in `onward data list`.
    data: Vec<data_verbs::StatusJson>,
    /// The sessions with locks that pending migrations wait for.
    in_the_way: &'a [Session],
}

impl<'a> ModuleJson<'a> {
    fn new(standing: &'a Standing, beside: &'a Beside) -> Self {
        Self {
            status: StatusJson::new(standing),
            data: { beside.data.iter() }
                .map(|one| data_verbs::StatusJson::new(standing.schema(), one))
                .collect(),
            in_the_way: &beside.sessions,
        }
    }
}
