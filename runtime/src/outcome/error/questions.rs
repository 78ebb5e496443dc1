//! What a caller asks an error.

use std::fmt;

use super::Error;
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
            | Self::ReleaseAhead { progress, .. }
            | Self::PendingRelease { progress, .. }
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

/// What an operator can read, also where a program ends with the error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}
