//! `onward baseline`: a database that no tool knows.

use onward_pg::{Database, database};
use tokio_postgres::Client;

use crate::Outcome;
use crate::support::{Folder, onward, onward_on};

const FILES: &[(&str, &[u8])] = &[
    ("onward.toml", onward_tests::UNJUDGED.as_bytes()),
    (
        "001_items.sql",
        b"CREATE TABLE shop.items (id bigint PRIMARY KEY, name text);\n",
    ),
    (
        "002_price.sql",
        b"ALTER TABLE shop.items ADD COLUMN price integer NOT NULL DEFAULT 0;\n",
    ),
    (
        "003_index.sql",
        b"CREATE INDEX CONCURRENTLY items_name ON shop.items (name);\n",
    ),
    (
        "100_name.sql",
        b"ALTER TABLE shop.items DROP COLUMN price;\n",
    ),
];

/// As a person has made it by hand, up to the second file.
const BY_HAND: &str =
    "CREATE SCHEMA shop; CREATE TABLE shop.items (price int4 DEFAULT '0'::int NOT NULL, name text,
    id int8 CONSTRAINT items_pkey PRIMARY KEY); INSERT INTO shop.items VALUES (1, 'x', 1)";

async fn by_hand(more: &str) -> Result<(Folder, Database, Client), Box<dyn std::error::Error>> {
    let database = database().await?;
    let client = database.connect().await?;
    client.batch_execute(BY_HAND).await?;
    client.batch_execute(more).await?;
    Ok((Folder::shop(FILES)?, database, client))
}

#[tokio::test]
async fn the_newest_file_that_fits_is_found_and_the_next_one_runs() -> Outcome {
    let (folder, database, client) = by_hand("").await?;
    let path = folder.path();
    let found = onward_on(&database, &["baseline", &path]).await?;
    found.with(0).says(&[
        "shop: the schema is as 002_price.sql leaves it",
        "Nothing was changed.",
    ]);
    let written = [
        "baseline",
        &path,
        "--write",
        "--because",
        "made by hand in March",
    ];
    onward_on(&database, &written)
        .await?
        .with(0)
        .says(&["The ledger is created."]);
    let again = onward_on(&database, &written).await?;
    again.with(1);
    onward_on(&database, &["verify", "--schema", &path])
        .await?
        .with(0);
    onward_on(&database, &["history", &path])
        .await?
        .says(&["baseline  ", "baseline: made by hand in March"]);
    onward_on(&database, &["up", &path])
        .await?
        .with(0)
        .says(&["003_index.sql", "100_name.sql"]);
    let rows: i64 = client
        .query_one("SELECT count(*) FROM shop.items", &[])
        .await?
        .get(0);
    assert_eq!(rows, 1);
    Ok(())
}

#[tokio::test]
async fn a_release_migration_can_be_the_newest() -> Outcome {
    let more =
        "CREATE INDEX items_name ON shop.items (name); ALTER TABLE shop.items DROP COLUMN price";
    let (folder, database, _) = by_hand(more).await?;
    let path = folder.path();
    let written = [
        "baseline",
        &path,
        "--write",
        "--because",
        "x",
        "--format",
        "json",
    ];
    let answer = onward_on(&database, &written).await?.with(0).json()?;
    assert_eq!(answer["through"], "100_name.sql");
    assert_eq!(answer["written"], true);
    onward_on(&database, &["status", &path]).await?.with(0);
    Ok(())
}

#[tokio::test]
async fn where_nothing_fits_the_nearest_is_named_and_nothing_written() -> Outcome {
    let more = "ALTER TABLE shop.items ALTER price SET DEFAULT 5; CREATE TABLE shop.hand (id int)";
    let (folder, database, client) = by_hand(more).await?;
    let path = folder.path();
    let answer = onward_on(&database, &["baseline", &path, "--write", "--because", "x"]).await?;
    answer.with(1).says(&[
        "The nearest is 002_price.sql, with 2 differences:",
        "  extra: table shop.hand",
        "  different: column shop.items.price: default is 5; by the files it is 0",
    ]);
    let ledgers = "SELECT count(*) FROM pg_class WHERE relname = 'schema_migration_log'";
    let ledgers: i64 = client.query_one(ledgers, &[]).await?.get(0);
    assert_eq!(ledgers, 0);
    onward(&["baseline", &path, "--write", "--url", database.url()])
        .await?
        .with(2);
    Ok(())
}
