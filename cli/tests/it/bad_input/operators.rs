//! Two operators who do the same at once.

use onward_pg::database;

use crate::Outcome;
use crate::support::{Folder, onward_on};

const FILES: &[(&str, &[u8])] = &[
    (
        "001_users.sql",
        b"CREATE TABLE shop.users (id bigint PRIMARY KEY, note text);\n",
    ),
    (
        "002_users_note.sql",
        b"CREATE INDEX CONCURRENTLY users_note ON shop.users (note);\n",
    ),
    (
        "100_users_note.sql",
        b"-- onward: breaks no code, it is never read\nALTER TABLE shop.users DROP COLUMN note;\n",
    ),
];

/// One of them works and the other waits; each line is written once.
#[tokio::test(flavor = "multi_thread")]
async fn what_two_operators_run_is_applied_once() -> Outcome {
    let folder = Folder::shop(FILES)?;
    let path = folder.path();
    let database = database().await?;
    let client = database.connect().await?;
    for (arguments, applied) in [
        (&["up", &path, "--startup"][..], 2),
        (&["release", &path, "--yes"], 1),
        (&["up", &path], 0),
    ] {
        let (one, other) = tokio::join!(
            onward_on(&database, arguments),
            onward_on(&database, arguments)
        );
        let mut count = 0;
        for ended in [one?, other?] {
            ended.with(0);
            count += ended.out.matches("  applied  ").count();
        }
        assert_eq!(count, applied, "{arguments:?}");
    }
    let twice =
        "SELECT count(*) FROM (SELECT version, event FROM shop.schema_migration_log GROUP BY 1, 2
      HAVING count(*) > 1) twice";
    let twice: i64 = client.query_one(twice, &[]).await?.get(0);
    assert_eq!(twice, 0);
    onward_on(&database, &["verify", &path]).await?.with(0);
    Ok(())
}

/// The second is refused, and what the first has written stays.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_write_a_line_one_is_refused() -> Outcome {
    let users = FILES[0];
    let database = database().await?;
    let client = database.connect().await?;
    let old = Folder::shop(&[
        users,
        (
            "002_hotfix.sql",
            b"CREATE TABLE shop.h (id bigint PRIMARY KEY);\n",
        ),
    ])?;
    onward_on(&database, &["up", &old.path()]).await?.with(0);
    let edited = [b"-- Who may log in.\n", users.1].concat();
    let new = Folder::shop(&[
        ("001_users.sql", &edited[..]),
        (
            "003_hotfix.sql",
            b"CREATE TABLE shop.h (id bigint PRIMARY KEY);\n",
        ),
    ])?;
    let was = old.root().join("shop/001_users.sql").display().to_string();
    let path = new.path();
    for said in [
        &["restamp", &path, "001", "--because", "x", "--was", &was][..],
        &["renumber", &path, "002", "003", "--because", "x"],
    ] {
        let (one, other) = tokio::join!(onward_on(&database, said), onward_on(&database, said));
        let mut ends = [one?.status, other?.status];
        ends.sort_unstable();
        assert_eq!(ends, [Some(0), Some(1)], "{said:?}");
    }
    let lines: i64 = client
        .query_one("SELECT count(*) FROM shop.schema_migration_log", &[])
        .await?
        .get(0);
    assert_eq!(
        lines, 5,
        "two applied, one restamped, one vacated and one renumbered"
    );
    onward_on(&database, &["verify", &path]).await?.with(0);

    // A database without a ledger is taken over once.
    let by_hand = onward_pg::database().await?;
    let client = by_hand.connect().await?;
    client
        .batch_execute(
            "CREATE SCHEMA shop; CREATE TABLE shop.users (id bigint PRIMARY KEY, note text)",
        )
        .await?;
    let first = Folder::shop(&[users])?;
    let path = first.path();
    let said = ["baseline", &path, "--write", "--because", "x"];
    let (one, other) = tokio::join!(onward_on(&by_hand, &said), onward_on(&by_hand, &said));
    let mut ends = [one?.status, other?.status];
    ends.sort_unstable();
    assert_eq!(ends, [Some(0), Some(1)]);
    onward_on(&by_hand, &["verify", &path]).await?.with(0);
    Ok(())
}
