//! Asks whether to go on.

use std::io::{self, IsTerminal as _, Write};

use crate::outcome::CouldNotRun;

/// Whether the operator wants it: said with `--yes`, or asked on a terminal. Elsewhere nothing is done.
pub(crate) fn confirmed(yes: bool, err: &mut impl Write) -> Result<bool, CouldNotRun> {
    if yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() {
        return Err(CouldNotRun::Unconfirmed);
    }
    write!(err, "Go on? [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    let is_yes = matches!(answer.trim(), "y" | "Y" | "yes");
    if !is_yes {
        writeln!(err, "Nothing was done.")?;
    }
    Ok(is_yes)
}
