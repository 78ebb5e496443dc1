//! An example service. It embeds two modules, brings their schemas up to date when it starts, runs their data
//! migrations beside itself, and shows its state on `/readyz` and `/migrations`. It keeps SBOMs in an object store.
//!
//! The README lists its variables, and what to leave out of a copy.

mod artifacts;
mod error;
mod health;
mod metrics;
mod migrations;
mod schema;
mod settings;
mod tenant;
#[cfg(feature = "throwaway-server")]
mod throwaway;
mod worker;

use std::io::{self, Write as _};

use onward::Connector;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio_postgres::NoTls;

use crate::artifacts::Store;
use crate::error::Error;
use crate::migrations::{Page, Throttled};
use crate::settings::Settings;

/// The plan of the schema, compiled into the binary.
static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");

/// The records of files that are in an object store.
static EVIDENCE: onward::Plan = onward::embed_migrations!("migrations/evidence");

static MODULES: onward::Modules = onward::modules!(AUTH, EVIDENCE);

/// The modules whose data migrations this service runs; the page shows the first one.
static WORKED: [&onward::Plan; 2] = [&AUTH, &EVIDENCE];

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
    let migrator = Connector::new(settings.migrations.clone(), NoTls);
    let report = MODULES.run_with(&migrator).await?;
    say(&format_args!("\nstart\n{report}"))?;
    let store = Store::of_url(&settings.store)?;
    artifacts::open(&store, &settings.database).await?;

    let (stop, stopping) = watch::channel(false);
    let throttled = Throttled::default();
    let snapshots = migrations::watch(
        settings.migrations.clone(),
        throttled.clone(),
        worker::stopped(stopping.clone()),
    );
    let metrics = metrics::router(settings.migrations.clone());
    let tenants = tenant::router(settings.database.clone())?;
    let page = migrations::router(Page {
        migrations: settings.migrations,
        snapshots,
        token: settings.token,
    });
    let sboms = artifacts::router(store.clone(), settings.database.clone(), settings.limit);
    let sweeping = tokio::spawn(artifacts::keep_swept(
        store,
        settings.database.clone(),
        stopping.clone(),
    ));
    let routes = health::router(settings.database)
        .merge(metrics)
        .merge(page)
        .merge(sboms)
        .merge(tenants);

    let listener = TcpListener::bind(&settings.listen)
        .await
        .map_err(|source| Error::Listen {
            address: settings.listen,
            source,
        })?;
    let address = listener.local_addr()?;
    say(&format_args!(
        "\nserving\n  curl http://{address}/healthz    alive?\n  curl http://{address}/readyz     \
         the state of the schema\n  http://{address}/migrations      what its migrations do, as they do it\n  curl http://{address}/metrics    the same for Prometheus\n\n\
         Ctrl-C stops the service.",
    ))?;
    let subjects = "DM001".parse()?;
    let working = tokio::spawn(worker::work_on_all(migrator, throttled, subjects, stopping));
    let stopped = stopped()?;
    axum::serve(listener, routes)
        .with_graceful_shutdown(async move {
            stopped.await;
            // The worker and the open pages end too.
            stop.send_replace(true);
        })
        .await?;
    working.await.map_err(io::Error::from)?;
    sweeping.await.map_err(io::Error::from)?;
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
