//! `cargo xtask bless`.

use std::path::Path;
use std::process::Command;

use clap::{Args, ValueEnum};

use crate::run::{RunError, cargo, run};

/// Rewrite the texts that tests compare with; read the diff before you commit it
#[derive(Debug, Args)]
pub(crate) struct Bless {
    /// Texts to rewrite; without it, all of them.
    #[arg(value_enum, value_name = "TEXTS")]
    texts: Vec<Texts>,
}

/// The texts that tests compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Texts {
    /// The findings in the pages of the rules.
    Pages,
    /// The messages of the compiler in ui-tests.
    Ui,
    /// The help of the `onward` command.
    Help,
    /// The drawings in docs/pictures.
    Pictures,
    /// The picture of the example service's page, by Chromium.
    Page,
}

impl Texts {
    fn command(self, root: &Path) -> Command {
        let (variable, value, arguments): (_, _, &[&str]) = match self {
            Self::Pages => (
                "BLESS",
                "1",
                &["-p", "onward-analyzer", "--test", "it", "pages"],
            ),
            Self::Ui => ("TRYBUILD", "overwrite", &["-p", "onward-ui-tests"]),
            Self::Help => ("BLESS", "1", &["-p", "onward-cli", "--test", "it", "help"]),
            Self::Pictures => (
                "BLESS",
                "1",
                &["-p", "onward-cli", "--test", "it", "pictures"],
            ),
            Self::Page => (
                "ONWARD_BLESS_SCREENSHOT",
                "1",
                &["-p", "authority", "--test", "it", "browser"],
            ),
        };
        let mut cargo = cargo(root);
        cargo.arg("test").args(arguments).env(variable, value);
        cargo
    }
}

/// Rewrites the texts. Each is tried, whatever became of the one before it.
pub(crate) fn bless(arguments: &Bless, root: &Path) -> Result<(), RunError> {
    let texts = match arguments.texts.as_slice() {
        [] => Texts::value_variants(),
        some => some,
    };
    let results: Vec<_> = texts
        .iter()
        .map(|texts| run(&mut texts.command(root)))
        .collect();
    results.into_iter().collect()
}
