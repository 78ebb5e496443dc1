//! A connection that is lent while its owner has a transaction open.

use onward::Plan;
use onward_pg::{Database, database};
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{is_sound, row};
use crate::{Outcome, SHOP, release, start};

/// A database in each state in which a run finds one.
async fn databases() -> Result<Vec<(Database, Plan)>, Box<dyn std::error::Error>> {
    let newer = Folder::shop()
        .with(
            "005_next.sql",
            "CREATE TABLE shop.next (id bigint PRIMARY KEY);",
        )
        .plan()?;
    let (empty, current, behind) = (database().await?, database().await?, database().await?);
    let foreign = database().await?;
    foreign
        .connect()
        .await?
        .batch_execute(
            "CREATE SCHEMA shop; CREATE VIEW shop.schema_migration_log AS SELECT 1 AS seq;
            CREATE VIEW shop.schema_migration_head AS SELECT 1 AS seq",
        )
        .await?;
    for one in [&current, &behind] {
        release(&SHOP, &mut one.connect().await?).await?;
    }
    Ok(vec![
        (empty, SHOP),
        (current, SHOP),
        (behind, newer),
        (foreign, SHOP),
    ])
}

async fn is_refused(plan: &Plan, client: &mut Client) -> Outcome {
    for answer in [start(plan, client).await, release(plan, client).await] {
        let error = answer.err().ok_or("it was not refused")?.to_string();
        assert!(error.contains("has an open transaction"), "{error}");
        assert!(error.contains("COMMIT or ROLLBACK"), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn an_open_transaction_is_refused_and_stays_as_it_was() -> Outcome {
    for (database, plan) in databases().await? {
        let mut client = database.connect().await?;
        for end in ["ROLLBACK", "COMMIT"] {
            client
                .batch_execute(
                    "BEGIN; SET LOCAL search_path = public; SET LOCAL statement_timeout = '7s';
                    CREATE TABLE mine (x int)",
                )
                .await?;
            is_refused(&plan, &mut client).await?;
            let kept = "SELECT current_setting('search_path'), current_setting('statement_timeout'), count(*) FROM mine";
            assert_eq!(row(&client, kept).await?, "public|7s|0");
            let cursors = "SELECT count(*) FROM pg_cursors WHERE name LIKE 'onward%'";
            assert_eq!(row(&client, cursors).await?, "0");
            client.batch_execute(end).await?;
            let there = "SELECT to_regclass('public.mine') IS NOT NULL";
            let expected = if end == "COMMIT" { "t" } else { "f" };
            assert_eq!(row(&database.connect().await?, there).await?, expected);
        }
    }
    Ok(())
}

/// What was done before a savepoint can still be saved.
#[tokio::test]
async fn a_failed_transaction_is_refused_and_can_go_on_from_its_savepoint() -> Outcome {
    for (database, plan) in databases().await? {
        let mut client = database.connect().await?;
        let begin = "BEGIN; CREATE TABLE public.mine (x int); SAVEPOINT s";
        client.batch_execute(begin).await?;
        assert!(client.batch_execute("SELECT nope").await.is_err());
        is_refused(&plan, &mut client).await?;
        client.batch_execute("ROLLBACK TO s; COMMIT").await?;
        let there = "SELECT to_regclass('public.mine') IS NOT NULL";
        assert_eq!(row(&client, there).await?, "t");
    }
    Ok(())
}

/// As a driver opens it, and as a caller may leave it.
#[tokio::test]
async fn the_same_connection_is_taken_when_its_transaction_has_ended() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let transaction = client.transaction().await?;
    transaction
        .batch_execute("CREATE TABLE public.mine (x int)")
        .await?;
    drop(transaction);
    assert_eq!(start(&SHOP, &mut client).await?.applied().len(), 5);
    is_sound(&client).await
}
