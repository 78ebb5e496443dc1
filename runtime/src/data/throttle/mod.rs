//! Whether the server has room for a batch: what it says about itself, and what that means. Pure but for the hook.

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

/// One indicator: what it says, and why.
///
/// ```
/// fn print(reading: &onward::data::Reading) {
///     println!("{}: {:?}, {}", reading.indicator, reading.signal, reading.detail);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// Which one: `replication-lag`.
    pub indicator: &'static str,
    /// What it says.
    pub signal: Signal,
    /// Why, with the number that was read: `42 MB behind on standby b`.
    pub detail: String,
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.indicator, self.detail)
    }
}

/// When a worker goes slower or waits.
///
/// ```
/// let throttles = onward::data::Throttles::new();
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Throttles {}

impl Throttles {
    /// With the defaults.
    ///
    /// ```
    /// let throttles = onward::data::Throttles::new();
    /// ```
    pub const fn new() -> Self {
        Self {}
    }
}

/// What is remembered between two looks.
#[derive(Debug, Default)]
pub(crate) struct Memory {}

/// What to ask the server before a batch of `kind` on `table`; `None` when there is nothing to ask.
pub(crate) fn question(
    _throttles: &Throttles,
    _frame: &crate::messages::Frame<'_>,
    _kind: &crate::plan::kind::Data,
    _table: Option<crate::plan::RelationName>,
) -> Option<String> {
    None
}

/// What the answer says.
pub(crate) fn readings(
    _throttles: &Throttles,
    _memory: &mut Memory,
    _answer: &[tokio_postgres::SimpleQueryMessage],
) -> Vec<Reading> {
    Vec::new()
}
