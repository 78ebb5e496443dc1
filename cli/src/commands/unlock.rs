//! `onward unlock`.

use std::io::Write;

use clap::{ArgGroup, Args};
use onward::Plan;
use onward::operator::{Holder, end, holders};
use serde_json::json;
use tokio_postgres::Client;

use crate::bridge::Seen;
use crate::confirm::confirmed;
use crate::connect::{Database, connect};
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{FORMAT_VERSION, Format, operator};

/// Show which sessions hold the locks of modules, and end one
///
/// The lock ends with its session, so there is nothing to unlock behind a run that was killed: the server ends its
/// session by itself. This is for a session that lives and should not.
///
/// `--terminate` ends one session, if it holds a lock of one of the modules at that moment. What it runs is rolled
/// back; an index that it builds stays invalid, and the next run builds it again. It shows the session and asks first.
///
/// Exit status: 0 when no session holds a lock, or the session is ended; 1 when one does, or that one does not; 2 when
/// a folder cannot be read or the database does not answer.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["who", "terminate"]))]
pub(crate) struct Unlock {
    /// Folders of modules, such as migrations/auth.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<Module>,
    /// Show the sessions. Changes nothing.
    #[arg(long)]
    who: bool,
    /// Server process whose session is to end.
    #[arg(long, value_name = "PID")]
    terminate: Option<i32>,
    /// Answer yes to the question that `--terminate` asks.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    database: Database,
    /// Output format; `json` is one array with an object for each folder.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Unlock,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let modules = Seen::all(&command.folders)?;
    let target = command.database.target()?;
    target.announce(err)?;
    let client = connect(&target).await?;
    let mut all = Vec::new();
    for module in &modules {
        let held = holders(&client, &module.plan).await;
        all.push((&module.plan, held.map_err(CouldNotRun::Locks)?));
    }
    match command.terminate {
        None => show(command, &all, out),
        Some(pid) => terminate(command, pid, &client, &all, out, err).await,
    }
}

type Held<'a> = (&'a Plan, Vec<Holder>);

fn show(command: &Unlock, all: &[Held<'_>], out: &mut impl Write) -> Result<Outcome, CouldNotRun> {
    if command.format == Format::Json {
        let documents = all.iter().map(|(plan, held)| {
            json!({
                "format_version": FORMAT_VERSION,
                "schema": plan.schema(),
                "folder": plan.folder(),
                "holders": held.iter().map(operator::holder).collect::<Vec<_>>(),
            })
        });
        let documents: Vec<_> = documents.collect();
        writeln!(out, "{:#}", json!(documents))?;
    } else {
        for (plan, held) in all {
            if held.is_empty() {
                writeln!(out, "{}: no session holds a lock of it", plan.schema())?;
                continue;
            }
            writeln!(out, "{}:", plan.schema())?;
            for holder in held {
                writeln!(out, "  {holder}")?;
                writeln!(
                    out,
                    "    to end it: onward unlock {} --terminate {} --url <url>",
                    plan.folder(),
                    holder.pid
                )?;
            }
        }
    }
    Ok(match all.iter().all(|(_, held)| held.is_empty()) {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}

async fn terminate(
    command: &Unlock,
    pid: i32,
    client: &Client,
    all: &[Held<'_>],
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let found = all.iter().find_map(|(plan, held)| {
        let holder = held.iter().find(|holder| holder.pid == pid)?;
        Some((*plan, holder))
    });
    let Some((plan, holder)) = found else {
        said(
            command,
            pid,
            false,
            "holds no lock of these modules; nothing was done",
            out,
        )?;
        return Ok(Outcome::Refused);
    };
    writeln!(err, "{}: {holder}", plan.schema())?;
    writeln!(err, "Its session ends, and what it runs is rolled back.")?;
    if !confirmed(command.yes, err)? {
        return Ok(Outcome::Refused);
    }
    let is_ended = end(client, plan, pid).await.map_err(CouldNotRun::Locks)?;
    let (what, outcome) = match is_ended {
        true => ("ends", Outcome::Good),
        false => (
            "has given the lock back meanwhile; nothing was done",
            Outcome::Refused,
        ),
    };
    said(command, pid, is_ended, what, out)?;
    Ok(outcome)
}

fn said(
    command: &Unlock,
    pid: i32,
    is_ended: bool,
    what: &str,
    out: &mut impl Write,
) -> Result<(), CouldNotRun> {
    match command.format {
        Format::Text => writeln!(out, "pid {pid} {what}")?,
        Format::Json => writeln!(
            out,
            "{:#}",
            json!([{ "format_version": FORMAT_VERSION, "pid": pid, "ended": is_ended, "what": what }])
        )?,
    }
    Ok(())
}
