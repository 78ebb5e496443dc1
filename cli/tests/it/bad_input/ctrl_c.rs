//! Ctrl-C in the middle of each verb that writes: nothing is half done, nothing is left, and the same command goes on.
//!
//! `rehearse`, `resolve` and `data finish` have theirs beside their other tests.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use onward_pg::{Binaries, Cluster, Database, Settings, database};
use tokio_postgres::Client;

use crate::Outcome;
use crate::support::{Folder, command, onward_on};

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

const USERS: (&str, &[u8]) = (
    "001_users.sql",
    b"CREATE TABLE shop.users (id bigint CONSTRAINT users_pkey PRIMARY KEY, note text);\n",
);
const UNJUDGED: (&str, &[u8]) = ("onward.toml", onward_tests::UNJUDGED.as_bytes());
/// What a session that holds the module's lock does.
const LOCK: &str = "SELECT pg_advisory_lock(hashtext('shop')::int8)";

/// Waits until the server's answer is true.
pub(super) async fn until(client: &Client, question: &str) -> Outcome {
    for _ in 0..1200 {
        let row = client.query_opt(question, &[]).await?;
        if row.and_then(|row| row.get::<_, Option<bool>>(0)) == Some(true) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("it never happened: {question}").into())
}

/// Runs the command, and presses Ctrl-C when the server's answer is true.
async fn interrupted(
    folder: &Folder,
    arguments: &[&str],
    database: &Database,
    watcher: &Client,
    when: &str,
) -> Answer<ExitStatus> {
    let mut command = command(&[arguments, &["--url", database.url()]].concat());
    command
        .current_dir(folder.root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let mut child = command.spawn()?;
    until(watcher, when).await?;
    let pid = child.id().ok_or("it has ended")?.to_string();
    let mut kill = tokio::process::Command::new("kill");
    kill.args(["-INT", &pid]).status().await?;
    let ended = tokio::time::timeout(Duration::from_secs(20), child.wait()).await??;
    assert!(!ended.success(), "{arguments:?}: {ended}");
    Ok(ended)
}

/// Whether a session of the database waits for this.
fn is_in(database: &Database, event: &str) -> String {
    format!(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = '{}' AND application_name LIKE 'onward%'
           AND '{event}' IN (wait_event, wait_event_type)",
        database.name()
    )
}

/// Whether a session of `onward` in the database waits for a lock, or in turn tries it and sleeps.
fn is_waiting(database: &Database) -> String {
    format!(
        "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = '{}' AND application_name LIKE 'onward%'
           AND backend_start < now() - interval '1 s'",
        database.name()
    )
}

async fn lines(client: &Client) -> Answer<i64> {
    let lines = "SELECT count(*) FROM shop.schema_migration_log";
    Ok(client.query_one(lines, &[]).await?.get(0))
}

/// A file that sleeps, and the same file once it no longer does.
fn sleeping(file: &str) -> Answer<(Folder, Folder)> {
    let of = |text: &str| Folder::shop(&[USERS, UNJUDGED, (file, text.as_bytes())]);
    Ok((of("SELECT pg_sleep(60);\n")?, of("SELECT pg_sleep(0);\n")?))
}

#[tokio::test]
async fn a_run_that_is_interrupted_is_repeated() -> Outcome {
    for (file, verb) in [
        ("002_slow.sql", &["up"][..]),
        ("002_slow.sql", &["up", "--startup"]),
        // It has compared the schema before, where Ctrl-C means something else.
        ("100_slow.sql", &["release", "--yes"]),
    ] {
        let (slow, quick) = sleeping(file)?;
        let database = database().await?;
        let client = database.connect().await?;
        let first = Folder::shop(&[USERS])?;
        onward_on(&database, &["up", &first.path()]).await?.with(0);
        let arguments = [verb, &["shop"]].concat();
        interrupted(
            &slow,
            &arguments,
            &database,
            &client,
            &is_in(&database, "PgSleep"),
        )
        .await?;
        assert_eq!(lines(&client).await?, 1, "{verb:?}");
        // The server ends the session whose client has gone, and with it what it was doing.
        let path = quick.path();
        let again = [verb, &[path.as_str()]].concat();
        onward_on(&database, &again).await?.with(0).says(&[file]);
        onward_on(&database, &["verify", &quick.path()])
            .await?
            .with(0);
    }
    Ok(())
}

/// These write one line each, and wait for the module's lock first.
#[tokio::test]
async fn a_line_is_written_or_not() -> Outcome {
    let hotfix = &b"CREATE TABLE shop.hotfix (id bigint PRIMARY KEY);\n"[..];
    let old = Folder::shop(&[USERS, ("002_hotfix.sql", hotfix)])?;
    let edited = [b"-- Who may log in.\n", USERS.1].concat();
    let new = Folder::shop(&[("001_users.sql", &edited[..]), ("003_hotfix.sql", hotfix)])?;
    let was = old.root().join("shop/001_users.sql").display().to_string();
    let database = database().await?;
    let client = database.connect().await?;
    onward_on(&database, &["up", &old.path()]).await?.with(0);
    for said in [
        &["restamp", "shop", "001", "--because", "x", "--was", &was][..],
        &["renumber", "shop", "002", "003", "--because", "x"],
    ] {
        let before = lines(&client).await?;
        let holder = database.connect().await?;
        holder.batch_execute(LOCK).await?;
        interrupted(&new, said, &database, &client, &is_waiting(&database)).await?;
        drop(holder);
        assert_eq!(lines(&client).await?, before, "{said:?}");
        let path = new.path();
        let again: Vec<_> = said
            .iter()
            .map(|word| if *word == "shop" { path.as_str() } else { word })
            .collect();
        onward_on(&database, &again).await?.with(0);
        assert!(lines(&client).await? > before, "{said:?}");
    }
    onward_on(&database, &["verify", &new.path()])
        .await?
        .with(0);
    Ok(())
}

/// Databases of their own are dropped, and the folder and the ledger are as they were.
#[tokio::test]
async fn what_works_in_scratch_databases_leaves_none() -> Outcome {
    let by_hand = "CREATE SCHEMA shop; CREATE TABLE shop.users (id bigint CONSTRAINT users_pkey PRIMARY KEY, note text)";
    let write = ["--write", "--because", "x"];
    // A server of its own, whose scratch databases are no other test's.
    let cluster = Cluster::start(&Binaries::find().await?, Settings::fast()).await?;
    for verb in [
        [&["squash", "shop", "--through", "002"][..], &write[..1]].concat(),
        [&["baseline", "shop"][..], &write].concat(),
    ] {
        let (slow, _) = sleeping("002_slow.sql")?;
        let database = cluster.database().await?;
        let client = database.connect().await?;
        client.batch_execute(by_hand).await?;
        let scratch = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname LIKE 'onward_scratch_%'";
        interrupted(&slow, &verb, &database, &client, scratch).await?;
        let left = "SELECT count(*) FROM pg_database WHERE datname LIKE 'onward_scratch_%'";
        let left: i64 = client.query_one(left, &[]).await?.get(0);
        assert_eq!(left, 0, "{verb:?}");
        let ledger = "SELECT to_regclass('shop.schema_migration_log') IS NULL";
        assert!(
            client.query_one(ledger, &[]).await?.get::<_, bool>(0),
            "{verb:?}"
        );
        let files = std::fs::read_dir(slow.root().join("shop"))?.count();
        assert_eq!(files, 3, "{verb:?}");
    }
    Ok(())
}

/// While a database is being created there is something to drop as well: the server goes on with it.
#[tokio::test]
async fn a_copy_that_is_being_made_is_dropped() -> Outcome {
    let folder = Folder::shop(&[USERS])?;
    let cluster = Cluster::start(&Binaries::find().await?, Settings::fast()).await?;
    let (database, other) = (cluster.database().await?, cluster.database().await?);
    onward_on(&database, &["up", &folder.path()]).await?.with(0);
    let client = database.connect().await?;
    let rows =
        "CREATE TABLE shop.large AS SELECT n, repeat('x', 900) t FROM generate_series(1, 400000) n";
    client.batch_execute(rows).await?;
    drop(client);
    let watcher = other.connect().await?;
    // The session here is gone a moment later.
    until(
        &watcher,
        &format!(
            "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = '{}'",
            database.name()
        ),
    )
    .await?;
    let copying = "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'CREATE DATABASE%TEMPLATE%' AND state = 'active'";
    interrupted(&folder, &["rehearse", "shop"], &database, &watcher, copying).await?;
    let left = "SELECT count(*) FROM pg_database WHERE datname LIKE 'onward_scratch_%'";
    assert_eq!(watcher.query_one(left, &[]).await?.get::<_, i64>(0), 0);
    Ok(())
}

/// What the other tool has applied is read, and nothing written yet.
#[tokio::test]
async fn a_history_is_taken_over_whole_or_not_at_all() -> Outcome {
    let folder = Folder::new(&[(
        "app/00001_users.sql",
        "-- +goose Up\nCREATE TABLE users (id bigint CONSTRAINT users_pkey PRIMARY KEY);\n",
    )])?;
    let database = database().await?;
    let client = database.connect().await?;
    let mut offline = command(&["adopt", "app", "--from", "goose", "--write"]);
    offline.current_dir(folder.root());
    crate::support::run(offline).await?.with(0);
    client
        .batch_execute(
            "CREATE TABLE users (id bigint CONSTRAINT users_pkey PRIMARY KEY);
             CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL,
               tstamp timestamp DEFAULT now());
             INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true)",
        )
        .await?;
    let holder = database.connect().await?;
    holder
        .batch_execute("BEGIN; LOCK TABLE goose_db_version IN ACCESS EXCLUSIVE MODE")
        .await?;
    let adopt = ["adopt", "app"];
    interrupted(&folder, &adopt, &database, &client, &is_waiting(&database)).await?;
    drop(holder);
    let none = "SELECT to_regclass('public.schema_migration_log') IS NULL";
    assert!(client.query_one(none, &[]).await?.get::<_, bool>(0));
    let mut again = command(&[&adopt[..], &["--url", database.url()]].concat());
    again.current_dir(folder.root());
    crate::support::run(again).await?.with(0);
    Ok(())
}

/// The row it waits for is another session's; what is committed stays, and the next one goes on.
#[tokio::test]
async fn a_worker_in_the_foreground_goes_on_where_it_was() -> Outcome {
    let folder = Folder::shop(&[
        USERS,
        (
            "DM001_users_note.sql",
            b"-- onward: batch 10 by id\nUPDATE shop.users SET note = 'x' WHERE note IS NULL;\n",
        ),
    ])?;
    let path = folder.path();
    let database = database().await?;
    let client = database.connect().await?;
    onward_on(&database, &["up", &path, "--startup"])
        .await?
        .with(0);
    client
        .batch_execute("INSERT INTO shop.users (id) SELECT generate_series(1, 50)")
        .await?;
    client
        .batch_execute("BEGIN; UPDATE shop.users SET note = NULL WHERE id = 40")
        .await?;
    let run = ["data", "run", "shop"];
    // It waits for the row, and tries again and again.
    let begun = "SELECT count(*) > 0 FROM shop.schema_migration_progress WHERE started < now() - interval '1 s'";
    let watcher = database.connect().await?;
    interrupted(&folder, &run, &database, &watcher, begun).await?;
    client.batch_execute("ROLLBACK").await?;
    onward_on(&database, &["data", "run", &path]).await?.with(0);
    let left = "SELECT count(*) FROM shop.users WHERE note IS NULL";
    assert_eq!(client.query_one(left, &[]).await?.get::<_, i64>(0), 0);
    Ok(())
}

/// The database that is at work is reported as interrupted, and no further one begins.
#[tokio::test]
async fn a_fleet_stops_and_says_how_far_it_is() -> Outcome {
    let (slow, quick) = sleeping("002_slow.sql")?;
    let (one, other) = (database().await?, database().await?);
    let targets = format!("one {}\nother {}\n", one.url(), other.url());
    let file = slow.root().join("fleet.txt");
    std::fs::write(&file, &targets)?;
    let file = file.display().to_string();
    let watcher = one.connect().await?;
    let mut up = command(&[
        "up",
        &slow.path(),
        "--targets",
        &file,
        "--width",
        "1",
        "--format",
        "json",
    ]);
    let child = up.kill_on_drop(true).spawn()?;
    until(&watcher, &is_in(&one, "PgSleep")).await?;
    let pid = child.id().ok_or("it has ended")?.to_string();
    let mut kill = tokio::process::Command::new("kill");
    kill.args(["-INT", &pid]).status().await?;
    let ended = tokio::time::timeout(Duration::from_secs(20), child.wait_with_output()).await??;
    assert_eq!(ended.status.code(), Some(1));
    let said: serde_json::Value = serde_json::from_slice(&ended.stdout)?;
    assert_eq!(said["interrupted"], true, "{said}");
    let outcomes: Vec<_> = said["targets"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| one["outcome"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(outcomes, ["interrupted", "not tried"]);
    crate::support::onward(&["up", &quick.path(), "--targets", &file])
        .await?
        .with(0);
    for database in [&one, &other] {
        onward_on(database, &["verify", &quick.path()])
            .await?
            .with(0);
    }
    Ok(())
}
