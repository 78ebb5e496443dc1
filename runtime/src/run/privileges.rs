//! Which right was missing, and the GRANT that gives it. Pure.

use tokio_postgres::SimpleQueryMessage;

use crate::outcome::error::Error;
use crate::plan::Plan;
use crate::session::row::{row, text};
use crate::session::server_error::ServerError;
use crate::sql::{Fragment, fill};

/// What a role was not allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To become the role that owns the module.
    Role,
    CreateLedger,
    ReadLedger,
    WriteLedger,
    CreateExtension,
    /// Something of a migration.
    Object,
}

/// The role and the database, where they are not known yet.
pub(crate) const ROLE: &str = "<role>";
pub(crate) const DATABASE: &str = "<database>";

impl Asked {
    /// In a message of the runner's own, which does `doing`.
    pub(crate) fn by_message(refused: &ServerError, doing: &str) -> Self {
        if is_about_role(refused) {
            Self::Role
        } else if doing == "creating the schema and its ledger" {
            Self::CreateLedger
        } else if doing == "reading the ledger" {
            Self::ReadLedger
        } else {
            Self::WriteLedger
        }
    }

    /// In the message of a migration whose statement is `shown`.
    pub(crate) fn by_statement(refused: &ServerError, is_statement: bool, shown: &str) -> Self {
        let is_extension = shown.to_ascii_uppercase().starts_with("CREATE EXTENSION");
        match is_statement {
            _ if is_about_role(refused) => Self::Role,
            true if is_extension => Self::CreateExtension,
            true => Self::Object,
            false => Self::WriteLedger,
        }
    }

    /// What to type. The role and the database are named by [`named`].
    pub(crate) fn fix(self, plan: &Plan, owner: Option<&str>) -> String {
        let text = match self {
            Self::Role => {
                "A superuser, or a role that administers it, types `GRANT {{owner}} TO <role>`; if there is no \
                 such role, correct the name"
            }
            Self::CreateLedger => {
                "The owner of the database types `GRANT CREATE ON DATABASE <database> TO <role>`; if the schema \
                 exists, its owner types `GRANT USAGE, CREATE ON SCHEMA {{schema}} TO <role>`"
            }
            Self::ReadLedger => {
                "The owner of the ledger types `GRANT USAGE ON SCHEMA {{schema}} TO <role>; GRANT SELECT ON \
                 {{schema}}.schema_migration_log, {{schema}}.schema_migration_head TO <role>`"
            }
            Self::WriteLedger => {
                "The owner of the ledger types `GRANT SELECT, INSERT ON {{schema}}.schema_migration_log TO <role>; \
                 GRANT SELECT, UPDATE ON {{schema}}.schema_migration_head TO <role>`, or run the migrations as \
                 the role that owns the ledger"
            }
            Self::CreateExtension => {
                "A superuser has to create the extension: run the statement once as one, then start again. For a \
                 trusted extension the owner of the database types `GRANT CREATE ON DATABASE <database> TO <role>`"
            }
            Self::Object => {
                "PostgreSQL's message names the object: its owner grants the right to <role>, or run the \
                 migrations as the role that owns the object"
            }
        };
        fill(
            text,
            &[
                ("schema", Fragment::Identifier(plan.schema())),
                ("owner", Fragment::Identifier(owner.unwrap_or(ROLE))),
            ],
        )
    }
}

/// `SET ROLE` itself stands in the context, which is translated, but for the statement.
fn is_about_role(refused: &ServerError) -> bool {
    refused
        .context
        .as_deref()
        .is_some_and(|context| context.contains("SET LOCAL ROLE"))
}

/// Puts in the names, once they are known.
pub(crate) fn named(fix: &str, role: &str, database: &str) -> String {
    let quoted = |name| fill("{{name}}", &[("name", Fragment::Identifier(name))]);
    fix.replace(ROLE, &quoted(role))
        .replace(DATABASE, &quoted(database))
}

/// Names the role and the database of an error about rights, by the answer to `messages::WHO`.
pub(crate) fn with_names(
    mut error: Error,
    owner: Option<&str>,
    answer: &[SimpleQueryMessage],
) -> Error {
    if let Error::Permission { role, fix, .. } = &mut error
        && role == ROLE
        && let Some(row) = answer.iter().find_map(row)
    {
        let who = text(row, "who").unwrap_or(ROLE);
        // A role that was not granted is what the login lacks; any other right is what the role lacks.
        let is_membership = fix.starts_with("A superuser, or a role");
        let who = owner.filter(|_| !is_membership).unwrap_or(who);
        let database = text(row, "database").unwrap_or(DATABASE);
        *fix = named(fix, who, database);
        who.clone_into(role);
    }
    error
}
