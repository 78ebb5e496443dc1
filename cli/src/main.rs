//! The `onward` command.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use onward_cli::{Args, Outcome, run, wrong_arguments};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return explained(&error),
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter(args.verbosity()))
        .with_writer(io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(run(&args, &mut io::stdout(), &mut io::stderr())),
        Err(error) => writeln!(
            io::stderr(),
            "error: cannot start the async runtime: {error}"
        )
        .map(|()| Outcome::CouldNotRun),
    };
    // A closed standard error leaves no place for a message.
    outcome.unwrap_or(Outcome::CouldNotRun).into()
}

/// Help and version, or what is wrong with the arguments.
fn explained(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && asks_for_json(std::env::args_os()) {
        let text = error.render().to_string();
        // A closed standard output leaves the words on standard error.
        wrong_arguments(&text, &mut io::stdout()).ok();
    }
    error.exit()
}

/// Whether `--format json` is among arguments that clap refuses.
fn asks_for_json(arguments: impl Iterator<Item = OsString>) -> bool {
    let arguments: Vec<OsString> = arguments.collect();
    arguments
        .windows(2)
        .any(|pair| pair == ["--format", "json"])
        || arguments.iter().any(|argument| argument == "--format=json")
}

/// What is logged. A migration that the server refuses while its locks are taken is tried again; if that does not help,
/// the error is the answer.
fn filter(level: LevelFilter) -> EnvFilter {
    match level {
        LevelFilter::WARN => EnvFilter::new("warn,onward::run::apply=error"),
        level => EnvFilter::new(level.to_string()),
    }
}
