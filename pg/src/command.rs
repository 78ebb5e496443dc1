//! Short-lived programs: run to the end, or return why not.

use std::io;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::time::timeout;

/// Long enough for a download over a slow line, short enough that the user is still waiting.
const PATIENCE: Duration = Duration::from_secs(300);

/// A program could not be run, or failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// There is no such program on `PATH`.
    #[error("{0} is not on PATH")]
    Missing(String),
    /// The program exists but could not be started.
    #[error("cannot run {program}")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It ended with an error.
    #[error("{program} failed:\n{output}")]
    Failed {
        /// The program.
        program: String,
        /// The last lines that it wrote.
        output: String,
    },
    /// It did not end in time.
    #[error("{program} was still running after {} s and was stopped", PATIENCE.as_secs())]
    Slow {
        /// The program.
        program: String,
    },
}

/// Runs a program to its end and returns what it wrote to stdout.
pub(crate) async fn run(command: &mut Command) -> Result<String, CommandError> {
    let program = command
        .as_std()
        .get_program()
        .to_string_lossy()
        .into_owned();
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = match timeout(PATIENCE, command.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) if error.kind() == io::ErrorKind::NotFound && !program.contains('/') => {
            return Err(CommandError::Missing(program));
        }
        Ok(Err(source)) => return Err(CommandError::Start { program, source }),
        Err(_) => return Err(CommandError::Slow { program }),
    };
    let stdout = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return Ok(stdout.into_owned());
    }
    let said = format!("{stdout}{}", String::from_utf8_lossy(&output.stderr));
    let output = tail(&said, 12);
    Err(CommandError::Failed { program, output })
}

/// The last lines of a text.
pub(crate) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.trim_end().lines().collect();
    let from = all.len().saturating_sub(lines);
    all.get(from..).unwrap_or_default().join("\n")
}
