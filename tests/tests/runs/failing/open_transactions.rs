//! Attempts outside of a transaction whose outcome is unknown, of statements that do not build an index.

use onward::{Error, Plan, Release, Report};
use onward_pg::{Database, database};
use tokio::task::JoinHandle;

use crate::failing::killed::{killed, lost};
use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, read_products, row, until};
use crate::{Outcome, SHOP, applied, connector, release};

#[tokio::test]
async fn an_index_drop_that_was_ended_is_finished_by_the_next_release() -> Outcome {
    let plan = Folder::shop()
        .with(
            "101_drop_products_name_idx.sql",
            "DROP INDEX CONCURRENTLY shop.products_name_idx;",
        )
        .plan()?;
    let database = database().await?;
    let (mut client, reader) = tokio::try_join!(database.connect(), database.connect())?;
    release(&SHOP, &mut client).await?;
    read_products(&reader).await?;
    let error = killed(&database, plan, "virtualxid", true).await?;
    assert!(lost(&error).starts_with("applying 101"), "{error}");
    let half =
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'shop.products_name_idx'::regclass";
    assert_eq!(row(&client, half).await?, "f");
    reader.batch_execute("ROLLBACK").await?;
    assert_eq!(
        applied(&release(&plan, &mut client).await?),
        ["101_drop_products_name_idx.sql"]
    );
    assert_eq!(
        row(
            &client,
            "SELECT to_regclass('shop.products_name_idx') IS NULL"
        )
        .await?,
        "t"
    );
    assert_eq!(
        events(&client).await?[7..],
        [
            "started 101 1",
            "abandoned 101 1",
            "started 101 2",
            "applied 101 2"
        ]
    );
    is_sound(&client).await
}

/// Runs a release on a connection of its own and ends its session once it queues.
async fn ended_while_it_queues(
    database: &Database,
    plan: Plan,
) -> Result<JoinHandle<Result<Report, Error>>, Box<dyn std::error::Error>> {
    let killer = database.connect().await?;
    let connector = connector(database)?;
    let running = tokio::spawn(async move { Release::new(&plan).run_with(&connector).await });
    let victim = "FROM pg_stat_activity WHERE application_name LIKE 'onward/shop/%'
        AND datname = current_database()";
    let queues = format!("SELECT wait_event = 'relation' {victim}");
    until(&killer, &queues).await?;
    let ended = format!("SELECT pg_terminate_backend(pid) {victim}");
    killer.batch_execute(&ended).await?;
    Ok(running)
}

#[tokio::test]
async fn a_vacuum_that_was_ended_runs_again() -> Outcome {
    let plan = Folder::shop()
        .with("101_vacuum.sql", "VACUUM shop.products;")
        .plan()?;
    let database = database().await?;
    let (mut client, holder) = tokio::try_join!(database.connect(), database.connect())?;
    release(&SHOP, &mut client).await?;
    holder
        .batch_execute("BEGIN; LOCK TABLE shop.products IN SHARE UPDATE EXCLUSIVE MODE")
        .await?;
    let running = ended_while_it_queues(&database, plan).await?;
    holder.batch_execute("ROLLBACK").await?;
    // The same run connects again and repeats the statement.
    assert_eq!(applied(&running.await??), ["101_vacuum.sql"]);
    assert_eq!(
        events(&client).await?[7..],
        [
            "started 101 1",
            "abandoned 101 1",
            "started 101 2",
            "applied 101 2"
        ]
    );
    is_sound(&client).await
}

#[tokio::test]
async fn what_may_not_run_twice_is_left_to_an_operator() -> Outcome {
    let plan = Folder::shop()
        .with(
            "101_products_weight.sql",
            "-- onward: transaction none\nALTER TABLE shop.products ADD COLUMN weight integer;",
        )
        .plan()?;
    let database = database().await?;
    let (mut client, reader) = tokio::try_join!(database.connect(), database.connect())?;
    release(&SHOP, &mut client).await?;
    read_products(&reader).await?;
    let running = ended_while_it_queues(&database, plan).await?;
    reader.batch_execute("ROLLBACK").await?;
    let error = running.await?.err().ok_or("it ran twice")?;
    let Error::InDoubt { name, attempt, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!((*name, *attempt), ("101_products_weight.sql", 1));
    assert_eq!(events(&client).await?[7..], ["started 101 1"]);
    is_sound(&client).await
}

/// A borrowed connection may go through a pooler, and then the run cannot know which session it has.
#[tokio::test]
async fn what_needs_a_session_is_refused_on_a_borrowed_connection() -> Outcome {
    let plan = Folder::shop()
        .with("101_vacuum.sql", "VACUUM shop.products;")
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&SHOP, &mut client).await?;
    let refused = release(&plan, &mut client).await;
    let error = refused.err().ok_or("it was not refused")?;
    assert!(
        matches!(error, Error::NeedsSession { borrowed: true, .. }),
        "{error}"
    );
    for word in [
        "101_vacuum.sql",
        "VACUUM shop.products",
        "borrowed",
        "Connector",
    ] {
        assert!(error.to_string().contains(word), "{error}");
    }
    assert_eq!(events(&client).await?.len(), 7);
    is_sound(&client).await
}
