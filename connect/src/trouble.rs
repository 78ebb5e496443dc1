//! The ways in which connecting fails, and what helps.

use std::error::Error as _;
use std::fmt;
use std::io::{Error as IoError, ErrorKind};
use std::time::Duration;

use tokio_postgres::Error;

/// Why a server cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    UnknownHost,
    Refused,
    NoSocket,
    Unreachable,
    Silent(Duration),
    /// It closed the connection without a word.
    Closed,
    NoTls,
    UnknownIssuer,
    WrongName,
    Expired,
    NotYetValid,
    /// Another fault of TLS.
    Tls,
    NoPassword,
    NoChannelBinding,
    /// A way to log in that the driver does not know.
    OtherLogin,
    WrongPassword,
    /// `pg_hba.conf` has no line for it.
    NoEntry {
        lacks_tls: bool,
    },
    NoRole,
    /// Another refusal of the role.
    NotAllowedIn,
    NoDatabase,
    NoConnectPrivilege,
    Full,
    Starting,
    Stopping,
    Pooler,
    /// The server is not of the kind that `target_session_attrs` asks for.
    OtherKind(&'static str),
    Other,
}

impl Trouble {
    pub(crate) fn of(error: &Error) -> Self {
        if let Some(said) = error.as_db_error() {
            return Self::said(said.code().code(), said.message());
        }
        let io = error
            .source()
            .and_then(|source| source.downcast_ref::<IoError>());
        match error.to_string().as_str() {
            "error performing TLS handshake" => match io {
                Some(io) => of_tls(io),
                None => Self::NoTls,
            },
            "authentication error" => {
                let source = error.source().map(ToString::to_string).unwrap_or_default();
                match source.contains("channel binding") {
                    true => Self::NoChannelBinding,
                    false => Self::OtherLogin,
                }
            }
            "invalid configuration" => Self::NoPassword,
            "timeout waiting for server" => Self::Unreachable,
            "connection closed" => Self::Closed,
            _ => io.map_or(Self::Other, of_io),
        }
    }

    fn said(code: &str, message: &str) -> Self {
        let has = |part: &str| message.contains(part);
        match code {
            "28P01" => Self::WrongPassword,
            "28000" if has("pg_hba.conf") => Self::NoEntry {
                lacks_tls: has("no encryption") || has("SSL off"),
            },
            "28000" if has("does not exist") => Self::NoRole,
            "28000" => Self::NotAllowedIn,
            "3D000" => Self::NoDatabase,
            "42501" => Self::NoConnectPrivilege,
            "53300" => Self::Full,
            "57P03" if has("shutting down") => Self::Stopping,
            "57P03" => Self::Starting,
            "57P01" | "57P02" => Self::Stopping,
            // PgBouncer answers so to all that it refuses.
            "08P01" if has("password") || has("SASL") || has("auth") => Self::WrongPassword,
            "08P01" if has("no such database") => Self::NoDatabase,
            "08P01" if has("SSL required") => Self::NoEntry { lacks_tls: true },
            "08P01" if has("no more connections") => Self::Full,
            code if code.starts_with("08") => Self::Pooler,
            _ => Self::Other,
        }
    }

    /// Whether another server may do, as libpq decides: one that answers for the login answers for all of them.
    pub(crate) const fn is_of_one_server(&self) -> bool {
        match self {
            Self::UnknownHost
            | Self::Refused
            | Self::NoSocket
            | Self::Unreachable
            | Self::Silent(_)
            | Self::Closed
            | Self::NoTls
            | Self::UnknownIssuer
            | Self::WrongName
            | Self::Expired
            | Self::NotYetValid
            | Self::Tls
            | Self::Full
            | Self::Starting
            | Self::Stopping
            | Self::Pooler
            | Self::OtherKind(_) => true,
            Self::NoPassword
            | Self::NoChannelBinding
            | Self::OtherLogin
            | Self::WrongPassword
            | Self::NoEntry { .. }
            | Self::NoRole
            | Self::NotAllowedIn
            | Self::NoDatabase
            | Self::NoConnectPrivilege
            | Self::Other => false,
        }
    }

    /// Whether `sslmode=allow` tries again with TLS.
    pub(crate) const fn may_be_for_want_of_tls(&self) -> bool {
        matches!(self, Self::NoEntry { .. } | Self::NotAllowedIn)
    }

    /// Whether `sslmode=prefer` tries again without TLS.
    pub(crate) const fn may_be_for_tls(&self) -> bool {
        matches!(
            self,
            Self::NoEntry { .. }
                | Self::NotAllowedIn
                | Self::Tls
                | Self::UnknownIssuer
                | Self::WrongName
                | Self::Expired
                | Self::NotYetValid
        )
    }
}

fn of_io(error: &IoError) -> Trouble {
    match error.kind() {
        ErrorKind::ConnectionRefused => Trouble::Refused,
        ErrorKind::NotFound => Trouble::NoSocket,
        ErrorKind::TimedOut | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            Trouble::Unreachable
        }
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
            Trouble::Closed
        }
        _ if error.to_string().contains("lookup address") => Trouble::UnknownHost,
        _ => Trouble::Other,
    }
}

#[cfg(feature = "tls")]
fn of_tls(error: &IoError) -> Trouble {
    use rustls::{CertificateError as Wrong, Error as Tls};
    let inner = error.get_ref();
    match inner.and_then(|inner| inner.downcast_ref::<Tls>()) {
        Some(Tls::InvalidCertificate(wrong)) => match wrong {
            // Another issuer of the same name, or a certificate that signed itself.
            Wrong::UnknownIssuer | Wrong::BadSignature => Trouble::UnknownIssuer,
            Wrong::Other(why) if why.to_string() == "CaUsedAsEndEntity" => Trouble::UnknownIssuer,
            Wrong::NotValidForName | Wrong::NotValidForNameContext { .. } => Trouble::WrongName,
            Wrong::Expired | Wrong::ExpiredContext { .. } => Trouble::Expired,
            Wrong::NotValidYet | Wrong::NotValidYetContext { .. } => Trouble::NotYetValid,
            _ => Trouble::Tls,
        },
        Some(_) => Trouble::Tls,
        None if error.kind() == ErrorKind::UnexpectedEof => Trouble::Closed,
        None => Trouble::Tls,
    }
}

#[cfg(not(feature = "tls"))]
fn of_tls(_: &IoError) -> Trouble {
    Trouble::Tls
}

impl fmt::Display for Trouble {
    /// What happened, and what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Silent(limit) => {
                return write!(
                    f,
                    "the database does not answer within {limit:?}; check the host and the port, or wait longer with \
                     `connect_timeout=60` (seconds) in the URL"
                );
            }
            Self::OtherKind(words) => {
                return write!(
                    f,
                    "it is another kind of server, and target_session_attrs asks for {words}; name that server too"
                );
            }
            Self::UnknownHost => "check the host: its name cannot be resolved to an address",
            Self::Refused => "no server listens there; check the host and the port, and that the server runs",
            Self::NoSocket => {
                "no server listens on this socket; check that the server runs, or name a host"
            }
            Self::Unreachable => {
                "the host cannot be reached; check the address, and the firewalls and networks in between"
            }
            Self::Closed => {
                "the connection was closed without an answer; check that a PostgreSQL listens on this port, and that it \
                 accepts this client"
            }
            Self::NoTls => {
                "the server does not offer TLS; turn `ssl` on there, or use sslmode=disable in a network that you trust"
            }
            Self::UnknownIssuer => {
                "the issuer of the server's certificate is not trusted; name the issuer's certificate with sslrootcert"
            }
            Self::WrongName => {
                "the server's certificate is for another host name; use the name in the certificate, or \
                 sslmode=verify-ca if you trust the issuer"
            }
            Self::Expired => "the server's certificate has expired; renew it on the server",
            Self::NotYetValid => {
                "the server's certificate is not valid yet; check the clocks of both machines"
            }
            Self::Tls => {
                "TLS failed; check sslrootcert, sslcert and sslkey, and that the server speaks TLS 1.2 or 1.3"
            }
            Self::NoPassword => {
                "the server asks for a password, and none was given; set PGPASSWORD, or add a line to ~/.pgpass"
            }
            Self::NoChannelBinding => {
                "channel_binding=require, and the server did not offer it; use TLS and a SCRAM password"
            }
            Self::OtherLogin => {
                "the server asks for a way to log in that is not supported; use SCRAM, a password or a certificate"
            }
            Self::WrongPassword => {
                "the password is wrong, or the role has none; check the role and its password"
            }
            Self::NoEntry { lacks_tls: true } => {
                "the server does not accept this role without TLS; use sslmode=require or better, or add a line to its \
                 pg_hba.conf"
            }
            Self::NoEntry { lacks_tls: false } => {
                "the server's pg_hba.conf does not let this role into this database from here; add a line there"
            }
            Self::NoRole => "the role does not exist; create it, or correct its name",
            Self::NotAllowedIn => {
                "the server refuses this role; check its right to log in, and its client certificate if one is asked for"
            }
            Self::NoDatabase => "the database does not exist; create the database, or correct its name",
            Self::NoConnectPrivilege => {
                "the role may not use this database; GRANT CONNECT ON DATABASE to it"
            }
            Self::Full => {
                "the server has no connection left; end some, or raise max_connections, then repeat the command"
            }
            Self::Starting => "the server starts up or recovers; repeat the command in a moment",
            Self::Stopping => "the server is shutting down; repeat the command when it is up again",
            Self::Pooler => {
                "the connection pooler refuses, or cannot reach the server behind it; use the URL of the server itself"
            }
            Self::Other => "check the host, the port and the role in its URL",
        })
    }
}
