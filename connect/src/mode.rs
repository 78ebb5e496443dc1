//! What `sslmode` and `target_session_attrs` ask for.

/// How much TLS a connection must have, from none to all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl SslMode {
    pub(crate) const TAKES: &str = "disable, allow, prefer, require, verify-ca or verify-full";

    pub(crate) fn of(text: &str) -> Option<Self> {
        let all = [
            Self::Disable,
            Self::Allow,
            Self::Prefer,
            Self::Require,
            Self::VerifyCa,
            Self::VerifyFull,
        ];
        all.into_iter().find(|mode| mode.name() == text)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }

    /// Whether a connection without TLS is refused.
    pub(crate) const fn demands_tls(self) -> bool {
        match self {
            Self::Disable | Self::Allow | Self::Prefer => false,
            Self::Require | Self::VerifyCa | Self::VerifyFull => true,
        }
    }
}

/// What a session must be able to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SessionAttrs {
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
    PreferStandby,
}

impl SessionAttrs {
    pub(crate) const TAKES: &str = "any, read-write, read-only, primary, standby or prefer-standby";

    pub(crate) fn of(text: &str) -> Option<Self> {
        Some(match text {
            "any" => Self::Any,
            "read-write" => Self::ReadWrite,
            "read-only" => Self::ReadOnly,
            "primary" => Self::Primary,
            "standby" => Self::Standby,
            "prefer-standby" => Self::PreferStandby,
            _ => return None,
        })
    }

    /// What is asked of the servers, one round after the other.
    pub(crate) const fn rounds(self) -> &'static [Self] {
        match self {
            Self::Any => &[Self::Any],
            Self::ReadWrite => &[Self::ReadWrite],
            Self::ReadOnly => &[Self::ReadOnly],
            Self::Primary => &[Self::Primary],
            Self::Standby => &[Self::Standby],
            Self::PreferStandby => &[Self::Standby, Self::Any],
        }
    }

    /// Whether a server is one of those that are asked for.
    pub(crate) const fn accepts(self, is_standby: bool, is_read_only: bool) -> bool {
        match self {
            Self::Any | Self::PreferStandby => true,
            Self::ReadWrite => !is_read_only,
            Self::ReadOnly => is_read_only,
            Self::Primary => !is_standby,
            Self::Standby => is_standby,
        }
    }

    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Any | Self::PreferStandby => "any server",
            Self::ReadWrite => "a server that can be written",
            Self::ReadOnly => "a server that is read-only",
            Self::Primary => "a primary",
            Self::Standby => "a standby",
        }
    }
}
