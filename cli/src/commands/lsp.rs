//! `onward lsp`.

use clap::Args;

use crate::editor;
use crate::outcome::{CouldNotRun, Outcome};

/// Show findings, fixes and locks in an editor, by the language server protocol
///
/// Editors start it, and speak to it on standard input and output. It judges the folder of each open migration with the
/// texts that the editor has. Needs no database. docs/editors.md has the settings of editors.
///
/// Exit status: 0 when the editor ended the conversation, 2 when it ended otherwise.
#[derive(Clone, Debug, Args)]
pub(crate) struct Lsp {
    /// What editors add to say that standard input and output are used; nothing else is.
    #[arg(long)]
    stdio: bool,
}

pub(crate) fn run(_command: &Lsp) -> Result<Outcome, CouldNotRun> {
    let (connection, threads) = lsp_server::Connection::stdio();
    let ended = editor::serve(&connection);
    // The threads end when nothing can be sent any more.
    drop(connection);
    threads.join()?;
    ended?;
    Ok(Outcome::Good)
}
