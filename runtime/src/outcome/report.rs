//! What a run did.

use std::fmt;
use std::time::Duration;

use crate::ledger::head::Head;
use crate::ledger::oldest_binary::{OldestBinary, Starting};
use crate::outcome::progress::{Applied, Pending, Waiting, versions};
use crate::plan::checksum::Checksum;
use crate::session::privileged::Privileged;

/// What a run did, and what it left for others. Prints as a list.
///
/// ```
/// fn log(report: &onward::Report) {
///     println!("{report}");
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    pub(crate) schema: &'static str,
    pub(crate) applied: Vec<Applied>,
    pub(crate) waiting: Vec<Waiting>,
    pub(crate) pending_release: Vec<Pending>,
    pub(crate) pending_data: Vec<Pending>,
    pub(crate) superseded_seeds: Vec<Pending>,
    pub(crate) waited: Duration,
    pub(crate) head: Head,
    pub(crate) starting: Option<Starting>,
    pub(crate) privileged: Option<Privileged>,
}

impl Report {
    /// Of a run that did nothing yet.
    pub(crate) const fn nothing(schema: &'static str) -> Self {
        Self {
            schema,
            applied: Vec::new(),
            waiting: Vec::new(),
            pending_release: Vec::new(),
            pending_data: Vec::new(),
            superseded_seeds: Vec::new(),
            waited: Duration::ZERO,
            head: Head {
                seq: 0,
                chain: Checksum([0; 32]),
            },
            starting: None,
            privileged: None,
        }
    }

    /// The module's schema.
    ///
    /// ```
    /// fn is_auth(report: &onward::Report) -> bool {
    ///     report.schema() == "auth"
    /// }
    /// ```
    #[must_use]
    pub const fn schema(&self) -> &'static str {
        self.schema
    }

    /// What this run applied, in order. What another instance applied meanwhile is not in it.
    ///
    /// ```
    /// fn did_nothing(report: &onward::Report) -> bool {
    ///     report.applied().is_empty()
    /// }
    /// ```
    #[must_use]
    pub fn applied(&self) -> &[Applied] {
        &self.applied
    }

    /// The startup migrations and seeds that wait for data migrations, with those behind them. The run went on
    /// without them, and a later start applies them.
    ///
    /// ```
    /// fn is_complete(report: &onward::Report) -> bool {
    ///     report.waiting().is_empty()
    /// }
    /// ```
    #[must_use]
    pub fn waiting(&self) -> &[Waiting] {
        &self.waiting
    }

    /// The release migrations that an operator still has to run.
    ///
    /// ```
    /// fn needs_operator(report: &onward::Report) -> bool {
    ///     !report.pending_release().is_empty()
    /// }
    /// ```
    #[must_use]
    pub fn pending_release(&self) -> &[Pending] {
        &self.pending_release
    }

    /// The data migrations that are not finished.
    ///
    /// ```
    /// fn has_background_work(report: &onward::Report) -> bool {
    ///     !report.pending_data().is_empty()
    /// }
    /// ```
    #[must_use]
    pub fn pending_data(&self) -> &[Pending] {
        &self.pending_data
    }

    /// The seeds whose text in this binary was applied once and then replaced by another one, which is in
    /// force: during a deploy by the newer release. A seed is never applied again with a text that was
    /// applied before; to go back to an earlier text, change it, if only in a comment.
    ///
    /// ```
    /// fn is_in_force(report: &onward::Report) -> bool {
    ///     report.superseded_seeds().is_empty()
    /// }
    /// ```
    #[must_use]
    pub fn superseded_seeds(&self) -> &[Pending] {
        &self.superseded_seeds
    }

    /// The oldest binary that starts from now on, when the run was a [`Release`](crate::Release) with
    /// something to apply or to record.
    ///
    /// ```
    /// fn keeps_all(report: &onward::Report) -> bool {
    ///     report.oldest_binary() == Some(onward::OldestBinary::WITHOUT_RELEASE)
    /// }
    /// ```
    #[must_use]
    pub fn oldest_binary(&self) -> Option<OldestBinary> {
        self.starting.map(|starting| starting.oldest)
    }

    /// How long the run waited for other sessions.
    ///
    /// ```
    /// fn was_alone(report: &onward::Report) -> bool {
    ///     report.waited().is_zero()
    /// }
    /// ```
    #[must_use]
    pub const fn waited(&self) -> Duration {
        self.waited
    }

    /// Why policies do not hold the role that has logged in, when they do not. A role that migrates owns the tables of
    /// the module, so for it this is right; a service works as another one.
    ///
    /// ```
    /// fn is_held_by_policies(report: &onward::Report) -> bool {
    ///     report.privileged().is_none()
    /// }
    /// ```
    #[must_use]
    pub const fn privileged(&self) -> Option<&Privileged> {
        self.privileged.as_ref()
    }

    /// The ledger's end, when the run was over.
    ///
    /// ```
    /// fn lines(report: &onward::Report) -> i64 {
    ///     report.head().seq
    /// }
    /// ```
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.applied.len() {
            0 => write!(f, "{}: nothing to apply", self.schema)?,
            1 => write!(f, "{}: applied 1 migration", self.schema)?,
            many => write!(f, "{}: applied {many} migrations", self.schema)?,
        }
        if !self.waited.is_zero() {
            write!(f, ", waited {:.1?} for others", self.waited)?;
        }
        let names = self.applied.iter().map(|applied| applied.name);
        let pending = self.pending_release.iter().chain(&self.pending_data);
        let pending = pending.chain(&self.superseded_seeds);
        let names = names.chain(pending.map(|pending| pending.name));
        let names = names.chain(self.waiting.iter().map(|waiting| waiting.name));
        let width = names.map(str::len).max().unwrap_or(0);
        for Applied { name, duration, .. } in &self.applied {
            write!(f, "\n  applied  {name:<width$}  {duration:?}")?;
        }
        for Waiting { name, missing, .. } in &self.waiting {
            let missing = versions(missing);
            write!(
                f,
                "\n  waiting  {name:<width$}  waits for {missing}; a later start applies it"
            )?;
        }
        for Pending { name, .. } in &self.pending_release {
            write!(f, "\n  pending  {name:<width$}  an operator runs it")?;
        }
        for Pending { name, .. } in &self.pending_data {
            write!(
                f,
                "\n  pending  {name:<width$}  a worker runs it beside the service, or `onward data run`"
            )?;
        }
        for Pending { name, .. } in &self.superseded_seeds {
            write!(
                f,
                "\n  skipped  {name:<width$}  another text of this seed is in force; to go back to this one, \
                 change it, if only in a comment"
            )?;
        }
        if let Some(starting) = &self.starting {
            write!(f, "\n  from now on {starting}")?;
        }
        write!(f, "\n  ledger   {}", self.head)
    }
}
