use std::fmt::{self, Display};
use std::time::Instant;

use onward::{PendingRelease, Startup};
use onward_pg::connect;

use crate::history::History;
use crate::{Answer, hand, peers};

/// The program that runs the migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contender {
    Onward,
    /// One message for each transaction, one after the other.
    Hand,
    /// The same, with sixteen of them in flight.
    HandAhead,
    Sqlx,
    Refinery,
    Diesel,
    SeaOrm,
}

impl Contender {
    pub(crate) const ALL: [Contender; 7] = [
        Contender::Onward,
        Contender::Hand,
        Contender::HandAhead,
        Contender::Sqlx,
        Contender::Refinery,
        Contender::Diesel,
        Contender::SeaOrm,
    ];

    /// The contenders that record what is applied already.
    pub(crate) const TOOLS: [Contender; 5] = [
        Contender::Onward,
        Contender::Sqlx,
        Contender::Refinery,
        Contender::Diesel,
        Contender::SeaOrm,
    ];

    pub(crate) fn is_a_peer(self) -> bool {
        matches!(
            self,
            Contender::Sqlx | Contender::Refinery | Contender::Diesel | Contender::SeaOrm
        )
    }

    /// Connects, calls back, runs, and returns when it began.
    pub(crate) async fn run(
        self,
        url: &str,
        history: &History,
        ready: impl FnOnce() + Send + 'static,
    ) -> Answer<Instant> {
        match self {
            Contender::Onward => {
                let mut client = connect(url).await?;
                ready();
                let began = Instant::now();
                let startup = Startup::new(history.plan())
                    .budget(std::time::Duration::from_secs(600))
                    .pending_release(PendingRelease::Report);
                startup.run(&mut client).await?;
                Ok(began)
            }
            Contender::Hand => hand::run(url, history, 1, ready).await,
            Contender::HandAhead => hand::run(url, history, 16, ready).await,
            Contender::Sqlx => peers::sqlx(url, history, ready).await,
            Contender::Refinery => peers::refinery(url, history, ready).await,
            Contender::Diesel => peers::diesel(url, history, ready).await,
            Contender::SeaOrm => peers::sea_orm(url, history, ready).await,
        }
    }
}

impl Display for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Contender::Onward => "**onward**",
            Contender::Hand => "hand-written, one message a transaction",
            Contender::HandAhead => "hand-written, 16 messages ahead",
            Contender::Sqlx => "sqlx 0.9",
            Contender::Refinery => "refinery 0.10",
            Contender::Diesel => "diesel_migrations 2.3",
            Contender::SeaOrm => "sea-orm-migration 2.0",
        })
    }
}
