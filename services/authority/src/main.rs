//! An example service. It embeds the auth module, brings its schema up to date when it starts, and
//! reports the state of the schema on `/readyz`.
//!
//! The README lists its variables, and what to leave out of a copy.

mod error;
mod health;
mod settings;
#[cfg(feature = "throwaway-server")]
mod throwaway;

use std::io::{self, Write as _};

use onward::{Connector, Startup};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_postgres::NoTls;

use crate::error::Error;
use crate::settings::Settings;

/// The plan of the schema, compiled into the binary.
static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_max_level(settings::log_level())
        .init();
    #[cfg(feature = "throwaway-server")]
    if throwaway::is_wanted() {
        return throwaway::run_on_one().await;
    }
    run(Settings::from_env()?).await
}

/// Migrates, then serves until it is stopped.
async fn run(settings: Settings) -> Result<(), Error> {
    let migrator = Connector::new(settings.migrations, NoTls);
    let report = Startup::new(&AUTH).run_with(&migrator).await?;
    say(&format_args!("\nstart\n{report}"))?;

    let listener = TcpListener::bind(&settings.listen)
        .await
        .map_err(|source| Error::Listen {
            address: settings.listen,
            source,
        })?;
    let address = listener.local_addr()?;
    say(&format_args!(
        "\nserving\n  curl http://{address}/healthz    alive?\n  curl http://{address}/readyz     \
         the state of the schema\n\nCtrl-C stops the service.",
    ))?;
    axum::serve(listener, health::router(settings.database))
        .with_graceful_shutdown(stopped()?)
        .await?;
    say(&"stopped")
}

/// Prints for a person at a terminal; if the terminal is closed, the service goes on.
fn say(what: &dyn std::fmt::Display) -> Result<(), Error> {
    writeln!(io::stdout(), "{what}").or(Ok(()))
}

/// Ends with Ctrl-C, or with SIGTERM from the system that runs the service.
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
