//! Locks of other sessions: observed before a run queues, probed, and named in errors.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use onward::{BlockerKind, Error, Event, PendingRelease, Plan, Startup};
use onward_pg::{Binaries, Cluster, Settings, database};

use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{is_sound, pid, read_products, row, until, until_it_queues};
use crate::{Outcome, SHOP, applied, start};

fn shop_with(sql: &str) -> Result<Plan, onward_cli::FolderError> {
    Folder::shop().with("005_busy.sql", sql).plan()
}

const ALTER: &str = "ALTER TABLE shop.products ADD COLUMN weight integer;";

type Heard = Arc<Mutex<Vec<Event>>>;

fn listening(plan: &Plan) -> (Startup, Heard) {
    let heard = Heard::default();
    let ears = Arc::clone(&heard);
    let startup = Startup::new(plan)
        .pending_release(PendingRelease::Report)
        .listener(move |event| ears.lock().expect("no thread panics").push(event.clone()));
    (startup, heard)
}

fn holders(heard: &Heard) -> Vec<onward::Blocker> {
    let heard = heard.lock().expect("no thread panics");
    let of = |event: &Event| match event {
        Event::Waiting { blockers, .. } => blockers.clone(),
        _ => Vec::new(),
    };
    heard.iter().flat_map(of).collect()
}

/// Before a command takes its locks, an event trigger records how long it may queue: in a sequence, which
/// no rollback resets.
async fn note_lock_timeouts(client: &Client) -> Result<(), tokio_postgres::Error> {
    client
        .batch_execute(
            "CREATE SEQUENCE public.noted;
             CREATE FUNCTION public.note() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
               PERFORM setval('public.noted', setting::int8) FROM pg_settings WHERE name = 'lock_timeout';
             END $$;
             CREATE EVENT TRIGGER note ON ddl_command_start EXECUTE FUNCTION public.note()",
        )
        .await
}

const NOTED: &str = "SELECT last_value FROM public.noted";

/// The server records the lock timeout of each attempt, as set in the waiting session.
#[tokio::test]
async fn a_start_only_probes_while_another_session_uses_the_table() -> Outcome {
    let plan = shop_with(ALTER)?;
    let database = database().await?;
    let (mut client, reader, watcher) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    reader
        .batch_execute("SET application_name = 'a long report'")
        .await?;
    note_lock_timeouts(&watcher).await?;
    read_products(&reader).await?;
    let blocking = pid(&reader).await?;
    let (startup, heard) = listening(&plan);
    let starting = tokio::spawn(async move { startup.run(&mut client).await });
    // It only observes, without a transaction in between: later sessions are not blocked.
    let refusals = |heard: &Heard| {
        let heard = heard.lock().expect("no thread panics");
        heard
            .iter()
            .filter(|event| matches!(event, Event::Refused { .. }))
            .count()
    };
    while holders(&heard).is_empty() {
        watcher.batch_execute("SELECT FROM shop.products").await?;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    for _ in 0..20 {
        watcher.batch_execute("SELECT FROM shop.products").await?;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(refusals(&heard), 1, "it knocked once, and now looks");
    assert_eq!(row(&watcher, NOTED).await?, "20");
    let holder = holders(&heard).remove(0);
    assert_eq!(
        (holder.pid, &*holder.application_name, holder.kind),
        (blocking, "a long report", BlockerKind::Session)
    );
    assert_eq!(holder.relation.as_deref(), Some("shop.products"));
    assert_eq!(holder.state.as_deref(), Some("idle in transaction"));
    assert!(holder.query_age.is_some() && holder.transaction_age.is_some());
    reader.batch_execute("ROLLBACK").await?;
    assert_eq!(applied(&starting.await??), ["005_busy.sql"]);
    assert_eq!(refusals(&heard), 1);
    assert_eq!(row(&watcher, NOTED).await?, "300");
    is_sound(&watcher).await
}

/// A session that queues for ACCESS EXCLUSIVE blocks every later session.
#[tokio::test]
async fn a_start_queues_longer_than_deadlock_timeout_once_it_has_observed_for_long_enough()
-> Outcome {
    let plan = shop_with(ALTER)?;
    let database = database().await?;
    let (mut client, reader, watcher) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    note_lock_timeouts(&watcher).await?;
    client.batch_execute("SET deadlock_timeout = '4s'").await?;
    read_products(&reader).await?;
    let starter = pid(&client).await?;
    let startup = Startup::new(&plan)
        .pending_release(PendingRelease::Report)
        .observe_locks_for(Duration::ZERO);
    let starting = tokio::spawn(async move { startup.run(&mut client).await });
    until_it_queues(&watcher, starter, "relation").await?;
    reader.batch_execute("ROLLBACK").await?;
    starting.await??;
    assert_eq!(row(&watcher, NOTED).await?, "4200");
    is_sound(&watcher).await
}

#[tokio::test]
async fn a_start_that_never_gets_its_lock_fails_and_names_the_blocking_session() -> Outcome {
    let plan = shop_with(ALTER)?;
    let database = database().await?;
    let (mut client, reader) = tokio::try_join!(database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    reader
        .batch_execute("SET application_name = 'a long report'")
        .await?;
    read_products(&reader).await?;
    let startup = Startup::new(&plan)
        .pending_release(PendingRelease::Report)
        .observe_locks_for(Duration::from_millis(300))
        .lock_timeout(Duration::from_millis(100))
        .lock_retry_limit(Duration::from_secs(4));
    let error = startup.run(&mut client).await.err().ok_or("it ran")?;
    let Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(&*failed.sqlstate, "55P03");
    assert!(failed.tries > 2, "{error}");
    assert_eq!(failed.blockers.len(), 1, "{error}");
    assert_eq!(failed.blockers[0].pid, pid(&reader).await?);
    for word in ["a long report", "idle in transaction", "shop.products"] {
        assert!(error.to_string().contains(word), "{error}");
    }
    reader.batch_execute("ROLLBACK").await?;
    is_sound(&client).await?;
    assert_eq!(start(&plan, &mut client).await?.applied().len(), 1);
    is_sound(&client).await
}

/// Each session that holds one table wants the other one next, in the order that is not the migration's. The
/// server ends the session that has waited for longest, which is the migration's.
#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_meets_deadlocks_takes_its_locks_in_another_order() -> Outcome {
    let before = Folder::empty("shop").with(
        "001_t.sql",
        "CREATE TABLE shop.t (id int); CREATE TABLE shop.u (id int);",
    );
    let plan = before.with(
        "002_both.sql",
        "ALTER TABLE shop.t ADD COLUMN b int; ALTER TABLE shop.u ADD COLUMN b int;",
    );
    let before = Folder::empty("shop").with(
        "001_t.sql",
        "CREATE TABLE shop.t (id int); CREATE TABLE shop.u (id int);",
    );
    let (before, plan) = (before.plan()?, plan.plan()?);
    let database = database().await?;
    let (mut client, watcher) = tokio::try_join!(database.connect(), database.connect())?;
    start(&before, &mut client).await?;
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let worker = database.connect().await?;
        workers.spawn(async move {
            loop {
                let work = "BEGIN; LOCK shop.u IN ROW EXCLUSIVE MODE; SELECT pg_sleep(0.3);
                    LOCK shop.t IN ROW EXCLUSIVE MODE; SELECT pg_sleep(0.02); COMMIT";
                if worker.batch_execute(work).await.is_err() {
                    worker.batch_execute("ROLLBACK").await.ok();
                }
            }
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (startup, heard) = listening(&plan);
    let startup = startup
        .observe_locks_for(Duration::from_millis(500))
        .budget(Duration::from_secs(30));
    let report = startup.run(&mut client).await?;
    assert_eq!(applied(&report), ["002_both.sql"]);
    assert!(report.waited() < Duration::from_secs(20), "{report}");
    let met = heard
        .lock()
        .expect("no thread panics")
        .iter()
        .any(|event| matches!(event, Event::Refused { sqlstate, .. } if sqlstate == "40P01"));
    assert!(met, "there was no deadlock");
    workers.shutdown().await;
    until(
        &watcher,
        "SELECT count(*) = 0 FROM pg_locks WHERE relation = 'shop.u'::regclass",
    )
    .await?;
    is_sound(&watcher).await
}

const PARTITIONED: [&str; 2] = [
    "CREATE TABLE shop.orders (id bigint PRIMARY KEY) PARTITION BY RANGE (id);",
    "CREATE TABLE shop.half PARTITION OF shop.orders FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (id);
     CREATE TABLE shop.\"Orders 1.2\" PARTITION OF shop.half FOR VALUES FROM (0) TO (50)",
];
const INHERITED: [&str; 2] = [
    "CREATE TABLE shop.orders (id bigint PRIMARY KEY);",
    "CREATE TABLE shop.\"Orders 1.2\" () INHERITS (shop.orders)",
];

/// The table `orders`, which gets a child that the plan does not know, and a change of it in a later plan.
fn orders_plans(orders: &str) -> Result<(Plan, Plan), onward_cli::FolderError> {
    let folder = Folder::shop().with("005_orders.sql", orders);
    let before = folder.plan()?;
    let change = "ALTER TABLE shop.orders ADD COLUMN weight integer;";
    Ok((before, folder.with("006_busy.sql", change).plan()?))
}

/// The server locks the partitions with their parent, so the run observes these too.
#[tokio::test]
async fn a_reader_of_a_partition_is_seen_before_anything_queues_for_its_parent() -> Outcome {
    for [orders, child] in [PARTITIONED, INHERITED] {
        let (before, plan) = orders_plans(orders)?;
        let database = database().await?;
        let (mut client, reader, watcher) =
            tokio::try_join!(database.connect(), database.connect(), database.connect())?;
        start(&before, &mut client).await?;
        watcher.batch_execute(child).await?;
        note_lock_timeouts(&watcher).await?;
        let read = "SELECT FROM shop.\"Orders 1.2\"";
        reader.batch_execute(&format!("BEGIN; {read}")).await?;
        let (startup, heard) = listening(&plan);
        let starting = tokio::spawn(async move { startup.run(&mut client).await });
        while holders(&heard).is_empty() {
            watcher.batch_execute(read).await?;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(row(&watcher, NOTED).await?, "20", "{orders}");
        let blocker = holders(&heard).remove(0);
        assert_eq!(
            (blocker.pid, blocker.relation.as_deref()),
            (pid(&reader).await?, Some("shop.\"Orders 1.2\""))
        );
        reader.batch_execute("ROLLBACK").await?;
        assert_eq!(applied(&starting.await??), ["006_busy.sql"]);
        is_sound(&watcher).await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_error_names_the_reader_of_a_partition() -> Outcome {
    let [orders, child] = PARTITIONED;
    let (before, plan) = orders_plans(orders)?;
    let database = database().await?;
    let (mut client, reader) = tokio::try_join!(database.connect(), database.connect())?;
    start(&before, &mut client).await?;
    client.batch_execute(child).await?;
    reader
        .batch_execute("BEGIN; SELECT FROM shop.\"Orders 1.2\"")
        .await?;
    let startup = Startup::new(&plan)
        .pending_release(PendingRelease::Report)
        .lock_retry_limit(Duration::from_millis(500));
    let error = startup.run(&mut client).await.err().ok_or("it ran")?;
    let Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(failed.blockers.len(), 1, "{error}");
    assert_eq!(failed.blockers[0].pid, pid(&reader).await?);
    assert!(error.to_string().contains("shop.\"Orders 1.2\""), "{error}");
    reader.batch_execute("ROLLBACK").await?;
    is_sound(&client).await
}

/// The plan has the mode as well: SHARE UPDATE EXCLUSIVE does not wait for a reader.
#[tokio::test]
async fn a_lock_that_does_not_conflict_is_not_in_the_way() -> Outcome {
    let plan = shop_with("COMMENT ON TABLE shop.products IS 'what we sell';")?;
    let database = database().await?;
    let (mut client, reader) = tokio::try_join!(database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    note_lock_timeouts(&client).await?;
    read_products(&reader).await?;
    let report = start(&plan, &mut client).await?;
    assert_eq!(applied(&report), ["005_busy.sql"]);
    assert_eq!(row(&client, NOTED).await?, "300");
    reader.batch_execute("ROLLBACK").await?;
    is_sound(&client).await
}

/// SQL that a block builds as text is not in the plan, so its locks cannot be observed: after two tries
/// the run only probes.
#[tokio::test]
async fn what_cannot_be_observed_is_only_probed() -> Outcome {
    let plan = shop_with(
        "DO $$ BEGIN EXECUTE format('ALTER TABLE shop.%I ADD COLUMN weight integer', 'products'); END $$;",
    )?;
    let database = database().await?;
    let (mut client, reader, watcher) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    note_lock_timeouts(&watcher).await?;
    read_products(&reader).await?;
    let starting = tokio::spawn(async move { start(&plan, &mut client).await });
    for expected in ["300", "20"] {
        until(
            &watcher,
            &format!("SELECT last_value = {expected} FROM public.noted"),
        )
        .await?;
    }
    reader.batch_execute("ROLLBACK").await?;
    let report = starting.await??;
    assert_eq!(applied(&report), ["005_busy.sql"]);
    is_sound(&watcher).await
}

/// Another session reads the table for the whole run, and the pending migration does not conflict.
#[tokio::test]
async fn what_does_not_conflict_is_not_held_up() -> Outcome {
    let plan = shop_with("CREATE VIEW shop.prices AS SELECT price FROM shop.products;")?;
    let database = database().await?;
    let (mut client, reader) = tokio::try_join!(database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    read_products(&reader).await?;
    let (startup, heard) = listening(&plan);
    let report = startup.run(&mut client).await?;
    assert_eq!(applied(&report), ["005_busy.sql"]);
    assert!(report.waited().is_zero() && holders(&heard).is_empty());
    reader.batch_execute("ROLLBACK").await?;
    is_sound(&client).await
}

/// The server cancels it only for a session that has waited for `deadlock_timeout`.
#[tokio::test]
async fn an_autovacuum_gives_way() -> Outcome {
    let plan = shop_with(ALTER)?;
    // A server of its own, because the shared one checks only once a minute what to vacuum.
    let settings = Settings::fast().with("autovacuum_naptime", "1");
    let cluster = Cluster::start(&Binaries::find().await?, settings).await?;
    let database = cluster.database().await?;
    let (mut client, watcher) = tokio::try_join!(database.connect(), database.connect())?;
    start(&SHOP, &mut client).await?;
    // So slow that it is still running at the end of the test.
    watcher
        .batch_execute(
            "ALTER TABLE shop.products SET (autovacuum_enabled = true, autovacuum_vacuum_threshold = 1,
               autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_delay = 100,
               autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_insert_threshold = 1);
             INSERT INTO shop.products (name) SELECT repeat('x', 2000) FROM generate_series(1, 5000);
             DELETE FROM shop.products WHERE id % 2 = 0",
        )
        .await?;
    let vacuums = "SELECT count(*) > 0 FROM pg_stat_activity JOIN pg_locks USING (pid)
        WHERE backend_type = 'autovacuum worker' AND relation = 'shop.products'::regclass";
    until(&watcher, vacuums).await?;
    let (startup, heard) = listening(&plan);
    let report = startup.run(&mut client).await?;
    assert_eq!(applied(&report), ["005_busy.sql"]);
    assert!(
        holders(&heard)
            .iter()
            .all(|one| one.kind == BlockerKind::Autovacuum)
    );
    is_sound(&watcher).await
}
