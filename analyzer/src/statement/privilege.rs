//! Privileges: which role may do what.

use super::{Name, ObjectKind};

/// `GRANT`, `REVOKE` and `ALTER DEFAULT PRIVILEGES`, also of roles.
///
/// ```
/// use onward_analyzer::statement::{Change, ObjectKind, Privileged};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "GRANT select, update (a) ON t TO PUBLIC WITH GRANT OPTION";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::Grant(grant) = &statement.clauses[0].change else { panic!() };
/// assert_eq!(grant.privileges, ["SELECT", "UPDATE"]);
/// assert!(matches!(&grant.on, Privileged::Objects { kind: ObjectKind::Table, names } if names.len() == 1));
/// assert_eq!(grant.grantees, ["public"]);
/// assert!(grant.option && !grant.revoke);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// `REVOKE`.
    pub revoke: bool,
    /// The privileges in upper case and without columns; empty means `ALL`. For a grant of roles, the
    /// roles, folded.
    pub privileges: Vec<String>,
    /// What they are granted on.
    pub on: Privileged,
    /// The roles after `TO` or `FROM`, folded; `public` is every role.
    pub grantees: Vec<String>,
    /// `WITH GRANT OPTION`, `WITH ADMIN OPTION`; for `REVOKE` any `OPTION FOR`, which leaves the privilege or the membership.
    pub option: bool,
    /// The columns to which a privilege is limited.
    pub columns: Vec<String>,
}

/// What privileges are granted on.
///
/// ```
/// use onward_analyzer::statement::Privileged;
///
/// use onward_analyzer::statement::ObjectKind;
///
/// assert_ne!(Privileged::Roles, Privileged::Future { schemas: vec![], kind: ObjectKind::Table });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Privileged {
    /// Objects by name.
    Objects {
        /// The kind of the objects; without a keyword it is a table.
        kind: ObjectKind,
        /// The names, in order.
        names: Vec<Name>,
    },
    /// `ALL TABLES IN SCHEMA` and the like: the objects that exist now.
    AllIn {
        /// The schemas, folded.
        schemas: Vec<String>,
        /// Tables, sequences, functions, procedures or routines.
        kind: ObjectKind,
    },
    /// `ALTER DEFAULT PRIVILEGES`: objects that will be created later.
    Future {
        /// The schemas, folded; empty means all.
        schemas: Vec<String>,
        /// Tables, sequences, functions, routines, types, schemas or large objects.
        kind: ObjectKind,
    },
    /// Membership in roles.
    Roles,
}
