//! What a worker costs that has nothing to do.

use std::time::Duration;

use onward::data::Worker;
use onward_tests::proxy::Proxy;

use crate::table::{cluster, connector, filled};
use crate::{Answer, WIDE, number, processes};

pub(crate) async fn measure() -> Answer<()> {
    let minutes = number("minutes", 5);
    let cluster = cluster().await?;
    let (database, _client) = filled(&cluster, 1000).await?;
    let proxy = Proxy::start(cluster.port()).await?;
    let connector = connector(&proxy.url(database.name()))?;
    let working = tokio::spawn(async move {
        Worker::new(&WIDE)
            .run(&connector, std::future::pending())
            .await
    });
    tokio::time::sleep(Duration::from_secs(20)).await;
    let pid = std::process::id();
    let before = processes::processor(pid)?;
    let _ = proxy.traffic();
    let long = Duration::from_secs(60 * minutes);
    tokio::time::sleep(long).await;
    let used = processes::processor(pid)?.saturating_sub(before);
    let share = used.as_secs_f64() / long.as_secs_f64();
    println!(
        "idle for {minutes} minutes: {used:?} of the processor ({:.4} %), {:?}",
        share * 100.0,
        proxy.traffic()
    );
    working.abort();
    Ok(())
}
