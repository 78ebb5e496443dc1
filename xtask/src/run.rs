//! Programs that a task starts.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RunError {
    #[error("cannot start `{program}`: {source}")]
    Start {
        program: String,
        source: std::io::Error,
    },
    #[error("failed: `{0}`; its output above says why")]
    Failed(String),
}

/// Cargo, in the workspace.
pub(crate) fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root);
    command
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Result<(), RunError> {
    let status = command.status().map_err(|source| start(command, source))?;
    match status.success() {
        true => Ok(()),
        false => Err(RunError::Failed(shown(command))),
    }
}

/// Becomes the program, so that Ctrl-C reaches it and not a parent that would end before it.
#[cfg(unix)]
pub(crate) fn replace(command: &mut Command) -> Result<(), RunError> {
    use std::os::unix::process::CommandExt as _;
    let source = command.exec();
    Err(start(command, source))
}

/// Runs the program: a process cannot become another one here.
#[cfg(not(unix))]
pub(crate) fn replace(command: &mut Command) -> Result<(), RunError> {
    run(command)
}

fn start(command: &Command, source: std::io::Error) -> RunError {
    RunError::Start {
        program: command.get_program().to_string_lossy().into_owned(),
        source,
    }
}

/// `BLESS=1 cargo test ...`, as a reader would type it.
pub(crate) fn shown(command: &Command) -> String {
    let variables = command.get_envs().filter_map(|(name, value)| {
        let value = value?.to_string_lossy();
        Some(format!("{}={value}", name.to_string_lossy()))
    });
    let program = Path::new(command.get_program());
    let program = program.file_stem().unwrap_or(command.get_program());
    let arguments = command.get_args().map(|word| word.to_string_lossy());
    let words = variables
        .chain([program.to_string_lossy().into_owned()])
        .chain(arguments.map(String::from));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_named_as_it_would_be_typed() {
        let mut cargo = cargo(Path::new("."));
        cargo.arg("no-such-verb").env("BLESS", "1");
        cargo.stderr(std::process::Stdio::null());
        let error = run(&mut cargo).err().map(|error| error.to_string());
        let expected = "failed: `BLESS=1 cargo no-such-verb`; its output above says why";
        assert_eq!(error.as_deref(), Some(expected));
    }

    #[test]
    fn a_program_that_is_missing_is_named() {
        let error = replace(&mut Command::new("no-such-program")).err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(
            error.starts_with("cannot start `no-such-program`: "),
            "{error}"
        );
    }
}
