//! How far the data migrations are that something waits for.

use std::fmt;
use std::time::Duration;

use crate::ledger::data::{Progress, State};
use crate::plan::kind::Data;
use crate::plan::version::Version;
use crate::plan::{Job, Migration, Plan};

/// A data migration that is not done, and how far it is. Prints that, and what to type when it waits for people.
///
/// ```
/// fn print(error: &onward::Error) {
///     if let onward::Error::Requires { data, .. } = error {
///         for one in data {
///             println!("{one}");
///         }
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Unfinished {
    /// `DM001`.
    pub version: Version,
    /// The file's name.
    pub name: &'static str,
    /// How far it is; `None` before it has begun.
    pub progress: Option<Progress>,
    /// Whether its file was edited after it had begun.
    pub edited: bool,
    /// Whether it is code of the service, so that only a worker of the service can run it.
    pub code: bool,
    pub(crate) folder: &'static str,
}

impl Unfinished {
    /// Each of these versions, in their order.
    pub(crate) fn all(plan: &Plan, versions: &[Version], progress: &[Progress]) -> Vec<Self> {
        let planned = plan.data().iter();
        planned
            .filter(|one| versions.contains(&one.version()))
            .map(|one| Self::new(plan, one, progress))
            .collect()
    }

    fn new(plan: &Plan, migration: &Migration<Data>, progress: &[Progress]) -> Self {
        let version = migration.version();
        let progress = progress.iter().find(|one| one.version == version).cloned();
        Self {
            version,
            name: migration.name(),
            edited: progress
                .as_ref()
                .is_some_and(|one| one.checksum != migration.checksum()),
            progress,
            code: matches!(migration.kind().job, Job::Code),
            folder: plan.folder(),
        }
    }
}

/// In a few words: `42 %, 4200 of about 10000 rows, 700 rows/s, 8 s to 20 s left`.
impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(fraction) = self.fraction() {
            write!(f, "{:.0} %, ", fraction * 100.0)?;
        }
        match self.total {
            Some(total) => write!(f, "{} of about {total} rows", self.scanned)?,
            None => write!(f, "{} rows changed", self.rows)?,
        }
        if let Some(rate) = self.rate() {
            write!(f, ", {rate:.0} rows/s")?;
        }
        match self.remaining().filter(|_| self.state != State::Done) {
            Some((low, high)) => write!(f, ", {} to {} left", roughly(low), roughly(high)),
            None => Ok(()),
        }
    }
}

/// In the unit that people say.
fn roughly(time: Duration) -> String {
    match time.as_secs() {
        0 => "1 s".to_owned(),
        seconds @ 1..=99 => format!("{seconds} s"),
        seconds @ 100..=5999 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!(
            "{:.1} h",
            Duration::from_secs(seconds).as_secs_f64() / 3600.0
        ),
    }
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            version,
            name,
            folder,
            ..
        } = self;
        write!(f, "{name}: ")?;
        let typed = |verb: &str| format!("`onward data {verb} {folder} {version} --url <url>`");
        let Some(progress) = &self.progress else {
            return match self.code {
                true => {
                    f.write_str("has not begun; it is code, which a worker of the service runs")
                }
                false => f.write_str("has not begun"),
            };
        };
        let far = progress;
        if self.edited {
            let retry = typed("retry --from-start");
            return write!(
                f,
                "its file was edited after it had begun ({far}): restore the text, or type {retry} when a row may be \
                 changed twice"
            );
        }
        match progress.state {
            State::Approval => write!(f, "waits for approval: type {}", typed("approve")),
            State::Running => write!(f, "running, {far}"),
            State::Paused => write!(f, "paused, {far}: type {}", typed("resume")),
            State::Cancelled => write!(f, "cancelled, {far}: type {}", typed("retry")),
            State::Failed => {
                let reason = progress.reason.as_deref().unwrap_or("no reason is known");
                write!(f, "failed, {far}: {reason}. Then type {}", typed("retry"))
            }
            State::Done => f.write_str("done"),
        }
    }
}
