//! `onward man`.

use std::io::Write;

use clap::{Args, Command};
use clap_mangen::Man as Page;

use crate::outcome::{CouldNotRun, Outcome};

/// Print the manual page of the command or of a verb, in the format of man
///
/// To read it: onward man | man -l -. To install it: onward man > /usr/local/share/man/man1/onward.1, and for a verb
/// onward man release > /usr/local/share/man/man1/onward-release.1.
///
/// Exit status: 0, or 2 when there is no such verb.
#[derive(Clone, Debug, Args)]
pub(crate) struct Man {
    /// Verb, such as release, or two words for a verb of data. Default: the command as a whole.
    #[arg(value_name = "VERB")]
    verb: Vec<String>,
}

/// `onward` is the whole command.
pub(crate) fn run(
    command: &Man,
    mut onward: Command,
    out: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    onward.build();
    let mut name = onward.get_name().to_owned();
    let mut found = &onward;
    for word in &command.verb {
        let verb = found.find_subcommand(word).filter(|_| word != "help");
        found = verb.ok_or_else(|| CouldNotRun::NoSuchVerb {
            verb: command.verb.join(" "),
        })?;
        name = format!("{name}-{}", found.get_name());
    }
    // The page is one of the verb, whose own name is only the last word. A command keeps its name for ever.
    let name: &'static str = name.leak();
    let page = found.clone().name(name).bin_name(name);
    Page::new(page).render(out)?;
    Ok(Outcome::Good)
}
