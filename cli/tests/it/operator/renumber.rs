//! `onward renumber`: two branches have used one number.

use std::fs;

use onward_pg::database;

use super::{events, is_intact, masked, reason};
use crate::Outcome;
use crate::support::page::shows;
use crate::support::{Folder, command, onward, onward_on, run};

const USERS: (&str, &[u8]) = (
    "001_users.sql",
    b"CREATE TABLE shop.users (id bigint PRIMARY KEY);\n",
);
const HOTFIX: &[u8] = b"CREATE TABLE shop.hotfix (id bigint PRIMARY KEY);\n";
const ALICE: (&str, &[u8]) = (
    "002_alice.sql",
    b"CREATE TABLE shop.alice (id bigint PRIMARY KEY);\n",
);

#[tokio::test]
async fn a_number_that_was_applied_stays_known_under_both() -> Outcome {
    let hotfix = Folder::shop(&[USERS, ("002_hotfix.sql", HOTFIX)])?;
    let both = Folder::shop(&[USERS, ALICE, ("003_hotfix.sql", HOTFIX)])?;
    let (old, new) = (hotfix.path(), both.path());
    let database = database().await?;
    let client = database.connect().await?;
    onward_on(&database, &["up", &old]).await?.with(0);
    onward_on(&database, &["up", &new])
        .await?
        .with(1)
        .says(&["other files with the same numbers", "onward renumber"]);

    let record = [
        "renumber",
        &new,
        "002",
        "003",
        "--because",
        "the hotfix branch had 002",
    ];
    let said = onward_on(&database, &record).await?;
    said.with(0);
    let printed = masked(&said, &both);
    shows(
        "operating.md",
        "onward renumber migrations/shop 002 003",
        &printed,
    );
    assert_eq!(
        events(&client).await?,
        [
            "applied 001",
            "applied 002",
            "vacated 002",
            "renumbered 003"
        ]
    );
    assert_eq!(
        reason(&client).await?,
        "renumbered from 002 to 003: the hotfix branch had 002"
    );
    is_intact(&database, &both).await?;
    onward_on(&database, &record)
        .await?
        .with(1)
        .says(&["under its new number already"]);

    // The release that is running has the old number: it starts, and applies nothing twice.
    onward_on(&database, &["status", &old]).await?.with(0);
    onward_on(&database, &["up", &old])
        .await?
        .with(0)
        .says(&["nothing to apply"]);
    // The other branch's file runs late, in its place.
    onward_on(&database, &["status", &new])
        .await?
        .with(1)
        .says(&["002_alice.sql", "pending"]);
    onward_on(&database, &["up", &new])
        .await?
        .with(0)
        .says(&["applied 1 migration", "002_alice.sql"]);
    for path in [&old, &new] {
        onward_on(&database, &["status", path]).await?.with(0);
        onward_on(&database, &["up", path])
            .await?
            .with(0)
            .says(&["nothing to apply"]);
    }
    is_intact(&database, &both).await?;
    let names = "SELECT string_agg(migration_name, ' ') FROM shop.schema_migration_history";
    let names: String = client.query_one(names, &[]).await?.get(0);
    assert_eq!(names, "001_users.sql 003_hotfix.sql 002_alice.sql");

    // What comes next is as everywhere, also on a database that was never there.
    let next = Folder::shop(&[
        USERS,
        ALICE,
        ("003_hotfix.sql", HOTFIX),
        (
            "004_next.sql",
            b"CREATE TABLE shop.next (id bigint PRIMARY KEY);\n",
        ),
    ])?;
    onward_on(&database, &["up", &next.path()])
        .await?
        .with(0)
        .says(&["applied 1 migration"]);
    is_intact(&database, &next).await
}

#[tokio::test]
async fn what_is_not_the_same_text_is_refused() -> Outcome {
    let hotfix = Folder::shop(&[USERS, ("002_hotfix.sql", HOTFIX)])?;
    let database = database().await?;
    let client = database.connect().await?;
    onward_on(&database, &["up", &hotfix.path()]).await?.with(0);
    let edited = Folder::shop(&[
        USERS,
        ALICE,
        (
            "003_hotfix.sql",
            b"CREATE TABLE shop.hotfix (id int PRIMARY KEY);\n",
        ),
    ])?;
    let path = edited.path();
    for (from, to, status, part) in [
        ("002", "003", 1, "whose text is another one"),
        ("002", "004", 1, "there is no migration 004"),
        ("003", "002", 1, "is not applied in this database"),
        ("001", "002", 1, "whose text is another one"),
        ("100", "003", 1, "different categories"),
        ("two", "003", 1, "is not the number of a migration"),
        ("002", "three", 2, "three"),
    ] {
        let said = ["renumber", &path, from, to, "--because", "x"];
        onward_on(&database, &said)
            .await?
            .with(status)
            .says(&[part]);
    }
    let swapped = Folder::shop(&[("001_hotfix.sql", HOTFIX), ("002_users.sql", USERS.1)])?;
    let said = ["renumber", &swapped.path(), "002", "001", "--because", "x"];
    onward_on(&database, &said)
        .await?
        .with(1)
        .says(&["give that one its new number first"]);
    assert_eq!(events(&client).await?.len(), 2);
    is_intact(&database, &hotfix).await
}

/// A ledger of a version of onward before these lines learns them with the first.
#[tokio::test]
async fn an_earlier_ledger_learns_the_lines() -> Outcome {
    let hotfix = Folder::shop(&[USERS, ("002_hotfix.sql", HOTFIX)])?;
    let both = Folder::shop(&[USERS, ALICE, ("003_hotfix.sql", HOTFIX)])?;
    let database = database().await?;
    let client = database.connect().await?;
    onward_on(&database, &["up", &hotfix.path()]).await?.with(0);
    client
        .batch_execute(
            "ALTER TABLE shop.schema_migration_log DROP CONSTRAINT schema_migration_log_event_check,
               ADD CONSTRAINT schema_migration_log_event_check CHECK (event IN ('genesis', 'applied', 'started',
                 'abandoned', 'finished', 'seeded', 'data_started', 'data_done', 'baseline', 'adopted', 'compatible'));
             DROP INDEX shop.schema_migration_once;
             CREATE UNIQUE INDEX schema_migration_once ON shop.schema_migration_log
               (version, (CASE event WHEN 'started' THEN attempt END), (CASE event WHEN 'seeded' THEN checksum END))
               NULLS NOT DISTINCT
               WHERE event IN ('applied', 'baseline', 'adopted', 'data_done', 'started', 'seeded');
             DROP VIEW shop.schema_migration_history",
        )
        .await?;
    onward_on(&database, &["up", &hotfix.path()]).await?.with(0);
    let path = both.path();
    let said = ["renumber", &path, "002", "003", "--because", "x"];
    onward_on(&database, &said).await?.with(0);
    onward_on(&database, &["up", &path])
        .await?
        .with(0)
        .says(&["002_alice.sql"]);
    is_intact(&database, &both).await
}

#[tokio::test]
async fn a_file_is_renamed_where_it_is_not_applied() -> Outcome {
    let folder = Folder::shop(&[
        USERS,
        ALICE,
        ("002_bob.sql", HOTFIX),
        (
            "DM001_fill.sql",
            b"UPDATE shop.users SET id = id WHERE id < 0;\n",
        ),
        (
            "003_later.sql",
            b"-- onward: requires DM001\nCREATE TABLE shop.later (id bigint PRIMARY KEY);\n",
        ),
    ])?;
    let path = folder.path();
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.arg("-C").arg(folder.root()).args(arguments).output()
    };
    git(&["init", "-q"])?;
    git(&["add", "shop/002_bob.sql"])?;
    let named = ["renumber", &path, "002_bob.sql", "004"];
    onward(&["renumber", &path, "002", "004"])
        .await?
        .with(1)
        .says(&["002_alice.sql and of 002_bob.sql", "name the file"]);
    let said = onward(&named).await?;
    said.with(0);
    let printed = masked(&said, &folder);
    shows(
        "operating.md",
        "onward renumber migrations/shop 002_bob.sql",
        &printed,
    );
    let tracked = git(&["ls-files"])?.stdout;
    assert_eq!(String::from_utf8(tracked)?, "shop/004_bob.sql\n");

    let said = onward(&["renumber", &path, "DM001", "DM002", "--format", "json"]).await?;
    assert_eq!(said.with(0).json()?["requiring"][0], "003_later.sql");
    let text = fs::read_to_string(folder.root().join("shop/003_later.sql"))?;
    assert!(text.starts_with("-- onward: requires DM002\n"), "{text}");
    for (from, to, part) in [
        ("009", "005", "there is no migration 009"),
        ("001", "004", "is the number of 004_bob.sql"),
        ("001", "100", "different categories"),
    ] {
        onward(&["renumber", &path, from, to])
            .await?
            .with(1)
            .says(&[part, "Nothing was changed"]);
    }
    let mut nowhere = command(&["renumber", "nowhere", "001", "002"]);
    nowhere.current_dir(folder.root());
    run(nowhere).await?.with(2);
    Ok(())
}
