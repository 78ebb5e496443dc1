//! The worker of data migrations, beside the service.

use std::time::Duration;

use onward::Connector;
use onward::data::Worker;
use tokio::sync::watch::Receiver;
use tokio::time::sleep;

use crate::AUTH;
use crate::migrations::Throttled;

/// How long until it is tried again when the worker ends with an error that no waiting mends.
const PAUSE: Duration = Duration::from_secs(60);

/// Works until the service stops. What is wrong with a data migration is no reason to stop serving.
pub(crate) async fn work(connector: Connector, throttled: Throttled, stopping: Receiver<bool>) {
    loop {
        let hear = throttled.clone();
        let worker = Worker::new(&AUTH).listener(move |event| hear.hear(event));
        let worked = worker.run(&connector, stopped(stopping.clone())).await;
        let Err(error) = worked else {
            return;
        };
        tracing::error!(%error, "the worker of data migrations has stopped");
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
