//! The connection between client and server fails, at message k for every k of a run.

use std::time::Duration;

use onward::Error;
use onward_pg::connect;
use onward_tests::proxy::{At, Effect, Fault, Place, Proxy, Side};

use crate::support::sampling::{at_every_place, is_a_place};
use crate::support::witness::{acknowledged, recovers, shared};
use crate::{HARBOR, Outcome, Way, run, startup};

/// How a run ends after a fault.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// It succeeds, without noticing the fault.
    Well,
    /// It fails, with any error.
    Somehow,
}

async fn fault_at(way: Way, fault: Fault, ends: Ends) -> Outcome {
    let cluster = shared().await?;
    let database = cluster.database().await?;
    let proxy = Proxy::start(cluster.port()).await?;
    let url = proxy.url(database.name());
    let is_blackhole = fault.effect == Effect::Blackhole;
    // A run that gets no answer must end too.
    let budget = Duration::from_secs(if is_blackhole { 4 } else { 60 });
    let startup = startup(&HARBOR).budget(budget);
    let outcome = match way {
        Way::Borrowed => {
            let mut client = connect(&url).await?;
            proxy.arm(fault);
            startup.run(&mut client).await
        }
        // Connecting is part of the run.
        Way::Own => {
            proxy.arm(fault);
            run(way, &url, startup).await?
        }
    };
    let struck = proxy.has_struck();
    match &outcome {
        // On a busy machine a short budget may end before.
        Err(Error::OutOfTime { .. }) if is_blackhole && !struck => {}
        // On a connection of its own a run connects again, and finds out what became of its message.
        Err(error) if ends == Ends::Well || !struck || way == Way::Own && !is_blackhole => {
            return Err(format!("{fault}: the run failed: {error:?}").into());
        }
        _ => {}
    }
    let recovered = recovers(&database, &acknowledged(&outcome)).await;
    recovered.map_err(|error| format!("{fault}: {error}"))?;
    is_a_place(struck)
}

async fn sweep(effect: Effect, side: Side, place: Place, ends: Ends) -> Outcome {
    // The server answers a message of the client with about twenty messages.
    let (stride, at_once) = match (effect, side) {
        (Effect::Blackhole, Side::Client) => (11, 8),
        (Effect::Blackhole, Side::Server) => (211, 8),
        (Effect::Cut, Side::Client) => (5, 4),
        (_, Side::Client) => (11, 4),
        (_, Side::Server) => (167, 4),
    };
    let what = format!("{effect:?} {place:?} a message of the {side:?}");
    at_every_place(&what, stride, at_once, move |way, message| {
        let at = At {
            side,
            message,
            place,
        };
        fault_at(way, Fault { at, effect }, ends)
    })
    .await
}

#[tokio::test]
async fn cut_before_a_message_of_the_client() -> Outcome {
    sweep(Effect::Cut, Side::Client, Place::Before, Ends::Somehow).await
}

#[tokio::test]
async fn cut_in_a_message_of_the_client() -> Outcome {
    sweep(Effect::Cut, Side::Client, Place::Half, Ends::Somehow).await
}

#[tokio::test]
async fn cut_after_a_message_of_the_client() -> Outcome {
    sweep(Effect::Cut, Side::Client, Place::After, Ends::Somehow).await
}

#[tokio::test]
async fn cut_before_a_message_of_the_server() -> Outcome {
    sweep(Effect::Cut, Side::Server, Place::Before, Ends::Somehow).await
}

#[tokio::test]
async fn cut_in_a_message_of_the_server() -> Outcome {
    sweep(Effect::Cut, Side::Server, Place::Half, Ends::Somehow).await
}

#[tokio::test]
async fn cut_after_a_message_of_the_server() -> Outcome {
    sweep(Effect::Cut, Side::Server, Place::After, Ends::Somehow).await
}

#[tokio::test]
async fn reset_before_a_message_of_the_client() -> Outcome {
    sweep(Effect::Reset, Side::Client, Place::Before, Ends::Somehow).await
}

#[tokio::test]
async fn reset_after_a_message_of_the_client() -> Outcome {
    sweep(Effect::Reset, Side::Client, Place::After, Ends::Somehow).await
}

#[tokio::test]
async fn reset_before_a_message_of_the_server() -> Outcome {
    sweep(Effect::Reset, Side::Server, Place::Before, Ends::Somehow).await
}

#[tokio::test]
async fn a_stalled_message_of_the_client() -> Outcome {
    let stall = Effect::Stall(Duration::from_millis(50));
    sweep(stall, Side::Client, Place::Half, Ends::Well).await
}

#[tokio::test]
async fn a_stalled_message_of_the_server() -> Outcome {
    let stall = Effect::Stall(Duration::from_millis(50));
    sweep(stall, Side::Server, Place::Half, Ends::Well).await
}

#[tokio::test]
async fn a_blackhole_before_a_message_of_the_client() -> Outcome {
    sweep(
        Effect::Blackhole,
        Side::Client,
        Place::Before,
        Ends::Somehow,
    )
    .await
}

#[tokio::test]
async fn a_blackhole_in_a_message_of_the_client() -> Outcome {
    sweep(Effect::Blackhole, Side::Client, Place::Half, Ends::Somehow).await
}

#[tokio::test]
async fn a_blackhole_after_a_message_of_the_client() -> Outcome {
    sweep(Effect::Blackhole, Side::Client, Place::After, Ends::Somehow).await
}

#[tokio::test]
async fn a_blackhole_in_a_message_of_the_server() -> Outcome {
    sweep(Effect::Blackhole, Side::Server, Place::Half, Ends::Somehow).await
}

/// A message that arrives byte by byte is read correctly, from every message on.
#[tokio::test]
async fn bytes_that_arrive_one_by_one() -> Outcome {
    sweep(Effect::Drip, Side::Client, Place::Before, Ends::Well).await
}
