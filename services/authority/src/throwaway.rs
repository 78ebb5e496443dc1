//! For `cargo run` in a clone, without a database: starts a PostgreSQL for as long as the service runs.
//!
//! Not part of a service. Leave this file out of a copy, as the README says.

use std::env;

use onward::{Connector, Release, Startup};
use onward_pg::{DatabaseError, Server};
use tokio_postgres::NoTls;

use crate::error::Error;
use crate::settings::Settings;
use crate::{AUTH, run, say};

/// True without a `DATABASE_URL`, and when `ONWARD_PG` asks for a certain server.
pub(crate) fn is_wanted() -> bool {
    env::var_os("DATABASE_URL").is_none() || env::var_os("ONWARD_PG").is_some()
}

/// Runs the service on a fresh database. At the end the database is dropped first, then its server stops.
pub(crate) async fn run_on_one() -> Result<(), Error> {
    let server = Server::find().await.map_err(DatabaseError::from)?;
    let database = server.database().await?;
    say(&format_args!(
        "database\n  {server}\n  fresh database `{}`, dropped when the service stops",
        database.name()
    ))?;
    let settings = Settings::of_database(database.url(), database.url())?;
    let migrator = Connector::new(settings.migrations.clone(), NoTls);
    release_as_an_operator(&migrator).await?;
    say(&format_args!(
        "\nto look around while it serves\n  \
         psql '{url}' -c 'TABLE auth.schema_migration_history'\n  \
         cargo run -p onward-cli -- status migrations/auth --url '{url}'\n  \
         add a file to migrations/auth, for example 012_drop_users.sql with `DROP TABLE auth.users;`,\n  \
         and read the compiler's findings: `cargo build -p authority`",
        url = database.url(),
    ))?;
    run(settings).await
}

/// What happens before a service starts for the first time: its start fails, and an operator applies
/// the release migrations.
async fn release_as_an_operator(migrator: &Connector) -> Result<(), Error> {
    let start = Startup::new(&AUTH).run_with(migrator).await;
    let Err(refused @ onward::Error::PendingRelease { .. }) = start else {
        // Nothing is pending, or the start failed: the service's own start reports the same.
        return Ok(());
    };
    say(&format_args!(
        "\nfirst start: fails as expected, because release migrations are pending\n{refused}"
    ))?;
    let report = Release::new(&AUTH).run_with(migrator).await?;
    say(&format_args!(
        "\noperator's part, done here because this database is new\n{report}"
    ))
}

impl From<DatabaseError> for Error {
    fn from(error: DatabaseError) -> Self {
        Self::NoDatabase(error.into())
    }
}
