//! What an attempt showed.

use std::fmt;

/// What one attempt to reach another tenant's rows showed.
///
/// ```
/// use onward::tenant::audit::Verdict;
///
/// fn is_proven(verdict: &Verdict) -> bool {
///     matches!(verdict, Verdict::Held)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The attempt failed, and it succeeds when the protection is taken away: so it would have shown a leak.
    Held,
    /// The attempt succeeded.
    Leak {
        /// What it got.
        evidence: String,
    },
    /// The attempt failed, and it would have failed without any protection: it shows nothing.
    Unreliable {
        /// Why.
        why: String,
    },
}

/// One attempt, and what it showed.
///
/// ```
/// fn print(probe: &onward::tenant::audit::Probed) {
///     println!("{probe}");
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    pub(super) kind: u8,
    pub(super) object: String,
    pub(super) attempt: String,
    pub(super) verdict: Verdict,
}

impl Probed {
    /// The number of its kind in the list of `docs/tenants.md`.
    ///
    /// ```
    /// fn is_about_foreign_keys(probe: &onward::tenant::audit::Probed) -> bool {
    ///     matches!(probe.kind(), 15 | 16)
    /// }
    /// ```
    #[must_use]
    pub const fn kind(&self) -> u8 {
        self.kind
    }

    /// The table, view, function or role.
    ///
    /// ```
    /// fn is_about_orders(probe: &onward::tenant::audit::Probed) -> bool {
    ///     probe.object() == "shop.orders"
    /// }
    /// ```
    #[must_use]
    pub fn object(&self) -> &str {
        &self.object
    }

    /// What was tried.
    ///
    /// ```
    /// fn print(probe: &onward::tenant::audit::Probed) {
    ///     println!("{}", probe.attempt());
    /// }
    /// ```
    #[must_use]
    pub fn attempt(&self) -> &str {
        &self.attempt
    }

    /// What it showed.
    ///
    /// ```
    /// # use onward::tenant::audit::{Probed, Verdict};
    /// fn leaks(probe: &Probed) -> bool {
    ///     matches!(probe.verdict(), Verdict::Leak { .. })
    /// }
    /// ```
    #[must_use]
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }
}

impl fmt::Display for Probed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            object,
            attempt,
            verdict,
        } = self;
        match verdict {
            Verdict::Held => write!(f, "held        {object}: {attempt} (kind {kind})"),
            Verdict::Leak { evidence } => {
                write!(
                    f,
                    "LEAK        {object}: {attempt}: {evidence} (kind {kind})"
                )
            }
            Verdict::Unreliable { why } => {
                write!(f, "UNRELIABLE  {object}: {attempt}: {why} (kind {kind})")
            }
        }
    }
}

/// What an audit showed, one entry for each attempt. Prints what is not held, and how much is.
///
/// ```
/// fn assert_held(audited: &onward::tenant::audit::Audited) {
///     assert!(audited.is_held(), "{audited}");
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    pub(super) probes: Vec<Probed>,
}

impl Audited {
    /// Every attempt, in the order in which they were tried.
    ///
    /// ```
    /// fn print(audited: &onward::tenant::audit::Audited) {
    ///     for probe in audited.probes() {
    ///         println!("{probe}");
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn probes(&self) -> &[Probed] {
        &self.probes
    }

    /// The attempts that succeeded.
    ///
    /// ```
    /// fn count(audited: &onward::tenant::audit::Audited) -> usize {
    ///     audited.leaks().count()
    /// }
    /// ```
    pub fn leaks(&self) -> impl Iterator<Item = &Probed> {
        let is_leak = |probe: &&Probed| matches!(probe.verdict, Verdict::Leak { .. });
        self.probes.iter().filter(is_leak)
    }

    /// The attempts that show nothing.
    ///
    /// ```
    /// fn count(audited: &onward::tenant::audit::Audited) -> usize {
    ///     audited.unreliable().count()
    /// }
    /// ```
    pub fn unreliable(&self) -> impl Iterator<Item = &Probed> {
        let is_vain = |probe: &&Probed| matches!(probe.verdict, Verdict::Unreliable { .. });
        self.probes.iter().filter(is_vain)
    }

    /// Whether something was tried, every attempt failed, and each would have shown a leak.
    ///
    /// ```
    /// fn is_proven(audited: &onward::tenant::audit::Audited) -> bool {
    ///     audited.is_held()
    /// }
    /// ```
    #[must_use]
    pub fn is_held(&self) -> bool {
        let mut probes = self.probes.iter();
        !self.probes.is_empty() && probes.all(|probe| probe.verdict == Verdict::Held)
    }
}

impl fmt::Display for Audited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (leaks, vain) = (self.leaks().count(), self.unreliable().count());
        for probe in self.leaks().chain(self.unreliable()) {
            writeln!(f, "{probe}")?;
        }
        let held = self.probes.len() - leaks - vain;
        write!(
            f,
            "{} attempts: {held} held, {leaks} leak, {vain} unreliable",
            self.probes.len()
        )?;
        f.write_str(LIMITS)
    }
}

/// What no policy can close, so that an auditor reads it with every answer.
const LIMITS: &str = "
not closed by any policy: a statement that sets the tenant itself (kind 35), EXPLAIN ANALYZE, which counts the rows that a \
policy removes (39), NOTIFY and advisory locks, which all roles share (44)";
