//! The `onward` command.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use onward_cli::{Args, Outcome, run};

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_max_level(args.verbosity())
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
