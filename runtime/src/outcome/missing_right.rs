//! Which right was missing, and the GRANT that gives it. Pure.

use crate::sql::{Fragment, fill};

/// What a role was not allowed to do.
///
/// ```
/// fn is_for_a_superuser(error: &onward::Error) -> bool {
///     matches!(
///         error,
///         onward::Error::Permission { right: onward::MissingRight::CreateExtension, .. }
///     )
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissingRight {
    /// To take the role that owns the module.
    TakeRole,
    /// To create the schema and its ledger.
    CreateLedger,
    /// To read the ledger.
    ReadLedger,
    /// To write to the ledger.
    WriteLedger,
    /// To create an extension.
    CreateExtension,
    /// On an object of a migration, which PostgreSQL's message names.
    Object,
}

/// The names in a GRANT.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    pub(crate) schema: &'a str,
    /// The role that the run takes, when it is not the login's own.
    pub(crate) owner: Option<&'a str>,
    /// Which role lacks the right; `None` where it is not known.
    pub(crate) role: Option<&'a str>,
    pub(crate) database: Option<&'a str>,
}

impl MissingRight {
    /// What to type.
    pub(crate) fn fix(self, names: Names<'_>) -> String {
        let text = match self {
            Self::TakeRole => {
                "A superuser, or a role that administers it, types `GRANT {{owner}} TO {{role}}`; if there is no \
                 such role, correct the name"
            }
            Self::CreateLedger => {
                "The owner of the database types `GRANT CREATE ON DATABASE {{database}} TO {{role}}`; if the schema \
                 exists, its owner types `GRANT USAGE, CREATE ON SCHEMA {{schema}} TO {{role}}`"
            }
            Self::ReadLedger => {
                "The owner of the ledger types `GRANT USAGE ON SCHEMA {{schema}} TO {{role}}; GRANT SELECT ON \
                 {{schema}}.schema_migration_log, {{schema}}.schema_migration_head TO {{role}}`"
            }
            Self::WriteLedger => {
                "The owner of the ledger types `GRANT SELECT, INSERT ON {{schema}}.schema_migration_log TO {{role}}; \
                 GRANT SELECT, UPDATE ON {{schema}}.schema_migration_head TO {{role}}`, or run the migrations as \
                 the role that owns the ledger"
            }
            Self::CreateExtension => {
                "A superuser has to create the extension: run the statement once as one, then start again. For a \
                 trusted extension the owner of the database types `GRANT CREATE ON DATABASE {{database}} TO {{role}}`"
            }
            Self::Object => {
                "PostgreSQL's message names the object: its owner grants the right to {{role}}, or run the \
                 migrations as the role that owns the object"
            }
        };
        fill(
            text,
            &[
                ("schema", Fragment::Identifier(names.schema)),
                ("owner", name(names.owner, "<role>")),
                ("role", name(names.role, "<role>")),
                ("database", name(names.database, "<database>")),
            ],
        )
    }
}

fn name<'a>(known: Option<&'a str>, unknown: &'a str) -> Fragment<'a> {
    known.map_or(Fragment::Trusted(unknown), Fragment::Identifier)
}
