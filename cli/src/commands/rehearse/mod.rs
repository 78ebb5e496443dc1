//! `onward rehearse`.

mod report;
mod watch;

use std::io::Write;

use clap::Args;
use onward::Plan;

use self::report::Rehearsed;
use crate::bridge::plan_of;
use crate::connect::{Place, Target, connect};
use crate::ctrl_c::Interrupt;
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, error_chain};
use crate::scratch::Scratch;

/// Run what is pending on a copy of the database, with times and locks, and drop the copy
///
/// The copy is made with CREATE DATABASE ... TEMPLATE, on the same server. No other session may use the database in the
/// meantime, so this is for a restored copy, a staging server or a replica that was promoted; it needs the right to create
/// databases, and as much space again. With `--on` the database of that URL is migrated, for good, and nothing is
/// copied: for a copy that you have restored yourself.
///
/// Runs startup migrations, seeds, release migrations and data migrations, as `onward up` does. Prints how long each took
/// on this data, and which locks it held on which tables. No other session uses the copy, so it does not show who would
/// have waited.
///
/// Exit status: 0 when everything ran, 1 when a migration failed, the copy could not be made, or Ctrl-C ended it; 2 when
/// a folder has errors or the database does not answer. The copy is dropped in each case.
#[derive(Clone, Debug, Args)]
pub(crate) struct Rehearse {
    /// Folders of modules, such as migrations/*; applied in this order.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<Module>,
    #[command(flatten)]
    database: Place,
    /// Database that is a copy already: it is migrated itself, for good, and nothing is copied.
    #[arg(long, value_name = "URL")]
    on: Option<String>,
    /// Role that owns the modules' objects. Default: the role that logs in.
    #[arg(long)]
    role: Option<onward::Role>,
    /// Output format; `json` is one array with an object for each folder, up to one that failed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Rehearse,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let plans = command
        .folders
        .iter()
        .map(plan_of)
        .collect::<Result<Vec<_>, _>>()?;
    let role = command.role.as_ref();
    let target = match &command.on {
        Some(url) => Target::named(url, role)?,
        None => command.database.target(role)?,
    };
    target.announce(err)?;
    let client = connect(&target).await?;
    let mut interrupt = Interrupt::watch().await;
    if command.on.is_some() {
        let rehearsal = rehearse(command, &plans, &target, "this database", out, err);
        return tokio::select! {
            biased;
            () = interrupt.came() => Ok(Outcome::Refused),
            answer = rehearsal => answer,
        };
    }
    writeln!(err, "copying the database")?;
    // The server goes on with a copy that is not waited for, so that nothing would drop it.
    let copy = match Scratch::copy(&client).await {
        Ok(copy) => copy,
        Err(error) => {
            error_chain(err, &error)?;
            return Ok(Outcome::Refused);
        }
    };
    let of_copy = target.with_database(&copy.name);
    let answer = tokio::select! {
        biased;
        () = interrupt.came() => Ok(Outcome::Refused),
        answer = rehearse(command, &plans, &of_copy, "a copy", out, err) => answer,
    };
    match copy.drop(&client).await {
        Ok(()) => writeln!(err, "the copy is dropped")?,
        Err(error) => {
            error_chain(err, &error)?;
            return Ok(Outcome::Refused);
        }
    }
    answer
}

async fn rehearse(
    command: &Rehearse,
    plans: &[Plan],
    target: &Target,
    on: &str,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let watcher = connect(target).await?;
    let (mut documents, mut outcome) = (Vec::new(), Outcome::Good);
    for plan in plans {
        let seen = watch::Seen::default();
        let mut up = onward::Up::new(plan).pipeline(1).listener(seen.listener());
        if let Some(role) = &command.role {
            up = up.role(role.clone());
        }
        let connector = target.connector();
        let result = tokio::select! {
            result = up.run_with(&connector) => result,
            never = seen.watch(&watcher) => match never {},
        };
        let locks = seen.taken();
        let sizes = report::sizes(&watcher, &locks).await;
        let rehearsed = Rehearsed::new(plan, on, &locks, &sizes);
        match command.format {
            Format::Text => rehearsed.text(out)?,
            Format::Json => documents.push(rehearsed.document(result.as_ref().err())),
        }
        if let Err(error) = &result {
            error_chain(err, error)?;
            outcome = Outcome::Refused;
            break;
        }
    }
    if command.format == Format::Json {
        writeln!(out, "{:#}", serde_json::Value::Array(documents))?;
    }
    Ok(outcome)
}
