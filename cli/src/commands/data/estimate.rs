//! How long it still takes. Pure: the caller brings the time.

use std::collections::VecDeque;
use std::time::Duration;

/// What was seen, and when.
#[derive(Clone, Copy, Debug)]
struct Sample {
    at: Duration,
    scanned: u64,
}

/// The rate of the last while, pauses and throttles included.
#[derive(Debug, Default)]
pub(super) struct Estimate {
    samples: VecDeque<Sample>,
}

/// How much of the past counts.
const WINDOW: Duration = Duration::from_secs(30);

impl Estimate {
    /// `at` is the time since the command began. A new pass begins to count again.
    pub(super) fn see(&mut self, at: Duration, scanned: u64) {
        if self
            .samples
            .back()
            .is_some_and(|last| scanned < last.scanned)
        {
            self.samples.clear();
        }
        self.samples.push_back(Sample { at, scanned });
        while self.samples.len() > 2
            && self
                .samples
                .front()
                .is_some_and(|first| at.saturating_sub(first.at) > WINDOW)
        {
            self.samples.pop_front();
        }
    }

    /// Rows in a second; `None` before there is a difference.
    pub(super) fn rate(&self) -> Option<f64> {
        rate(self.samples.front()?, self.samples.back()?)
    }

    /// The least and the most time for so many rows: by the faster and the slower half of what was seen.
    pub(super) fn left(&self, rows: u64) -> Option<(Duration, Duration)> {
        let middle = self.samples.get(self.samples.len() / 2)?;
        let halves = [
            rate(self.samples.front()?, middle),
            rate(middle, self.samples.back()?),
            self.rate(),
        ];
        let rates = halves.into_iter().flatten();
        let (least, most) = rates.fold((f64::INFINITY, 0.0_f64), |(least, most), rate| {
            (least.min(rate), most.max(rate))
        });
        let rows = as_f64(rows);
        let time = |rate: f64| Duration::try_from_secs_f64(rows / rate).ok();
        Some((time(most)?, time(least)?))
    }
}

fn rate(from: &Sample, to: &Sample) -> Option<f64> {
    let time = to.at.saturating_sub(from.at).as_secs_f64();
    let rows = to.scanned.saturating_sub(from.scanned);
    (time > 0.0 && rows > 0).then(|| as_f64(rows) / time)
}

/// Exact up to 2^53, which no table reaches.
#[expect(clippy::cast_precision_loss, reason = "counts of rows, for people")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(all: &[(u64, u64)]) -> Estimate {
        let mut estimate = Estimate::default();
        for (seconds, scanned) in all {
            estimate.see(Duration::from_secs(*seconds), *scanned);
        }
        estimate
    }

    #[test]
    fn the_faster_and_the_slower_half_bound_what_is_left() {
        let estimate = seen(&[(0, 0), (10, 1000), (20, 1500)]);
        assert_eq!(estimate.rate(), Some(75.0));
        let left = estimate.left(1000);
        assert_eq!(
            left,
            Some((Duration::from_secs(10), Duration::from_secs(20)))
        );
    }

    #[test]
    fn nothing_is_said_before_anything_moves() {
        assert_eq!(seen(&[(0, 7), (9, 7)]).left(10), None);
        assert_eq!(seen(&[]).left(10), None);
    }

    #[test]
    fn a_new_pass_and_the_distant_past_do_not_count() {
        assert_eq!(
            seen(&[(0, 0), (10, 1000), (11, 10), (12, 20)]).rate(),
            Some(10.0)
        );
        assert_eq!(
            seen(&[(0, 0), (60, 60), (61, 160), (62, 260)]).rate(),
            Some(100.0)
        );
    }
}
