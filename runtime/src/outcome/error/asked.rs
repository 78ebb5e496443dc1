//! What a caller can ask of an error, whichever it is.

use crate::outcome::error::Error;
use crate::outcome::progress::Progress;
use crate::session::server_error::ServerMessage;

impl Error {
    /// How far the run got. What it lists stays applied.
    ///
    /// ```
    /// fn print(error: &onward::Error) {
    ///     println!("{}", error.progress());
    /// }
    /// ```
    #[must_use]
    pub const fn progress(&self) -> &Progress {
        const NOTHING: &Progress = &Progress {
            applied: Vec::new(),
        };
        match self {
            Self::Connection { progress, .. }
            | Self::Unreachable { progress, .. }
            | Self::NeedsSession { progress, .. }
            | Self::AmbiguousName { progress, .. }
            | Self::Server { progress, .. }
            | Self::Permission { progress, .. }
            | Self::OutOfTime { progress, .. }
            | Self::Locked { progress, .. }
            | Self::Standby { progress, .. }
            | Self::Modified { progress, .. }
            | Self::OtherFile { progress, .. }
            | Self::OutOfOrder { progress, .. }
            | Self::Unknown { progress, .. }
            | Self::BehindBaseline { progress, .. }
            | Self::ReleaseAhead { progress, .. }
            | Self::PendingRelease { progress, .. }
            | Self::PendingStartup { progress, .. }
            | Self::Disagrees { progress, .. }
            | Self::ForeignLedger { progress, .. }
            | Self::Tampered { progress, .. }
            | Self::Failed { progress, .. }
            | Self::InDoubt { progress, .. }
            | Self::Privileged { progress, .. }
            | Self::Requires { progress, .. } => progress,
            Self::ForeignSchema { .. }
            | Self::Behind { .. }
            | Self::NoEffect { .. }
            | Self::DataHeld { .. }
            | Self::OpenTransaction { .. }
            | Self::UnsupportedServer { .. }
            | Self::UnsupportedEngine { .. }
            | Self::HasLedger { .. }
            | Self::RenamedSchema { .. } => NOTHING,
        }
    }

    /// Whether ledger and plan disagree, which an operator's own lines may be about to settle.
    pub(crate) const fn is_drift(&self) -> bool {
        matches!(
            self,
            Self::Modified { .. }
                | Self::OtherFile { .. }
                | Self::OutOfOrder { .. }
                | Self::Unknown { .. }
                | Self::BehindBaseline { .. }
                | Self::ReleaseAhead { .. }
        )
    }

    /// The SQLSTATE, when an error of the server is the reason.
    ///
    /// ```
    /// fn is_unique_violation(error: &onward::Error) -> bool {
    ///     error.sqlstate() == Some("23505")
    /// }
    /// ```
    #[must_use]
    pub fn sqlstate(&self) -> Option<&str> {
        let said: &ServerMessage = std::error::Error::source(self)?.downcast_ref()?;
        Some(said.sqlstate())
    }
}
