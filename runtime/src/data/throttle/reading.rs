//! What an indicator says.

use std::fmt;

/// What an indicator says.
///
/// ```
/// use onward::data::Signal;
///
/// assert!(Signal::Normal < Signal::Stop);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// Go on.
    Normal,
    /// It is not known: the role may not see it, or there is nothing to see. The worker goes on.
    Unknown,
    /// Go on, with a quarter of the share of time.
    Slow,
    /// Wait.
    Stop,
}

impl Signal {
    pub(crate) const ALL: [Self; 4] = [Self::Normal, Self::Unknown, Self::Slow, Self::Stop];

    /// As it is printed: `slow`.
    ///
    /// ```
    /// assert_eq!(onward::data::Signal::Slow.as_str(), "slow");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Unknown => "unknown",
            Self::Slow => "slow",
            Self::Stop => "stop",
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One indicator: what it says, and why.
///
/// ```
/// fn print(reading: &onward::data::Reading) {
///     println!("{}: {}, {}", reading.indicator, reading.signal, reading.detail);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// Which one: `replication-lag`, `healthy` for a query of the migration's own, `hook` for the service's hook.
    pub indicator: &'static str,
    /// What it says.
    pub signal: Signal,
    /// Why, with the number that was read: `standby b is 42 MB behind (limit 32 MB)`.
    pub detail: String,
}

impl Reading {
    /// What a service's hook answers; see [`Throttles::hook`](crate::data::Throttles::hook).
    ///
    /// ```
    /// use onward::data::{Reading, Signal};
    ///
    /// let reading = Reading::of_hook(Signal::Slow, "the p99 of orders is 310 ms");
    /// assert_eq!(reading.to_string(), "hook: the p99 of orders is 310 ms");
    /// ```
    #[must_use]
    pub fn of_hook(signal: Signal, detail: impl Into<String>) -> Self {
        Self::new("hook", signal, detail)
    }

    pub(super) fn new(indicator: &'static str, signal: Signal, detail: impl Into<String>) -> Self {
        Self {
            indicator,
            signal,
            detail: detail.into(),
        }
    }
}

/// A hook that gives no reason.
impl From<Signal> for Reading {
    fn from(signal: Signal) -> Self {
        Self::of_hook(signal, format!("the service's hook answered {signal}"))
    }
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.indicator, self.detail)
    }
}
