//! `onward release`: what a refused start asks for, and how a failure is reported.

use std::time::Duration;

use onward::Startup;
use onward_pg::database;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::Outcome;
use crate::support::page::shows;
use crate::support::{FOLDER, Folder, SHOP, command, onward, onward_on};

#[tokio::test]
async fn a_refused_start_names_the_command_that_fixes_it() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let refused = Startup::new(&SHOP).run(&mut client).await.err();
    let text = refused.ok_or("the start was not refused")?.to_string();
    let (_, rest) = text.split_once('`').ok_or("there is no command")?;
    let (line, _) = rest.split_once('`').ok_or("the command has no end")?;
    let words: Vec<_> = line
        .split(' ')
        .map(|word| match word {
            "<url>" => database.url(),
            word => word,
        })
        .collect();
    assert_eq!(words[..3], ["onward", "release", FOLDER]);

    let said_yes = [&words[1..], &["--yes"]].concat();
    let released = onward(&said_yes).await?;
    released
        .with(0)
        .says(&["applied 1 migration", "100_drop_products_legacy_code.sql"]);
    // Where it works, and what is at stake there.
    let mut lines = released.err.lines();
    assert!(lines.next().is_some_and(|line| line.starts_with("on ")));
    assert_eq!(lines.next(), Some("shop: this run applies"));
    let report = Startup::new(&SHOP).run(&mut client).await?;
    assert_eq!(report.applied(), []);
    onward(&words[1..])
        .await?
        .with(0)
        .says(&["nothing to apply"]);
    Ok(())
}

#[tokio::test]
async fn a_statement_that_fails_is_reported_with_its_place_and_cause() -> Outcome {
    let database = database().await?;
    let broken = Folder::shop(&[
        ("onward.toml", onward_tests::UNJUDGED.as_bytes()),
        ("001_a.sql", b"CREATE TABLE shop.a (id bigint PRIMARY KEY);"),
        (
            "100_b.sql",
            b"ALTER TABLE shop.a\n  ADD CONSTRAINT b CHECK (nope > 0) NOT VALID;\n",
        ),
    ])?;
    let folder = broken.path();
    let release = ["release", &folder, "--yes"];
    let failed = onward_on(&database, &release).await?;
    failed.with(1).says(&[
        &format!("error: shop: {folder}/100_b.sql:"),
        "failed [42703]",
        "this run had applied 001",
        "because: PostgreSQL says: column \"nope\" does not exist (SQLSTATE 42703)",
    ]);
    let json = [&release[..], &["--format", "json"]].concat();
    let failed = onward_on(&database, &json).await?.with(1).json()?;
    assert_eq!(failed["sqlstate"], "42703");
    Ok(())
}

/// The serving version knows no release migration; the operator releases the next, and a pod restarts.
#[tokio::test]
async fn an_operator_says_whether_the_running_release_may_restart() -> Outcome {
    let database = database().await?;
    let products = (
        "001_products.sql",
        &b"CREATE TABLE shop.products (id bigint PRIMARY KEY, note text);"[..],
    );
    let running = Folder::shop(&[products])?;
    let next = Folder::shop(&[
        products,
        (
            "100_drop_products_note.sql",
            b"-- onward: breaks code that names the column shop.products.note\n\
              ALTER TABLE shop.products DROP COLUMN note;\n",
        ),
    ])?;
    let (old, new) = (running.path(), next.path());
    onward_on(&database, &["release", &old]).await?.with(0);

    // Without a terminal it has to be confirmed; nothing is done.
    let breaks = ["release", &new, "--breaks-running"];
    onward_on(&database, &breaks).await?.with(2).says(&[
        "only binaries that know every release migration start",
        "100_drop_products_note.sql",
        "--yes",
    ]);
    onward_on(&database, &["status", &new])
        .await?
        .with(1)
        .says(&["pending"]);
    for value in ["000", "0", "99", "099", "001", "100", "101", "S001", "-1"] {
        let value = format!("--compatible-from={value}");
        let ended = onward_on(&database, &["release", &new, &value, "--yes"]).await?;
        assert_ne!(ended.status, Some(0), "{value}");
    }

    onward_on(&database, &["release", &new, "--yes"])
        .await?
        .with(0)
        .says(&["from now on every binary starts"]);
    onward_on(&database, &["status", &old]).await?.with(0);
    onward_on(&database, &[&breaks[..], &["--yes"]].concat())
        .await?
        .with(0)
        .says(&["from now on only binaries that know 100 start"]);
    onward_on(&database, &["status", &old])
        .await?
        .with(1)
        .says(&["release-ahead"]);
    let none = ["release", &new, "--compatible-from", "none"];
    let said = [&none[..], &["--format", "json"]].concat();
    let said = onward_on(&database, &said).await?.with(0).json()?;
    assert_eq!(said["oldest_binary"], "none");
    onward_on(&database, &["status", &old]).await?.with(0);
    Ok(())
}

/// Nothing runs on a database in use before the operator has seen what, and has said yes.
#[tokio::test]
async fn what_is_at_stake_is_shown_and_asked_about() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let products = (
        "001_products.sql",
        &b"CREATE TABLE shop.products (id bigint PRIMARY KEY, note text);\n"[..],
    );
    let running = Folder::shop(&[products])?;
    let next = Folder::shop(&[
        products,
        (
            "002_orders.sql",
            b"CREATE TABLE shop.orders (id bigint PRIMARY KEY);\n",
        ),
        (
            "100_drop_products_note.sql",
            b"-- onward: breaks code that names the column shop.products.note\n\
              ALTER TABLE shop.products DROP COLUMN note;\n",
        ),
    ])?;
    let path = next.path();
    onward_on(&database, &["up", &running.path()])
        .await?
        .with(0);
    let release = ["release", &path];
    let documented = |ended: &crate::support::Ended| {
        let lines = ended.err.replace(&path, "migrations/shop");
        let (_, printed) = lines.split_once('\n').unwrap_or_default();
        shows(
            "operating.md",
            "onward release migrations/shop --url",
            printed,
        );
    };
    // What startup migrations add comes first; `--yes` changes nothing about that.
    let early = onward_on(&database, &[&release[..], &["--yes"]].concat()).await?;
    documented(early.with(1));
    let json = [&release[..], &["--yes", "--format", "json"]].concat();
    let json = onward_on(&database, &json).await?.with(1).json()?;
    assert_eq!(json["kind"], "run");
    let startup = onward_on(&database, &["up", &path, "--startup"]).await?;
    startup.with(0).says(&[
        "applied  002_orders.sql",
        "pending  100_drop_products_note.sql",
    ]);
    onward_on(&database, &release).await?.with(2).says(&[
        "shop: this run applies",
        "  100_drop_products_note.sql",
        "ACCESS EXCLUSIVE on shop.products: reads and writes wait; about 0 rows",
        "--yes",
    ]);
    let shown = onward_on(&database, &release).await?;
    documented(&shown);
    let json = [&release[..], &["--format", "json"]].concat();
    let json = onward_on(&database, &json).await?.with(2).json()?;
    assert_eq!(json["kind"], "arguments");
    let lines = "SELECT count(*) FROM shop.schema_migration_log";
    let count: i64 = client.query_one(lines, &[]).await?.get(0);
    assert_eq!(count, 2);

    let approved = ["--yes", "--approved-by", "alice", "--ticket", "OPS-42"];
    onward_on(&database, &[&release[..], &approved].concat())
        .await?
        .with(0)
        .says(&["applied 1 migration"]);
    let kept = "SELECT build FROM shop.schema_migration_log WHERE version = '100'";
    let kept: String = client.query_one(kept, &[]).await?.get(0);
    assert!(
        kept.ends_with(", approved by alice, ticket OPS-42"),
        "{kept}"
    );
    onward_on(&database, &["verify", &path]).await?.with(0);
    // Nothing is pending, so there is nothing to ask.
    onward_on(&database, &release)
        .await?
        .with(0)
        .says(&["nothing to apply"]);
    Ok(())
}

/// A transaction that has written the table keeps the server from building; how far it is stands on standard error.
#[tokio::test]
async fn the_progress_of_an_index_is_reported() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let products = (
        "001_products.sql",
        &b"CREATE TABLE shop.products (id bigint PRIMARY KEY, note text);\n"[..],
    );
    let first = Folder::shop(&[products])?;
    onward_on(&database, &["up", &first.path()]).await?.with(0);
    let next = Folder::shop(&[
        products,
        (
            "100_products_note.sql",
            b"CREATE INDEX CONCURRENTLY products_note ON shop.products (note);\n",
        ),
    ])?;
    client
        .batch_execute("BEGIN; INSERT INTO shop.products VALUES (1, 'x')")
        .await?;
    let path = next.path();
    let mut release = command(&["release", &path, "--yes", "--url", database.url()]);
    let mut child = release.kill_on_drop(true).spawn()?;
    let err = child.stderr.take().ok_or("there is no output")?;
    let mut lines = BufReader::new(err).lines();
    let mut said = String::new();
    while let Some(line) = lines.next_line().await? {
        said.push_str(&line);
        said.push('\n');
        if line.starts_with("index on shop.products: waiting for writers before build") {
            client.batch_execute("COMMIT").await?;
        }
    }
    let ended = tokio::time::timeout(Duration::from_secs(60), child.wait()).await??;
    assert!(ended.success(), "{said}");
    assert!(said.contains("index on shop.products: "), "{said}");
    onward_on(&database, &["status", &path]).await?.with(0);
    Ok(())
}
