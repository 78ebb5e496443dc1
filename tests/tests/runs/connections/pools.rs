//! Connections that come from deadpool-postgres, as in the example of the runtime.

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
