//! A starter that is stopped on the wire, at message k.

use onward_pg::{Cluster, Database};
use onward_tests::proxy::{At, Effect, Fault, Place, Proxy, Side};

use crate::support::sampling::NoSuchPlace;
use crate::support::starter::Starter;
use crate::support::witness::is_whole;
use crate::{Answer, Way};

/// Where the client has written message k, and none of it has arrived.
pub(crate) fn before(message: usize) -> At {
    At {
        side: Side::Client,
        message,
        place: Place::Before,
    }
}

/// Where message k has arrived, and no answer has.
pub(crate) fn after(message: usize) -> At {
    At {
        place: Place::After,
        ..before(message)
    }
}

pub(crate) fn hold(at: At) -> Fault {
    let effect = Effect::Hold;
    Fault { at, effect }
}

/// The wire passes nothing until the proxy is told to.
pub(crate) struct Held {
    pub(crate) database: Database,
    pub(crate) proxy: Proxy,
    pub(crate) starter: Starter,
}

impl Held {
    /// [`NoSuchPlace`] when the run was over before.
    pub(crate) async fn at(cluster: &Cluster, way: Way, at: At) -> Answer<Held> {
        let database = cluster.database().await?;
        let watcher = database.connect().await?;
        let proxy = Proxy::start(cluster.port()).await?;
        let mut starter = Starter::connect(way, &proxy.url(database.name())).await?;
        proxy.arm(hold(at));
        starter.go().await?;
        let struck = tokio::select! {
            () = proxy.struck() => true,
            gone = starter.is_gone() => gone.map(|()| false)?,
        };
        if struck {
            return Ok(Held {
                database,
                proxy,
                starter,
            });
        }
        let ended = starter.end().await?;
        if !ended.is_well {
            return Err(ended.said.into());
        }
        is_whole(&watcher).await?;
        Err(NoSuchPlace.into())
    }
}
