//! Which right the server has refused, and for which role. Pure.

use tokio_postgres::SimpleQueryMessage;

use crate::outcome::error::Error;
use crate::outcome::missing_right::{MissingRight, Names};
use crate::run::doing::Doing;
use crate::session::row::{row, text};
use crate::session::server_error::ServerError;

/// Stands for a role that is not known.
pub(crate) const ROLE: &str = "<role>";

/// In a message of the runner's own.
pub(crate) fn by_message(refused: &ServerError, doing: Doing) -> MissingRight {
    match doing {
        _ if is_about_role(refused) => MissingRight::TakeRole,
        Doing::CreatingLedger => MissingRight::CreateLedger,
        Doing::ReadingLedger | Doing::ListingObjects => MissingRight::ReadLedger,
        Doing::Applying(_)
        | Doing::Flushing
        | Doing::EndingAttempt
        | Doing::CheckingAttempt
        | Doing::ListingLeftIndexes
        | Doing::DroppingLeftIndex
        | Doing::RunningData
        | Doing::ListingSigns => MissingRight::WriteLedger,
    }
}

/// In the message of a migration whose statement is `shown`.
pub(crate) fn by_statement(refused: &ServerError, is_statement: bool, shown: &str) -> MissingRight {
    let is_extension = shown.to_ascii_uppercase().starts_with("CREATE EXTENSION");
    match is_statement {
        _ if is_about_role(refused) => MissingRight::TakeRole,
        true if is_extension => MissingRight::CreateExtension,
        true => MissingRight::Object,
        false => MissingRight::WriteLedger,
    }
}

/// `SET ROLE` itself stands in the context, which is translated, but for the statement.
pub(crate) fn is_about_role(refused: &ServerError) -> bool {
    refused
        .context
        .as_deref()
        .is_some_and(|context| context.contains("SET LOCAL ROLE"))
}

/// Names the role and the database of an error about rights, by the answer to `messages::WHO`.
pub(crate) fn with_names(
    mut error: Error,
    owner: Option<&str>,
    answer: &[SimpleQueryMessage],
) -> Error {
    if let Error::Permission {
        schema,
        right,
        role,
        fix,
        ..
    } = &mut error
        && let Some(row) = answer.iter().find_map(row)
        && let Some(who) = text(row, "who")
    {
        // A role that was not granted is what the login lacks; any other right is what the role lacks.
        let who = match right {
            MissingRight::TakeRole => who,
            MissingRight::CreateLedger
            | MissingRight::ReadLedger
            | MissingRight::WriteLedger
            | MissingRight::CreateExtension
            | MissingRight::Object => owner.unwrap_or(who),
        };
        *fix = right.fix(Names {
            schema,
            owner,
            role: Some(who),
            database: text(row, "database"),
        });
        who.clone_into(role);
    }
    error
}
