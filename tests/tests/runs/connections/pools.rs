//! Connections that come from deadpool-postgres and bb8, as in the examples of the runtime.

use std::fs;
use std::path::Path;

use bb8_postgres::{PostgresConnectionManager, bb8};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use onward::{PendingRelease, Startup};
use onward_pg::{PgBouncer, database};
use tokio::task::JoinSet;
use tokio_postgres::NoTls;

use crate::support::starters::was_done_once;
use crate::support::witness::rows;
use crate::{Outcome, SHOP};

/// Six runs on three pooled connections, on the server itself and through a PgBouncer.
#[tokio::test]
async fn pooled_connections_are_returned_as_they_were() -> Outcome {
    for is_direct in [true, false] {
        let database = database().await?;
        let settings = "pool_mode = transaction\ndefault_pool_size = 2";
        let pooler = PgBouncer::start(&database, settings).await?;
        let url = if is_direct {
            database.url()
        } else {
            pooler.url()
        };
        let config = ManagerConfig {
            recycling_method: RecyclingMethod::Verified,
        };
        let manager = Manager::from_config(url.parse()?, NoTls, config);
        let pool = Pool::builder(manager).max_size(3).build()?;
        let mut runs = JoinSet::new();
        for _ in 0..6 {
            let pool = pool.clone();
            runs.spawn(async move {
                let mut connection = pool.get().await.map_err(|error| error.to_string())?;
                let startup = Startup::new(&SHOP).pending_release(PendingRelease::Report);
                let run = startup.run(&mut connection).await;
                run.map_err(|error| format!("{error:#}"))
            });
        }
        let reports: Result<Vec<_>, _> = runs.join_all().await.into_iter().collect();
        was_done_once(&database, &reports?).await?;
        let connection = pool.get().await?;
        let kept = "SELECT name FROM pg_prepared_statements UNION ALL
            SELECT locktype FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'";
        assert_eq!(rows(&connection, kept).await?, [""; 0]);
    }
    Ok(())
}

/// The same with bb8.
#[tokio::test]
async fn connections_of_bb8_are_returned_as_they_were() -> Outcome {
    let database = database().await?;
    let manager = PostgresConnectionManager::new_from_stringlike(database.url(), NoTls)?;
    let pool = bb8::Pool::builder().max_size(3).build(manager).await?;
    let mut runs = JoinSet::new();
    for _ in 0..6 {
        let pool = pool.clone();
        runs.spawn(async move {
            let mut connection = pool.get().await.map_err(|error| error.to_string())?;
            let startup = Startup::new(&SHOP).pending_release(PendingRelease::Report);
            let run = startup.run(&mut connection).await;
            run.map_err(|error| format!("{error:#}"))
        });
    }
    let reports: Result<Vec<_>, _> = runs.join_all().await.into_iter().collect();
    was_done_once(&database, &reports?).await?;
    let connection = pool.get().await?;
    let kept = "SELECT name FROM pg_prepared_statements UNION ALL
        SELECT locktype FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'";
    assert_eq!(rows(&connection, kept).await?, [""; 0]);
    Ok(())
}

/// Each block of docs/clients.md is in the example that the line before it names.
#[test]
fn the_page_about_clients_shows_what_is_compiled() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = fs::read_to_string(root.join("docs/clients.md")).unwrap_or_default();
    let mut count = 0;
    for (before, block) in page.split("```rust\n").zip(page.split("```rust\n").skip(1)) {
        let path = before.trim_end().lines().next_back().unwrap_or_default();
        let path = path.split('`').nth(1).unwrap_or_default();
        // What stands for every client is compiled with the other pages.
        if path.is_empty() {
            continue;
        }
        let source = fs::read_to_string(root.join(path)).unwrap_or_default();
        let block = block.split("```").next().unwrap_or_default();
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join("");
        assert!(
            squeezed(&source).contains(&squeezed(block)),
            "{path} has not:\n{block}"
        );
        count += 1;
    }
    assert!(count >= 5, "{count} blocks");
}
