//! `onward squash`: many files as one, for new databases, and for those that have them.

use std::fs;

use onward_pg::database;

use crate::Outcome;
use crate::support::page::shows;
use crate::support::{Folder, onward, onward_on};

const FILES: &[(&str, &[u8])] = &[
    (
        "001_users.sql",
        b"CREATE TABLE shop.users (id bigint PRIMARY KEY, email text);\n",
    ),
    (
        "002_users_email_idx.sql",
        b"CREATE INDEX CONCURRENTLY users_email_idx ON shop.users (email);\n",
    ),
    (
        "003_orders.sql",
        b"CREATE TABLE shop.orders (\n  id bigint PRIMARY KEY,\n  user_id bigint NOT NULL REFERENCES shop.users\n);\n\
          COMMENT ON TABLE shop.orders IS 'What was bought';\n",
    ),
    (
        "004_phone.sql",
        b"ALTER TABLE shop.users ADD COLUMN phone text;\n",
    ),
];

#[tokio::test]
async fn new_databases_take_the_short_way_and_old_ones_go_on() -> Outcome {
    let folder = Folder::shop(FILES)?;
    let path = folder.path();
    let (server, all, part, none) =
        tokio::try_join!(database(), database(), database(), database())?;
    onward_on(&all, &["up", &path]).await?.with(0);
    let first = Folder::shop(&FILES[..1])?;
    onward_on(&part, &["up", &first.path()]).await?.with(0);
    onward(&["lock", &path, "--seal", "002"]).await?.with(0);

    let squash = ["squash", &path, "--through", "003"];
    onward(&squash)
        .await?
        .with(0)
        .says(&["3 files through 003", "Name a server with --url"]);
    onward(&[&squash[..], &["--write"]].concat())
        .await?
        .with(1)
        .says(&["is not proved"]);
    let proved = onward_on(&server, &squash).await?;
    proved
        .with(0)
        .says(&["are equal", "Repeat the command with --write"]);
    assert!(!folder.root().join("shop/001_baseline.sql").exists());
    let written = onward_on(&server, &[&squash[..], &["--write"]].concat()).await?;
    written.with(0);
    let printed = written.out.replace(&path, "migrations/shop");
    shows(
        "squash.md",
        "onward squash migrations/shop --through 003",
        &printed,
    );
    folder.check(&["shop"]).await?.with(0);
    let left = fs::read_dir(folder.root().join("shop"))?.count();
    assert_eq!(
        left, 5,
        "a baseline, 004, settings, the lock, and what was before"
    );

    // All of them are applied: nothing runs, and a binary from before starts too.
    let old = format!("{path}/squashed");
    onward_on(&all, &["status", &path]).await?.with(0);
    onward_on(&all, &["up", &path])
        .await?
        .with(0)
        .says(&["nothing to apply"]);
    let client = all.connect().await?;
    let events = "SELECT string_agg(event || ' ' || version, ', ' ORDER BY seq) FROM shop.schema_migration_log
      WHERE event IN ('vacated', 'squashed')";
    let events: String = client.query_one(events, &[]).await?.get(0);
    assert_eq!(
        events,
        "vacated 001, vacated 002, vacated 003, squashed 001"
    );
    for folder in [&old, &path] {
        onward_on(&all, &["status", folder]).await?.with(0);
        onward_on(&all, &["up", folder])
            .await?
            .with(0)
            .says(&["nothing to apply"]);
        onward_on(&all, &["verify", folder]).await?.with(0);
    }

    // Some of them are: the rest comes first, from the folder as it was.
    let behind = onward_on(&part, &["up", &path]).await?;
    behind
        .with(1)
        .says(&["not all applied", "squashed --startup --url"]);
    onward_on(&part, &["status", &path])
        .await?
        .with(1)
        .says(&["behind-baseline"]);
    onward_on(&part, &["up", &old, "--startup"])
        .await?
        .with(0)
        .says(&["applied 3 migrations"]);

    onward_on(&none, &["up", &path])
        .await?
        .with(0)
        .says(&["applied 2 migrations", "001_baseline.sql"]);
    let next = "CREATE TABLE shop.next (id bigint PRIMARY KEY);\n";
    fs::write(folder.root().join("shop/005_next.sql"), next)?;
    onward(&["lock", &path]).await?.with(0);
    for database in [&all, &part, &none] {
        onward_on(database, &["up", &path])
            .await?
            .with(0)
            .says(&["applied 1 migration", "005_next.sql"]);
        onward_on(database, &["status", &path]).await?.with(0);
        onward_on(database, &["verify", &path]).await?.with(0);
    }
    onward_on(&all, &["status", &old]).await?.with(0);
    Ok(())
}

/// What cannot run in one transaction is found on the server, and no database is left there.
#[tokio::test]
async fn what_is_not_equal_is_refused() -> Outcome {
    let folder = Folder::shop(&[
        (
            "001_mood.sql",
            &b"CREATE TYPE shop.mood AS ENUM ('ok');\n"[..],
        ),
        ("002_sad.sql", b"ALTER TYPE shop.mood ADD VALUE 'sad' AFTER 'ok';\n"),
        (
            "003_people.sql",
            b"CREATE TABLE shop.people (id bigint PRIMARY KEY, mood shop.mood NOT NULL DEFAULT 'sad');\n",
        ),
    ])?;
    let path = folder.path();
    let server = database().await?;
    let client = server.connect().await?;
    let squash = ["squash", &path, "--through", "003", "--write"];
    onward_on(&server, &squash).await?.with(1).says(&[
        "enum-value-used-in-transaction",
        "001_baseline.sql",
        "Nothing was changed",
    ]);
    let json = [&squash[..], &["--format", "json"]].concat();
    let json = onward_on(&server, &json).await?.with(1).json()?;
    assert_eq!(json["written"], false);
    assert!(folder.root().join("shop/001_mood.sql").exists());
    for (through, status, part) in [
        ("009", 1, "there is no startup migration 009"),
        ("001", 1, "is the only file"),
        ("100", 2, "is not a startup migration"),
    ] {
        let squash = ["squash", &path, "--through", through];
        onward_on(&server, &squash)
            .await?
            .with(status)
            .says(&[part]);
    }
    // Other tests have databases of this name too, but none of them this schema.
    let left = "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'onward_scratch_%' AND query LIKE '%shop.mood%'";
    let left: i64 = client.query_one(left, &[]).await?.get(0);
    assert_eq!(left, 0);
    Ok(())
}
