//! Who may do what.

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
    /// In upper case and without columns; empty is `ALL`. Of roles it is the roles, folded.
    pub privileges: Vec<String>,
    /// On what.
    pub on: Privileged,
    /// The roles behind `TO` or `FROM`, folded; `public` is everybody.
    pub grantees: Vec<String>,
    /// `WITH GRANT OPTION`, `WITH ADMIN OPTION`, `GRANT OPTION FOR`.
    pub option: bool,
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
        /// Of which kind; a bare name is a table's.
        kind: ObjectKind,
        /// In order.
        names: Vec<Name>,
    },
    /// `ALL TABLES IN SCHEMA` and its like: what there is now.
    AllIn {
        /// The schemas, folded.
        schemas: Vec<String>,
        /// Tables, sequences, functions, procedures or routines.
        kind: ObjectKind,
    },
    /// `ALTER DEFAULT PRIVILEGES`: what will be created from now on.
    Future {
        /// The schemas, folded; empty is all.
        schemas: Vec<String>,
        /// Tables, sequences, functions, routines, types, schemas or large objects.
        kind: ObjectKind,
    },
    /// Membership in roles.
    Roles,
}
