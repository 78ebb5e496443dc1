//! `onward data`: data migrations, as they run and as an operator steers them.

mod answer;
mod line;
mod list;
mod run;
mod show;
mod steer;
mod view;

pub(crate) use self::list::List;

use std::io::Write;

use clap::{Args, Subcommand};
use onward::{Plan, Version};
use tokio_postgres::Client;

use crate::bridge::{Seen, plan_of};
use crate::connect::{Server, Target, connect};
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::Format;

/// Run, watch and steer data migrations (DM001-DM999)
///
/// A worker runs them in batches beside the service: `onward::data::Worker`, or `onward data run`. These verbs show
/// how far they are and steer them, whichever worker runs them: what is said goes through the database.
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

/// The module, its database, and how to answer: what every verb needs.
#[derive(Clone, Debug, Args)]
struct Common {
    #[command(flatten)]
    server: Server,
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

/// One data migration of a module.
#[derive(Clone, Debug, Args)]
struct One {
    /// Folder of the module, such as migrations/auth.
    folder: Module,
    /// Data migration, such as DM001.
    version: Version,
    #[command(flatten)]
    common: Common,
}

impl Common {
    /// The plan of a folder without errors, and a connection. Prints where the verb works.
    async fn open(
        &self,
        folder: &Module,
        err: &mut impl Write,
    ) -> Result<(Plan, Client, Target), CouldNotRun> {
        let plan = plan_of(folder)?;
        let target = self.server.target()?;
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
        let target = self.server.target()?;
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
        Verb::Pause(verb) => steer::run(&verb.command(), out, err).await,
        Verb::Resume(verb) => steer::run(&verb.command(), out, err).await,
        Verb::Cancel(verb) => steer::run(&verb.command(), out, err).await,
        Verb::Retry(verb) => steer::run(&verb.command(), out, err).await,
        Verb::Approve(verb) => steer::run(&verb.command(), out, err).await,
        Verb::Speed(verb) => steer::run(&verb.command(), out, err).await,
    }
}
