//! `cargo xtask`: what a contributor does with the repository.

mod bless;
mod guide;
mod new_rule;
mod playground;
mod run;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

/// Tasks of this repository
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    Bless(bless::Bless),
    Guide(guide::Guide),
    NewRule(new_rule::NewRule),
    /// Start a PostgreSQL server, print its URL, and keep it until Ctrl-C
    ///
    /// The same as `cargo run -p onward-pg`.
    Pg,
    /// Run everything that must pass before a change lands: `.ci/run`
    Ci,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match perform(&args.task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Without standard error there is no place for a message.
            writeln!(io::stderr(), "error: {error}").ok();
            ExitCode::FAILURE
        }
    }
}

fn perform(task: &Task) -> Result<(), Box<dyn Error>> {
    let root = root();
    match task {
        Task::Bless(arguments) => bless::bless(arguments, &root)?,
        Task::Guide(arguments) => guide::guide(arguments, &root)?,
        Task::NewRule(arguments) => {
            let written = new_rule::new_rule(arguments, &root)?;
            for path in written {
                let path = path.strip_prefix(&root).unwrap_or(&path);
                writeln!(io::stdout(), "wrote {}", path.display())?;
            }
            writeln!(
                io::stdout(),
                "next: write the rule and its page, then `cargo xtask bless pages`"
            )?;
        }
        Task::Pg => {
            let mut cargo = run::cargo(&root);
            run::replace(cargo.args(["run", "--quiet", "--package", "onward-pg"]))?;
        }
        Task::Ci => {
            let mut bash = Command::new("bash");
            run::replace(bash.arg(".ci/run").current_dir(&root))?;
        }
    }
    Ok(())
}

/// The workspace that this program was built in.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}
