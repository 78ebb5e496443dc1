//! Starts when nothing is pending.

use onward::{PendingRelease, Startup};
use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::witness::{ledger, pid, row, until_it_queues};
use crate::{Outcome, SHOP, release, start};

#[tokio::test]
async fn a_second_start_does_nothing() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let first = release(&SHOP, &mut client).await?;
    let before = ledger(&client).await?;
    let second = Startup::new(&SHOP).run(&mut client).await?;
    assert_eq!(second.applied(), []);
    assert_eq!(second.pending_release(), []);
    assert_eq!(second.head(), first.head());
    assert_eq!(release(&SHOP, &mut client).await?.applied(), []);
    assert_eq!(ledger(&client).await?, before);
    Ok(())
}

#[tokio::test]
async fn a_second_start_does_not_wait_for_the_session_that_holds_the_lock() -> Outcome {
    let database = database().await?;
    let (mut client, holder) = tokio::try_join!(database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    let (high, low) = SHOP.lock();
    holder
        .batch_execute(&format!(
            "SELECT pg_advisory_lock({high}, {low}), pg_advisory_lock(hashtext('shop'))"
        ))
        .await?;
    let report = start(&SHOP, &mut client).await?;
    assert_eq!(report.applied(), []);
    assert!(report.waited().is_zero());
    Ok(())
}

/// The server refuses every write of such a session; a run that writes would declare READ WRITE itself.
#[tokio::test]
async fn a_second_start_writes_nothing_at_all() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    client
        .batch_execute("SET default_transaction_read_only = on")
        .await?;
    assert_eq!(start(&SHOP, &mut client).await?.applied(), []);
    Ok(())
}

#[tokio::test]
async fn a_role_that_may_only_read_can_start_when_nothing_is_pending() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let clerk = format!("clerk_of_{}", database.name());
    client
        .batch_execute(&format!(
            "CREATE ROLE {clerk}; GRANT USAGE ON SCHEMA shop TO {clerk};
             GRANT SELECT ON ALL TABLES IN SCHEMA shop TO {clerk}; SET ROLE {clerk}"
        ))
        .await?;
    let looked = start(&SHOP, &mut client).await;
    let status = onward::status(&client, &[&SHOP]).await;
    let refused = release(&SHOP, &mut client).await;
    client
        .batch_execute(&format!(
            "RESET ROLE; DROP OWNED BY {clerk}; DROP ROLE {clerk}"
        ))
        .await?;
    assert_eq!(looked?.applied(), []);
    assert!(!status?[0].is_current());
    let refused = refused.err().ok_or("a clerk released")?;
    assert!(
        matches!(refused, onward::Error::Permission { .. }),
        "{refused}"
    );
    assert_eq!(refused.sqlstate(), Some("42501"));
    Ok(())
}

/// A role that may only read starts again and again while the files are being applied: the first time
/// that nothing is pending, everything is applied.
#[tokio::test(flavor = "multi_thread")]
async fn up_to_date_means_that_everything_is_applied_also_beside_a_migrator_at_work() -> Outcome {
    const FILES: usize = 60;
    let mut folder = Folder::empty("shop");
    let mut first = None;
    for file in 1..=FILES {
        let table = format!("CREATE TABLE shop.t{file} (id bigint PRIMARY KEY);");
        folder = folder.with(&format!("{file:03}_t.sql"), &table);
        if file == 1 {
            first = Some(folder.plan()?);
        }
    }
    let (first, plan) = (first.ok_or("no first file")?, folder.plan()?);
    let database = database().await?;
    let mut migrator = database.connect().await?;
    start(&first, &mut migrator).await?;
    let clerk = format!("clerk_of_{}", database.name());
    migrator
        .batch_execute(&format!(
            "CREATE ROLE {clerk}; GRANT USAGE ON SCHEMA shop TO {clerk};
             GRANT SELECT ON ALL TABLES IN SCHEMA shop TO {clerk}"
        ))
        .await?;
    let mut looks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let mut client = database.connect().await?;
        client.batch_execute(&format!("SET ROLE {clerk}")).await?;
        looks.spawn(async move {
            loop {
                match start(&plan, &mut client).await {
                    Ok(report) => {
                        let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'shop'::regnamespace
                            AND relname ~ '^t[0-9]+$'";
                        let tables = row(&client, tables).await.map_err(|error| error.to_string())?;
                        return Ok::<_, String>((report.applied().len(), tables));
                    }
                    // It may not apply what is pending.
                    Err(onward::Error::Permission { .. }) => {}
                    Err(error) => return Err(error.to_string()),
                }
            }
        });
    }
    let applied = start(&plan, &mut migrator).await;
    let looks = looks.join_all().await;
    migrator
        .batch_execute(&format!("DROP OWNED BY {clerk}; DROP ROLE {clerk}"))
        .await?;
    assert_eq!(applied?.applied().len(), FILES - 1);
    for look in looks {
        assert_eq!(look?, (0, FILES.to_string()));
    }
    Ok(())
}

#[tokio::test]
async fn a_second_start_does_not_queue_behind_a_locked_table() -> Outcome {
    let database = database().await?;
    let (mut client, holder, other) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    holder
        .batch_execute(
            "BEGIN; LOCK TABLE shop.products, shop.categories, shop.schema_migration_progress",
        )
        .await?;
    // The lock does block: another session queues for it.
    let waiter = pid(&other).await?;
    let waiting =
        tokio::spawn(async move { other.simple_query("SELECT FROM shop.products").await });
    until_it_queues(&holder, waiter, "relation").await?;
    let startup = Startup::new(&SHOP).pending_release(PendingRelease::Report);
    assert_eq!(startup.run(&mut client).await?.applied(), []);
    holder.batch_execute("ROLLBACK").await?;
    waiting.await??;
    assert_eq!(row(&client, "SELECT shop.product_count()").await?, "0");
    Ok(())
}
