//! Whether a row differs, asked again and again while files are applied: each answer is of one snapshot.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use onward_pg::Database;
use tokio::task::{JoinError, JoinHandle};

pub(super) struct Watch {
    stop: Arc<AtomicBool>,
    task: JoinHandle<Result<(), String>>,
}

impl Watch {
    pub(super) async fn start(database: &Database, differs: &str) -> Result<Self, Box<dyn Error>> {
        let client = database.connect().await?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let differs = differs.to_owned();
        let task = tokio::spawn(async move {
            // Once more behind the last change.
            loop {
                let is_last = stopped.load(Ordering::Relaxed);
                let row = client.query_one(&differs, &[]).await;
                let rows: i64 = row.map_err(|error| error.to_string())?.get(0);
                if rows > 0 {
                    return Err(format!("{rows} rows differ"));
                }
                if is_last {
                    return Ok(());
                }
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        });
        Ok(Self { stop, task })
    }

    pub(super) async fn stop(self) -> Result<Result<(), String>, JoinError> {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await
    }
}
