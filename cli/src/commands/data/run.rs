//! `onward data run` and `onward data finish`: a worker in the foreground.

use std::io::Write;
use std::pin::pin;
use std::time::Duration;

use clap::Args;
use onward::data::{self, Event, Worker};
use onward::{Error, Plan, Version};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{MissedTickBehavior, interval};
use tokio_postgres::Client;

use super::answer::{ListJson, ProgressJson, StatusJson};
use super::remote::{self, Watched};
use super::view::View;
use super::{Common, one};
use crate::failure::FailureJson;
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::{Format, count, error_chain, write_json};
use crate::service::Endpoint;

/// Run data migrations as a worker beside the service does: in batches, with pauses, and slower when the server is busy
///
/// Ends when they are done, or when none of them can go on. Ctrl-C ends it at any time: what is committed stays, and
/// the next worker goes on behind it. Shows a progress bar on a terminal, and lines elsewhere. Data migrations whose
/// file says `-- onward: in rust` are run by the service's own worker only. With --service the worker of that service
/// runs them, and this command shows its progress.
///
/// Exit status: 0 when they are done, 1 when one of them cannot go on or the command was stopped, 2 when the
/// folder has errors or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Beside {
    #[command(flatten)]
    pub(super) which: Which,
}

/// Run what is left of the data migrations now, without pauses between the batches
///
/// For an operator who waits, such as before a release that requires them. Ends when they are done, or when none of
/// them can go on. Ctrl-C ends it at any time: what is committed stays. Where a worker beside the service is at work,
/// it goes on, and this command shows its progress.
///
/// Exit status: 0 when they are done, 1 when one of them cannot go on or the command was stopped, 2 when the
/// folder has errors or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(super) struct Finish {
    #[command(flatten)]
    pub(super) which: Which,
}

#[derive(Clone, Debug, Args)]
pub(super) struct Which {
    /// Folder of the module, such as migrations/auth; with --service its schema, or nothing for all of its modules.
    #[arg(required_unless_present = "service")]
    folder: Option<Module>,
    /// Last data migration to run, such as DM003; all of them unless given.
    version: Option<Version>,
    #[command(flatten)]
    pub(super) common: Common,
}

/// How often another worker's progress is read.
const LOOK: Duration = Duration::from_secs(1);

pub(super) async fn beside(
    verb: &Beside,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    if let Some(endpoint) = verb.which.common.endpoint()? {
        return follow(&verb.which, &endpoint, out, err).await;
    }
    run(&verb.which, Pace::Beside, out, err).await
}

pub(super) async fn finish(
    verb: &Finish,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    if verb.which.common.endpoint()?.is_some() {
        return Err(CouldNotRun::FinishOfService);
    }
    run(&verb.which, Pace::Foreground, out, err).await
}

#[derive(Clone, Copy)]
enum Pace {
    Beside,
    Foreground,
}

async fn run(
    which: &Which,
    pace: Pace,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let folder = which.folder.clone().unwrap_or_default();
    let (plan, client, target) = which.common.open(&folder, err).await?;
    let connector = target.connector();
    let (sender, events) = mpsc::unbounded_channel();
    // When the command ends, nothing hears the last events.
    let mut worker = Worker::new(&plan).listener(move |event| drop(sender.send(event.clone())));
    if let Some(role) = which.common.role() {
        worker = worker.role(role.clone());
    }
    let (stop, stopped) = oneshot::channel::<()>();
    let work = async {
        match pace {
            Pace::Foreground => worker.finish(&connector, which.version).await,
            Pace::Beside => worker.run(&connector, async { drop(stopped.await) }).await,
        }
    };
    let watch = Watch {
        which,
        plan: &plan,
        client: &client,
        pace,
        view: View::new(),
        is_standing_by: false,
    };
    let ended = watch.through(work, events, stop, err).await?;
    report(
        which,
        (&plan, &client),
        ended,
        which.common.format,
        out,
        err,
    )
    .await
}

/// How it ended.
enum Ended {
    Itself(Result<(), Error>),
    /// With Ctrl-C.
    Stopped,
}

struct Watch<'a> {
    which: &'a Which,
    plan: &'a Plan,
    client: &'a Client,
    pace: Pace,
    view: View,
    is_standing_by: bool,
}

impl Watch<'_> {
    /// Shows what happens until the work ends, or Ctrl-C ends it.
    async fn through(
        mut self,
        work: impl Future<Output = Result<(), Error>>,
        mut events: mpsc::UnboundedReceiver<Event>,
        stop: oneshot::Sender<()>,
        err: &mut impl Write,
    ) -> Result<Ended, CouldNotRun> {
        let mut work = pin!(work);
        let mut interrupt = pin!(tokio::signal::ctrl_c());
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut stop = Some(stop);
        let ended = loop {
            tokio::select! {
                biased;
                // Without a handler the system's own ends the process, which loses nothing either.
                Ok(()) = &mut interrupt => break Ended::Stopped,
                Some(event) = events.recv() => {
                    self.is_standing_by = event == Event::StandingBy;
                    self.view.event(&event, err)?;
                    if self.is_over(&event) && let Some(stop) = stop.take() {
                        // The worker may have ended by itself.
                        let _ = stop.send(());
                    }
                }
                answer = &mut work => break Ended::Itself(answer),
                _ = looks.tick(), if self.is_standing_by => self.look(err).await?,
            }
        };
        self.view.end();
        Ok(ended)
    }

    /// A worker that runs beside a service never ends by itself.
    fn is_over(&self, event: &Event) -> bool {
        match (self.pace, event) {
            (Pace::Beside, Event::Idle { .. }) => true,
            (Pace::Beside, Event::Done { version, .. }) => Some(*version) == self.which.version,
            _ => false,
        }
    }

    /// Shows the progress of another worker.
    async fn look(&mut self, err: &mut impl Write) -> Result<(), CouldNotRun> {
        let role = self.which.common.role();
        // The next look may find the server again.
        let Ok(all) = data::list(self.client, self.plan, role).await else {
            return Ok(());
        };
        let running = all
            .iter()
            .find(|one| one.done.is_none() && one.held.is_none());
        if let Some(one) = running
            && let Some(progress) = &one.progress
        {
            self.view
                .progress(one.name, &ProgressJson::new(progress), err)?;
        }
        Ok(())
    }
}

/// What became of them.
async fn report(
    which: &Which,
    (plan, client): (&Plan, &Client),
    ended: Ended,
    format: Format,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let (schema, folder) = (plan.schema(), plan.folder());
    match ended {
        Ended::Stopped => {
            writeln!(
                err,
                "{schema}: stopped. What is committed stays; a worker beside the service goes on from there, or \
                 `onward data finish {folder} --url <url>`"
            )?;
            return Ok(Outcome::Refused);
        }
        Ended::Itself(Err(error)) => {
            match format {
                Format::Text => error_chain(err, &error)?,
                Format::Json => {
                    write_json(out, &FailureJson::of_run(&error))?;
                    error_chain(err, &error)?;
                }
            }
            return Ok(Outcome::Refused);
        }
        Ended::Itself(Ok(())) => {}
    }
    let role = which.common.role();
    let all = data::list(client, plan, role).await;
    let mut all = all.map_err(CouldNotRun::Status)?;
    all.retain(|one| which.version.is_none_or(|last| one.version <= last));
    end(schema, &StatusJson::all(schema, &all), format, out)
}

/// What is done and what is left of the data migrations of these modules.
fn end(
    schema: &str,
    all: &[StatusJson],
    format: Format,
    out: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let left: Vec<_> = all.iter().filter(|one| one.done_at.is_none()).collect();
    match format {
        Format::Json => write_json(out, &ListJson::new(all))?,
        Format::Text if left.is_empty() => {
            writeln!(out, "{schema}: {} done", count(all.len(), "data migration"))?;
        }
        Format::Text => {
            writeln!(out, "{schema}: data migrations are not done:")?;
            for one in &left {
                let why = one.held.as_deref().unwrap_or("no worker can run it here");
                writeln!(out, "  {}: {why}", one.name)?;
            }
        }
    }
    Ok(match left.is_empty() {
        true => Outcome::Good,
        false => Outcome::Refused,
    })
}

/// Shows what the worker of a service does.
async fn follow(
    which: &Which,
    endpoint: &Endpoint,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let word = which.folder.as_ref().map(|word| word.name());
    // Without a module the version is the first word.
    let (name, through) = match (word.as_deref(), which.version) {
        (Some(word), None) if word.parse::<Version>().is_ok() => (None, Some(one::version(word)?)),
        (word, version) => (word, version),
    };
    match remote::watch(endpoint, name, through, err).await? {
        Watched::Over(all) => end(
            name.unwrap_or(endpoint.url()),
            &all,
            which.common.format,
            out,
        ),
        Watched::Stopped => {
            writeln!(
                err,
                "{}: no longer watched. The worker of the service goes on",
                endpoint.url()
            )?;
            Ok(Outcome::Refused)
        }
    }
}
