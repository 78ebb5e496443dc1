//! A database for each test, with the schema that the plans describe. This is the feature `testing`.
//!
//! ```no_run
//! static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
//!
//! # // The attribute would hide the body from rustdoc, and this is the same without it.
//! # async fn a_new_tenant_has_no_users() -> Result<(), Box<dyn std::error::Error>> {
//! let database = onward::testing::database(&AUTH).await?;
//! let client = database.connect().await?;
//! let users: i64 = client.query_one("SELECT count(*) FROM auth.users", &[]).await?.get(0);
//! assert_eq!(users, 0);
//! # Ok(())
//! # }
//! ```
//!
//! The server is the one that `ONWARD_TEST_URL` names, or `DATABASE_URL`, or the `PG*` variables; its role needs
//! `CREATEDB`. Nothing in the named database is changed: each test has a database of its own beside it, which is dropped
//! with the [`Database`].
//!
//! The migrations run once for each text of theirs. The first test brings a template up, whose name holds the digest of the
//! plans, and every test clones it: some milliseconds, however long the history is. Another text is another template, so
//! none is ever stale. Any number of threads and processes may ask at once: one of them builds, the others wait. What a
//! killed process leaves is dropped by the next one, and a template that no test has used for a week too.

mod error;
mod keeper;
mod names;
mod template;

use std::fmt;

use onward_connect::{Surroundings, Target};
use tokio_postgres::Client;

pub use self::error::TestingError;
use self::keeper::Keeper;
use crate::plan::Plan;
use crate::session::connector::Connector;

/// A database with one module.
///
/// # Errors
///
/// [`TestingError`]: no server is named or reached, or a migration fails.
///
/// ```no_run
/// # async fn example(plan: &'static onward::Plan) -> Result<(), onward::testing::TestingError> {
/// let database = onward::testing::database(plan).await?;
/// # Ok(())
/// # }
/// ```
pub async fn database(plan: &Plan) -> Result<Database, TestingError> {
    databases(&[plan]).await
}

/// A database with several modules, which come up in this order: `MODULES.plans()` has the one of their needs.
///
/// # Errors
///
/// [`TestingError`].
///
/// ```no_run
/// # async fn example(modules: onward::Modules) -> Result<(), onward::testing::TestingError> {
/// let database = onward::testing::databases(modules.plans()).await?;
/// # Ok(())
/// # }
/// ```
pub async fn databases(plans: &[&Plan]) -> Result<Database, TestingError> {
    database_at(&url()?, plans).await
}

/// The same on the server of this URL, whatever the environment names.
///
/// # Errors
///
/// [`TestingError`].
///
/// ```no_run
/// # async fn example(plan: &'static onward::Plan) -> Result<(), onward::testing::TestingError> {
/// let database = onward::testing::database_at("postgres://postgres@localhost/postgres", &[plan]).await?;
/// # Ok(())
/// # }
/// ```
pub async fn database_at(url: &str, plans: &[&Plan]) -> Result<Database, TestingError> {
    let keeper = Keeper::at(url)?;
    let plans = plans.iter().map(|plan| **plan).collect();
    let name = keeper.create(plans).await?;
    let url = names::with_database(url, &name);
    Ok(Database {
        target: Target::of(&url)?,
        keeper,
        name,
        url,
    })
}

/// The server of the tests, as the environment names it.
fn url() -> Result<String, TestingError> {
    let around = Surroundings::of_the_process();
    let named = ["ONWARD_TEST_URL", "DATABASE_URL"]
        .iter()
        .find_map(|name| around.variable(name));
    match named {
        Some(url) => Ok(url.to_owned()),
        None if around.name_a_server() => Ok(String::new()),
        None => Err(TestingError::NoServer),
    }
}

/// A database of a test's own. It is dropped with this value, and open sessions in it end.
///
/// ```no_run
/// # async fn example(plan: &'static onward::Plan) -> Result<(), Box<dyn std::error::Error>> {
/// let database = onward::testing::database(plan).await?;
/// let pool = start_service(database.url()).await;
/// # async fn start_service(_: &str) {}
/// # Ok(())
/// # }
/// ```
pub struct Database {
    keeper: Keeper,
    name: String,
    url: String,
    target: Target,
}

impl Database {
    /// Its URL, for the service that is tested and for other drivers. It holds the password of the server's URL.
    ///
    /// ```
    /// fn settings(database: &onward::testing::Database) -> String {
    ///     database.url().to_owned()
    /// }
    /// ```
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its name.
    ///
    /// ```
    /// fn print(database: &onward::testing::Database) {
    ///     println!("{}", database.name());
    /// }
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A session in it.
    ///
    /// # Errors
    ///
    /// [`TestingError::Connect`].
    ///
    /// ```
    /// # async fn example(database: &onward::testing::Database) -> Result<(), Box<dyn std::error::Error>> {
    /// let client = database.connect().await?;
    /// client.batch_execute("SELECT 1").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect(&self) -> Result<Client, TestingError> {
        Ok(self.target.open(self.target.config()).await?.client)
    }

    /// For runs and workers, which open sessions of their own.
    ///
    /// ```
    /// # async fn example(database: &onward::testing::Database, plan: &onward::Plan) -> Result<(), Box<dyn std::error::Error>> {
    /// onward::Startup::new(plan).run_with(&database.connector()).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn connector(&self) -> Connector {
        Connector::to(self.target.clone())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.keeper.drop_database(&self.name);
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
