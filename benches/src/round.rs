//! One contender, one database, one connection with a delay.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use onward_pg::{Cluster, Database};
use onward_tests::proxy::Proxy;
use tokio::sync::Mutex;

use crate::Answer;
use crate::contender::Contender;
use crate::history::History;

/// A database for one contender, and the delayed connection to it.
#[derive(Clone)]
pub(crate) struct Round<'a> {
    history: &'a History,
    database: Arc<Database>,
    proxy: Arc<Proxy>,
}

/// How long it took, and how many round trips: how often the client sent after it had received.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) wall: Duration,
    pub(crate) turns: usize,
}

impl Times {
    pub(crate) fn worst() -> Times {
        Times {
            wall: Duration::MAX,
            turns: usize::MAX,
        }
    }

    pub(crate) fn min(self, other: Times) -> Times {
        Times {
            wall: self.wall.min(other.wall),
            turns: self.turns.min(other.turns),
        }
    }
}

impl<'a> Round<'a> {
    pub(crate) async fn on(
        cluster: &Cluster,
        history: &'a History,
        delay: Duration,
    ) -> Answer<Round<'a>> {
        Ok(Round {
            history,
            database: Arc::new(cluster.database().await?),
            proxy: Arc::new(Proxy::with_delay(cluster.port(), delay).await?),
        })
    }

    /// The same database, and another history.
    pub(crate) fn with(&self, history: &'a History) -> Round<'a> {
        Round {
            history,
            ..self.clone()
        }
    }

    /// Creates what the contender expects to exist.
    pub(crate) async fn clear(&self, contender: Contender) -> Answer<()> {
        if contender.is_a_peer() {
            let client = self.database.connect().await?;
            client.batch_execute("CREATE SCHEMA bench").await?;
        }
        Ok(())
    }

    /// Brings the database up to date, without a delay.
    pub(crate) async fn prepare(&self, contender: Contender) -> Answer<()> {
        self.clear(contender).await?;
        let url = self.database.url();
        contender.run(url, self.history, || {}).await.map(drop)
    }

    pub(crate) async fn run(&self, contender: Contender) -> Answer<Times> {
        let url = self.proxy.url(self.database.name());
        let wire = Arc::clone(&self.proxy);
        // The time to connect does not count.
        let ready = move || {
            wire.traffic();
        };
        let ended = contender.run(&url, self.history, ready).await;
        let began = ended.map_err(|error| format!("{contender}: {error}"))?;
        Ok(Times {
            wall: began.elapsed(),
            turns: self.proxy.traffic().turns,
        })
    }

    /// Runs so many of them at once: how many failed, and how long the last one took.
    pub(crate) async fn herd(
        &self,
        contender: Contender,
        starters: usize,
    ) -> Answer<(usize, Duration)> {
        let url = self.proxy.url(self.database.name());
        let failed = AtomicUsize::new(0);
        let reasons = Mutex::new(Vec::new());
        let began = Instant::now();
        let all = (0..starters).map(|_| async {
            if let Err(error) = contender.run(&url, self.history, || {}).await {
                failed.fetch_add(1, Ordering::Relaxed);
                reasons.lock().await.push(error.to_string());
            }
        });
        futures_util::future::join_all(all).await;
        let wall = began.elapsed();
        if let Some(reason) = reasons.into_inner().first() {
            eprintln!("{contender}: {reason}");
        }
        Ok((failed.into_inner(), wall))
    }
}
