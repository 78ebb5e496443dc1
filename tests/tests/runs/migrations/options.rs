//! Options of the caller, and which roles may write to the ledger.

use std::cell::RefCell;

use onward::{Error, PendingRelease, Release, Startup};
use onward_pg::database;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::folder::Folder;
use crate::support::relay::Relay;
use crate::support::witness::{events, is_sound, row, rows};
use crate::{Outcome, SHOP, applied, release, start};

/// All lines commit in one transaction, and the index is built in it.
#[tokio::test]
async fn an_empty_database_can_be_brought_up_in_one_transaction() -> Outcome {
    let database = database().await?;
    let relay = Relay::before(&database).await?;
    let mut client = relay.connect().await?;
    relay.counted();
    let startup = Startup::new(&SHOP)
        .pending_release(PendingRelease::Report)
        .in_one_transaction();
    let report = startup.clone().run(&mut client).await?;
    // The first look, the ledger, and everything.
    assert_eq!(relay.counted().0, 3);
    assert_eq!(report.applied().len(), 5);
    assert_eq!(
        events(&client).await?,
        [
            "applied 001",
            "applied 002",
            "applied 003",
            "applied 004",
            "seeded S001"
        ]
        .map(|line| format!("{line} 1"))
    );
    let transactions = "SELECT count(DISTINCT xmin::text) FROM shop.schema_migration_log";
    assert_eq!(row(&client, transactions).await?, "1");
    let same =
        "SELECT (SELECT xmin FROM pg_class WHERE oid = 'shop.products_name_idx'::regclass)::text
        = (SELECT min(xmin::text) FROM shop.schema_migration_log)";
    assert_eq!(row(&client, same).await?, "t");
    is_sound(&client).await?;
    // A history of separate transactions has the same lines.
    let other = onward_pg::database().await?;
    start(&SHOP, &mut other.connect().await?).await?;
    let schema = "SELECT string_agg(relname || relkind::text, ',' ORDER BY relname) FROM pg_class
        WHERE relnamespace = 'shop'::regnamespace";
    assert_eq!(
        row(&client, schema).await?,
        row(&other.connect().await?, schema).await?
    );
    assert_eq!(startup.run(&mut client).await?.applied(), []);
    Ok(())
}

#[tokio::test]
async fn one_transaction_that_fails_leaves_nothing_and_names_the_file() -> Outcome {
    let plan = Folder::shop()
        .with(
            "004_stock.sql",
            "CREATE TABLE shop.stock (id bigint PRIMARY KEY);\nCREATE VIEW shop.v AS SELECT nope;",
        )
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let startup = Startup::new(&plan).in_one_transaction();
    let error = startup.run(&mut client).await.err().ok_or("it ran")?;
    let Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!((failed.name, failed.location.line), ("004_stock.sql", 2));
    assert_eq!(error.progress().applied, []);
    assert_eq!(
        row(&client, "SELECT to_regclass('shop.products') IS NULL").await?,
        "t"
    );
    assert_eq!(events(&client).await?, [""; 0]);
    // The head has not moved, and a usual start goes as far as it can.
    let error = start(&plan, &mut client).await.err().ok_or("it ran")?;
    assert_eq!(error.progress().applied.len(), 3);
    is_sound(&client).await
}

#[tokio::test]
async fn a_release_that_is_marked_compatible_lets_older_binaries_start() -> Outcome {
    let newer = Folder::shop()
        .with("101_drop_stock.sql", "DROP TABLE shop.stock;")
        .with("102_drop_categories.sql", "DROP TABLE shop.categories;")
        .plan()?;
    let without = Folder::shop()
        .without("100_drop_products_legacy_code.sql")
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let from = "100".parse()?;
    let run = Release::new(&newer).compatible_from(from);
    assert_eq!(run.run(&mut client).await?.applied().len(), 8);
    let marks = "SELECT version || ' ' || compatible_from FROM shop.schema_migration_log
        WHERE compatible_from IS NOT NULL ORDER BY seq";
    assert_eq!(
        rows(&client, marks).await?,
        ["100 100", "101 100", "102 100"]
    );
    // This binary has 100, and nothing after it.
    assert_eq!(Startup::new(&SHOP).run(&mut client).await?.applied(), []);
    assert_eq!(release(&SHOP, &mut client).await?.applied(), []);
    assert!(onward::status(&client, &[&SHOP]).await?[0].is_current());
    // This binary does not even have 100.
    let refused = start(&without, &mut client).await.err();
    assert!(
        matches!(refused, Some(Error::ReleaseAhead { .. })),
        "{refused:?}"
    );
    is_sound(&client).await
}

/// The application's role gets its rights by default privileges on what the owner creates.
#[tokio::test]
async fn an_application_can_read_the_ledger_and_not_write_to_it() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let clerk = format!("clerk_of_{}", database.name());
    client
        .batch_execute(&format!(
            "CREATE ROLE {clerk}; ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO {clerk};
             ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {clerk}"
        ))
        .await?;
    let done = start(&SHOP, &mut client).await;
    let mut refused = Vec::new();
    let writes = [
        "INSERT INTO shop.schema_migration_log (seq) VALUES (99)",
        "UPDATE shop.schema_migration_log SET who = 'mallory'",
        "DELETE FROM shop.schema_migration_log",
        "TRUNCATE shop.schema_migration_log",
        "UPDATE shop.schema_migration_head SET seq = 1",
        "DELETE FROM shop.schema_migration_head",
        "TRUNCATE shop.schema_migration_head",
        "INSERT INTO shop.schema_migration_head VALUES (false, 1, '')",
    ];
    client.batch_execute(&format!("SET ROLE {clerk}")).await?;
    let may_write_elsewhere = client
        .batch_execute("INSERT INTO shop.products (name) VALUES ('Tea')")
        .await;
    let looked = start(&SHOP, &mut client).await;
    for sql in writes {
        let error = client.batch_execute(sql).await.err();
        refused.push(error.and_then(|error| error.code().map(|code| code.code().to_owned())));
    }
    client.batch_execute("RESET ROLE").await?;
    let closed = onward::verify(&client, &SHOP).await;
    client
        .batch_execute(&format!(
            "GRANT INSERT ON shop.schema_migration_log TO {clerk}"
        ))
        .await?;
    let open = onward::verify(&client, &SHOP).await;
    // The triggers stop even the owner.
    let mut stopped = Vec::new();
    for sql in &writes[1..7] {
        let error = client.batch_execute(sql).await.err();
        stopped.push(error.and_then(|error| error.code().map(|code| code.code().to_owned())));
    }
    client
        .batch_execute(&format!("DROP OWNED BY {clerk}; DROP ROLE {clerk}"))
        .await?;
    done?;
    may_write_elsewhere?;
    assert_eq!(looked?.applied(), []);
    assert_eq!(refused, vec![Some("42501".to_owned()); writes.len()]);
    assert_eq!(closed?.writers(), [""; 0]);
    assert_eq!(open?.writers(), [&*clerk]);
    assert_eq!(stopped, vec![Some("23001".to_owned()); 6]);
    is_sound(&client).await
}

thread_local! {
    static TOLD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Records for each thread every field of every span and event. Set for the whole process: a subscriber
/// of one thread does not see call sites that another thread runs first.
struct Fields;

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let line = format!("{}={value:?}", field.name()).replace('"', "");
        TOLD.with_borrow_mut(|told| told.push(line));
    }
}

impl Subscriber for Fields {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("onward")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Fields);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn spans_have_opentelemetrys_names() -> Outcome {
    let plan = Folder::shop()
        .with("005_broken.sql", "CREATE VIEW shop.v AS SELECT nope;")
        .plan()?;
    let database = database().await?;
    tracing::subscriber::set_global_default(Fields)?;
    let report = start(&SHOP, &mut database.connect().await?).await?;
    start(&SHOP, &mut database.connect().await?).await?;
    assert!(start(&plan, &mut database.connect().await?).await.is_err());
    assert_eq!(applied(&report).len(), 5);
    let told = TOLD.take();
    for expected in [
        "db.system.name=postgresql".to_owned(),
        format!("db.namespace={}|shop", database.name()),
        "db.operation.name=startup".to_owned(),
        "db.operation.name=migrate".to_owned(),
        "db.query.summary=003_products_name_idx.sql".to_owned(),
        "db.response.status_code=42703".to_owned(),
        "error.type=42703".to_owned(),
        "onward.version=S001".to_owned(),
    ] {
        assert!(told.contains(&expected), "no {expected} in {told:#?}");
    }
    Ok(())
}

/// The budget ends in the middle of many files: what was sent is applied, and the next start goes on.
#[tokio::test]
async fn a_budget_that_ends_in_the_middle_is_a_clean_stop() -> Outcome {
    let mut folder = Folder::empty("shop");
    for file in 1..=40 {
        let slow = format!(
            "DO $$ BEGIN PERFORM pg_sleep(0.2); CREATE TABLE shop.t{file} (id bigint PRIMARY KEY); END $$;"
        );
        folder = folder.with(&format!("{file:03}_slow.sql"), &slow);
    }
    let plan = folder.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let startup = Startup::new(&plan).budget(std::time::Duration::from_secs(4));
    let error = startup
        .run(&mut client)
        .await
        .err()
        .ok_or("it was in time")?;
    let done = error.progress().applied.len();
    assert!((1..40).contains(&done), "{error}");
    assert!(error.to_string().contains("_slow.sql"), "{error}");
    let there = "SELECT count(*) FROM shop.schema_migration_log";
    assert_eq!(row(&client, there).await?, done.to_string());
    is_sound(&client).await?;
    assert_eq!(start(&plan, &mut client).await?.applied().len(), 40 - done);
    is_sound(&client).await
}
