//! The table that is migrated.

use onward::{Connector, Startup};
use onward_pg::{Binaries, Cluster, Database, Settings};
use tokio_postgres::{Client, NoTls};

use crate::{Answer, WIDE};

/// PostgreSQL's own defaults, but for checkpoints: they would hit one contender and not the other.
pub(crate) async fn cluster() -> Answer<Cluster> {
    let settings = Settings::durable()
        .with("max_wal_size", "16GB")
        .with("checkpoint_timeout", "1h")
        .with("shared_buffers", "1GB");
    Ok(Cluster::start(&Binaries::find().await?, settings).await?)
}

/// A database of its own in which the service has started and has written so many rows.
pub(crate) async fn filled(cluster: &Cluster, rows: u64) -> Answer<(Database, Client)> {
    let database = cluster.database().await?;
    let mut client = database.connect().await?;
    Startup::new(&WIDE).run(&mut client).await?;
    let fill = format!(
        "INSERT INTO wide.rows (a, name)
         SELECT n, 'the name of the row ' || n FROM generate_series(1, {rows}) AS n"
    );
    client.batch_execute(&fill).await?;
    client.batch_execute("VACUUM ANALYZE wide.rows").await?;
    client.batch_execute("CHECKPOINT").await?;
    Ok((database, client))
}

pub(crate) fn connector(url: &str) -> Answer<Connector> {
    Ok(Connector::new(url.parse()?, NoTls))
}

/// Every row was changed.
pub(crate) async fn is_filled(client: &Client) -> Answer<()> {
    let wrong = "SELECT count(*) FROM wide.rows WHERE b IS DISTINCT FROM a * 2";
    match client.query_one(wrong, &[]).await?.get::<_, i64>(0) {
        0 => Ok(()),
        rows => Err(format!("{rows} rows are not filled").into()),
    }
}
