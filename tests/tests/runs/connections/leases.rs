//! Runs with connections of their own: which one leads, for how long, and what follows.

use std::sync::mpsc;
use std::time::Duration;

use onward::{Connector, Error, Event, PendingRelease, Plan, Report, Startup};
use onward_pg::{Database, database};
use onward_tests::proxy::{At, Effect, Fault, Place, Proxy, Side};
use tokio::task::JoinSet;
use tokio_postgres::NoTls;

use crate::support::folder::Folder;
use crate::support::starters::was_done_once;
use crate::support::witness::{events, is_sound, pid, read_products, row, until};
use crate::waiting::cancelled::for_polls;
use crate::{Outcome, SHOP, applied, connector, release, start};

/// A start that only reports pending release migrations, and the events about its connection.
pub(crate) async fn start_with(
    plan: &Plan,
    connector: &Connector,
) -> Result<(Report, bool), Error> {
    let (sender, heard) = mpsc::channel();
    let startup = Startup::new(plan)
        .pending_release(PendingRelease::Report)
        .listener(move |event| {
            if let Event::Connected { pooled } = event {
                sender.send(*pooled).ok();
            }
        });
    let report = startup.run_with(connector).await?;
    Ok((report, heard.try_recv().unwrap_or_default()))
}

const LEADER: &str = "FROM pg_stat_activity WHERE application_name LIKE 'onward/shop/%'
    AND datname = current_database()";
const LOCKS: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// A run in a thread of its own, which reports when it leads, and then waits to be thawed.
struct Frozen {
    leading: mpsc::Receiver<()>,
    thaw: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<Result<Report, Error>>,
}

/// A run that stops once it leads, as a frozen process does.
fn frozen_leader(database: &Database, lease: Duration) -> Result<Frozen, tokio_postgres::Error> {
    let connector = connector(database)?.lease(lease);
    let (leads, leading) = mpsc::channel();
    let (thaw, thawed) = mpsc::channel::<()>();
    let thawed = std::sync::Mutex::new(thawed);
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime can be created");
        let startup = Startup::new(&SHOP)
            .pending_release(PendingRelease::Report)
            .listener(move |event| {
                // Only the first time; after it has connected again it goes on.
                if *event == Event::Leading && leads.send(()).is_ok() {
                    // Blocks its whole runtime.
                    let thawed = thawed.lock().expect("no thread panics");
                    thawed.recv_timeout(Duration::from_secs(60)).ok();
                }
            });
        runtime.block_on(startup.run_with(&connector))
    });
    Ok(Frozen {
        leading,
        thaw,
        thread,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_leader_loses_its_lease_and_finds_out() -> Outcome {
    let database = database().await?;
    let watcher = database.connect().await?;
    let Frozen {
        leading,
        thaw,
        thread: frozen,
    } = frozen_leader(&database, Duration::from_secs(3))?;
    tokio::task::spawn_blocking(move || leading.recv_timeout(Duration::from_secs(60))).await??;
    assert_eq!(row(&watcher, LOCKS).await?, "2");
    // Another run waits until the server has ended the frozen session, and does the work.
    let (report, _) = start_with(&SHOP, &connector(&database)?).await?;
    assert_eq!(report.applied().len(), 5);
    assert!(!report.waited().is_zero());
    thaw.send(())?;
    let frozen = tokio::task::spawn_blocking(move || frozen.join()).await?;
    let frozen = frozen.map_err(|_| "it panicked")??;
    // Its session is gone; it connects again, and finds nothing to do.
    assert_eq!(frozen.applied(), []);
    is_sound(&watcher).await
}

#[tokio::test]
async fn a_leader_keeps_other_runs_out_and_releases_the_lock() -> Outcome {
    let database = database().await?;
    let (watcher, reader) = tokio::try_join!(database.connect(), database.connect())?;
    release(&SHOP, &mut database.connect().await?).await?;
    let plan = Folder::shop()
        .with(
            "005_busy.sql",
            "ALTER TABLE shop.products ADD COLUMN weight integer;",
        )
        .plan()?;
    read_products(&reader).await?;
    let leader = connector(&database)?;
    let leading = tokio::spawn(async move { start_with(&plan, &leader).await });
    until(&watcher, &format!("SELECT ({LOCKS}) = 2")).await?;
    // Neither another process nor a run without a session of its own gets the lock.
    let plain = "SELECT pg_try_advisory_lock(hashtext('shop'))";
    for _ in 0..20 {
        assert_eq!(row(&watcher, plain).await?, "f");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    reader.batch_execute("ROLLBACK").await?;
    let (report, _) = leading.await??;
    assert_eq!(applied(&report), ["005_busy.sql"]);
    assert_eq!(row(&watcher, LOCKS).await?, "0");
    assert_eq!(row(&watcher, plain).await?, "t");
    watcher
        .batch_execute("SELECT pg_advisory_unlock_all()")
        .await?;
    is_sound(&watcher).await
}

#[tokio::test]
async fn the_lock_of_a_session_is_free_after_a_cancellation_a_panic_and_an_error() -> Outcome {
    let database = database().await?;
    let watcher = database.connect().await?;
    let free = format!("SELECT ({LOCKS}) = 0");
    release(&SHOP, &mut database.connect().await?).await?;
    let plan = Folder::shop()
        .with(
            "005_busy.sql",
            "ALTER TABLE shop.products ADD COLUMN weight integer;",
        )
        .with("006_broken.sql", "CREATE VIEW shop.v AS SELECT nope;")
        .plan()?;
    let reader = database.connect().await?;
    read_products(&reader).await?;
    let run = connector(&database)?;
    let running = tokio::spawn(async move { start_with(&plan, &run).await });
    until(&watcher, &format!("SELECT ({LOCKS}) = 2")).await?;
    running.abort();
    until(&watcher, &free).await?;
    reader.batch_execute("ROLLBACK").await?;

    let run = connector(&database)?;
    let panics =
        Startup::new(&plan).listener(|event| assert!(*event != Event::Leading, "on purpose"));
    let panicked = tokio::spawn(async move { panics.run_with(&run).await }).await;
    assert!(panicked.is_err_and(|error| error.is_panic()));
    until(&watcher, &free).await?;

    let error = start_with(&plan, &connector(&database)?).await.err();
    assert!(matches!(error, Some(Error::Failed { .. })));
    assert_eq!(row(&watcher, LOCKS).await?, "0");
    is_sound(&watcher).await
}

/// However many runs there are, none waits inside of a statement, and one of them does the work.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_waiting_runs_hold_nothing() -> Outcome {
    const RUNS: usize = 50;
    let database = database().await?;
    let (holder, watcher) = tokio::try_join!(database.connect(), database.connect())?;
    holder
        .batch_execute("SELECT pg_advisory_lock(hashtext('shop'))")
        .await?;
    let mut runs = JoinSet::new();
    for _ in 0..RUNS {
        let run = connector(&database)?.total_connect_timeout(Duration::from_secs(60));
        runs.spawn(async move { start_with(&SHOP, &run).await.map(|(report, _)| report) });
    }
    until(&watcher, &format!("SELECT count(*) = {RUNS} {LEADER}")).await?;
    for _ in 0..50 {
        let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        assert_eq!(row(&watcher, waits).await?, "0");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    holder
        .batch_execute("SELECT pg_advisory_unlock_all()")
        .await?;
    let reports = runs.join_all().await;
    let reports = reports.into_iter().collect::<Result<Vec<_>, _>>()?;
    assert_eq!(reports.len(), RUNS);
    was_done_once(&database, &reports).await
}

/// The run is dropped after so many polls, for every number of polls.
#[tokio::test]
async fn the_lock_of_a_session_is_free_wherever_a_run_is_dropped() -> Outcome {
    let database = database().await?;
    let watcher = database.connect().await?;
    let run = connector(&database)?;
    for polls in 1.. {
        let startup = Startup::new(&SHOP).pending_release(PendingRelease::Report);
        let ended = for_polls(polls, Box::pin(startup.run_with(&run))).await;
        until(&watcher, &format!("SELECT ({LOCKS}) = 0")).await?;
        if let Some(report) = ended {
            report?;
            break;
        }
    }
    start(&SHOP, &mut database.connect().await?).await?;
    is_sound(&watcher).await
}

/// An index build that takes longer than a start may take is not started again by every start.
#[tokio::test]
async fn a_build_outlives_the_run_that_began_it() -> Outcome {
    let database = database().await?;
    let (watcher, reader) = tokio::try_join!(database.connect(), database.connect())?;
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        .await?;
    let run = connector(&database)?;
    let process = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime can be created");
        let startup = Startup::new(&SHOP).budget(Duration::from_secs(4));
        // Dropping the runtime closes its sockets, as the end of a process does.
        runtime.block_on(startup.run_with(&run)).err()
    });
    let error = tokio::task::spawn_blocking(move || process.join()).await?;
    let error = error.map_err(|_| "it panicked")?;
    assert!(matches!(error, Some(Error::OutOfTime { .. })), "{error:?}");
    // Longer than the server needs to notice that a client is gone.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let builds = format!("SELECT wait_event = 'virtualxid' {LEADER}");
    assert_eq!(row(&watcher, &builds).await?, "t");
    reader.batch_execute("ROLLBACK").await?;
    let (report, _) = start_with(&SHOP, &connector(&database)?).await?;
    assert_eq!(report.applied().len(), 3);
    assert_eq!(
        events(&watcher).await?[2..4],
        ["started 003 1", "applied 003 1"]
    );
    is_sound(&watcher).await
}

/// The session ends while the transaction runs, and while the client waits for the receipt.
#[tokio::test]
async fn a_run_whose_session_ends_connects_again_and_reports_what_it_did() -> Outcome {
    let database = database().await?;
    let (watcher, reader) = tokio::try_join!(database.connect(), database.connect())?;
    start(&SHOP, &mut database.connect().await?).await?;
    let plan = Folder::shop()
        .with(
            "005_busy.sql",
            "ALTER TABLE shop.products ADD COLUMN weight integer;",
        )
        .plan()?;
    read_products(&reader).await?;
    let run = connector(&database)?;
    let running = tokio::spawn(async move { start_with(&plan, &run).await });
    let mut before = String::new();
    for _ in 0..3 {
        // The earlier session may still be listed for a moment.
        let next = format!("{LEADER} AND pid::text <> '{before}'");
        until(&watcher, &format!("SELECT count(*) = 1 {next}")).await?;
        before = row(&watcher, &format!("SELECT pid {next}")).await?;
        watcher
            .batch_execute(&format!("SELECT pg_terminate_backend({before})"))
            .await?;
    }
    reader.batch_execute("ROLLBACK").await?;
    let (report, _) = running.await??;
    assert_eq!(applied(&report), ["005_busy.sql"]);
    is_sound(&watcher).await
}

#[tokio::test]
async fn a_server_that_does_not_exist_is_an_error_in_time() -> Outcome {
    let config = "postgres://clerk@127.0.0.1:1/none".parse()?;
    let connector = Connector::new(config, NoTls).total_connect_timeout(Duration::from_millis(300));
    let error = Startup::new(&SHOP)
        .run_with(&connector)
        .await
        .err()
        .ok_or("it ran")?;
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    assert!(std::error::Error::source(&error).is_some());
    let database = database().await?;
    let wrong = database.url().replace(database.name(), "no_such_database");
    let connector = Connector::new(wrong.parse()?, NoTls);
    let error = Startup::new(&SHOP).run_with(&connector).await.err();
    assert_eq!(error.as_ref().and_then(Error::sqlstate), Some("3D000"));
    Ok(())
}

/// The server accepts the connection, or answers once, and then never sends anything again.
#[tokio::test]
async fn a_server_that_falls_silent_while_it_is_connected_to_is_an_error_in_time() -> Outcome {
    let database = database().await?;
    let port = database.url().parse::<tokio_postgres::Config>()?;
    let port = *port.get_ports().first().ok_or("a URL without a port")?;
    // The first message of a client opens the session, the second is the run's first question.
    for message in [1, 2] {
        let proxy = Proxy::start(port).await?;
        let at = At {
            side: Side::Client,
            message,
            place: Place::Before,
        };
        let effect = Effect::Blackhole;
        for (timeout, budget) in [("?connect_timeout=1", 60), ("", 1)] {
            proxy.arm(Fault { at, effect });
            let url = proxy.url(database.name()) + timeout;
            let connector =
                Connector::new(url.parse()?, NoTls).total_connect_timeout(Duration::ZERO);
            let startup = Startup::new(&SHOP).budget(Duration::from_secs(budget));
            let error = startup.run_with(&connector).await.err().ok_or("it ran")?;
            assert!(matches!(error, Error::Unreachable { .. }), "{error}");
            let source = std::error::Error::source(&error).map(ToString::to_string);
            assert_eq!(source.as_deref(), Some("the server does not answer"));
            assert!(proxy.has_struck());
        }
    }
    Ok(())
}

/// A run tries the lock and releases it; it never waits for the lock inside of a statement.
#[tokio::test]
async fn a_run_that_waits_to_lead_holds_no_snapshot() -> Outcome {
    let database = database().await?;
    let (holder, watcher) = tokio::try_join!(database.connect(), database.connect())?;
    release(&SHOP, &mut database.connect().await?).await?;
    let plan = Folder::shop()
        .with(
            "005_next.sql",
            "CREATE TABLE shop.next (id bigint PRIMARY KEY);",
        )
        .plan()?;
    holder
        .batch_execute("SELECT pg_advisory_lock(hashtext('shop'))")
        .await?;
    let run = connector(&database)?;
    let waiting = tokio::spawn(async move { start_with(&plan, &run).await });
    until(&watcher, &format!("SELECT count(query_start) = 1 {LEADER}")).await?;
    for _ in 0..4 {
        let before = row(&watcher, &format!("SELECT query_start::text {LEADER}")).await?;
        let idle = format!(
            "SELECT query_start > '{before}' AND state = 'idle' AND backend_xmin IS NULL {LEADER}"
        );
        until(&watcher, &idle).await?;
    }
    // Between two tries the run holds neither of the two keys.
    until(&watcher, &format!("SELECT ({LOCKS}) = 1")).await?;
    assert_ne!(pid(&holder).await?, 0);
    holder
        .batch_execute("SELECT pg_advisory_unlock_all()")
        .await?;
    let (report, _) = waiting.await??;
    assert_eq!(applied(&report), ["005_next.sql"]);
    assert_eq!(events(&watcher).await?.len(), 8);
    is_sound(&watcher).await
}
