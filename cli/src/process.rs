//! What a process does around a command: arguments that clap refuses, and the log.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::failure::FailureJson;
use crate::outcome::Outcome;
use crate::output;
use crate::screen::Screen;

/// Help and version, or what is wrong with the arguments.
pub(crate) fn explained(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && asks_for_json(std::env::args_os()) {
        let document = FailureJson::of_arguments(&error.render().to_string());
        // A closed standard output leaves the words on standard error.
        output::write_json(&mut Screen::plain(io::stdout()), &document).ok();
    }
    // Nothing is left to do when they cannot be printed.
    error.print().ok();
    match error.use_stderr() {
        true => Outcome::CouldNotRun.into(),
        false => Outcome::Good.into(),
    }
}

/// Whether `--format json` is among arguments that clap refuses.
fn asks_for_json(arguments: impl Iterator<Item = OsString>) -> bool {
    let arguments: Vec<OsString> = arguments.collect();
    arguments
        .windows(2)
        .any(|pair| pair == ["--format", "json"])
        || arguments.iter().any(|argument| argument == "--format=json")
}

/// Logs to standard error. A migration that the server refuses while its locks are taken is tried again; if that does not
/// help, the error is the answer.
pub(crate) fn log(level: LevelFilter) {
    let filter = match level {
        LevelFilter::WARN => EnvFilter::new("warn,onward::run::apply=error"),
        level => EnvFilter::new(level.to_string()),
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    // The program may have a log already.
    log.try_init().ok();
}
