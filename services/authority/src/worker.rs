//! The workers of data migrations, beside the service.

use std::time::Duration;

use onward::data::{Event, Worker};
use onward::{Connector, Version};
use tokio::sync::watch::Receiver;
use tokio::time::sleep;

use crate::artifacts::FillCanonicalSubjects;
use crate::migrations::Throttled;
use crate::{AUTH, EVIDENCE};

/// How long until it is tried again when a worker ends with an error that no waiting mends.
const PAUSE: Duration = Duration::from_secs(60);

/// One worker for each module, until the service stops; `subjects` is the data migration that is code.
pub(crate) async fn work_on_all(
    connector: Connector,
    throttled: Throttled,
    subjects: Version,
    stopping: Receiver<bool>,
) {
    let auth = || Worker::new(&AUTH);
    let evidence = || Worker::new(&EVIDENCE).code(subjects, FillCanonicalSubjects);
    tokio::join!(
        work(
            &connector,
            auth,
            move |event| throttled.hear(event),
            &stopping
        ),
        work(&connector, evidence, |_| {}, &stopping),
    );
}

/// Works until the service stops. What is wrong with a data migration is no reason to stop serving.
async fn work(
    connector: &Connector,
    worker: impl Fn() -> Worker,
    hear: impl Fn(&Event) + Clone + Send + Sync + 'static,
    stopping: &Receiver<bool>,
) {
    loop {
        let worker = worker().listener(hear.clone());
        let worked = worker.run(connector, stopped(stopping.clone())).await;
        let Err(error) = worked else {
            return;
        };
        tracing::error!(%error, "a worker of data migrations has stopped");
        tokio::select! {
            () = stopped(stopping.clone()) => return,
            () = sleep(PAUSE) => {}
        }
    }
}

/// Ends when the service stops.
pub(crate) async fn stopped(mut stopping: Receiver<bool>) {
    // An error means that the sender is gone, which is the same.
    let _ = stopping.wait_for(|stops| *stops).await;
}
