//! Looks at the database for all open pages together, as long as there are any.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use onward::data::{Event, Reading, list};
use onward::{Version, status};
use tokio::sync::watch::{Receiver, Sender, channel};
use tokio::time::sleep;
use tokio_postgres::{Client, Config, NoTls};

use super::snapshot::Snapshot;
use crate::AUTH;

/// How often the database is asked while a page is open.
const LOOK: Duration = Duration::from_millis(500);

/// What the newest look has found; `None` before the first one.
#[derive(Clone)]
pub(crate) struct Snapshots(Receiver<Option<Snapshot>>);

impl Snapshots {
    pub(super) fn subscribe(&self) -> Receiver<Option<Snapshot>> {
        self.0.clone()
    }
}

/// Why the worker of this service goes slower or waits, for each data migration.
#[derive(Clone, Default)]
pub(crate) struct Throttled(Arc<Mutex<BTreeMap<Version, Vec<Reading>>>>);

impl Throttled {
    /// For the worker's listener.
    pub(crate) fn hear(&self, event: &Event) {
        let (version, readings) = match event {
            Event::Throttled {
                version, readings, ..
            } => (*version, readings.clone()),
            Event::Batch { version, .. } | Event::Done { version, .. } => (*version, Vec::new()),
            _ => return,
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(version, readings);
    }

    fn of(&self, version: Version) -> Vec<Reading> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&version).cloned().unwrap_or_default()
    }
}

/// The snapshots, and the task that takes them until the service stops. Its end ends the pages' streams.
pub(crate) fn watch(
    database: Config,
    throttled: Throttled,
    stopping: impl Future<Output = ()> + Send + 'static,
) -> Snapshots {
    let (sender, receiver) = channel(None);
    tokio::spawn(async move {
        tokio::select! {
            () = stopping => {}
            () = look(&database, &throttled, &sender) => {}
        }
    });
    Snapshots(receiver)
}

async fn look(database: &Config, throttled: &Throttled, sender: &Sender<Option<Snapshot>>) {
    let mut client = None;
    loop {
        // One receiver is the routes' own, from which the pages take theirs.
        if sender.receiver_count() > 1 {
            let snapshot = match snapshot(database, &mut client, throttled).await {
                Ok(snapshot) => snapshot,
                Err(error) => {
                    client = None;
                    Snapshot::without(AUTH.schema(), &onward::Chain(&*error).to_string())
                }
            };
            sender.send_if_modified(|before| {
                let is_new = before.as_ref() != Some(&snapshot);
                *before = Some(snapshot);
                is_new
            });
        } else {
            client = None;
        }
        sleep(LOOK).await;
    }
}

async fn snapshot(
    database: &Config,
    client: &mut Option<Client>,
    throttled: &Throttled,
) -> Result<Snapshot, Box<dyn Error + Send + Sync>> {
    let client = match client {
        Some(client) => client,
        None => {
            let (connected, connection) = database.connect(NoTls).await?;
            tokio::spawn(connection);
            client.insert(connected)
        }
    };
    let all = status(client, &[&AUTH]).await?;
    let data = list(client, &AUTH, None).await?;
    let status = all.first().ok_or("the database returned no status")?;
    Ok(Snapshot::new(status, &data, |version| {
        throttled.of(version)
    }))
}
