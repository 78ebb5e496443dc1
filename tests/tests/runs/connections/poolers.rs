//! Through a real PgBouncer.

use onward::{Connector, Error, Release};
use onward_pg::{PgBouncer, database};
use tokio::task::JoinSet;
use tokio_postgres::NoTls;

use crate::connections::leases::start_with;
use crate::support::folder::Folder;
use crate::support::starters::was_done_once;
use crate::support::witness::{is_sound, rows};
use crate::{Outcome, SHOP, applied, connector, start};

const TRANSACTION: &str = "pool_mode = transaction\ndefault_pool_size = 3\nmax_client_conn = 100";

fn through(pooler: &PgBouncer) -> Result<Connector, tokio_postgres::Error> {
    Ok(Connector::new(pooler.url().parse()?, NoTls))
}

#[tokio::test]
async fn a_direct_connection_and_a_pooler_are_distinguished() -> Outcome {
    let database = database().await?;
    let (report, pooled) = start_with(&SHOP, &connector(&database)?).await?;
    assert_eq!((report.applied().len(), pooled), (5, false));
    for settings in [
        TRANSACTION.to_owned(),
        format!("{TRANSACTION}\nignore_startup_parameters = options"),
        TRANSACTION.replace("transaction", "session"),
    ] {
        let pooler = PgBouncer::start(&database, &settings).await?;
        let (report, pooled) = start_with(&SHOP, &through(&pooler)?).await?;
        assert_eq!((report.applied(), pooled), (&[][..], true), "{settings}");
    }
    is_sound(&database.connect().await?).await
}

/// Three sessions for eight runs: each message may go to another session.
#[tokio::test(flavor = "multi_thread")]
async fn runs_through_transaction_pooling_apply_everything_once_and_leave_no_trace() -> Outcome {
    let database = database().await?;
    let pooler = PgBouncer::start(&database, TRANSACTION).await?;
    let watcher = database.connect().await?;
    let mut runs = JoinSet::new();
    for number in 0..8 {
        let mut client = pooler.connect().await?;
        let connector = through(&pooler)?;
        runs.spawn(async move {
            if number % 2 == 0 {
                return start(&SHOP, &mut client).await;
            }
            start_with(&SHOP, &connector)
                .await
                .map(|(report, _)| report)
        });
    }
    let reports = runs.join_all().await;
    let reports = reports.into_iter().collect::<Result<Vec<_>, _>>()?;
    was_done_once(&database, &reports).await?;
    // The pooled sessions have the settings that they had at first.
    let pooled = pooler.connect().await?;
    for _ in 0..6 {
        let settings = "SELECT name FROM pg_settings WHERE source = 'session'
            AND name NOT IN ('client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings', 'application_name')";
        assert_eq!(rows(&pooled, settings).await?, [""; 0]);
        assert_eq!(
            rows(&pooled, "SELECT name FROM pg_prepared_statements").await?,
            [""; 0]
        );
    }
    assert_eq!(
        start(&SHOP, &mut pooler.connect().await?).await?.applied(),
        []
    );
    is_sound(&watcher).await
}

#[tokio::test]
async fn what_needs_a_session_is_refused_behind_a_pooler_and_runs_at_the_servers_own_url() -> Outcome
{
    let plan = Folder::shop()
        .with("101_vacuum.sql", "VACUUM shop.products;")
        .plan()?;
    let database = database().await?;
    let pooler = PgBouncer::start(&database, TRANSACTION).await?;
    let client = database.connect().await?;
    let refused = Release::new(&plan).run_with(&through(&pooler)?).await;
    let error = refused.err().ok_or("it was not refused")?;
    assert!(
        matches!(
            error,
            Error::NeedsSession {
                borrowed: false,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("PgBouncer"), "{error}");
    // The index of 003 was built through the pooler nevertheless.
    assert_eq!(error.progress().applied.len(), 6);
    let direct = connector(&database)?;
    let report = Release::new(&plan).run_with(&direct).await?;
    assert_eq!(applied(&report), ["101_vacuum.sql"]);
    is_sound(&client).await
}

/// A message begins and ends its transaction, whatever becomes of it, so even statement pooling works.
#[tokio::test]
async fn statement_pooling_does_no_harm() -> Outcome {
    let plan = Folder::shop()
        .with("005_broken.sql", "CREATE VIEW shop.v AS SELECT nope;")
        .plan()?;
    let database = database().await?;
    let settings = TRANSACTION.replace("transaction", "statement");
    let pooler = PgBouncer::start(&database, &settings).await?;
    let (report, pooled) = start_with(&SHOP, &through(&pooler)?).await?;
    assert_eq!((report.applied().len(), pooled), (5, true));
    let error = start_with(&plan, &through(&pooler)?).await.err();
    assert_eq!(error.as_ref().and_then(Error::sqlstate), Some("42703"));
    let mut borrowed = pooler.connect().await?;
    for _ in 0..2 {
        let error = start(&plan, &mut borrowed).await.err();
        assert_eq!(error.as_ref().and_then(Error::sqlstate), Some("42703"));
    }
    is_sound(&database.connect().await?).await
}

/// A loser of a race is refused by the server, and its connection goes on.
#[tokio::test(flavor = "multi_thread")]
async fn several_starters_behind_statement_pooling_apply_everything_once() -> Outcome {
    let database = database().await?;
    let settings = TRANSACTION.replace("transaction", "statement");
    let pooler = PgBouncer::start(&database, &settings).await?;
    let mut runs = JoinSet::new();
    for number in 0..8 {
        let mut client = pooler.connect().await?;
        let connector = through(&pooler)?;
        runs.spawn(async move {
            if number % 2 == 0 {
                return start(&SHOP, &mut client).await;
            }
            start_with(&SHOP, &connector)
                .await
                .map(|(report, _)| report)
        });
    }
    let reports = runs.join_all().await;
    let reports = reports.into_iter().collect::<Result<Vec<_>, _>>()?;
    was_done_once(&database, &reports).await?;
    is_sound(&database.connect().await?).await
}
