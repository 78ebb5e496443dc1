//! What is remembered between two looks.

use std::collections::BTreeMap;

use tokio::time::Instant;

use crate::data::throttle::reading::{Reading, Signal};

/// What is remembered between two looks.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Where the server wrote its WAL at the first of the looks that the rate is worked out from.
    pub(super) written: Option<(f64, Instant)>,
    /// The tables that have too many dead rows.
    pub(super) dead: BTreeMap<String, Dead>,
    /// How often each indicator was not known.
    unknown: BTreeMap<&'static str, u32>,
}

/// A table that has too many dead rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dead {
    pub(super) since: Instant,
    /// How often a vacuum had gone over it then.
    pub(super) vacuums: f64,
}

impl Memory {
    /// Reports once what the worker cannot know; not what the next look knows.
    pub(crate) fn say_unknown(&mut self, readings: &[Reading]) {
        for reading in self.newly_unknown(readings) {
            tracing::warn!(
                indicator = reading.indicator,
                "not known, and not waited for: {}",
                reading.detail
            );
        }
    }

    fn newly_unknown<'a>(&mut self, readings: &'a [Reading]) -> Vec<&'a Reading> {
        let unknown = readings.iter().filter(|one| one.signal == Signal::Unknown);
        unknown
            .filter(|one| {
                let times = self.unknown.entry(one.indicator).or_default();
                *times = times.saturating_add(1);
                *times == 2
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_said_once() {
        let mut memory = Memory::default();
        let readings = [Reading::new("wal-rate", Signal::Unknown, "not yet")];
        let said: Vec<_> = (0..4)
            .map(|_| memory.newly_unknown(&readings).len())
            .collect();
        assert_eq!(said, [0, 1, 0, 0]);
    }
}
