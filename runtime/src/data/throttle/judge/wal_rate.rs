//! How fast the server writes WAL.

use std::time::Duration;

use tokio::time::Instant;

use crate::data::throttle::indicator::Levels;
use crate::data::throttle::quantity::bytes_a_second;
use crate::data::throttle::reading::Signal;

use super::{Row, Verdict};

/// A rate over less time is noise.
const SHORTEST: Duration = Duration::from_millis(200);
/// Over more it says little about now.
const LONGEST: Duration = Duration::from_secs(30);

/// By the worker's own clock, which never goes back.
pub(super) fn judge(
    rows: &[&Row],
    levels: Levels,
    written: &mut Option<(f64, Instant)>,
    now: Instant,
) -> Verdict {
    let Some(here) = rows.first().and_then(|row| row.value) else {
        *written = None;
        return Verdict::new(Signal::Unknown, "the server writes no WAL: it is a standby");
    };
    let begun = written.filter(|(lsn, at)| {
        // Another server answers when it is behind where it was.
        *lsn <= here && now.saturating_duration_since(*at) <= LONGEST
    });
    let Some((lsn, at)) = begun else {
        *written = Some((here, now));
        return Verdict::new(Signal::Unknown, "a rate is known from the second look on");
    };
    let elapsed = now.saturating_duration_since(at);
    if elapsed < SHORTEST {
        return Verdict::new(Signal::Unknown, "a rate is known from the second look on");
    }
    *written = Some((here, now));
    let rate = (here - lsn) / elapsed.as_secs_f64();
    let signal = levels.signal(rate);
    let (rate, limit) = (bytes_a_second(rate), bytes_a_second(levels.limit(signal)));
    Verdict::new(
        signal,
        format!("the server writes {rate} of WAL (limit {limit})"),
    )
}
