//! `onward resolve`: a statement outside of a transaction whose outcome is not known.

use std::process::Stdio;
use std::time::Duration;

use onward_pg::{Binaries, Cluster, Database, Settings, database};
use tokio_postgres::Client;

use super::{events, interrupt, is_intact, masked, reason, until};
use crate::Outcome;
use crate::support::page::shows;
use crate::support::{Folder, command, onward, onward_on};

const FILES: &[(&str, &[u8])] = &[
    (
        "001_products.sql",
        b"CREATE TABLE shop.products (id bigint PRIMARY KEY);\n",
    ),
    (
        "002_weight.sql",
        b"-- onward: transaction none\nALTER TABLE shop.products ADD COLUMN weight integer;\n",
    ),
];

/// A module whose second file was started, and whose session was ended before it could tell how it went.
async fn in_doubt() -> Result<(Folder, Database, Client), Box<dyn std::error::Error>> {
    let first = Folder::shop(&FILES[..1])?;
    let folder = Folder::shop(FILES)?;
    let database = database().await?;
    let (client, holder) = tokio::try_join!(database.connect(), database.connect())?;
    onward_on(&database, &["up", &first.path()]).await?.with(0);
    holder
        .batch_execute("BEGIN; SELECT * FROM shop.products")
        .await?;
    let path = folder.path();
    let up = ["up", &*path];
    let up = onward_on(&database, &up);
    let ended = async {
        let run = "FROM pg_stat_activity WHERE application_name LIKE 'onward/shop/%' AND datname = current_database()";
        until(&client, &format!("SELECT wait_event = 'relation' {run}")).await?;
        client
            .batch_execute(&format!("SELECT pg_terminate_backend(pid) {run}"))
            .await?;
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    let (up, ended) = tokio::join!(up, ended);
    ended?;
    let advice = format!("onward resolve {} 002", folder.path());
    up?.with(1).says(&["its outcome is unknown", &advice]);
    holder.batch_execute("ROLLBACK").await?;
    Ok((folder, database, client))
}

#[tokio::test]
async fn what_the_operator_found_is_recorded_with_its_reason() -> Outcome {
    let (folder, database, client) = in_doubt().await?;
    let path = folder.path();
    let resolve = ["resolve", &path, "002"];
    let shown = onward_on(&database, &resolve).await?;
    shown.with(0);
    let printed = masked(&shown, &folder);
    shows(
        "operating.md",
        "onward resolve migrations/shop 002 --url",
        &printed,
    );
    assert_eq!(events(&client).await?, ["applied 001", "started 002"]);

    for (more, status, part) in [
        (&["--applied"][..], 2, "--because"),
        (
            &["--applied", "--not-applied", "--because", "x"],
            2,
            "cannot be used",
        ),
        (&["--because", "x"], 2, "--applied"),
        (&["--applied", "--because", " "], 1, "reason is empty"),
    ] {
        let said = [&resolve[..], more].concat();
        onward_on(&database, &said)
            .await?
            .with(status)
            .says(&[part]);
    }
    assert_eq!(events(&client).await?.len(), 2);

    client
        .batch_execute("ALTER TABLE shop.products ADD COLUMN weight integer")
        .await?;
    let said = ["--applied", "--because", "the column exists"];
    let said = onward_on(&database, &[&resolve[..], &said].concat()).await?;
    said.with(0);
    let printed = masked(&said, &folder);
    shows(
        "operating.md",
        "onward resolve migrations/shop 002 --applied",
        &printed,
    );
    assert_eq!(
        events(&client).await?,
        ["applied 001", "started 002", "applied 002"]
    );
    assert_eq!(reason(&client).await?, "resolved: the column exists");
    is_intact(&database, &folder).await?;
    onward_on(&database, &["up", &path])
        .await?
        .with(0)
        .says(&["nothing to apply"]);

    let again = ["--not-applied", "--because", "x", "--format", "json"];
    let again = onward_on(&database, &[&resolve[..], &again].concat()).await?;
    let document = again.with(1).json()?;
    assert_eq!(document["kind"], "run");
    again.says(&["is not in doubt", "it was applied at"]);
    Ok(())
}

#[tokio::test]
async fn what_was_not_applied_runs_again() -> Outcome {
    let (folder, database, client) = in_doubt().await?;
    let path = folder.path();
    let said = [
        "resolve",
        &path,
        "002",
        "--not-applied",
        "--because",
        "no column",
    ];
    // Two operators at once: one line.
    let (one, other) = tokio::join!(onward_on(&database, &said), onward_on(&database, &said));
    let mut ends = [one?.status, other?.status];
    ends.sort_unstable();
    assert_eq!(ends, [Some(0), Some(1)]);
    assert_eq!(
        events(&client).await?,
        ["applied 001", "started 002", "abandoned 002"]
    );
    onward_on(&database, &["up", &path])
        .await?
        .with(0)
        .says(&["002_weight.sql"]);
    is_intact(&database, &folder).await
}

#[tokio::test]
async fn what_is_not_in_doubt_is_refused() -> Outcome {
    let (folder, database, client) = in_doubt().await?;
    let path = folder.path();
    let other = Folder::new(&[(
        "crm/001_a.sql",
        &b"CREATE TABLE crm.a (id bigint PRIMARY KEY);"[..],
    )])?;
    let wrong_module = other.root().join("crm").display().to_string();
    let edited = Folder::shop(&[
        FILES[0],
        (
            "002_weight.sql",
            b"-- onward: transaction none\nALTER TABLE shop.products ADD COLUMN weight bigint;\n",
        ),
    ])?;
    let edited = edited.path();
    for (folder, version, part) in [
        (&path, "001", "is not in doubt: it was applied at"),
        (&path, "003", "there is no migration 003"),
        (&wrong_module, "001", "has no ledger"),
        (&edited, "002", "was edited since the attempt began"),
    ] {
        let said = ["resolve", folder, version, "--applied", "--because", "x"];
        onward_on(&database, &said).await?.with(1).says(&[part]);
    }
    // A run that is at work keeps the lock, and the operator waits for it; Ctrl-C leaves nothing behind.
    let holder = database.connect().await?;
    holder
        .batch_execute("SELECT pg_advisory_lock(hashtext('shop')::int8)")
        .await?;
    let mut child = command(&["resolve", &path, "002", "--applied", "--because", "x"]);
    child.args(["--url", database.url()]).stderr(Stdio::null());
    let mut child = child.stdout(Stdio::null()).spawn()?;
    tokio::time::sleep(Duration::from_millis(800)).await;
    assert!(child.try_wait()?.is_none(), "it did not wait");
    interrupt(&mut child).await?;
    assert_eq!(events(&client).await?, ["applied 001", "started 002"]);
    is_intact(&database, &folder).await
}

#[tokio::test]
async fn a_standby_is_refused() -> Outcome {
    let folder = Folder::shop(&FILES[..1])?;
    let path = folder.path();
    let mut primary = Cluster::start(&Binaries::find().await?, Settings::durable()).await?;
    let database = primary.database().await?;
    onward_on(&database, &["up", &path]).await?.with(0);
    let standby = primary.standby().await?;
    let url = format!(
        "postgres://postgres@127.0.0.1:{}/{}",
        standby.port(),
        database.name()
    );
    let primary_client = database.connect().await?;
    let replayed = "SELECT count(*) = 1 FROM pg_stat_replication
      WHERE replay_lsn >= (SELECT max(flushed) FROM (SELECT pg_current_wal_flush_lsn() AS flushed) now)";
    until(&primary_client, replayed).await?;
    let because = ["--because", "x", "--url", &url];
    for verb in [
        &["resolve", &path, "001", "--applied"][..],
        &["renumber", &path, "002", "001"],
    ] {
        let ended = onward(&[verb, &because[..]].concat()).await?;
        ended.with(1).says(&["is a standby or read-only"]);
    }
    is_intact(&database, &folder).await
}
