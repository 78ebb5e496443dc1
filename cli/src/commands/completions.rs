//! `onward completions`.

use std::io::Write;

use clap::{Args, Command, ValueEnum};
use clap_complete::generate;

use crate::outcome::{CouldNotRun, Outcome};

/// Print a script that completes verbs and options in a shell
///
/// For bash: onward completions bash > ~/.local/share/bash-completion/completions/onward. The first lines of each
/// script name the shell; its manual says where such scripts belong.
///
/// Exit status: 0.
#[derive(Clone, Debug, Args)]
pub(crate) struct Completions {
    /// Shell that reads the script.
    #[arg(value_enum)]
    shell: Shell,
}

/// The shells that there are scripts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shell {
    /// GNU Bash 4.4 or newer, with bash-completion.
    Bash,
    /// Elvish.
    Elvish,
    /// fish.
    Fish,
    /// PowerShell.
    Powershell,
    /// Z shell.
    Zsh,
}

impl From<Shell> for clap_complete::Shell {
    fn from(shell: Shell) -> Self {
        match shell {
            Shell::Bash => Self::Bash,
            Shell::Elvish => Self::Elvish,
            Shell::Fish => Self::Fish,
            Shell::Powershell => Self::PowerShell,
            Shell::Zsh => Self::Zsh,
        }
    }
}

/// `onward` is the whole command.
pub(crate) fn run(
    command: &Completions,
    mut onward: Command,
    out: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let name = onward.get_name().to_owned();
    let mut script = Vec::new();
    generate(
        clap_complete::Shell::from(command.shell),
        &mut onward,
        name,
        &mut script,
    );
    out.write_all(&script)?;
    Ok(Outcome::Good)
}
