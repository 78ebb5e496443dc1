//! Several modules in one table.

use std::io::{self, Write};

use onward::{Category, State, Status, data};

/// A module in a line.
pub(crate) struct Line {
    cells: [String; 7],
}

const HEAD: [&str; 7] = [
    "module", "state", "applied", "left", "waiting", "data", "ledger",
];

impl Line {
    pub(crate) fn new(status: &Status, data: &[data::Status]) -> Self {
        let all = status.migrations().iter();
        let all: Vec<_> = all
            .filter(|one| one.version.category() != Category::Data)
            .collect();
        let count =
            |is: fn(&State) -> bool| all.iter().filter(|one| is(&one.state)).count().to_string();
        let done = data.iter().filter(|one| one.done.is_some()).count();
        Self {
            cells: [
                status.schema().to_owned(),
                state(status).to_owned(),
                count(|state| matches!(state, State::Applied { .. })),
                count(|state| {
                    matches!(
                        state,
                        State::Pending | State::Running { .. } | State::InDoubt { .. }
                    )
                }),
                count(|state| matches!(state, State::Waiting { .. })),
                match data.len() {
                    0 => "-".to_owned(),
                    all => format!("{done}/{all}"),
                },
                status
                    .head()
                    .map_or_else(|| "-".to_owned(), |head| format!("#{}", head.seq)),
            ],
        }
    }
}

/// The worst that holds.
fn state(status: &Status) -> &'static str {
    let is_in_doubt = status
        .migrations()
        .iter()
        .any(|one| matches!(one.state, State::InDoubt { .. }));
    if status.tampering().is_some() {
        "tampered"
    } else if !status.drift().is_empty() {
        "drift"
    } else if is_in_doubt {
        "in-doubt"
    } else if status.head().is_none() {
        "no ledger"
    } else if status.is_current() {
        "current"
    } else {
        "behind"
    }
}

/// The table, with columns as wide as their widest cell.
pub(crate) fn write_overview(out: &mut impl Write, lines: &[Line]) -> io::Result<()> {
    let head = HEAD.map(str::to_owned);
    let rows = || std::iter::once(&head).chain(lines.iter().map(|line| &line.cells));
    let widths: Vec<usize> = (0..HEAD.len())
        .map(|n| {
            rows()
                .map(|cells| cells[n].chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    writeln!(out)?;
    for cells in rows() {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        let line = padded.collect::<Vec<_>>().join("  ");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
