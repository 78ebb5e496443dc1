//! Migrations of a module that the run creates share transactions; those of any other module do not.

use onward::Error;
use onward_pg::database;
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, row};
use crate::{Outcome, applied, start};

fn tables(count: usize) -> Folder {
    (1..=count).fold(Folder::empty("shop"), |folder, n| {
        let sql = format!("CREATE TABLE shop.t{n:03} (id bigint PRIMARY KEY);");
        folder.with(&format!("{n:03}_t.sql"), &sql)
    })
}

/// How many transactions wrote lines, and how many objects are of another transaction than their line.
async fn transactions(client: &Client) -> Result<(i64, i64), tokio_postgres::Error> {
    let sql = "SELECT count(DISTINCT log.xmin::text), count(*) FILTER (WHERE made.xmin IS DISTINCT FROM log.xmin)
        FROM shop.schema_migration_log log
        LEFT JOIN pg_class made ON made.relname = 't' || log.version AND made.relnamespace = 'shop'::regnamespace";
    let row = client.query_one(sql, &[]).await?;
    Ok((row.get(0), row.get(1)))
}

#[tokio::test]
async fn many_are_committed_together_and_each_has_its_line() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let report = start(&tables(40).plan()?, &mut client).await?;
    assert_eq!(report.applied().len(), 40);
    // One, two twice, four four times, eight twice, and the rest: all are sent before the first answer.
    assert_eq!(transactions(&client).await?, (10, 0));
    is_sound(&client).await?;

    let report = start(&tables(60).plan()?, &mut client).await?;
    assert_eq!(report.applied().len(), 20);
    assert_eq!(transactions(&client).await?, (30, 0));
    is_sound(&client).await
}

/// PostgreSQL refuses a value of an enum in the transaction that adds it.
#[tokio::test]
async fn what_does_not_work_together_is_applied_one_by_one() -> Outcome {
    let plan = Folder::empty("shop")
        .with("001_mood.sql", "CREATE TYPE shop.mood AS ENUM ('calm');")
        .with("002_mood.sql", "ALTER TYPE shop.mood ADD VALUE 'busy';")
        .with(
            "003_t003.sql",
            "CREATE TABLE shop.t003 (id bigint PRIMARY KEY, mood shop.mood DEFAULT 'busy');",
        )
        .with(
            "004_t004.sql",
            "CREATE TABLE shop.t004 (id bigint PRIMARY KEY);",
        )
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let report = start(&plan, &mut client).await?;
    assert_eq!(report.applied().len(), 4);
    let lines = "SELECT count(DISTINCT xmin::text) FROM shop.schema_migration_log";
    assert_eq!(row(&client, lines).await?, "4");
    is_sound(&client).await
}

#[tokio::test]
async fn one_that_fails_is_named_and_those_before_it_stay() -> Outcome {
    let broken = tables(12).with("010_t.sql", "CREATE TABLE shop.t010 AS SELECT nope;");
    let database = database().await?;
    let mut client = database.connect().await?;
    let error = start(&broken.plan()?, &mut client).await.err();
    let Some(Error::Failed { failed, .. }) = &error else {
        return Err(format!("{error:?}").into());
    };
    assert_eq!(failed.name, "010_t.sql");
    assert_eq!(events(&client).await?.len(), 9);
    let absent = "SELECT to_regclass('shop.t010') IS NULL AND to_regclass('shop.t011') IS NULL";
    assert_eq!(row(&client, absent).await?, "t");
    is_sound(&client).await?;
    let report = start(&tables(12).plan()?, &mut client).await?;
    assert_eq!(applied(&report), ["010_t.sql", "011_t.sql", "012_t.sql"]);
    is_sound(&client).await
}

/// What may do more than can be seen, or touches another module, has a transaction of its own.
#[tokio::test]
async fn what_is_not_plain_is_on_its_own() -> Outcome {
    let plan = tables(30)
        .with("020_t.sql", "SET LOCAL work_mem = '1MB'; CREATE TABLE shop.t020 (id bigint PRIMARY KEY);")
        .with(
            "025_t.sql",
            "CREATE TABLE shop.t025 (id bigint PRIMARY KEY, user_id bigint REFERENCES auth.users (id));",
        )
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    client
        .batch_execute("CREATE SCHEMA auth CREATE TABLE users (id bigint PRIMARY KEY)")
        .await?;
    start(&plan, &mut client).await?;
    for version in ["020", "025"] {
        let alone = format!(
            "SELECT count(*) FROM shop.schema_migration_log log JOIN shop.schema_migration_log other
             ON other.xmin::text = log.xmin::text WHERE log.version = '{version}'"
        );
        assert_eq!(row(&client, &alone).await?, "1", "{version}");
    }
    assert_eq!(transactions(&client).await?.1, 0);
    is_sound(&client).await
}
