//! Whether WAL is archived as fast as it is written.

use crate::data::throttle::indicator::Levels;
use crate::data::throttle::quantity::count;
use crate::data::throttle::reading::Signal;

use super::{Row, Verdict, worst};

pub(super) fn judge(rows: &[&Row], levels: Levels) -> Verdict {
    worst(rows, "WAL is not archived", |row| of(row, levels))
}

/// A failing archiver is never normal: what cannot be archived fills the disk.
fn of(row: &Row, levels: Levels) -> Verdict {
    let fails = row.note.as_deref() == Some("failing");
    let file = row.subject();
    match (row.value, fails) {
        (None, true) => Verdict::new(
            Signal::Stop,
            format!("the archiver fails at {file}, and has archived nothing"),
        ),
        (None, false) => Verdict::new(Signal::Unknown, "nothing is archived yet"),
        (Some(files), fails) => {
            let signal = levels.signal(files);
            let (files, limit) = (count(files), count(levels.limit(signal)));
            match fails {
                true => Verdict::new(
                    signal.max(Signal::Slow),
                    format!("the archiver fails at {file}, {files} files wait (limit {limit})"),
                ),
                false => Verdict::new(
                    signal,
                    format!("{files} files of WAL wait for the archiver (limit {limit})"),
                ),
            }
        }
    }
}
