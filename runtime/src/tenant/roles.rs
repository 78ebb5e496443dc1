//! The roles of a service: what each of them may do.

use std::fmt;

use tokio_postgres::Client;

use crate::session::role::Role;
use crate::session::row::{row, text};
use crate::sql::{Fragment, fill};
use crate::tenant::error::Error;

/// The three roles that the model needs: one migrates, one works, one reads.
///
/// | role | may | may not |
/// | --- | --- | --- |
/// | owner | create schemas, and everything in its own | `BYPASSRLS`, superuser |
/// | application | SELECT, INSERT, UPDATE, DELETE, and EXECUTE on functions | DDL, become another role, write the ledger |
/// | auditor | SELECT, as one tenant at a time | everything else |
///
/// ```
/// let roles = onward::tenant::Roles::default();
/// assert!(roles.sql(&["auth"]).contains("CREATE ROLE \"app\" LOGIN"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    owner: Role,
    application: Role,
    auditor: Role,
}

/// What a role has or lacks that the model does not want.
///
/// ```
/// fn print(problem: &onward::tenant::RoleProblem) {
///     println!("{problem}\n  {}", problem.fix());
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleProblem {
    role: String,
    problem: String,
    fix: String,
}

/// Two of the three roles have one name.
///
/// ```
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let one = onward::Role::new("app")?;
/// assert!(onward::tenant::Roles::new(one.clone(), one.clone(), one).is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the owner, the application and the auditor are three roles, and two of them are {0}")]
pub struct SameRole(Role);

impl Roles {
    /// With names of your own.
    ///
    /// # Errors
    ///
    /// [`SameRole`] when two of them have one name.
    ///
    /// ```
    /// # use onward::Role;
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let (owner, application) = (Role::new("shop_owner")?, Role::new("shop")?);
    /// let roles = onward::tenant::Roles::new(owner, application, Role::new("shop_auditor")?)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(owner: Role, application: Role, auditor: Role) -> Result<Self, SameRole> {
        if owner == application || owner == auditor {
            return Err(SameRole(owner));
        }
        if application == auditor {
            return Err(SameRole(application));
        }
        Ok(Self {
            owner,
            application,
            auditor,
        })
    }

    /// The SQL that creates the roles and gives them what they need in these schemas, to paste. It may be pasted again.
    ///
    /// ```
    /// let sql = onward::tenant::Roles::default().sql(&["auth", "vuln"]);
    /// assert!(sql.contains("GRANT USAGE ON SCHEMA \"vuln\" TO \"app\""));
    /// ```
    #[must_use]
    pub fn sql(&self, schemas: &[&str]) -> String {
        let mut sql = self.fill(include_str!("../sql/tenant/roles.sql"), &[]);
        for schema in schemas {
            let holes = [
                ("schema", Fragment::Identifier(schema)),
                ("quoted", Fragment::NameText(&[schema])),
            ];
            sql += &self.fill(include_str!("../sql/tenant/roles_of_schema.sql"), &holes);
        }
        sql
    }

    /// What differs from the model in a database. Reads the catalogs only, which every role may do.
    ///
    /// # Errors
    ///
    /// [`Error::Connection`].
    ///
    /// ```no_run
    /// # async fn example(client: &tokio_postgres::Client) -> Result<(), onward::tenant::Error> {
    /// let problems = onward::tenant::Roles::default().check(client, &["auth"]).await?;
    /// assert_eq!(problems, []);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn check(
        &self,
        client: &Client,
        schemas: &[&str],
    ) -> Result<Vec<RoleProblem>, Error> {
        let schemas: Vec<String> = schemas.iter().map(|schema| (*schema).to_owned()).collect();
        let question = self.fill(
            include_str!("../sql/tenant/check_roles.sql"),
            &[("schemas", Fragment::Texts(&schemas))],
        );
        let answer = client.simple_query(&question).await;
        let answer = answer.map_err(Error::Connection)?;
        let rows = answer.iter().filter_map(row);
        let problem = |row| {
            Some(RoleProblem {
                role: text(row, "role")?.to_owned(),
                problem: text(row, "problem")?.to_owned(),
                fix: text(row, "fix")?.to_owned(),
            })
        };
        Ok(rows.filter_map(problem).collect())
    }

    fn fill(&self, sql: &str, holes: &[(&str, Fragment<'_>)]) -> String {
        let (owner, application, auditor) = (
            self.owner.as_str(),
            self.application.as_str(),
            self.auditor.as_str(),
        );
        let paths = [[owner], [application], [auditor]];
        let mut all = vec![
            ("owner", Fragment::Identifier(owner)),
            ("application", Fragment::Identifier(application)),
            ("auditor", Fragment::Identifier(auditor)),
            ("owner_quoted", Fragment::NameText(&paths[0])),
            ("application_quoted", Fragment::NameText(&paths[1])),
            ("auditor_quoted", Fragment::NameText(&paths[2])),
            ("owner_name", Fragment::Text(owner)),
            ("application_name", Fragment::Text(application)),
            ("auditor_name", Fragment::Text(auditor)),
        ];
        all.extend_from_slice(holes);
        fill(sql, &all)
    }
}

/// `app_owner`, `app` and `app_auditor`.
impl Default for Roles {
    fn default() -> Self {
        Self {
            owner: Role::known("app_owner"),
            application: Role::known("app"),
            auditor: Role::known("app_auditor"),
        }
    }
}

impl RoleProblem {
    /// The role, or `PUBLIC`.
    ///
    /// ```
    /// fn is_for_all(problem: &onward::tenant::RoleProblem) -> bool {
    ///     problem.role() == "PUBLIC"
    /// }
    /// ```
    #[must_use]
    pub fn role(&self) -> &str {
        &self.role
    }

    /// What it has or lacks.
    ///
    /// ```
    /// fn print(problem: &onward::tenant::RoleProblem) {
    ///     println!("{}", problem.problem());
    /// }
    /// ```
    #[must_use]
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// What to type.
    ///
    /// ```
    /// fn print(problem: &onward::tenant::RoleProblem) {
    ///     println!("{};", problem.fix());
    /// }
    /// ```
    #[must_use]
    pub fn fix(&self) -> &str {
        &self.fix
    }
}

impl fmt::Display for RoleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.role, self.problem)
    }
}
