//! How often a run waits for the server.

use std::sync::{Arc, Mutex};

use onward::{Connector, Event, PendingRelease, Plan, Release, Startup};
use onward_pg::database;
use tokio_postgres::NoTls;

use crate::support::folder::Folder;
use crate::support::relay::Relay;
use crate::support::witness::{is_sound, row};
use crate::{Outcome, SHOP, release, start};

/// So many files that each create a table, then an index that is built outside of a transaction, then
/// two more files.
fn long(files: usize) -> Result<Plan, onward_cli::FolderError> {
    let mut folder = Folder::empty("shop");
    for file in 1..=files {
        let table = format!("CREATE TABLE shop.t{file} (id bigint PRIMARY KEY);");
        folder = folder.with(&format!("{file:03}_t{file}.sql"), &table);
    }
    folder.plan()
}

#[tokio::test]
async fn an_up_to_date_database_costs_one_round_trip_and_one_row_however_long_its_history()
-> Outcome {
    let mut sizes = Vec::new();
    for files in [1, 90] {
        let plan = long(files)?;
        let database = database().await?;
        start(&plan, &mut database.connect().await?).await?;
        let relay = Relay::before(&database).await?;
        let mut client = relay.connect().await?;
        relay.counted();
        let report = Startup::new(&plan).run(&mut client).await?;
        assert_eq!(report.head().seq, i64::try_from(files)?);
        let (trips, messages, answered) = relay.counted();
        assert_eq!((trips, messages), (1, 1), "{files} files");
        let report = Release::new(&plan).run(&mut client).await?;
        assert_eq!(report.applied(), []);
        assert_eq!(relay.counted().0, 1, "{files} files, release");
        sizes.push(answered);
    }
    // The numbers in the row have one digit or two, and one start in sixteen reads the lines, and says more of them.
    assert!(sizes[1].abs_diff(sizes[0]) <= 300, "{sizes:?} bytes");
    Ok(())
}

/// What is pending for operators, and what newer binaries have added, costs no extra round trip.
#[tokio::test]
async fn what_is_pending_for_others_and_what_newer_binaries_added_is_seen_in_the_same_trip()
-> Outcome {
    let newer = Folder::shop()
        .with(
            "005_next.sql",
            "CREATE TABLE shop.next (id bigint PRIMARY KEY);",
        )
        .plan()?;
    let database = database().await?;
    let relay = Relay::before(&database).await?;
    let (mut client, mut direct) = (relay.connect().await?, database.connect().await?);
    start(&SHOP, &mut client).await?;
    relay.counted();
    let report = start(&SHOP, &mut client).await?;
    assert_eq!(relay.counted().0, 1);
    assert_eq!(report.pending_release().len(), 1);
    assert_eq!(report.pending_data().len(), 1);
    let refused = Startup::new(&SHOP).run(&mut client).await;
    assert!(matches!(refused, Err(onward::Error::PendingRelease { .. })));
    assert_eq!(relay.counted().0, 1);

    start(&newer, &mut direct).await?;
    release(&newer, &mut direct).await?;
    let report = Startup::new(&SHOP).run(&mut client).await?;
    assert_eq!(relay.counted().0, 1);
    assert_eq!(report.pending_release(), []);
    assert_eq!(report.head().seq, 8);
    Ok(())
}

#[tokio::test]
async fn many_pending_migrations_cost_few_round_trips() -> Outcome {
    const FILES: usize = 80;
    let plan = long(FILES)?;
    let database = database().await?;
    let relay = Relay::before(&database).await?;
    // Of a new module more and more share a message: up to eight, when they need not wait for each other.
    for (depth, most, sent) in [(1, FILES + 3, FILES + 2), (16, FILES / 16 + 3, 17)] {
        let mut client = relay.connect().await?;
        client
            .batch_execute("DROP SCHEMA IF EXISTS shop CASCADE")
            .await?;
        relay.counted();
        let startup = Startup::new(&plan).pipeline(depth);
        assert_eq!(startup.run(&mut client).await?.applied().len(), FILES);
        let (trips, messages, _) = relay.counted();
        assert!(trips <= most, "{trips} trips with {depth} in flight");
        assert_eq!(messages, sent);
        is_sound(&client).await?;
    }
    Ok(())
}

/// Taking the lock of the session, and releasing it, included.
#[tokio::test]
async fn a_run_with_a_connection_of_its_own_costs_no_more() -> Outcome {
    for files in [1, 2, 40] {
        let plan = long(files)?;
        let database = database().await?;
        let relay = Relay::before(&database).await?;
        let connector = Connector::new(relay.config(), NoTls);
        let report = Startup::new(&plan).run_with(&connector).await?;
        assert_eq!(report.applied().len(), files);
        // The first message on a new connection is part of connecting.
        let trips = relay.counted().0 - 1;
        assert!(trips <= files + 3, "{trips} trips for {files} files");
        Startup::new(&plan).run_with(&connector).await?;
        assert_eq!(relay.counted().0 - 1, 1, "{files} files, up to date");
    }
    Ok(())
}

/// The fiftieth of ninety fails: what is sent behind it does nothing.
#[tokio::test]
async fn nothing_behind_a_failed_migration_runs() -> Outcome {
    let mut folder = Folder::empty("shop");
    for file in 1..=90 {
        let text = match file {
            50 => {
                "CREATE TABLE shop.t1 (id bigint PRIMARY KEY);\nCREATE VIEW shop.v AS SELECT nope;"
                    .to_owned()
            }
            _ => format!("CREATE TABLE shop.t{file} (id bigint PRIMARY KEY);"),
        };
        let text = text.replace("CREATE TABLE shop.t1 (id bigint PRIMARY KEY);\n", "\n");
        folder = folder.with(&format!("{file:03}_t.sql"), &text);
    }
    let plan = folder.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let error = start(&plan, &mut client)
        .await
        .err()
        .ok_or("it did not fail")?;
    assert_eq!(error.progress().applied.len(), 49);
    let onward::Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!((failed.name, failed.location.line), ("050_t.sql", 2));
    assert_eq!((&*failed.sqlstate, failed.tries), ("42703", 1));
    assert!(failed.statement.contains("SELECT nope"), "{error}");
    let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'shop'::regnamespace
        AND relname ~ '^t[0-9]+$'";
    assert_eq!(row(&client, tables).await?, "49");
    is_sound(&client).await
}

/// A constraint that is checked at COMMIT ends the transaction, and the next message finds a session
/// without one.
#[tokio::test]
async fn nothing_behind_a_migration_that_fails_at_its_commit_runs() -> Outcome {
    let folder = Folder::empty("shop")
        .with("001_a.sql", "CREATE TABLE shop.a (id bigint PRIMARY KEY);")
        .with(
            "002_b.sql",
            "-- it makes the commit fail\n\
             DO $$ BEGIN EXECUTE 'CREATE FUNCTION shop.fail() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN
               IF (SELECT count(*) FROM shop.schema_migration_log) > 1 THEN RAISE EXCEPTION ''''at commit''''; END IF;
               RETURN NULL; END''';
             EXECUTE 'CREATE CONSTRAINT TRIGGER late AFTER INSERT ON shop.schema_migration_log
               DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shop.fail()'; END $$;",
        )
        .with("003_c.sql", "CREATE TABLE shop.c (id bigint PRIMARY KEY);")
        .with("004_d.sql", "CREATE TABLE shop.d (id bigint PRIMARY KEY);");
    let plan = folder.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let error = start(&plan, &mut client)
        .await
        .err()
        .ok_or("it did not fail")?;
    assert_eq!(error.progress().applied.len(), 1, "{error}");
    assert!(error.to_string().contains("002_b.sql"), "{error}");
    let found = "SELECT to_regclass('shop.c') IS NULL AND to_regclass('shop.d') IS NULL";
    assert_eq!(row(&client, found).await?, "t");
    is_sound(&client).await
}

/// The question that a message asks: is the last line the one that was read, or, behind others, the
/// run's own? The function in the ledger asks it, and so does the block where there is no function.
#[tokio::test]
async fn a_message_behind_others_asks_for_its_own_runs_line() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let line = |seq: u32, column: &str| {
        format!("SELECT {column} FROM shop.schema_migration_log WHERE seq = {seq}")
    };
    let own = row(&client, &line(6, "run")).await?;
    let chain = "'".to_owned() + &row(&client, &line(6, "encode(chain, 'hex')")).await? + "'";
    let before = "'".to_owned() + &row(&client, &line(5, "encode(chain, 'hex')")).await? + "'";
    for (seq, chain, run, passes) in [
        ("6", &*chain, "another", true),
        ("6", &before, &own, false),
        ("6", "NULL", &own, true),
        ("6", "NULL", "another", false),
        ("5", "NULL", &own, false),
        ("5", &before, &own, false),
        ("7", "NULL", &own, false),
    ] {
        let claim = include_str!("../../../../runtime/src/sql/claim.sql")
            .replace("{{schema}}", "shop")
            .replace("{{seq}}", &format!("'{seq}'"))
            .replace("{{chain}}", chain)
            .replace("{{run}}", &format!("'{run}'"));
        let block = format!("DO $$ BEGIN {claim} END $$");
        let call = format!(
            "SELECT shop.schema_migration_claim(1, 2, 'shop', {seq}, {chain}, '{run}', NULL, NULL)"
        );
        for claim in [block, call] {
            let claimed = client.batch_execute(&format!("BEGIN; {claim}")).await;
            client.batch_execute("ROLLBACK").await?;
            let code = claimed.err().and_then(|error| error.code().cloned());
            let expected = (!passes).then_some("ONW02");
            assert_eq!(
                code.as_ref().map(tokio_postgres::error::SqlState::code),
                expected,
                "{claim}"
            );
        }
    }
    Ok(())
}

/// The events of a listener show, in order, what happens.
#[tokio::test]
async fn nothing_is_sent_behind_what_cannot_run_in_a_transaction() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = Arc::clone(&heard);
    let startup = Startup::new(&SHOP)
        .pending_release(PendingRelease::Report)
        .listener(move |event| {
            let line = match event {
                Event::Started { version, .. } => format!("started {version}"),
                Event::Applied(applied) => format!("applied {}", applied.version),
                _ => return,
            };
            ears.lock().expect("no thread panics").push(line);
        });
    startup.run(&mut client).await?;
    let heard = heard.lock().expect("no thread panics").clone();
    assert_eq!(
        heard,
        [
            "started 001",
            "started 002",
            "applied 001",
            "applied 002",
            "started 003",
            "applied 003",
            "started 004",
            "started S001",
            "applied 004",
            "applied S001",
        ]
    );
    Ok(())
}
