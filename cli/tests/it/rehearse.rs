//! `onward rehearse`: what is pending, on a copy that is dropped.

use std::process::Stdio;
use std::time::Duration;

use onward_pg::{Database, database};

use crate::Outcome;
use crate::support::page::shows;
use crate::support::{Folder, command, onward_on};

const PRODUCTS: (&str, &[u8]) = (
    "001_products.sql",
    b"CREATE TABLE shop.products (id bigint PRIMARY KEY, note text);\n",
);

/// With rows, and no session of its own.
async fn applied(folder: &Folder) -> Result<Database, Box<dyn std::error::Error>> {
    let database = database().await?;
    onward_on(&database, &["up", &folder.path()]).await?.with(0);
    let client = database.connect().await?;
    client
        .batch_execute("INSERT INTO shop.products SELECT n, 'x' FROM generate_series(1, 200000) n; ANALYZE shop.products")
        .await?;
    Ok(database)
}

#[tokio::test]
async fn times_and_locks_are_shown_and_the_database_stays() -> Outcome {
    let first = Folder::shop(&[PRODUCTS])?;
    let database = applied(&first).await?;
    let next = Folder::shop(&[
        PRODUCTS,
        (
            "100_products_note.sql",
            b"-- onward: breaks nothing, no code reads it\n\
              -- onward: allow not-null-without-proof because \"a rehearsal shows how long it takes\"\n\
              ALTER TABLE shop.products ALTER COLUMN note SET NOT NULL;\n",
        ),
        ("onward.toml", onward_tests::UNJUDGED.as_bytes()),
    ])?;
    let path = next.path();
    let rehearse = ["rehearse", &path];
    let shown = onward_on(&database, &rehearse).await?;
    shown.with(0).says(&[
        "ACCESS EXCLUSIVE on shop.products: about 200000 rows",
        "the copy is dropped",
    ]);
    // How long it took and how large the table is differ.
    let line = |line: &str| {
        let number = |c: char| c.is_ascii_digit();
        let line = match line.strip_suffix(" ms") {
            Some(line) => [line.trim_end_matches(number), "38 ms"].concat(),
            None => line.to_owned(),
        };
        let (start, size) = line.rsplit_once("rows, ").unwrap_or((&line, ""));
        match size {
            "" => format!("{line}\n"),
            _ => format!("{start}rows, 13 MB\n"),
        }
    };
    let printed: String = shown.out.lines().map(line).collect();
    shows(
        "operating.md",
        "onward rehearse migrations/shop --url",
        &printed,
    );
    onward_on(&database, &["status", &path])
        .await?
        .with(1)
        .says(&["pending"]);
    let json = [&rehearse[..], &["--format", "json"]].concat();
    let json = onward_on(&database, &json).await?.with(0).json()?;
    assert_eq!(json[0]["migrations"][0]["name"], "100_products_note.sql");
    assert!(json[0]["migrations"][0]["duration_ms"].is_u64());

    // A session that uses the database stands in the way, and is named.
    let user = database.connect().await?;
    user.batch_execute("SET application_name = 'nightly report'")
        .await?;
    onward_on(&database, &rehearse).await?.with(1).says(&[
        "cannot be copied while other sessions use it",
        "nightly report",
        "--on",
    ]);
    drop(user);
    crate::support::onward(&[&rehearse[..], &["--on", database.url()]].concat())
        .await?
        .with(0)
        .says(&["on this database"]);
    onward_on(&database, &["status", &path]).await?.with(0);
    Ok(())
}

#[tokio::test]
async fn the_copy_of_a_rehearsal_that_fails_or_is_interrupted_is_dropped() -> Outcome {
    let first = Folder::shop(&[PRODUCTS])?;
    let database = applied(&first).await?;
    let with = |sql: &'static str| {
        Folder::shop(&[
            PRODUCTS,
            ("002_next.sql", sql.as_bytes()),
            ("onward.toml", onward_tests::UNJUDGED.as_bytes()),
        ])
    };
    let fails = with("SELECT 1 / 0;\n")?;
    onward_on(&database, &["rehearse", &fails.path()])
        .await?
        .with(1)
        .says(&[
            "002_next.sql",
            "failed",
            "division by zero",
            "the copy is dropped",
        ]);

    let sleeps = with("SELECT pg_sleep(60);\n")?;
    let mut child = command(&["rehearse", &sleeps.path(), "--url", database.url()]);
    child
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut child = child.spawn()?;
    // On a connection of another database: a session here would stand in the way of the copy.
    let other = onward_pg::database().await?;
    let elsewhere = other.connect().await?;
    let sleeping =
        "SELECT datname::text FROM pg_stat_activity WHERE datname LIKE 'onward_scratch_%'
      AND wait_event = 'PgSleep' AND application_name LIKE 'onward/%'";
    let mut copy = None;
    for _ in 0..600 {
        if let Some(row) = elsewhere.query_opt(sleeping, &[]).await? {
            copy = Some(row.get::<_, String>(0));
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let copy = copy.ok_or("it never slept")?;
    let pid = child.id().ok_or("it has ended")?.to_string();
    let mut kill = tokio::process::Command::new("kill");
    kill.args(["-INT", &pid]).status().await?;
    assert_eq!(child.wait().await?.code(), Some(1));
    let left = "SELECT count(*) FROM pg_database WHERE datname = $1";
    let left: i64 = elsewhere.query_one(left, &[&copy]).await?.get(0);
    assert_eq!(left, 0, "{copy} is left");
    Ok(())
}
