//! A starter whose connection is stopped at message k.

use onward_pg::{Cluster, Database};
use onward_tests::proxy::{At, Effect, Fault, Place, Proxy, Side};

use crate::support::sampling::NoSuchPlace;
use crate::support::starter::Starter;
use crate::support::witness::is_whole;
use crate::{Answer, Way};

/// The place where the client has sent message k, and none of it has arrived.
pub(crate) fn before(message: usize) -> At {
    At {
        side: Side::Client,
        message,
        place: Place::Before,
    }
}

/// The place where message k has arrived, and no answer has.
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

/// The proxy passes nothing on until the test releases it.
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
