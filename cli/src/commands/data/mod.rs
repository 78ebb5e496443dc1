//! `onward data`: data migrations, as they run and as an operator steers them.

mod answer;
mod line;
mod list;
mod one;
mod remote;
mod run;
mod show;
mod steer;
mod view;

pub(crate) use self::answer::{StatusJson, line as data_line};
pub(crate) use self::list::List;

use std::io::Write;

use clap::{ArgGroup, Args, Subcommand};
use onward::Plan;
use onward_connect::Surroundings;
use tokio_postgres::Client;

use crate::bridge::{Seen, plan_of};
use crate::connect::{Place, Target, Work, connect};
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::Format;
use crate::service::{Endpoint, Service};

/// Run, watch and steer data migrations (DM001-DM999)
///
/// A worker runs them in batches beside the service: `onward::data::Worker`, or `onward data run`. These verbs show
/// how far they are and steer them, whichever worker runs them: what is said goes through the database, or with
/// `--service` through a service that runs a worker.
#[derive(Clone, Debug, Args)]
pub(crate) struct Data {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Clone, Debug, Subcommand)]
enum Verb {
    List(List),
    Show(show::Show),
    Run(run::Beside),
    Finish(run::Finish),
    Pause(steer::Pause),
    Resume(steer::Resume),
    Cancel(steer::Cancel),
    Retry(steer::Retry),
    Approve(steer::Approve),
    Speed(steer::Speed),
}

/// The database of the module or a service that works on it, and how to answer: what every verb needs.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("database")
    .required(!Surroundings::of_the_process().name_a_server())
    .multiple(true)
    .args(["url", "url_file", "env_file", "service"]))]
struct Common {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    work: Work,
    #[command(flatten)]
    service: Service,
    /// Output format; `json` is one object, or one array for `list`.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Data {
    /// `list` is the one that can be repeated for many databases.
    pub(crate) const fn as_list(&self) -> Option<&List> {
        match &self.verb {
            Verb::List(list) => Some(list),
            Verb::Show(_)
            | Verb::Run(_)
            | Verb::Finish(_)
            | Verb::Pause(_)
            | Verb::Resume(_)
            | Verb::Cancel(_)
            | Verb::Retry(_)
            | Verb::Approve(_)
            | Verb::Speed(_) => None,
        }
    }

    /// How the verb answers.
    pub(crate) fn format(&self) -> Format {
        let common = match &self.verb {
            Verb::List(verb) => &verb.common,
            Verb::Show(verb) => &verb.one.common,
            Verb::Run(verb) => &verb.which.common,
            Verb::Finish(verb) => &verb.which.common,
            Verb::Pause(verb) => &verb.one.common,
            Verb::Resume(verb) => &verb.one.common,
            Verb::Cancel(verb) => &verb.one.common,
            Verb::Retry(verb) => &verb.one.common,
            Verb::Approve(verb) => &verb.one.common,
            Verb::Speed(verb) => &verb.one.common,
        };
        common.format
    }
}

impl Common {
    const fn role(&self) -> Option<&onward::Role> {
        self.work.role()
    }

    /// The service that is asked, when the command line names one.
    fn endpoint(&self) -> Result<Option<Endpoint>, CouldNotRun> {
        Ok(self.service.endpoint()?)
    }

    /// The plan of a folder without errors, and a connection. Prints where the verb works.
    async fn open(
        &self,
        folder: &Module,
        err: &mut impl Write,
    ) -> Result<(Plan, Client, Target), CouldNotRun> {
        let plan = plan_of(folder)?;
        let target = self.work.target(&self.place)?;
        target.announce(err)?;
        Ok((plan, connect(&target).await?, target))
    }

    /// The same to look only, which findings do not stop.
    async fn look(
        &self,
        folder: &Module,
        err: &mut impl Write,
    ) -> Result<(Plan, Client), CouldNotRun> {
        let module = Seen::of(folder)?;
        let target = self.work.target(&self.place)?;
        target.announce(err)?;
        for note in module.notes() {
            writeln!(err, "{note}")?;
        }
        Ok((module.plan, connect(&target).await?))
    }
}

pub(crate) async fn run(
    command: &Data,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    match &command.verb {
        Verb::List(verb) => list::run(verb, out, err).await,
        Verb::Show(verb) => show::run(verb, out, err).await,
        Verb::Run(verb) => run::beside(verb, out, err).await,
        Verb::Finish(verb) => run::finish(verb, out, err).await,
        Verb::Pause(verb) => steer::run(&verb.said(), out, err).await,
        Verb::Resume(verb) => steer::run(&verb.said(), out, err).await,
        Verb::Cancel(verb) => steer::run(&verb.said(), out, err).await,
        Verb::Retry(verb) => steer::run(&verb.said(), out, err).await,
        Verb::Approve(verb) => steer::run(&verb.said(), out, err).await,
        Verb::Speed(verb) => steer::run(&verb.said()?, out, err).await,
    }
}
