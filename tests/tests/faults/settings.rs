//! Timeouts, errors of any kind in any command, and defaults of the database.

use std::time::Duration;

use onward::Error;
use onward_pg::Database;

use crate::servers::cut_the_power;
use crate::support::command_stop::{Does, Scene, arm};
use crate::support::sampling::{at_every_place, is_a_place, tell};
use crate::support::witness::{acknowledged, done, mortal, recovers, shared};
use crate::{Answer, HARBOR, Outcome, run, start, startup};

/// An index that waits for its lock without a timeout of its own gets the lock after a while.
#[tokio::test]
async fn a_lock_that_is_not_free_in_time() -> Outcome {
    at_every_place("lock_timeout in a command", 17, 4, async |way, n| {
        let scene = Scene::with(shared().await?, way, n, &["lock=1000"]).await?;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let ended = scene.recovers().await?;
        assert!(ended.is_well, "{ended:?}");
        Ok(())
    })
    .await
}

/// The budget ends while a lock is not free; no session is in the way of the next start.
#[tokio::test]
async fn a_lock_that_is_never_free() -> Outcome {
    at_every_place("the budget's end in a command", 13, 8, async |way, n| {
        let timeouts = ["budget=6000", "lock=1000"];
        let mut scene = Scene::with(shared().await?, way, n, &timeouts).await?;
        // An index has no timeout other than the budget, and a second of grace.
        scene.starter.is_gone().await?;
        let ended = scene.recovers().await?;
        let reasons = ["reached the time limit", "gave up after", "55P03", "57014"];
        assert!(
            ended.is_well || reasons.iter().any(|reason| ended.said.contains(reason)),
            "{ended:?}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_statement_that_takes_too_long() -> Outcome {
    at_every_place("statement_timeout in a command", 17, 4, async |way, n| {
        let database = shared().await?.database().await?;
        let client = database.connect().await?;
        arm(&client, n, Does::Sleep(Duration::from_secs(3))).await?;
        let short = startup(&HARBOR).statement_timeout(Duration::from_secs(1));
        let outcome = run(way, database.url(), short).await?;
        let report = outcome.map_err(|error| format!("it gave up: {error}"))?;
        let struck = has_struck(&client, n).await?;
        recovers(&database, &acknowledged(&Ok(report))).await?;
        is_a_place(struck)
    })
    .await
}

async fn has_struck(client: &tokio_postgres::Client, n: usize) -> Answer<bool> {
    let commands = client
        .query_one("SELECT last_value FROM public.commands", &[])
        .await?
        .get::<_, i64>(0);
    Ok(usize::try_from(commands)? >= n)
}

/// The run itself retries after a temporary error.
#[tokio::test]
async fn a_temporary_error() -> Outcome {
    for sqlstate in ["40001", "40P01", "55P03", "55006"] {
        fails_with(sqlstate, true).await?;
    }
    Ok(())
}

/// A lasting error ends the run, and the next one goes on where it ended.
#[tokio::test]
async fn a_lasting_error() -> Outcome {
    for sqlstate in ["22012", "53100", "53200", "58030", "XX000", "XX001"] {
        fails_with(sqlstate, false).await?;
    }
    Ok(())
}

async fn fails_with(sqlstate: &'static str, passes: bool) -> Outcome {
    let what = format!("SQLSTATE {sqlstate} in a command");
    at_every_place(&what, 49, 4, move |way, n| async move {
        let database = shared().await?.database().await?;
        let client = database.connect().await?;
        arm(&client, n, Does::Fail(sqlstate)).await?;
        let outcome = run(way, database.url(), startup(&HARBOR)).await?;
        let struck = has_struck(&client, n).await?;
        match &outcome {
            Err(error) if passes || !struck => return Err(format!("{error:?}").into()),
            Err(error) if error.sqlstate() != Some(sqlstate) => {
                return Err(format!("another error: {error:?}").into());
            }
            Ok(_) if struck && !passes => return Err("the run succeeded".into()),
            Err(_) | Ok(_) => {}
        }
        if let Err(Error::Failed { failed, .. }) = &outcome {
            let version = failed.name.split('_').next().unwrap_or_default();
            assert!(!done(&client).await?.iter().any(|done| done == version));
        }
        recovers(&database, &acknowledged(&outcome)).await?;
        is_a_place(struck)
    })
    .await
}

async fn database_with(setting: &str) -> Answer<Database> {
    let database = shared().await?.database().await?;
    let client = database.connect().await?;
    let sql = format!("ALTER DATABASE {} SET {setting}", database.name());
    client.batch_execute(&sql).await?;
    Ok(database)
}

/// Each is a default that an administrator may set for a database.
#[tokio::test]
async fn defaults_of_the_database() -> Outcome {
    for setting in [
        "default_transaction_isolation = 'repeatable read'",
        "default_transaction_isolation = 'serializable'",
        "default_transaction_deferrable = on",
        "idle_in_transaction_session_timeout = '1ms'",
        "lock_timeout = '1ms'",
        "statement_timeout = '2s'",
        "synchronous_commit = off",
        "session_replication_role = replica",
        "client_min_messages = debug1",
        "search_path = ''",
        "standard_conforming_strings = off",
        "row_security = off",
        "datestyle = 'German'",
        "bytea_output = 'escape'",
        "timezone = 'Asia/Kathmandu'",
    ] {
        let database = database_with(setting).await?;
        let mut client = database.connect().await?;
        let outcome = start(&mut client).await;
        let acknowledged = acknowledged(&outcome);
        outcome.map_err(|error| format!("{setting}: {error:?}"))?;
        recovers(&database, &acknowledged)
            .await
            .map_err(|error| format!("{setting}: {error}"))?;
    }
    Ok(())
}

/// A transaction declares that it writes. An index build runs outside of a transaction, and a borrowed
/// session is not changed. So the build is refused, the error names it, and it succeeds once the default
/// is gone.
#[tokio::test]
async fn a_database_that_is_read_only_by_default() -> Outcome {
    let database = database_with("default_transaction_read_only = on").await?;
    let outcome = start(&mut database.connect().await?).await;
    let refused = outcome.as_ref().err().ok_or("it was not refused")?;
    assert_eq!(refused.sqlstate(), Some("25006"));
    assert!(refused.to_string().contains("003_ships_name_idx.sql"));
    assert_eq!(acknowledged(&outcome), ["001", "002"]);
    let client = database.connect().await?;
    client
        .batch_execute(&format!(
            "BEGIN READ WRITE;
             ALTER DATABASE {} RESET default_transaction_read_only; COMMIT",
            database.name()
        ))
        .await?;
    recovers(&database, &acknowledged(&outcome)).await
}

/// The session's own timeouts end an index build that waits for a snapshot, again and again.
#[tokio::test]
async fn timeouts_of_the_database_in_the_middle_of_a_build() -> Outcome {
    for setting in ["lock_timeout = '100ms'", "statement_timeout = '300ms'"] {
        let database = database_with(setting).await?;
        let (reader, mut client) = tokio::try_join!(database.connect(), database.connect())?;
        reader
            .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
            .await?;
        let running = tokio::spawn(async move { start(&mut client).await });
        tokio::time::sleep(Duration::from_millis(800)).await;
        reader.batch_execute("ROLLBACK").await?;
        let outcome = running.await?;
        recovers(&database, &acknowledged(&outcome))
            .await
            .map_err(|error| format!("{setting}: {error}; the run: {outcome:?}"))?;
    }
    Ok(())
}

/// Since 17 the server can end a whole session with this timeout.
#[tokio::test]
async fn a_transaction_timeout_of_the_database() -> Outcome {
    let cluster = shared().await?;
    let database = cluster.database().await?;
    let mut client = database.connect().await?;
    let sql = format!(
        "ALTER DATABASE {} SET transaction_timeout = '500ms'",
        database.name()
    );
    match client.batch_execute(&sql).await {
        Ok(()) => client = database.connect().await?,
        Err(error) => {
            // Does not exist before 17; there the end of an idle session replaces it.
            let code = error.code().map(|code| code.code().to_owned());
            assert_eq!(code.as_deref(), Some("42704"), "{error:?}");
            tell(
                "transaction_timeout: this server is older than 17, so it was replaced by idle_session_timeout",
            );
            let sql = format!(
                "ALTER DATABASE {} SET idle_session_timeout = '500ms'",
                database.name()
            );
            client.batch_execute(&sql).await?;
            client = database.connect().await?;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    arm(
        &database.connect().await?,
        20,
        Does::Sleep(Duration::from_secs(1)),
    )
    .await?;
    let outcome = start(&mut client).await;
    recovers(&database, &acknowledged(&outcome)).await
}

/// What was acknowledged is on the disk, even if the default of the database is not to wait for it.
#[tokio::test]
async fn a_power_cut_where_commits_are_not_waited_for() -> Outcome {
    let mut cluster = mortal().await?;
    for _ in 0..3 {
        let database = cluster.database().await?;
        let mut client = database.connect().await?;
        let off = format!(
            "ALTER DATABASE {} SET synchronous_commit = off",
            database.name()
        );
        client.batch_execute(&off).await?;
        client = database.connect().await?;
        let outcome = start(&mut client).await;
        cut_the_power(&mut cluster, &client).await?;
        cluster.restart().await?;
        let client = database.connect().await?;
        assert_eq!(done(&client).await?, acknowledged(&outcome));
        recovers(&database, &acknowledged(&outcome)).await?;
    }
    Ok(())
}
