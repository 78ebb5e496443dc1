//! A thread for each server, which creates and drops the databases of this process's tests.
//!
//! A test has a runtime of its own, which may be over before its database is; the thread outlives them all. Its session
//! keeps a lock as long as the process lives, so that other processes know which databases are in use.

use std::collections::BTreeMap;
use std::sync::mpsc as blocking;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use onward_connect::Target;
use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};
use tokio_postgres::Client;

use super::error::TestingError;
use super::template::{Owner, Server};
use crate::plan::Plan;

/// How long the drop of a value waits for the drop of its database. What takes longer is done all the same, or by the
/// next process.
const PATIENCE: Duration = Duration::from_secs(10);

enum Job {
    Create {
        plans: Vec<Plan>,
        reply: oneshot::Sender<Result<String, TestingError>>,
    },
    Drop {
        name: String,
        done: blocking::Sender<()>,
    },
}

#[derive(Clone)]
pub(super) struct Keeper {
    jobs: mpsc::UnboundedSender<Job>,
}

impl Keeper {
    /// The one of this process for the server.
    pub(super) fn at(url: &str) -> Result<Self, TestingError> {
        static ALL: Mutex<BTreeMap<String, Keeper>> = Mutex::new(BTreeMap::new());
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keeper) = all.get(url) {
            return Ok(keeper.clone());
        }
        let server = Server::new(url, Target::of(url)?);
        let (jobs, queue) = mpsc::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|_| TestingError::Ended)?;
        thread::Builder::new()
            .name("onward-testing".to_owned())
            .spawn(move || runtime.block_on(work(Arc::new(Shared::new(server)), queue)))
            .map_err(|_| TestingError::Ended)?;
        let keeper = Self { jobs };
        all.insert(url.to_owned(), keeper.clone());
        Ok(keeper)
    }

    /// A database with these modules; its name.
    pub(super) async fn create(&self, plans: Vec<Plan>) -> Result<String, TestingError> {
        let (reply, answer) = oneshot::channel();
        let job = Job::Create { plans, reply };
        self.jobs.send(job).map_err(|_| TestingError::Ended)?;
        answer.await.unwrap_or(Err(TestingError::Ended))
    }

    /// Waits until it is gone.
    pub(super) fn drop_database(&self, name: &str) {
        let (done, is_done) = blocking::channel();
        let name = name.to_owned();
        if self.jobs.send(Job::Drop { name, done }).is_ok() {
            // After that time the next process finds it.
            let _ = is_done.recv_timeout(PATIENCE);
        }
    }
}

/// What all jobs of one server share.
struct Shared {
    server: Server,
    /// The session that keeps the lock, once there is one.
    kept: AsyncMutex<Option<(Client, Owner)>>,
}

async fn work(shared: Arc<Shared>, mut queue: mpsc::UnboundedReceiver<Job>) {
    while let Some(job) = queue.recv().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            match job {
                Job::Create { plans, reply } => {
                    // A test that has ended meanwhile does not want it.
                    if let Err(Ok(name)) = reply.send(shared.create(&plans).await) {
                        shared.server.drop_database(&name).await;
                    }
                }
                Job::Drop { name, done } => {
                    shared.server.drop_database(&name).await;
                    let _ = done.send(());
                }
            }
        });
    }
}

impl Shared {
    fn new(server: Server) -> Self {
        Self {
            server,
            kept: AsyncMutex::new(None),
        }
    }

    async fn create(&self, plans: &[Plan]) -> Result<String, TestingError> {
        let owner = self.owner().await?;
        self.server.create(&owner, plans).await
    }

    /// Opens the session that keeps the lock, again when it has ended.
    async fn owner(&self) -> Result<Owner, TestingError> {
        let mut kept = self.kept.lock().await;
        match &*kept {
            Some((client, owner)) if !client.is_closed() => Ok(owner.clone()),
            before => {
                let before = before.as_ref().map(|(_, owner)| owner.clone());
                let (client, owner) = self.server.own(before).await?;
                *kept = Some((client, owner.clone()));
                Ok(owner)
            }
        }
    }
}
