//! Errors of the server, and what to do about them.

use std::fmt;

use tokio_postgres::error::{DbError, ErrorPosition, Severity};

use crate::plan::Statement;
use crate::session::echo::{detail_without_values, without_values};
use crate::session::foreign_part::ForeignPart;
use crate::session::other_meaning::OtherMeaning;

/// The server's own words about an error.
///
/// A value that a data exception quotes, a value of a row in the DETAIL line, and what stands at the place of a
/// syntax error, is `?`, unless it is a word. What a migration itself says with `RAISE` is passed on.
///
/// ```
/// fn log(error: &onward::Error) {
///     let source = std::error::Error::source(error);
///     if let Some(said) = source.and_then(|source| source.downcast_ref::<onward::ServerMessage>()) {
///         println!("{} {}", said.sqlstate(), said.message());
///     }
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerMessage(Box<Words>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Words {
    sqlstate: String,
    message: String,
    detail: Option<String>,
    hint: Option<String>,
}

impl ServerMessage {
    pub(crate) fn new(sqlstate: &str, message: &str, hint: Option<&str>) -> Self {
        Self(Box::new(Words {
            sqlstate: sqlstate.to_owned(),
            message: without_values(sqlstate, message),
            detail: None,
            hint: hint.map(|hint| without_values(sqlstate, hint)),
        }))
    }

    pub(crate) fn of(error: &DbError) -> Self {
        let sqlstate = error.code().code();
        let mut said = Self::new(sqlstate, error.message(), error.hint());
        said.0.detail = error
            .detail()
            .and_then(|detail| detail_without_values(sqlstate, detail));
        said
    }

    /// The same words, with a name in the place of every name that is `stem` and a number.
    pub(crate) fn with_name(self, stem: &str, name: &str) -> Self {
        let Words {
            sqlstate,
            message,
            detail,
            hint,
        } = *self.0;
        Self(Box::new(Words {
            sqlstate,
            message: renamed(&message, stem, name),
            detail: detail.map(|detail| renamed(&detail, stem, name)),
            hint: hint.map(|hint| renamed(&hint, stem, name)),
        }))
    }

    /// The columns and expressions of the key that a DETAIL line shows, `Key (a, b)=(?)`.
    pub(crate) fn key(&self) -> Option<&str> {
        let (before, _) = self.detail()?.split_once(")=(?)")?;
        let (_, key) = before.split_once('(')?;
        Some(key)
    }

    /// The five characters of the SQLSTATE.
    ///
    /// ```
    /// fn is_unique_violation(said: &onward::ServerMessage) -> bool {
    ///     said.sqlstate() == "23505"
    /// }
    /// ```
    #[must_use]
    pub fn sqlstate(&self) -> &str {
        &self.0.sqlstate
    }

    /// The primary message, in the server's language.
    ///
    /// ```
    /// fn print(said: &onward::ServerMessage) {
    ///     println!("{}", said.message());
    /// }
    /// ```
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The detail, when there is one, with `?` for values of rows.
    ///
    /// ```
    /// fn print(said: &onward::ServerMessage) {
    ///     println!("{}", said.detail().unwrap_or("no detail"));
    /// }
    /// ```
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// The hint, when there is one.
    ///
    /// ```
    /// fn print(said: &onward::ServerMessage) {
    ///     println!("{}", said.hint().unwrap_or("no idea"));
    /// }
    /// ```
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

fn renamed(text: &str, stem: &str, name: &str) -> String {
    let mut parts = text.split(stem);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let behind = part.trim_start_matches(|c: char| c.is_ascii_digit());
        [&text, name, behind].concat()
    })
}

impl fmt::Display for ServerMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Words {
            sqlstate,
            message,
            detail,
            hint,
        } = &*self.0;
        write!(f, "PostgreSQL says: {message} (SQLSTATE {sqlstate})")?;
        if let Some(detail) = detail {
            write!(f, "; detail: {detail}")?;
        }
        match hint {
            Some(hint) => write!(f, "; hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ServerMessage {}

/// An error response, reduced to what may be shown and what finds the location.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerError {
    pub(crate) said: ServerMessage,
    pub(crate) position: Position,
    pub(crate) context: Option<String>,
    /// How many characters the refused message had.
    pub(crate) sent: usize,
    pub(crate) speaker: Speaker,
    /// The schema that the error names: of a violated constraint, it is that of the table.
    pub(crate) in_schema: Option<String>,
    /// The table that the error names.
    pub(crate) in_table: Option<String>,
    /// What a name in a statement means on this connection.
    pub(crate) meaning: Option<Box<OtherMeaning>>,
    /// What the ledger has that no run has put there.
    pub(crate) foreign_part: Option<Box<ForeignPart>>,
}

/// Whose words an error is. Poolers use SQLSTATEs that statements raise too: 08P01 is also what PgBouncer says
/// when it has lost its server, and 08006 what `dblink` says of another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// PostgreSQL, which ended a statement and keeps the session.
    #[default]
    Statement,
    /// The session is over: PostgreSQL or a pooler says so by the severity.
    End,
    /// A program in between: PostgreSQL's own errors name the routine in its source that raised them.
    Between,
}

impl Speaker {
    fn of(error: &DbError) -> Self {
        let is_over = match error.parsed_severity() {
            Some(severity) => matches!(severity, Severity::Fatal | Severity::Panic),
            // A pooler sends only the severity that a server may translate, and does not translate it.
            None => matches!(error.severity(), "FATAL" | "PANIC"),
        };
        if is_over {
            Self::End
        } else if error.routine().is_none() && error.file().is_none() {
            Self::Between
        } else {
            Self::Statement
        }
    }
}

/// Offsets count characters, from 1.
#[derive(Clone, Debug, Default)]
pub(crate) enum Position {
    #[default]
    Unknown,
    /// In the message.
    At(usize),
    /// In a statement that the server executed inside of a block or a function.
    Within { query: String, offset: usize },
}

impl ServerError {
    pub(crate) fn new(error: &DbError, sent: &str) -> Self {
        let offset = |position: u32| usize::try_from(position).unwrap_or(usize::MAX);
        Self {
            said: ServerMessage::of(error),
            position: match error.position() {
                Some(ErrorPosition::Original(position)) => Position::At(offset(*position)),
                Some(ErrorPosition::Internal { position, query }) => Position::Within {
                    query: query.clone(),
                    offset: offset(*position),
                },
                None => Position::Unknown,
            },
            context: error.where_().map(str::to_owned),
            sent: sent.trim_end().chars().count(),
            speaker: Speaker::of(error),
            meaning: OtherMeaning::of(error),
            foreign_part: (error.code().code() == "ONW07").then(|| foreign_part(error)),
            in_schema: error.schema().map(str::to_owned),
            in_table: error.table().map(str::to_owned),
        }
    }

    /// Two runs created the same object at once; the names are in catalogs of the server.
    pub(crate) fn is_race(&self) -> bool {
        // unique_violation, duplicate_schema, duplicate_table, duplicate_object, duplicate_function
        matches!(
            self.said.sqlstate(),
            "23505" | "42P06" | "42P07" | "42710" | "42723"
        )
    }

    /// The ledger is not there: undefined_table, or invalid_schema_name.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self.said.sqlstate(), "42P01" | "3F000")
    }

    /// Whether it was raised in a block of ours, or is one that any statement of ours may meet: the server runs
    /// PL/pgSQL, and has refused nothing that PostgreSQL would not.
    pub(crate) fn is_of_our_block(&self) -> bool {
        self.context.is_some()
            || match self.recovery() {
                Recovery::Fail | Recovery::Standby => false,
                Recovery::LookAgain
                | Recovery::Rebuild
                | Recovery::ForeignSchema
                | Recovery::ForeignLedger
                | Recovery::ForeignEngine
                | Recovery::RenamedSchema
                | Recovery::OtherMeaning
                | Recovery::RollBack
                | Recovery::Permission
                | Recovery::Retry
                | Recovery::RetryOnce
                | Recovery::Lost => true,
            }
    }

    /// Another session kept a lock for longer than the statement may queue.
    pub(crate) fn is_lock_timeout(&self) -> bool {
        self.said.sqlstate() == "55P03"
    }

    /// Other sessions waited for locks of this one, and this one for theirs: deadlock_detected.
    pub(crate) fn is_deadlock(&self) -> bool {
        self.said.sqlstate() == "40P01"
    }

    /// A timeout or another session ended the statement: query_canceled.
    pub(crate) fn is_canceled(&self) -> bool {
        self.said.sqlstate() == "57014"
    }

    /// Whether the error is about one of the statements.
    pub(crate) fn is_about(&self, statements: &[Statement]) -> bool {
        statements.iter().any(|statement| {
            let is_context = self
                .context
                .as_deref()
                .is_some_and(|context| context.contains(statement.sql));
            let is_query = match &self.position {
                Position::Within { query, .. } => query == statement.sql,
                Position::At(_) | Position::Unknown => false,
            };
            is_context || is_query
        })
    }

    /// What the SQLSTATE asks for, from the one who says it.
    pub(crate) fn recovery(&self) -> Recovery {
        let is_about_connections = ["08", "57P"]
            .iter()
            .any(|class| self.said.sqlstate().starts_with(class));
        match self.speaker {
            Speaker::End => return Recovery::Lost,
            Speaker::Between if is_about_connections => return Recovery::Lost,
            Speaker::Between | Speaker::Statement => {}
        }
        match self.said.sqlstate() {
            "ONW01" | "ONW02" => Recovery::LookAgain,
            "ONW03" => Recovery::Rebuild,
            "ONW05" | "25006" => Recovery::Standby,
            // How a standby refuses SET LOCAL TRANSACTION ... READ WRITE. The same code for a statement of a migration
            // comes with a context.
            "0A000" if self.context.is_none() => Recovery::Standby,
            "ONW06" => Recovery::ForeignSchema,
            "ONW07" => Recovery::ForeignLedger,
            "ONW08" => Recovery::ForeignEngine,
            "ONW09" => Recovery::RenamedSchema,
            "ONW10" => Recovery::OtherMeaning,
            "25P02" => Recovery::RollBack,
            "42501" => Recovery::Permission,
            // lock_not_available, deadlock_detected, serialization_failure, object_in_use
            "55P03" | "40P01" | "40001" | "55006" => Recovery::Retry,
            // Two modules created the same object at once, such as an extension: IF NOT EXISTS does not help.
            "23505" if self.in_schema.as_deref() == Some("pg_catalog") => Recovery::Retry,
            "57014" => Recovery::RetryOnce,
            _ => Recovery::Fail,
        }
    }
}

/// As `sql/own_ledger.sql` says it.
fn foreign_part(error: &DbError) -> Box<ForeignPart> {
    let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
    Box::new(ForeignPart {
        object: owned(error.table()),
        owner: owned(error.column()),
        defect: owned(error.datatype()),
        fix: owned(error.hint()),
    })
}

/// What to do about a message that the server refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    /// Another run is at work or was faster: not an error, read the ledger again.
    LookAgain,
    /// The index is not what the ledger promises: start over with it.
    Rebuild,
    /// Nothing can be written here.
    Standby,
    /// The schema has objects that no run has created.
    ForeignSchema,
    /// The ledger has parts that no run has created.
    ForeignLedger,
    /// The server is not PostgreSQL.
    ForeignEngine,
    /// The ledger is in a schema that has another name now.
    RenamedSchema,
    /// A name in a statement means something else on this connection.
    OtherMeaning,
    /// The session is in a failed transaction, left over by a run that was dropped.
    RollBack,
    /// The role lacks a privilege.
    Permission,
    /// It may pass: send the same message again.
    Retry,
    /// A timeout or a cancellation: once more, then it is final.
    RetryOnce,
    /// The session is over and what became of the message is unknown.
    Lost,
    /// The statement itself is wrong.
    Fail,
}

impl Recovery {
    /// Whether a migration that was refused so often is sent again.
    pub(crate) const fn may_retry(self, tries: u32) -> bool {
        match self {
            Self::Retry => true,
            Self::RetryOnce | Self::Rebuild => tries < 2,
            Self::LookAgain
            | Self::Standby
            | Self::ForeignSchema
            | Self::ForeignLedger
            | Self::ForeignEngine
            | Self::RenamedSchema
            | Self::OtherMeaning
            | Self::RollBack
            | Self::Permission
            | Self::Lost
            | Self::Fail => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_name_is_not_shown() {
        let said = ServerMessage::new(
            "23505",
            "could not create unique index \"a_code__onward_002_1\"",
            Some("a_code__onward_002_1, a_code__onward_002_12, a_code"),
        );
        let said = said.with_name("a_code__onward_002_", "a_code");
        assert_eq!(said.message(), "could not create unique index \"a_code\"");
        assert_eq!(said.hint(), Some("a_code, a_code, a_code"));
    }

    fn recovery(speaker: Speaker, sqlstate: &str) -> Recovery {
        let said = ServerMessage::new(sqlstate, "", None);
        let error = ServerError {
            said,
            speaker,
            ..ServerError::default()
        };
        error.recovery()
    }

    #[test]
    fn the_sqlstate_decides() {
        for (sqlstate, expected) in [
            ("ONW01", Recovery::LookAgain),
            ("55P03", Recovery::Retry),
            ("57014", Recovery::RetryOnce),
            ("25006", Recovery::Standby),
            ("0A000", Recovery::Standby),
            ("42501", Recovery::Permission),
            ("42601", Recovery::Fail),
            ("", Recovery::Fail),
        ] {
            assert_eq!(
                recovery(Speaker::Statement, sqlstate),
                expected,
                "{sqlstate}"
            );
        }
    }

    #[test]
    fn a_lost_connection_is_what_no_statement_can_have_said() {
        for sqlstate in [
            "08P01", "08006", "57P01", "57P03", "25P03", "XX000", "3D000",
        ] {
            assert_eq!(
                recovery(Speaker::End, sqlstate),
                Recovery::Lost,
                "{sqlstate}"
            );
        }
        for sqlstate in ["08P01", "08006", "08001", "57P01", "57P03"] {
            assert_eq!(
                recovery(Speaker::Between, sqlstate),
                Recovery::Lost,
                "{sqlstate}"
            );
            // `RAISE`, dblink and foreign tables: the session goes on.
            assert_eq!(
                recovery(Speaker::Statement, sqlstate),
                Recovery::Fail,
                "{sqlstate}"
            );
        }
        assert_eq!(recovery(Speaker::Between, "42601"), Recovery::Fail);
    }
}
