//! The `onward` command as a library, so that a service's own operator binary can offer the same.
//!
//! ```no_run
//! static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
//! static VULN: onward::Plan = onward::embed_migrations!("migrations/vuln");
//!
//! fn main() -> std::process::ExitCode {
//!     onward_cli::main(&[&AUTH, &VULN])
//! }
//! ```
//!
//! That is a whole program: `shop-operator status --url ...`, `shop-operator release --module vuln --url ...`. It has the
//! verbs and the output of `onward`, needs no folder of migrations where it runs, and so it fits into the image of the
//! service. Verbs that read files, such as `check`, still need a folder.

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

mod adopt;
mod args;
mod bridge;
mod census;
mod commands;
mod confirm;
mod connect;
mod ctrl_c;
mod editor;
mod failure;
mod fleet;
mod git;
mod input;
mod live;
mod module;
mod named;
mod new_file;
mod operator;
mod outcome;
mod output;
mod picture;
mod process;
mod running;
mod scratch;
mod screen;
mod service;
mod targets;

use std::io::{self, Write};
use std::process::ExitCode;

pub use crate::args::Args;
pub use crate::bridge::plan;
pub use crate::named::FolderError;
pub use crate::outcome::Outcome;
pub use crate::output::Format;

use crate::args::Command;
use crate::commands::{
    baseline, check, completions, data, explain, graph, history, lock, lsp, man, new, parse,
    queries, rehearse, release, renumber, replace, resolve, restamp, roles, rules, schema, squash,
    status, tenancy, unlock, up, verify,
};
use crate::failure::FailureJson;
use crate::outcome::CouldNotRun;
use crate::screen::Screen;
use onward::Plan;

/// The whole program, for these plans; without plans its command line names folders.
///
/// ```no_run
/// static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
///
/// fn main() -> std::process::ExitCode {
///     onward_cli::main(&[&AUTH])
/// }
/// ```
#[must_use]
pub fn main(plans: &[&Plan]) -> ExitCode {
    let args = match Args::try_parse_for(plans, std::env::args_os()) {
        Ok(args) => args,
        Err(error) => return process::explained(&error),
    };
    process::log(args.verbosity());
    let mut err = Screen::of(io::stderr(), args.color);
    let mut out = match args.command.is_text() {
        true => Screen::of(io::stdout(), args.color),
        false => Screen::plain(io::stdout()),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run_for(operator::kept(plans), &args, &mut out, &mut err)),
        Err(error) => writeln!(err, "error: cannot start the async runtime: {error}")
            .map(|()| Outcome::CouldNotRun),
    };
    let flushed = out.flush().and_then(|()| err.flush());
    // A closed standard error leaves no place for a message.
    outcome
        .and_then(|outcome| flushed.map(|()| outcome))
        .unwrap_or(Outcome::CouldNotRun)
        .into()
}

/// Runs a command: the answer goes to `out`, errors go to `err`.
///
/// # Errors
///
/// The error of writing to `err`, and no other: all others end as an [`Outcome`] and a text in `err`.
///
/// ```no_run
/// # use clap::Parser as _;
/// # async fn example(args: onward_cli::Args) -> std::io::Result<()> {
/// let mut answer = Vec::new();
/// let outcome = onward_cli::run(&args, &mut answer, &mut std::io::stderr()).await?;
/// # Ok(())
/// # }
/// ```
pub async fn run(args: &Args, out: &mut impl Write, err: &mut impl Write) -> io::Result<Outcome> {
    run_for(&[], args, out, err).await
}

/// The same for a program with plans, whose command line differs in its help.
async fn run_for(
    plans: &'static [Plan],
    args: &Args,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<Outcome> {
    let outcome = match &args.command {
        Command::Status(command) if command.fleet.is_named() => fleet::run(command, out, err).await,
        Command::Up(command) if command.fleet.is_named() => fleet::run(command, out, err).await,
        Command::Release(command) if command.fleet.is_named() => {
            fleet::run(command, out, err).await
        }
        Command::Verify(command) if command.fleet.is_named() => fleet::run(command, out, err).await,
        Command::New(command) => new::run(command, out),
        Command::Replace(command) => replace::run(command, out),
        Command::Completions(command) => completions::run(command, operator::command(plans), out),
        Command::Man(command) => man::run(command, operator::command(plans), out),
        Command::Status(command) => status::run(command, out, err).await,
        Command::Up(command) => up::run(command, out, err).await,
        Command::Release(command) => release::run(command, out, err).await,
        Command::Data(command) => match command.as_list() {
            Some(list) if list.fleet.is_named() => fleet::run(list, out, err).await,
            Some(_) | None => data::run(command, out, err).await,
        },
        Command::Verify(command) => verify::run(command, out, err).await,
        Command::Lock(command) => lock::run(command, out),
        Command::Lsp(command) => lsp::run(command),
        Command::Rehearse(command) => rehearse::run(command, out, err).await,
        Command::Squash(command) => squash::run(command, out, err).await,
        Command::Resolve(command) => resolve::run(command, out, err).await,
        Command::Renumber(command) => renumber::run(command, out, err).await,
        Command::Restamp(command) => restamp::run(command, out, err).await,
        Command::Unlock(command) => unlock::run(command, out, err).await,
        Command::Roles(command) => roles::run(command, out, err).await,
        Command::Tenancy(command) => tenancy::run(command, out, err).await,
        Command::Adopt(command) => commands::adopt::run(command, out, err).await,
        Command::Baseline(command) => baseline::run(command, out, err).await,
        Command::History(command) => history::run(command, out, err).await,
        Command::Schema(command) => schema::run(command, out),
        Command::Graph(command) => graph::run(command, out),
        Command::Check(command) => check::run(command, out),
        Command::Queries(command) => queries::run(command, out),
        Command::Explain(command) => explain::run(command, out),
        Command::Rules(command) => rules::run(command, out),
        Command::Plan(command) => commands::plan::run(command, out, err).await,
        Command::Parse(command) => parse::run(command, out),
    };
    outcome.or_else(|error| {
        // A closed pipe, such as that of `onward rules | head`, is not an error of the command.
        let closed =
            matches!(&error, CouldNotRun::Output(io) if io.kind() == io::ErrorKind::BrokenPipe);
        if !closed {
            if args.command.is_json() {
                output::write_json(out, &FailureJson::of(&error))?;
            }
            output::error_chain(err, &error)?;
        }
        Ok(Outcome::CouldNotRun)
    })
}
