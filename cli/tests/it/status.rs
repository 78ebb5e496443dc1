//! `onward status`, as text and as JSON.

use std::error::Error;

use onward::Startup;
use onward_pg::{Database, database};
use serde_json::Value;

use crate::Outcome;
use crate::support::{FOLDER, Folder, SHOP, onward_on};

async fn count(database: &Database, what: &str) -> Result<i64, Box<dyn Error>> {
    let client = database.connect().await?;
    let sql = format!("SELECT count(*) FROM {what}");
    Ok(client.query_one(&sql, &[]).await?.get(0))
}

#[tokio::test]
async fn text_shows_what_is_applied_and_what_is_pending() -> Outcome {
    let database = database().await?;
    let status = ["status", FOLDER];
    let fresh = onward_on(&database, &status).await?;
    fresh
        .with(1)
        .says(&["shop, no ledger", "001_products.sql", "pending"]);
    assert_eq!(
        count(&database, "pg_namespace WHERE nspname = 'shop'").await?,
        0
    );

    let mut client = database.connect().await?;
    assert!(Startup::new(&SHOP).run(&mut client).await.is_err());
    let started = onward_on(&database, &status).await?;
    started.with(1);
    let lines: Vec<_> = started.out.lines().map(str::trim).collect();
    let state = |name: &str| {
        let line = lines.iter().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_whitespace().nth(2))
    };
    assert_eq!(state("001_products.sql"), Some("applied"), "{lines:?}");
    assert_eq!(state("S001_categories.sql"), Some("applied"));
    assert_eq!(state("100_drop_products_legacy_code.sql"), Some("pending"));
    assert_eq!(state("DM001_products_slug.sql"), Some("pending"));

    onward_on(&database, &["release", FOLDER, "--yes"])
        .await?
        .with(0);
    // Data migrations run beside the service: to it the schema is current.
    onward_on(&database, &status).await?.with(0);
    Ok(())
}

#[tokio::test]
async fn json_shows_the_same() -> Outcome {
    let database = database().await?;
    let status = ["status", FOLDER, "migrations/auth", "--format", "json"];
    let fresh = onward_on(&database, &status).await?;
    let fresh = fresh.with(1).json()?;
    assert_eq!(fresh[0]["ledger"], Value::Null);
    assert_eq!(fresh[1]["schema"], "auth");

    let release = ["release", FOLDER, "--format", "json"];
    let released = onward_on(&database, &release).await?.with(0).json()?;
    assert_eq!(released["schema"], "shop");
    assert_eq!(released["applied"].as_array().map(Vec::len), Some(6));
    assert_eq!(released["applied"][5]["version"], "100");
    assert_eq!(released["pending_data"][0], "DM001_products_slug.sql");

    let both = onward_on(&database, &status).await?.with(1).json()?;
    let shop = &both[0];
    assert_eq!(shop["current"], true);
    assert_eq!(both[1]["current"], false);
    assert_eq!(shop["ledger"], released["ledger"]);
    assert_eq!(shop["tampered"], Value::Null);
    assert_eq!(shop["drift"], Value::Array(Vec::new()));
    let one = &shop["migrations"][0];
    for (key, value) in [
        ("version", "001"),
        ("category", "startup"),
        ("name", "001_products.sql"),
        ("state", "applied"),
    ] {
        assert_eq!(one[key], value);
    }
    assert!(one["applied_at"].is_string() && one["applied_by"].is_string());
    assert!(one["duration_ms"].is_u64());
    Ok(())
}

#[tokio::test]
async fn drift_and_tampering_end_with_status_1() -> Outcome {
    let database = database().await?;
    onward_on(&database, &["release", FOLDER]).await?.with(0);
    let edited = Folder::shop(&[(
        "001_products.sql",
        b"CREATE TABLE shop.products (id bigint PRIMARY KEY);",
    )])?;
    let folder = edited.path();
    for (arguments, parts) in [
        (["status", &folder], ["modified: 001_products.sql"; 1]),
        (["release", &folder], ["migrations were edited"; 1]),
    ] {
        onward_on(&database, &arguments).await?.with(1).says(&parts);
    }
    let json = ["release", &folder, "--format", "json"];
    let refused = onward_on(&database, &json).await?.with(1).json()?;
    assert!(
        refused["error"]
            .as_str()
            .is_some_and(|text| text.contains("edited"))
    );
    assert_eq!(refused["applied"], Value::Array(Vec::new()));

    let client = database.connect().await?;
    client
        .batch_execute(
            "ALTER TABLE shop.schema_migration_head DISABLE TRIGGER USER;
             UPDATE shop.schema_migration_head SET seq = 5",
        )
        .await?;
    let status = ["status", FOLDER];
    onward_on(&database, &status)
        .await?
        .with(1)
        .says(&["tampered: line 6, S001_categories.sql, was inserted"]);
    Ok(())
}

/// Also for programs: what the ledger has beyond the folder, and seeds of which a later text is in force.
#[tokio::test]
async fn json_shows_what_the_folder_no_longer_has() -> Outcome {
    let database = database().await?;
    let table = (
        "001_a.sql",
        &b"CREATE TABLE shop.a (id bigint PRIMARY KEY);"[..],
    );
    let seed = |row: &str| {
        format!("INSERT INTO shop.a (id) VALUES ({row}) ON CONFLICT (id) DO NOTHING;").into_bytes()
    };
    let (first, second) = (seed("1"), seed("2"));
    let more = ("002_b.sql", &b"ALTER TABLE shop.a ADD COLUMN b text;"[..]);
    let old = Folder::shop(&[table, ("S001_a.sql", &first)])?;
    let new = Folder::shop(&[table, more, ("S001_a.sql", &second)])?;
    for folder in [&old, &new] {
        onward_on(&database, &["up", &folder.path()]).await?.with(0);
    }
    let old = old.path();
    onward_on(&database, &["status", &old])
        .await?
        .with(0)
        .says(&[
            "S001_a.sql: another text of this seed is in force, a later one (#4)",
            "002_b.sql: in the ledger and not in this folder",
        ]);
    let json = ["status", &old, "--format", "json"];
    let json = onward_on(&database, &json).await?.with(0).json()?;
    assert_eq!(json[0]["beyond"], serde_json::json!(["002_b.sql"]));
    assert_eq!(
        json[0]["superseded_seeds"],
        serde_json::json!(["S001_a.sql"])
    );
    assert_eq!(json[0]["oldest_binary"], Value::Null);
    Ok(())
}

/// What only reads a ledger does not depend on the rules, which may be newer than the files.
#[tokio::test]
async fn findings_do_not_hide_the_state_of_a_database() -> Outcome {
    let database = database().await?;
    let table = (
        "001_a.sql",
        &b"CREATE TABLE shop.a (id bigint PRIMARY KEY);"[..],
    );
    let clean = Folder::shop(&[table])?;
    onward_on(&database, &["up", &clean.path()]).await?.with(0);
    let bad = Folder::shop(&[table, ("002_bad.sql", b"DROP TABLE shop.a;")])?;
    let path = bad.path();
    let status = onward_on(&database, &["status", &path]).await?;
    status
        .with(1)
        .says(&["001_a.sql", "applied", "002_bad.sql", "pending"]);
    let note = format!("note: errors in {path}: 1. `onward check {path}` prints them");
    assert!(status.err.contains(&note), "{}", status.err);
    let file = format!("{path}/002_bad.sql");
    let of_file = onward_on(&database, &["status", &file]).await?;
    of_file
        .with(1)
        .says(&["001_a.sql", "note: this is about the module"]);
    onward_on(&database, &["verify", &path])
        .await?
        .with(0)
        .says(&["the ledger is intact"]);
    for verb in ["release", "up"] {
        let refused = onward_on(&database, &[verb, &path]).await?;
        refused.with(2).says(&["error[drop-table]"]);
    }
    // Nothing is known about a file without a version.
    let unread = Folder::shop(&[table, ("2_bad.sql", b"SELECT 1;")])?;
    for verb in ["status", "verify"] {
        onward_on(&database, &[verb, &unread.path()])
            .await?
            .with(2)
            .says(&["cannot be read", "error[file-name]"]);
    }
    Ok(())
}
