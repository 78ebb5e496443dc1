//! An example service. It embeds the auth module, brings its schema up to date when it starts, and
//! tells on `/readyz` how the schema stands.
//!
//! With `DATABASE_URL` it migrates that database, as in production; `MIGRATE_URL` names the server itself
//! where the other one goes through a pooler. Without, it finds or starts a
//! PostgreSQL and works on a database that is dropped when the service stops.

mod database;
mod error;
mod health;
mod migrate;

use std::io::{self, Write as _};

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::database::Postgres;
use crate::error::Error;

/// Everything that the service knows about its schema, compiled in.
static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");

const LISTEN: &str = "127.0.0.1:8080";

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_max_level(database::log_level())
        .init();
    let postgres = Postgres::find().await?;
    say(&postgres)?;
    let migrator = postgres.migrator()?;
    if postgres.is_throwaway() {
        migrate::as_everybody(&migrator).await?;
    } else {
        migrate::as_service(&migrator).await?;
    }

    let listen = std::env::var("AUTHORITY_LISTEN").unwrap_or_else(|_| LISTEN.to_owned());
    let listener = TcpListener::bind(&listen)
        .await
        .map_err(|source| Error::Listen {
            address: listen,
            source,
        })?;
    let address = listener.local_addr()?;
    say(&format_args!(
        "\nserving\n  curl http://{address}/healthz    alive?\n  curl http://{address}/readyz     how the schema stands\n\n\
         next\n  psql '{url}' -c 'TABLE auth.schema_migrations'\n  \
         cargo run -p onward-cli -- status migrations/auth --url '{url}'\n  \
         add a file to migrations/auth, for example 012_drop_users.sql with `DROP TABLE auth.users;`,\n  \
         and see what the compiler says to `cargo build -p authority`\n\nCtrl-C stops the service.",
        url = postgres.url(),
    ))?;
    axum::serve(listener, health::router(postgres.url()))
        .with_graceful_shutdown(stopped()?)
        .await?;
    say(&"stopped")?;
    Ok(())
}

/// The service speaks to a person at a terminal; a closed terminal is no reason to die.
fn say(what: &dyn std::fmt::Display) -> Result<(), Error> {
    writeln!(io::stdout(), "{what}").or(Ok(()))
}

/// Ends with Ctrl-C, or with the SIGTERM of whoever runs the service.
fn stopped() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
