//! What a write leaves for the next start to compare, and when a start reads the lines all the same.

use onward::{Error, Startup};
use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::witness::{is_sound, row};
use crate::{Outcome, SHOP, release, start};

const HEAD: &str = "shop.schema_migration_head";

/// Where the summary was made, as its first two words have it, and where the head is.
const IS_CURRENT: &str = "SELECT starts_with(summary ->> 'place', concat_ws(' ', seq, encode(chain, 'hex'), '')) FROM shop.schema_migration_head";

#[tokio::test]
async fn every_run_that_writes_leaves_one_for_where_it_has_ended() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    assert_eq!(row(&client, IS_CURRENT).await?, "t");
    release(&SHOP, &mut client).await?;
    assert_eq!(row(&client, IS_CURRENT).await?, "t");
    let newer = Folder::shop()
        .with(
            "005_next.sql",
            "CREATE INDEX CONCURRENTLY next ON shop.products (id);",
        )
        .plan()?;
    start(&newer, &mut client).await?;
    assert_eq!(row(&client, IS_CURRENT).await?, "t");
    // The binary of before knows less, and reads the lines.
    let report = start(&SHOP, &mut client).await?;
    assert_eq!(report.applied(), []);
    is_sound(&client).await
}

#[tokio::test]
async fn a_ledger_without_room_for_one_is_read_line_by_line() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let drop = format!("ALTER TABLE {HEAD} DROP COLUMN summary");
    client.batch_execute(&drop).await?;
    assert_eq!(start(&SHOP, &mut client).await?.applied(), []);
    let newer = Folder::shop()
        .with(
            "005_next.sql",
            "CREATE TABLE shop.next (id bigint PRIMARY KEY);",
        )
        .plan()?;
    assert_eq!(start(&newer, &mut client).await?.applied().len(), 1);
    is_sound(&client).await
}

/// A role that can write the ledger can make a summary that lies, as well as a chain.
#[tokio::test]
async fn lines_that_a_summary_hides_are_found_by_one_start_in_sixteen() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let triggers = "SELECT string_agg(xmin::text, ',' ORDER BY oid) FROM pg_trigger
        WHERE tgrelid IN ('shop.schema_migration_log'::regclass, 'shop.schema_migration_head'::regclass)";
    let forge = format!(
        "ALTER TABLE shop.schema_migration_log DISABLE TRIGGER USER;
         UPDATE shop.schema_migration_log SET who = 'mallory' WHERE seq = 2;
         ALTER TABLE shop.schema_migration_log ENABLE ALWAYS TRIGGER schema_migration_append_only;
         ALTER TABLE shop.schema_migration_log ENABLE ALWAYS TRIGGER schema_migration_no_truncate;
         UPDATE {HEAD} SET summary = summary || jsonb_build_object('place', concat_ws(' ', seq, encode(chain, 'hex'), ({triggers})))"
    );
    client.batch_execute(&forge).await?;
    // 500 starts that all believe it: once in 10^14.
    for _ in 0..500 {
        let report = Startup::new(&SHOP)
            .pending_release(onward::PendingRelease::Report)
            .run(&mut client)
            .await;
        match report {
            Ok(report) => assert_eq!(report.applied(), []),
            Err(Error::Tampered { .. }) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
    Err("no start has read the lines".into())
}
