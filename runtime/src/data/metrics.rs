//! Data migrations in the text format that Prometheus reads.

use std::fmt;

use crate::data::steer::Status;
use crate::data::throttle::{Reading, Signal};
use crate::ledger::data::State;
use crate::plan::Plan;

/// How far the data migrations of one or more modules are, in the text format that Prometheus reads (version 0.0.4).
///
/// | metric | type | labels beside `module` |
/// | --- | --- | --- |
/// | `onward_data_rows_total` | counter | `version` |
/// | `onward_data_batches_total` | counter | `version` |
/// | `onward_data_busy_seconds_total` | counter | `version` |
/// | `onward_data_skipped_rows` | gauge | `version` |
/// | `onward_data_progress_ratio` | gauge, 0 to 1 | `version` |
/// | `onward_data_rows_per_second` | gauge, of a second of work | `version` |
/// | `onward_data_remaining_seconds` | gauge | `version`, `bound`: `low` or `high` |
/// | `onward_data_state` | gauge, 1 for what it is and 0 for the rest | `version`, `state` |
/// | `onward_data_throttle` | gauge, 1 for what it says and 0 for the rest | `indicator`, `signal` |
///
/// What is not known has no sample. A migration that has not begun is `pending`.
///
/// ```no_run
/// # async fn example(plan: &onward::Plan, client: &tokio_postgres::Client) -> Result<String, onward::Error> {
/// use onward::data::{Metrics, Throttles, list, readings};
///
/// let all = list(client, plan, None).await?;
/// let room = readings(client, plan, None, &Throttles::new()).await?;
/// // Served with the content type `text/plain; version=0.0.4`.
/// Ok(Metrics::new().module(plan, &all, &room).to_string())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "it is printed with `to_string`"]
pub struct Metrics {
    samples: Vec<Sample>,
}

#[derive(Clone, Debug, PartialEq)]
struct Sample {
    family: &'static Family,
    labels: Vec<(&'static str, String)>,
    value: f64,
}

/// Samples of one name, which stand together under one description.
#[derive(Debug, PartialEq)]
struct Family {
    name: &'static str,
    kind: &'static str,
    help: &'static str,
}

const fn family(name: &'static str, kind: &'static str, help: &'static str) -> Family {
    Family { name, kind, help }
}

static ROWS: Family = family(
    "onward_data_rows_total",
    "counter",
    "Rows that a data migration has changed.",
);
static BATCHES: Family = family(
    "onward_data_batches_total",
    "counter",
    "Batches of a data migration that are committed.",
);
static BUSY: Family = family(
    "onward_data_busy_seconds_total",
    "counter",
    "Time that the server has worked for a data migration.",
);
static SKIPPED: Family = family(
    "onward_data_skipped_rows",
    "gauge",
    "Rows that a data migration has left out because they fail.",
);
static RATIO: Family = family(
    "onward_data_progress_ratio",
    "gauge",
    "How much of the pass over the table is done, from 0 to 1.",
);
static RATE: Family = family(
    "onward_data_rows_per_second",
    "gauge",
    "Rows that are looked at in a second of work.",
);
static REMAINING: Family = family(
    "onward_data_remaining_seconds",
    "gauge",
    "Time until the end of the pass: at least, and at most.",
);
static STATE: Family = family(
    "onward_data_state",
    "gauge",
    "1 for the state of a data migration, 0 for the others.",
);
static THROTTLE: Family = family(
    "onward_data_throttle",
    "gauge",
    "1 for what an indicator says about the server, 0 for the rest.",
);
static FAMILIES: [&Family; 9] = [
    &ROWS, &BATCHES, &BUSY, &SKIPPED, &RATIO, &RATE, &REMAINING, &STATE, &THROTTLE,
];

/// The state of one that has not begun.
const PENDING: &str = "pending";

impl Metrics {
    /// Of no module.
    ///
    /// ```
    /// assert_eq!(onward::data::Metrics::new().to_string(), "");
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the data migrations of a module, as [`list`](crate::data::list) returns them, and what
    /// [`readings`](crate::data::readings()) says about the server, when there is something.
    ///
    /// ```
    /// # fn example(auth: &onward::Plan, of_auth: &[onward::data::Status], shop: &onward::Plan, of_shop: &[onward::data::Status]) {
    /// use onward::data::Metrics;
    ///
    /// let both = Metrics::new().module(auth, of_auth, &[]).module(shop, of_shop, &[]);
    /// # }
    /// ```
    pub fn module(mut self, plan: &Plan, all: &[Status], readings: &[Reading]) -> Self {
        for one in all {
            self.migration(plan.schema(), one);
        }
        for (indicator, signal) in loudest(readings) {
            for other in Signal::ALL {
                let labels = vec![
                    ("module", plan.schema().to_owned()),
                    ("indicator", indicator.to_owned()),
                    ("signal", other.to_string()),
                ];
                self.add(&THROTTLE, labels, flag(other == signal));
            }
        }
        self
    }

    fn migration(&mut self, module: &str, one: &Status) {
        let labels = || {
            vec![
                ("module", module.to_owned()),
                ("version", one.version.to_string()),
            ]
        };
        let labels_and = |name, value: &str| {
            let mut labels = labels();
            labels.push((name, value.to_owned()));
            labels
        };
        let state = match (&one.done, &one.progress) {
            (Some(_), _) => State::Done.as_str(),
            (None, Some(progress)) => progress.state.as_str(),
            (None, None) => PENDING,
        };
        let states = State::ALL.iter().map(|state| state.as_str());
        for other in std::iter::once(PENDING).chain(states) {
            let labels = labels_and("state", other);
            self.add(&STATE, labels, flag(other == state));
        }
        let Some(progress) = &one.progress else {
            return;
        };
        self.add(&ROWS, labels(), progress.rows as f64);
        self.add(&BATCHES, labels(), progress.batches as f64);
        self.add(&BUSY, labels(), progress.busy.as_secs_f64());
        self.add(&SKIPPED, labels(), progress.skipped as f64);
        for (family, value) in [(&RATIO, progress.fraction()), (&RATE, progress.rate())] {
            if let Some(value) = value {
                self.add(family, labels(), value);
            }
        }
        if let Some((low, high)) = progress.remaining() {
            for (bound, time) in [("low", low), ("high", high)] {
                self.add(&REMAINING, labels_and("bound", bound), time.as_secs_f64());
            }
        }
    }

    fn add(&mut self, family: &'static Family, labels: Vec<(&'static str, String)>, value: f64) {
        self.samples.push(Sample {
            family,
            labels,
            value,
        });
    }
}

/// One signal for each indicator: several queries of a migration's own are one indicator.
fn loudest(readings: &[Reading]) -> Vec<(&'static str, Signal)> {
    let mut loudest: Vec<(&str, Signal)> = Vec::new();
    for reading in readings {
        match loudest
            .iter_mut()
            .find(|(indicator, _)| *indicator == reading.indicator)
        {
            Some((_, signal)) => *signal = reading.signal.max(*signal),
            None => loudest.push((reading.indicator, reading.signal)),
        }
    }
    loudest
}

const fn flag(is: bool) -> f64 {
    if is { 1.0 } else { 0.0 }
}

impl fmt::Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for family in FAMILIES {
            let samples = self.samples.iter();
            let mut samples = samples.filter(|one| one.family == family).peekable();
            if samples.peek().is_none() {
                continue;
            }
            let Family { name, kind, help } = family;
            writeln!(f, "# HELP {name} {help}\n# TYPE {name} {kind}")?;
            for sample in samples {
                writeln!(f, "{sample}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.family.name)?;
        for (n, (name, value)) in self.labels.iter().enumerate() {
            let before = if n == 0 { '{' } else { ',' };
            write!(f, "{before}{name}=\"{}\"", escaped(value))?;
        }
        write!(f, "}} {}", self.value)
    }
}

/// The three characters that a label's value may not have as they are.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests;
