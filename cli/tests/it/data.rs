//! `onward data`: what is listed and shown, how it is steered, and the worker in the foreground.

use std::process::Stdio;
use std::time::Duration;

use onward::{Plan, Startup};
use onward_pg::{Database, database};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio_postgres::Client;

use crate::Outcome;
use crate::support::{Ended, Folder, command, onward_on};

const TABLE: &[u8] = b"CREATE TABLE shop.items (id bigint PRIMARY KEY, slug text);";
const FILL: &[u8] = b"UPDATE shop.items SET slug = 'x' WHERE slug IS NULL;";
const STRICT: &[u8] = b"-- onward: requires DM001\nALTER TABLE shop.items ADD COLUMN more text;";

/// A database in use, with rows; and the folder of the next version.
async fn in_use() -> Result<(Database, Client, Folder), Box<dyn std::error::Error>> {
    let settings = ("onward.toml", onward_tests::UNJUDGED.as_bytes());
    let folder = Folder::shop(&[
        settings,
        ("001_items.sql", TABLE),
        ("002_strict.sql", STRICT),
        ("DM001_slug.sql", FILL),
    ])?;
    let before = Folder::shop(&[settings, ("001_items.sql", TABLE)])?;
    let database = database().await?;
    onward_on(&database, &["up", &before.path()]).await?.with(0);
    let client = database.connect().await?;
    client
        .batch_execute("INSERT INTO shop.items (id) SELECT generate_series(1, 100)")
        .await?;
    Ok((database, client, folder))
}

/// As a worker would have left it.
async fn left(client: &Client, folder: &Folder, state: &str) -> Outcome {
    let plan: Plan = onward_cli::plan(folder.path().as_ref())?;
    let checksum = plan.data()[0].checksum();
    client
        .batch_execute(&format!(
            "DELETE FROM shop.schema_migration_progress; DELETE FROM shop.schema_migration_batch;
             DELETE FROM shop.schema_migration_skipped;
             INSERT INTO shop.schema_migration_progress (version, checksum, state, reason, pass, position, goal, size,
               speed, scanned, rows, pass_rows, before_rows, batches, busy_ms, skipped, total, worker, who, started, at)
             VALUES ('DM001', '\\x{checksum}', '{state}', 'a row fails', 1, '[40]', '[100]', 20, 1, 40, 40, 40, 0, 2, 800,
               1, 100, 'w', 'me', now(), now());
             INSERT INTO shop.schema_migration_batch (version, batch, after, until, rows, ms, worker, at)
             VALUES ('DM001', 1, NULL, '[20]', 20, 400, 'w', now()), ('DM001', 2, '[20]', '[40]', 20, 400, 'w', now());
             INSERT INTO shop.schema_migration_skipped (version, key, sqlstate, object, at)
             VALUES ('DM001', '[7]', '23514', 'shop.items', now())"
        ))
        .await?;
    Ok(())
}

async fn data(database: &Database, verb: &[&str]) -> Result<Ended, Box<dyn std::error::Error>> {
    onward_on(database, &[&["data"], verb].concat()).await
}

#[tokio::test]
async fn list_and_show_say_how_far_it_is() -> Outcome {
    let (database, client, folder) = in_use().await?;
    let folder_path = folder.path();
    let (list, show) = (["list", &folder_path], ["show", &folder_path, "DM001"]);
    let listed = data(&database, &list).await?;
    listed.with(1).says(&["DM001_slug.sql  pending"]);
    assert_eq!(listed.err.lines().count(), 1, "{}", listed.err);
    assert!(listed.err.contains("database "), "{}", listed.err);

    let mut other = database.connect().await?;
    let plan = onward_cli::plan(folder_path.as_ref())?;
    Startup::new(&plan).run(&mut other).await?;
    left(&client, &folder, "failed").await?;
    data(&database, &list).await?.with(1).says(&[
        "DM001_slug.sql  failed  40 %, 40 of about 100 rows, 50 rows/s",
        "failed: a row fails",
        "1 rows left out",
    ]);
    data(&database, &show).await?.with(1).says(&[
        "pass      1, from key [40] to [100]",
        "2  ",
        "20 rows     400 ms  until key [40]",
        "rows that were left out",
        "[7]",
        "(23514, shop.items)",
        "whether the server has room",
    ]);
    let json = [&show[..], &["--format", "json"]].concat();
    let shown = data(&database, &json).await?.with(1).json()?;
    assert_eq!(shown["state"], "failed");
    assert_eq!(shown["progress"]["fraction"], 0.4);
    assert_eq!(shown["progress"]["rows_per_second"], 50.0);
    assert_eq!(shown["newest_batches"][0]["number"], 2);
    assert_eq!(shown["skipped_rows"][0]["key"], "[7]");
    assert!(shown["readings"][0]["signal"].is_string(), "{shown:#}");
    assert_eq!(shown["format_version"], 1);
    let json = [&list[..], &["--format", "json"]].concat();
    let listed = data(&database, &json).await?.with(1).json()?;
    assert_eq!(listed[0]["version"], "DM001");
    assert!(
        listed[0]["held"]
            .as_str()
            .is_some_and(|held| held.contains("a row fails"))
    );

    data(&database, &["show", &folder_path, "DM002"])
        .await?
        .with(2)
        .says(&["there is no data migration DM002"]);
    Ok(())
}

#[tokio::test]
async fn an_operator_steers_it() -> Outcome {
    let (database, client, folder) = in_use().await?;
    let plan = onward_cli::plan(folder.path().as_ref())?;
    Startup::new(&plan)
        .run(&mut database.connect().await?)
        .await?;
    let path = folder.path();
    for (before, verb, after) in [
        ("running", &["pause"][..], "paused"),
        ("paused", &["resume"], "running"),
        ("approval", &["approve"], "running"),
        ("running", &["cancel"], "cancelled"),
        ("failed", &["retry"], "running"),
        ("failed", &["retry", "--from-start"], "running"),
        ("running", &["speed", "0.5"], "running"),
    ] {
        left(&client, &folder, before).await?;
        let place = if verb[0] == "speed" {
            vec!["speed", &path, "DM001", verb[1]]
        } else {
            [&[verb[0], &path, "DM001"], &verb[1..]].concat()
        };
        data(&database, &place).await?.with(0).says(&[after]);
        let json = [&place[..], &["--format", "json"]].concat();
        left(&client, &folder, before).await?;
        let said = data(&database, &json).await?.with(0).json()?;
        assert_eq!(said["progress"]["state"], after, "{verb:?}");
        if verb[0] == "speed" {
            assert_eq!(said["progress"]["speed"], 0.5);
        }
    }
    left(&client, &folder, "paused").await?;
    let ended = data(&database, &["pause", &path, "DM001"]).await?;
    ended
        .with(1)
        .says(&["DM001_slug.sql is paused", "Nothing was changed"]);
    assert!(!ended.err.contains("oldest binary"), "{}", ended.err);
    let wrong = data(&database, &["speed", &path, "DM001", "0"]).await?;
    wrong.with(1).says(&["between 0.01 and 10"]);
    Ok(())
}

#[tokio::test]
async fn finish_runs_the_rest_and_a_later_start_applies_what_waits() -> Outcome {
    for verb in ["finish", "run"] {
        let (database, client, folder) = in_use().await?;
        let path = folder.path();
        let plan = onward_cli::plan(path.as_ref())?;
        Startup::new(&plan)
            .run(&mut database.connect().await?)
            .await?;
        let status = onward_on(&database, &["status", &path]).await?;
        status.with(1).says(&["waiting", "for DM001"]);
        let json = ["status", &path, "--format", "json"];
        let json = onward_on(&database, &json).await?.with(1).json()?;
        assert_eq!(json[0]["migrations"][1]["state"], "waiting");
        assert_eq!(json[0]["migrations"][1]["waits_for"][0], "DM001");

        let finished = data(&database, &[verb, &path]).await?;
        finished.with(0).says(&[
            "DM001_slug.sql: has begun",
            "DM001_slug.sql: done",
            "1 data migration done",
        ]);
        let empty = client
            .query_one("SELECT count(*) FROM shop.items WHERE slug IS NULL", &[])
            .await?;
        assert_eq!(empty.get::<_, i64>(0), 0);
        data(&database, &["list", &path])
            .await?
            .with(0)
            .says(&["done"]);
        let again = data(&database, &[verb, &path, "DM001", "--format", "json"]).await?;
        let again = again.with(0).json()?;
        assert_eq!(again["data"][0]["state"], "done");
        onward_on(&database, &["up", &path])
            .await?
            .with(0)
            .says(&["002_strict.sql"]);
    }
    Ok(())
}

/// It says why, and ends: nothing would ever happen.
#[tokio::test]
async fn what_cannot_go_on_is_named() -> Outcome {
    for verb in ["finish", "run"] {
        let (database, client, folder) = in_use().await?;
        let path = folder.path();
        let plan = onward_cli::plan(path.as_ref())?;
        Startup::new(&plan)
            .run(&mut database.connect().await?)
            .await?;
        left(&client, &folder, "paused").await?;
        data(&database, &[verb, &path])
            .await?
            .with(1)
            .says(&["DM001_slug.sql", "paused: `onward data resume`"]);
    }
    Ok(())
}

/// A statement that takes long, and an operator who has seen enough.
#[tokio::test]
async fn ctrl_c_ends_it_and_says_how_to_go_on() -> Outcome {
    let (database, client, folder) = in_use().await?;
    let path = folder.path();
    let plan = onward_cli::plan(path.as_ref())?;
    Startup::new(&plan)
        .run(&mut database.connect().await?)
        .await?;
    // It waits for the row as long as this transaction is open.
    client
        .batch_execute("BEGIN; UPDATE shop.items SET slug = NULL WHERE id = 1")
        .await?;
    let url = database.url().to_owned();
    let mut child = command(&["data", "finish", &path, "--url", &url])
        .stdout(Stdio::null())
        .spawn()?;
    let err = child.stderr.take().ok_or("there is no output")?;
    let mut lines = BufReader::new(err).lines();
    let mut said = String::new();
    while let Some(line) = lines.next_line().await? {
        said.push_str(&line);
        if line.contains("has begun") {
            let pid = child.id().ok_or("it has ended")?.to_string();
            let kill = tokio::process::Command::new("kill")
                .args(["-INT", &pid])
                .status();
            assert!(kill.await?.success());
        }
    }
    let ended = tokio::time::timeout(Duration::from_secs(30), child.wait()).await??;
    assert_eq!(ended.code(), Some(1), "{said}");
    assert!(said.contains("What is committed stays"), "{said}");
    client.batch_execute("ROLLBACK").await?;
    let rest = data(&database, &["finish", &path]).await?;
    assert_eq!(rest.status, Some(0), "{}", rest.err);
    Ok(())
}
