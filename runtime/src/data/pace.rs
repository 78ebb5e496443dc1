//! How large a batch is, and how long the worker sleeps behind it. Pure.

use std::time::Duration;

/// How fast a worker goes.
///
/// ```
/// use std::time::Duration;
///
/// let gentle = onward::data::Pace::new().target(Duration::from_millis(50)).share(0.3);
/// assert_eq!(gentle.share_of_time(), 0.3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Pace {
    target: Duration,
    share: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self::new()
    }
}

/// A batch begins as this part of what the file says, and grows.
const RAMP: u32 = 10;

/// A sleep is never longer, so that a worker soon hears what an operator says.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);

impl Pace {
    /// With the defaults: batches of up to 200 ms, and 80 % of the time at work.
    ///
    /// ```
    /// assert_eq!(onward::data::Pace::new().share_of_time(), 0.8);
    /// ```
    pub const fn new() -> Self {
        Self {
            target: Duration::from_millis(200),
            share: 0.8,
        }
    }

    /// Without pauses: for what runs in the foreground.
    ///
    /// ```
    /// assert_eq!(onward::data::Pace::unpaused().share_of_time(), 1.0);
    /// ```
    pub const fn unpaused() -> Self {
        Self {
            share: 1.0,
            ..Self::new()
        }
    }

    /// How long a batch may take; 200 ms unless set, and never less than 1 ms. A batch that takes more than twice as
    /// long is followed by one of half the size; a shorter one by a larger one, up to the number of rows in the file.
    ///
    /// ```
    /// let pace = onward::data::Pace::new().target(std::time::Duration::from_millis(50));
    /// ```
    pub fn target(mut self, target: Duration) -> Self {
        self.target = target.max(Duration::from_millis(1));
        self
    }

    /// Which part of the time the worker works, from 0.01 to 1; 0.8 unless set. It sleeps for the rest.
    ///
    /// ```
    /// let pace = onward::data::Pace::new().share(0.25);
    /// ```
    pub fn share(mut self, share: f64) -> Self {
        self.share = if share.is_nan() {
            1.0
        } else {
            share.clamp(0.01, 1.0)
        };
        self
    }

    /// Which part of the time the worker works.
    ///
    /// ```
    /// assert_eq!(onward::data::Pace::new().share(7.0).share_of_time(), 1.0);
    /// ```
    #[must_use]
    pub const fn share_of_time(&self) -> f64 {
        self.share
    }

    /// The first batch of a migration whose file says `most`.
    pub(crate) fn first_size(most: u32) -> u32 {
        (most / RAMP).max(1)
    }

    /// The batch behind one of `size` rows that took so long.
    pub(crate) fn next_size(&self, size: u32, took: Duration, most: u32) -> u32 {
        if took > self.target.saturating_mul(2) {
            return smaller(size);
        }
        if took <= self.target {
            return size.saturating_mul(2).clamp(1, most.max(1));
        }
        size.clamp(1, most.max(1))
    }

    /// How long to sleep behind a batch; `speed` is what an operator wants, `slow` what the server does.
    pub(crate) fn pause(&self, took: Duration, speed: f64, slow: bool) -> Duration {
        let slowed = if slow { self.share / 4.0 } else { self.share };
        let share = (slowed * speed).clamp(0.001, 1.0);
        let took = took.as_secs_f64().min(LONGEST_SLEEP.as_secs_f64());
        Duration::from_secs_f64(took * (1.0 - share) / share).min(LONGEST_SLEEP)
    }
}

/// The batch behind one that failed or took too long.
pub(crate) fn smaller(size: u32) -> u32 {
    (size / 2).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_batch_grows_to_what_the_file_says_and_shrinks_when_it_is_slow() {
        let pace = Pace::new();
        let mut size = Pace::first_size(1000);
        let mut sizes = vec![size];
        while size < 1000 {
            size = pace.next_size(size, 5 * MS, 1000);
            sizes.push(size);
        }
        assert_eq!(sizes, [100, 200, 400, 800, 1000]);
        assert_eq!(pace.next_size(1000, 300 * MS, 1000), 1000);
        assert_eq!(pace.next_size(1000, 500 * MS, 1000), 500);
        assert_eq!(pace.next_size(1, Duration::MAX, 1000), 1);
        assert_eq!(Pace::first_size(0), 1);
    }

    #[test]
    fn a_sleep_leaves_the_share_of_time_and_has_an_end() {
        let half = Pace::new().share(0.5);
        assert_eq!(half.pause(100 * MS, 1.0, false), 100 * MS);
        assert_eq!(half.pause(100 * MS, 1.0, true), 700 * MS);
        assert_eq!(Pace::unpaused().pause(100 * MS, 1.0, false), Duration::ZERO);
        assert_eq!(half.pause(Duration::MAX, 0.0, true), LONGEST_SLEEP);
    }
}
