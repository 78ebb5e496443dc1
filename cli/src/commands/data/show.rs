//! `onward data show`.

use std::io::{self, Write};

use clap::Args;
use onward::data::{self, History, Reading, Status, Throttles};

use super::One;
use super::answer::{ShowJson, line, state};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, write_json};

/// Show one data migration: its progress, its newest batches, the rows that were left out, and why it does not run
///
/// Also reads what a worker asks the server before each batch: whether it has room.
///
/// Exit status: 0 when it is done, 1 otherwise, 2 when the folder cannot be read or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    pub(super) one: One,
    /// How many of the newest batches, and of the rows that were left out, are shown.
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    batches: u32,
}

pub(super) async fn run(
    verb: &Show,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let One {
        folder,
        version,
        common,
    } = &verb.one;
    let (plan, client) = common.look(folder, err).await?;
    let role = common.server.role.as_ref();
    let all = data::list(&client, &plan, role).await;
    let all = all.map_err(CouldNotRun::Status)?;
    let Some(status) = all.into_iter().find(|one| one.version == *version) else {
        return Err(CouldNotRun::NoSuchData {
            version: *version,
            folder: plan.folder(),
        });
    };
    let history = data::history(&client, &plan, role, *version, verb.batches).await;
    let history = history.map_err(CouldNotRun::Status)?;
    // The server is only asked whether it has room for what is still to run.
    let readings = match status.done {
        Some(_) => Vec::new(),
        None => data::readings(&client, &plan, role, &Throttles::new())
            .await
            .map_err(CouldNotRun::Status)?,
    };
    match common.format {
        Format::Text => print(&status, &history, &readings, out)?,
        Format::Json => {
            write_json(out, &ShowJson::new(&status, &history, &readings))?;
        }
    }
    Ok(match status.done {
        Some(_) => Outcome::Good,
        None => Outcome::Refused,
    })
}

fn print(
    status: &Status,
    history: &History,
    readings: &[Reading],
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(
        out,
        "{}",
        line(status, status.name.len(), state(status).len())
    )?;
    if let Some(progress) = &status.progress {
        let no_key = "-";
        let position = progress.position.as_deref().unwrap_or(no_key);
        let goal = progress.goal.as_deref().unwrap_or(no_key);
        let worker = progress.worker.as_deref().unwrap_or("none yet");
        let busy = progress.busy.as_secs_f64();
        writeln!(
            out,
            "  pass      {}, from key {position} to {goal}\n  batches   {}, {busy:.1} s of work, {} rows in the next one\n  \
             changed   {} rows, {} left out\n  speed     {}\n  started   {} by {}\n  last      {} by worker {worker}",
            progress.pass,
            progress.batches,
            progress.size,
            progress.rows,
            progress.skipped,
            progress.speed,
            progress.started,
            progress.who,
            progress.at,
        )?;
    }
    if !readings.is_empty() {
        writeln!(out, "  whether the server has room")?;
    }
    for Reading {
        indicator,
        signal,
        detail,
        ..
    } in readings
    {
        writeln!(out, "    {indicator:<18}  {signal:<7}  {detail}")?;
    }
    if !history.batches.is_empty() {
        writeln!(out, "  newest batches")?;
    }
    for batch in &history.batches {
        let until = batch.until.as_deref().unwrap_or("-");
        writeln!(
            out,
            "    {:>6}  {}  {:>6} rows  {:>6} ms  until key {until}",
            batch.number, batch.at, batch.rows, batch.ms
        )?;
    }
    if !history.skipped.is_empty() {
        writeln!(out, "  rows that were left out, by their keys")?;
    }
    for row in &history.skipped {
        let why = match row.sqlstate.as_str() {
            "" => "is tried again",
            _ => "fails",
        };
        let of = row.object.as_deref().map(|object| format!(", {object}"));
        let of = of.unwrap_or_default();
        writeln!(
            out,
            "    {}  {}  {why} ({}{of})",
            row.key, row.at, row.sqlstate
        )?;
    }
    Ok(())
}
