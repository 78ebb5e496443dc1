//! Whether a vacuum is at work on the table.

use crate::data::throttle::reading::Signal;

use super::{Row, Verdict, worst};

pub(super) fn judge(rows: &[&Row]) -> Verdict {
    worst(rows, "no vacuum of the table is running", |row| {
        let table = row.subject();
        match row.note.as_deref() {
            Some("wraparound") => Verdict::new(
                Signal::Stop,
                format!(
                    "a vacuum of {table} is running that prevents a wraparound of transaction IDs"
                ),
            ),
            Some(_) | None => Verdict::new(Signal::Slow, format!("a vacuum of {table} is running")),
        }
    })
}
