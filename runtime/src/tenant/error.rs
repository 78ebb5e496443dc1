//! Why there is no scope, or why it was not committed.

use std::fmt;

use tokio_postgres::error::{DbError, SqlState};

use crate::tenant::id::TenantId;
use crate::tenant::setting::Setting;

/// Why a tenant's transaction did not begin, or did not commit. Nothing of it is applied then.
///
/// ```
/// fn status_code(error: &onward::tenant::Error) -> u16 {
///     match error {
///         onward::tenant::Error::Connection(_) => 503,
///         _ => 500,
///     }
/// }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The connection is inside of a transaction: a scope in a scope, or a `BEGIN` by hand. It is as it was.
    #[error(
        "tenant {tenant}: the connection has an open transaction{}, and a scope is a transaction of its own; the open \
         one is as it was. COMMIT or ROLLBACK it first, or take another connection",
        if *.failed { " that has failed" } else { "" }
    )]
    OpenTransaction {
        /// Whose scope was to begin.
        tenant: TenantId,
        /// Whether a statement has failed in it.
        failed: bool,
    },
    /// The session has a tenant without any scope, so every query outside of one sees this tenant's rows.
    #[error(
        "tenant {tenant}: the session already has {setting}, from a SET without LOCAL or from ALTER ROLE or ALTER \
         DATABASE, so that queries outside of a scope see a tenant's rows. Nothing was done. Remove that statement, and \
         close the connection: behind a pooler it has been lent to others meanwhile"
    )]
    SessionHasTenant {
        /// Whose scope was to begin.
        tenant: TenantId,
        /// The setting.
        setting: Setting,
    },
    /// A statement has changed the tenant, or ended the transaction, inside of the scope.
    #[error(
        "tenant {tenant}: a statement inside of the scope has changed {setting} or ended the transaction, so it is not \
         certain whose rows were written; what is still open was rolled back. Remove the COMMIT, ROLLBACK, SET or \
         set_config from the scope"
    )]
    TenantChanged {
        /// Whose scope it was.
        tenant: TenantId,
        /// The setting.
        setting: Setting,
    },
    /// A statement inside of the scope had failed, and the scope was to be committed nevertheless.
    #[error(
        "tenant {tenant}: a statement inside of the scope has failed before, so the transaction was rolled back and \
         nothing of it is applied. Return the statement's error instead of committing"
    )]
    Failed {
        /// Whose scope it was.
        tenant: TenantId,
    },
    /// There is no tenant: the connection is in no scope.
    #[error(
        "the connection is in no tenant's scope: {setting} is not set, so queries see no row of a tenant and writes fail. \
         Begin one with `onward::tenant::scope(&mut client, tenant)`, and send the query through it"
    )]
    NoTenant {
        /// The setting.
        setting: Setting,
    },
    /// The setting holds what is not the UUID of a tenant.
    #[error("{setting} does not hold the UUID of a tenant")]
    NotATenant {
        /// The setting.
        setting: Setting,
        /// What is wrong with it.
        source: super::id::InvalidTenantId,
    },
    /// An audit takes policies away, in transactions that it rolls back, and this role may not.
    #[error(
        "the audit needs a superuser, because it takes policies away in transactions that it rolls back, and role {login} \
         is none. Name the application's role with `--application`: everything is tried as that role"
    )]
    NotSuperuser {
        /// Who has logged in.
        login: String,
    },
    /// The role that an audit is to try everything as.
    #[error("there is no role {role}. Name the role that the service works as")]
    NoSuchRole {
        /// Its name.
        role: String,
    },
    /// An audit could not connect.
    #[error(
        "could not connect; nothing was tried. Check the URL and whether the server is running, then start again"
    )]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server refused, or the connection ended.
    #[error("the tenant's transaction could not begin or end")]
    Connection(#[source] tokio_postgres::Error),
}

/// What the server said about a row or a setting, in terms of tenants: why a statement failed that works inside of the
/// right scope.
///
/// ```
/// use onward::tenant::Refusal;
///
/// fn log(error: &tokio_postgres::Error) {
///     match Refusal::of(error) {
///         Some(refusal) => println!("{error}: {refusal}"),
///         None => println!("{error}"),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// A policy did not let a new row in.
    Policy,
    /// A policy could not read the setting, because there is no tenant.
    NoTenant,
}

impl Refusal {
    /// `None` for every other error.
    ///
    /// ```
    /// fn is_about_tenants(error: &tokio_postgres::Error) -> bool {
    ///     onward::tenant::Refusal::of(error).is_some()
    /// }
    /// ```
    #[must_use]
    pub fn of(error: &tokio_postgres::Error) -> Option<Self> {
        error.as_db_error().and_then(Self::said)
    }

    fn said(error: &DbError) -> Option<Self> {
        // The names of functions of the server's are the same in every language.
        let routine = error.routine().unwrap_or_default();
        match *error.code() {
            SqlState::INSUFFICIENT_PRIVILEGE if routine == "ExecWithCheckOptions" => {
                Some(Self::Policy)
            }
            // What a cast of the empty setting ends in, and a setting that the session has never had.
            SqlState::INVALID_TEXT_REPRESENTATION
                if routine == "string_to_uuid" && error.message().contains("\"\"") =>
            {
                Some(Self::NoTenant)
            }
            SqlState::UNDEFINED_OBJECT
                if matches!(routine, "find_option" | "GetConfigOptionByName") =>
            {
                Some(Self::NoTenant)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Policy => {
                "the row is not of the scope's tenant, or there is no scope: outside of one no row of any tenant can be \
                 written. Begin one with `onward::tenant::scope(&mut client, tenant)`, and send the statement through it"
            }
            Self::NoTenant => {
                "the policy reads a setting that has no value, because the connection is in no tenant's scope. Begin one \
                 with `onward::tenant::scope(&mut client, tenant)`, and send the statement through it"
            }
        })
    }
}
