//! Runs with connections of their own, which are cut at every single message.

use onward::{Connector, PendingRelease, Startup};
use onward_pg::database;
use tokio_postgres::NoTls;

use crate::support::relay::Relay;
use crate::support::starters::was_done_once;
use crate::{Outcome, SHOP};

/// Cuts at the first round trip, the second, and so on until a run ends before it is cut. The messages
/// are sent one by one, so that there are as many round trips as messages.
async fn every_cut_is_survived(arrives: bool, depth: usize) -> Outcome {
    for trip in 1.. {
        let database = database().await?;
        let relay = Relay::before(&database).await?;
        let connector = Connector::new(relay.config(), NoTls);
        relay.cut_at(trip, arrives);
        let startup = Startup::new(&SHOP)
            .pending_release(PendingRelease::Report)
            .pipeline(depth);
        let report = startup.run_with(&connector).await?;
        let is_cut = relay.is_cut();
        // The report is right, whether or not the cut message was applied.
        assert_eq!(report.applied().len(), 5, "cut at trip {trip}");
        was_done_once(&database, &[report]).await?;
        if !is_cut {
            assert!(trip > 6, "there were only {trip} trips");
            return Ok(());
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_message_that_never_arrives_is_sent_again() -> Outcome {
    every_cut_is_survived(false, 1).await
}

#[tokio::test]
async fn a_commit_whose_receipt_is_lost_is_found_and_reported() -> Outcome {
    every_cut_is_survived(true, 1).await
}

#[tokio::test]
async fn many_messages_whose_receipts_are_lost_are_found_and_reported() -> Outcome {
    every_cut_is_survived(true, 16).await
}
