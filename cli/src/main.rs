//! The `onward` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    onward_cli::main(&[])
}
