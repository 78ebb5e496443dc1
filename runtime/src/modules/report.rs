//! What the starts of several modules did.

use std::error::Error as StdError;
use std::fmt;

use crate::outcome::error::Error;
use crate::outcome::report::Report;

/// What the starts of all modules did, in the order in which they ran. Prints as one list.
///
/// ```
/// fn log(report: &onward::ModulesReport) {
///     println!("{report}");
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ModulesReport {
    pub(crate) reports: Vec<Report>,
}

impl ModulesReport {
    /// A report for each module.
    ///
    /// ```
    /// fn applied(report: &onward::ModulesReport) -> usize {
    ///     report.reports().iter().map(|one| one.applied().len()).sum()
    /// }
    /// ```
    #[must_use]
    pub fn reports(&self) -> &[Report] {
        &self.reports
    }

    /// The report of the module that owns this schema.
    ///
    /// ```
    /// fn waits_for_an_operator(report: &onward::ModulesReport) -> bool {
    ///     report.of("auth").is_some_and(|auth| !auth.pending_release().is_empty())
    /// }
    /// ```
    #[must_use]
    pub fn of(&self, schema: &str) -> Option<&Report> {
        self.reports.iter().find(|report| report.schema() == schema)
    }
}

impl fmt::Display for ModulesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, report) in self.reports.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { "\n" })?;
            write!(f, "{report}")?;
        }
        Ok(())
    }
}

/// A module did not start. Those before it did, and those behind it were not tried: they may need it.
///
/// ```
/// fn print(error: &onward::ModulesError) {
///     println!("{}", onward::Chain(error));
/// }
/// ```
#[derive(Debug)]
pub struct ModulesError {
    pub(crate) schema: &'static str,
    pub(crate) finished: ModulesReport,
    pub(crate) untried: Vec<&'static str>,
    pub(crate) source: Box<Error>,
}

impl ModulesError {
    /// The schema of the module that did not start.
    ///
    /// ```
    /// fn is_about_auth(error: &onward::ModulesError) -> bool {
    ///     error.schema() == "auth"
    /// }
    /// ```
    #[must_use]
    pub const fn schema(&self) -> &'static str {
        self.schema
    }

    /// What the starts of the modules before it did.
    ///
    /// ```
    /// fn started(error: &onward::ModulesError) -> usize {
    ///     error.finished().reports().len()
    /// }
    /// ```
    #[must_use]
    pub const fn finished(&self) -> &ModulesReport {
        &self.finished
    }

    /// The schemas of the modules that were not tried.
    ///
    /// ```
    /// fn is_the_last(error: &onward::ModulesError) -> bool {
    ///     error.untried().is_empty()
    /// }
    /// ```
    #[must_use]
    pub fn untried(&self) -> &[&'static str] {
        &self.untried
    }

    /// Why the module did not start.
    ///
    /// ```
    /// fn needs_an_operator(error: &onward::ModulesError) -> bool {
    ///     matches!(error.reason(), onward::Error::PendingRelease { .. })
    /// }
    /// ```
    #[must_use]
    pub const fn reason(&self) -> &Error {
        &self.source
    }
}

impl fmt::Display for ModulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the module {} did not start", self.schema)?;
        let finished = self.finished.reports.iter().map(Report::schema);
        let finished: Vec<&str> = finished.collect();
        if !finished.is_empty() {
            write!(f, "; started before it: {}", finished.join(", "))?;
        }
        if !self.untried.is_empty() {
            write!(f, "; not tried: {}", self.untried.join(", "))?;
        }
        Ok(())
    }
}

impl StdError for ModulesError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}
