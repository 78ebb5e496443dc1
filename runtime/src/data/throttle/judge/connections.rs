//! How many connections are free.

use crate::data::throttle::indicator::Levels;
use crate::data::throttle::quantity::count;
use crate::data::throttle::reading::Signal;

use super::{Row, Verdict, worst};

/// A server with few connections needs fewer free ones.
const SHARE: f64 = 0.1;

pub(super) fn judge(rows: &[&Row], levels: Levels) -> Verdict {
    worst(rows, "connections are not counted", |row| of(row, levels))
}

fn of(row: &Row, levels: Levels) -> Verdict {
    let (Some(free), Some(most)) = (row.value, row.most) else {
        return Verdict::new(Signal::Unknown, "connections are not counted");
    };
    let limit = levels.stop.min((most * SHARE).ceil());
    let signal = match free < limit {
        true => Signal::Stop,
        false => Signal::Normal,
    };
    let says = format!(
        "{} of {} connections of {} are free (limit {})",
        count(free.max(0.0)),
        count(most),
        row.subject(),
        count(limit)
    );
    Verdict::new(signal, says)
}
