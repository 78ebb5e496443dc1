//! Faults behind a real PgBouncer, which has words and SQLSTATEs of its own for them.

use std::time::Duration;

use onward::{Connector, Error, PendingRelease, Startup};
use onward_pg::{Database, PgBouncer, database};
use onward_tests::proxy::{At, Effect, Fault, Place, Proxy, Side};
use tokio_postgres::NoTls;

use crate::support::folder::Folder;
use crate::support::starters::was_done_once;
use crate::support::witness::{is_sound, row, rows, until};
use crate::{Outcome, SHOP, applied, start};

/// A pooler with one session, and a wire to cut between it and the server.
async fn pooler_behind_a_wire(
    database: &Database,
) -> Result<(PgBouncer, Proxy), Box<dyn std::error::Error>> {
    let config: tokio_postgres::Config = database.url().parse()?;
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let proxy = Proxy::start(port).await?;
    let through: tokio_postgres::Config = proxy.url(database.name()).parse()?;
    let port = through.get_ports().first().copied().unwrap_or_default();
    let name = database.name();
    let user = config.get_user().unwrap_or("postgres");
    let password = config.get_password().map(String::from_utf8_lossy);
    let password = password.map_or_else(String::new, |password| format!(" password={password}"));
    // The later line counts.
    let settings = format!(
        "pool_mode = transaction\ndefault_pool_size = 1\nserver_login_retry = 0.2\n\
         [databases]\n{name} = host=127.0.0.1 port={port} dbname={name} user={user}{password}"
    );
    Ok((PgBouncer::start(database, &settings).await?, proxy))
}

fn own(pooler: &PgBouncer) -> Result<Connector, tokio_postgres::Error> {
    Ok(Connector::new(pooler.url().parse()?, NoTls))
}

/// What an error claims is true, and what it does not know it does not claim.
#[tokio::test(flavor = "multi_thread")]
async fn a_wire_that_is_cut_behind_the_pooler_is_a_lost_connection() -> Outcome {
    for (struck, message) in (1..).step_by(9).enumerate() {
        let database = database().await?;
        let (pooler, proxy) = pooler_behind_a_wire(&database).await?;
        let mut client = pooler.connect().await?;
        client.batch_execute("SELECT 1").await?;
        proxy.arm(Fault {
            at: At {
                side: Side::Server,
                message,
                place: Place::Before,
            },
            effect: Effect::Cut,
        });
        let lent = message % 2 == 0;
        let answer = match lent {
            true => start(&SHOP, &mut client).await,
            false => {
                let startup = Startup::new(&SHOP).pending_release(PendingRelease::Report);
                startup.run_with(&own(&pooler)?).await
            }
        };
        let has_struck = proxy.has_struck();
        let direct = database.connect().await?;
        match answer {
            Ok(report) => was_done_once(&database, &[report]).await?,
            Err(error) => {
                assert!(lent, "message {message}: {error}: {:?}", error.sqlstate());
                assert!(
                    matches!(error, Error::Connection { .. }),
                    "message {message}: {error}"
                );
                assert!(
                    !error.to_string().contains("nothing of this file"),
                    "{error}"
                );
                let mut next = pooler.connect().await?;
                let report = start(&SHOP, &mut next).await?;
                let all = error.progress().applied.len() + report.applied().len();
                assert!(all <= 5, "message {message}: {error}; {report}");
            }
        }
        assert_eq!(
            rows(&direct, "SELECT version FROM shop.schema_migration_log WHERE event IN ('applied', 'seeded') ORDER BY seq").await?,
            ["001", "002", "003", "004", "S001"]
        );
        if !has_struck {
            assert!(struck > 7, "only {struck} cuts");
            return Ok(());
        }
    }
    Ok(())
}

/// The server has committed, and its answer to COMMIT gets lost on the way to the pooler.
#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_the_pooler_never_gets_is_found_by_the_next_look() -> Outcome {
    let plan = Folder::shop()
        .with(
            "005_slow.sql",
            "CREATE TABLE shop.slow (id bigint PRIMARY KEY);\nSELECT pg_sleep(1);",
        )
        .plan()?;
    for lent in [true, false] {
        let database = database().await?;
        let (pooler, proxy) = pooler_behind_a_wire(&database).await?;
        let mut client = pooler.connect().await?;
        start(&SHOP, &mut client).await?;
        let direct = database.connect().await?;
        let connector = own(&pooler)?;
        let running = tokio::spawn(async move {
            match lent {
                true => start(&plan, &mut client).await,
                false => {
                    let startup = Startup::new(&plan).pending_release(PendingRelease::Report);
                    startup.run_with(&connector).await
                }
            }
        });
        let sleeps = "SELECT EXISTS (SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event = 'PgSleep')";
        until(&direct, sleeps).await?;
        // Nothing of the server's arrives from here on, and it commits.
        proxy.arm(Fault {
            at: At {
                side: Side::Server,
                message: 1,
                place: Place::Before,
            },
            effect: Effect::Cut,
        });
        let answer = running.await?;
        let committed = "SELECT to_regclass('shop.slow') IS NOT NULL";
        until(&direct, committed).await?;
        match answer {
            Ok(report) => assert_eq!((lent, applied(&report)), (false, vec!["005_slow.sql"])),
            Err(error) => {
                assert!(lent && matches!(error, Error::Connection { .. }), "{error}");
                assert_eq!(error.sqlstate(), Some("08P01"), "{error:?}");
                assert!(
                    error.to_string().contains("completely or not at all"),
                    "{error}"
                );
            }
        }
        is_sound(&direct).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_behind_the_pooler_is_a_lost_connection() -> Outcome {
    let plan = Folder::shop()
        .with("005_slow.sql", "SELECT pg_sleep(2);")
        .plan()?;
    for lent in [true, false] {
        let database = database().await?;
        let (pooler, _proxy) = pooler_behind_a_wire(&database).await?;
        let mut client = pooler.connect().await?;
        let direct = database.connect().await?;
        let connector = own(&pooler)?;
        let running = tokio::spawn(async move {
            match lent {
                true => start(&plan, &mut client).await,
                false => {
                    let startup = Startup::new(&plan).pending_release(PendingRelease::Report);
                    startup.run_with(&connector).await
                }
            }
        });
        let sleeps = "SELECT EXISTS (SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event = 'PgSleep')";
        until(&direct, sleeps).await?;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event = 'PgSleep'";
        direct.batch_execute(end).await?;
        match running.await? {
            Ok(report) => assert_eq!((lent, report.applied().len()), (false, 6)),
            Err(error) => assert!(lent && matches!(error, Error::Connection { .. }), "{error}"),
        }
    }
    Ok(())
}

/// `query_wait_timeout`: the pooler has no session to give.
#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_without_a_free_session_is_tried_again() -> Outcome {
    let database = database().await?;
    let settings = "pool_mode = transaction\ndefault_pool_size = 1\nquery_wait_timeout = 1\nreserve_pool_size = 0";
    let pooler = PgBouncer::start(&database, settings).await?;
    let holder = pooler.connect().await?;
    holder.batch_execute("BEGIN").await?;
    let mut client = pooler.connect().await?;
    let refused = start(&SHOP, &mut client).await.err();
    assert!(
        matches!(refused, Some(Error::Connection { .. })),
        "{refused:?}"
    );
    let connector = own(&pooler)?;
    let running = tokio::spawn(async move {
        let startup = Startup::new(&SHOP).pending_release(PendingRelease::Report);
        startup.run_with(&connector).await
    });
    tokio::time::sleep(Duration::from_millis(2500)).await;
    holder.batch_execute("ROLLBACK").await?;
    assert_eq!(running.await??.applied().len(), 5);
    Ok(())
}

/// A server that the pooler cannot reach for a while.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_the_pooler_cannot_reach_yet_is_waited_for() -> Outcome {
    let database = database().await?;
    let admin = database.connect().await?;
    let (pooler, _proxy) = pooler_behind_a_wire(&database).await?;
    let name = database.name();
    let url: tokio_postgres::Config = database.url().parse()?;
    let mut elsewhere = url.clone();
    elsewhere.dbname("postgres");
    let (other, connection) = elsewhere.connect(NoTls).await?;
    tokio::spawn(async move { connection.await.ok() });
    drop(admin);
    other
        .batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        .await?;
    let connector = own(&pooler)?;
    let running = tokio::spawn(async move {
        let startup = Startup::new(&SHOP).pending_release(PendingRelease::Report);
        startup.run_with(&connector).await
    });
    tokio::time::sleep(Duration::from_millis(1500)).await;
    other
        .batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        .await?;
    assert_eq!(running.await??.applied().len(), 5);
    Ok(())
}

/// The same SQLSTATEs from a statement: what dblink or a foreign table says of another server.
#[tokio::test]
async fn a_statement_that_speaks_of_connections_has_failed() -> Outcome {
    for code in ["08P01", "08006", "08001", "57P01", "57P03"] {
        let plan = Folder::shop()
            .with(
                "005_raises.sql",
                &format!(
                    "DO $$ BEGIN RAISE EXCEPTION 'elsewhere' USING ERRCODE = '{code}'; END $$;"
                ),
            )
            .plan()?;
        let database = database().await?;
        let connector = crate::connector(&database)?;
        let answer = Startup::new(&plan).run_with(&connector).await;
        let Err(Error::Failed { failed, .. }) = &answer else {
            return Err(format!("{code}: {answer:?}").into());
        };
        assert_eq!((&*failed.sqlstate, failed.tries), (code, 1));
        let client = database.connect().await?;
        let lines = "SELECT count(*) FROM shop.schema_migration_log WHERE version = '005'";
        assert_eq!(row(&client, lines).await?, "0");
    }
    Ok(())
}
