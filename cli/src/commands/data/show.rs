//! `onward data show`.

use std::io::{self, Write};

use clap::Args;
use onward::data::{self, Throttles};

use super::answer::{ShowJson, StatusJson};
use super::one::{Named, One};
use super::{Common, remote};
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, write_json};

/// Show one data migration: its progress, its newest batches, the rows that were left out, and why it does not run
///
/// Also reads what a worker asks the server before each batch: whether it has room.
///
/// Exit status: 0 when it is done, 1 otherwise, 2 when the folder cannot be read or the database or service does not
/// answer.
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
    let common = &verb.one.common;
    let named = verb.one.named(None)?;
    let shown = match common.endpoint()? {
        Some(endpoint) => remote::show(&endpoint, &named, verb.batches, err).await?,
        None => ask(common, &named, verb.batches, err).await?,
    };
    match common.format {
        Format::Text => print(&shown, out)?,
        Format::Json => write_json(out, &shown)?,
    }
    Ok(match shown.status.done_at {
        Some(_) => Outcome::Good,
        None => Outcome::Refused,
    })
}

async fn ask(
    common: &Common,
    named: &Named<'_>,
    batches: u32,
    err: &mut impl Write,
) -> Result<ShowJson, CouldNotRun> {
    let version = named.version;
    let (plan, client) = common.look(&named.folder()?, err).await?;
    let role = common.role();
    let all = data::list(&client, &plan, role).await;
    let all = all.map_err(CouldNotRun::Status)?;
    let Some(status) = all.into_iter().find(|one| one.version == version) else {
        let folder = plan.folder();
        return Err(CouldNotRun::NoSuchData { version, folder });
    };
    let history = data::history(&client, &plan, role, version, batches).await;
    let history = history.map_err(CouldNotRun::Status)?;
    // The server is only asked whether it has room for what is still to run.
    let readings = match status.done {
        Some(_) => Vec::new(),
        None => data::readings(&client, &plan, role, &Throttles::new())
            .await
            .map_err(CouldNotRun::Status)?,
    };
    let status = StatusJson::new(plan.schema(), &status);
    Ok(ShowJson::new(status, &history, &readings))
}

fn print(shown: &ShowJson, out: &mut impl Write) -> io::Result<()> {
    let status = &shown.status;
    writeln!(out, "{}", status.line())?;
    if let Some(progress) = &status.progress {
        let no_key = "-";
        let position = progress.position.as_deref().unwrap_or(no_key);
        let goal = progress.goal.as_deref().unwrap_or(no_key);
        let worker = progress.worker.as_deref().unwrap_or("none yet");
        let busy = std::time::Duration::from_millis(progress.busy_ms).as_secs_f64();
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
    if !shown.readings.is_empty() {
        writeln!(out, "  whether the server has room")?;
    }
    for reading in &shown.readings {
        writeln!(
            out,
            "    {:<18}  {:<7}  {}",
            reading.indicator, reading.signal, reading.detail
        )?;
    }
    if !shown.newest_batches.is_empty() {
        writeln!(out, "  newest batches")?;
    }
    for batch in &shown.newest_batches {
        let until = batch.until.as_deref().unwrap_or("-");
        writeln!(
            out,
            "    {:>6}  {}  {:>6} rows  {:>6} ms  until key {until}",
            batch.number, batch.at, batch.rows, batch.ms
        )?;
    }
    if !shown.skipped_rows.is_empty() {
        writeln!(out, "  rows that were left out, by their keys")?;
    }
    for row in &shown.skipped_rows {
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
