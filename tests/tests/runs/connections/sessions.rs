//! A borrowed connection is returned as it was.

use onward::{Release, Startup};
use onward_pg::database;
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{is_sound, row, rows};
use crate::{Outcome, SHOP, start};

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

/// All the state that a session can keep.
async fn session(client: &Client) -> Answer<Vec<String>> {
    let mut all = Vec::new();
    for sql in [
        // PL/pgSQL adds its own settings when its first block runs.
        "SELECT name, setting, source FROM pg_settings WHERE name NOT LIKE 'plpgsql.%'",
        "SELECT name, statement FROM pg_prepared_statements",
        "SELECT name, statement FROM pg_cursors",
        "SELECT pg_listening_channels()",
        "SELECT pg_my_temp_schema()",
        "SELECT locktype, mode FROM pg_locks WHERE pid = pg_backend_pid()
         AND locktype NOT IN ('virtualxid', 'relation')",
        "SELECT current_user, session_user, current_schemas(true)",
    ] {
        all.extend(rows(client, sql).await?);
    }
    Ok(all)
}

async fn is_unchanged(client: &Client, before: &[String], after: &str) -> Outcome {
    let now = session(client).await?;
    let differ = |these: &[String], those: &[String]| -> Vec<_> {
        these
            .iter()
            .filter(|one| !those.contains(one))
            .cloned()
            .collect()
    };
    let (gone, come) = (differ(before, &now), differ(&now, before));
    assert_eq!((&gone[..], &come[..]), (&[][..], &[][..]), "after {after}");
    Ok(())
}

const OWN_SETTINGS: &str = "SET search_path = public; SET lock_timeout = '7s'; SET statement_timeout = '11min';
    SET application_name = 'mine'; SET synchronous_commit = off; SET idle_in_transaction_session_timeout = '9s';
    SET default_transaction_isolation = serializable; SET TimeZone = 'Asia/Kolkata'; SET DateStyle = 'German';
    SET IntervalStyle = 'sql_standard'; SET bytea_output = escape; SET extra_float_digits = 0;
    SET standard_conforming_strings = off; SET backslash_quote = on; SET escape_string_warning = off";

#[tokio::test]
async fn a_run_leaves_the_session_as_it_was() -> Outcome {
    let broken = Folder::shop()
        .with("005_next.sql", "CREATE VIEW shop.v AS SELECT nope;")
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    client.batch_execute(OWN_SETTINGS).await?;
    let before = session(&client).await?;
    assert!(Startup::new(&SHOP).run(&mut client).await.is_err());
    is_unchanged(&client, &before, "a refused start").await?;
    Release::new(&SHOP).run(&mut client).await?;
    is_unchanged(&client, &before, "a release").await?;
    Startup::new(&SHOP).run(&mut client).await?;
    is_unchanged(&client, &before, "a start with nothing to do").await?;
    assert!(Startup::new(&broken).run(&mut client).await.is_err());
    is_unchanged(&client, &before, "a failure").await?;
    onward::status(&client, &[&SHOP]).await?;
    is_unchanged(&client, &before, "a look").await?;
    is_sound(&client).await
}

/// The compiler may refuse such a file; if it accepts one, the file must leave no trace either.
#[tokio::test]
async fn a_migration_leaves_the_session_as_it_was() -> Outcome {
    let mut traces = Vec::new();
    for statement in [
        "SET lock_timeout = '7s'",
        "SET SESSION lock_timeout = '7s'",
        "SET search_path = public",
        "RESET lock_timeout",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
        "SET TIME ZONE 'Asia/Kolkata'",
        "SET NAMES 'LATIN1'",
        "SELECT set_config('lock_timeout', '7s', false)",
        "SELECT pg_advisory_lock(7)",
        "LISTEN channel",
        "PREPARE p AS SELECT 1",
        "CREATE TEMPORARY TABLE t (id bigint PRIMARY KEY)",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
    ] {
        let folder = Folder::empty("shop")
            .with("onward.toml", "")
            .with("001_trace.sql", statement);
        let Ok(plan) = folder.plan() else {
            continue;
        };
        let database = database().await?;
        let mut client = database.connect().await?;
        client.batch_execute("SET lock_timeout = '9s'").await?;
        let before = session(&client).await?;
        let ran = start(&plan, &mut client).await;
        if session(&client).await? != before {
            traces.push(format!(
                "{statement}: {:?}",
                ran.err().map(|error| error.to_string())
            ));
        }
    }
    assert!(
        traces.is_empty(),
        "these left a trace:\n{}",
        traces.join("\n")
    );
    Ok(())
}

/// With any time zone, date style and bytea format, a run reads the same chain and entries.
#[tokio::test]
async fn a_ledger_reads_the_same_whatever_the_session_is_set_to() -> Outcome {
    let database = database().await?;
    let (mut client, mut other) = tokio::try_join!(database.connect(), database.connect())?;
    client.batch_execute(OWN_SETTINGS).await?;
    start(&SHOP, &mut client).await?;
    let theirs = start(&SHOP, &mut other).await?;
    let ours = start(&SHOP, &mut client).await?;
    assert_eq!(theirs.head(), ours.head());
    let (ours, theirs) = (
        onward::status(&client, &[&SHOP]).await?,
        onward::status(&other, &[&SHOP]).await?,
    );
    assert_eq!(ours[0].to_string(), theirs[0].to_string());
    is_sound(&other).await
}

/// A role that may create in a schema on the path could put functions before the server's own.
#[tokio::test]
async fn objects_on_the_search_path_are_never_called() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    client
        .batch_execute(
            "CREATE SCHEMA trap; CREATE TABLE trap.caught (what text);
             CREATE FUNCTION trap.pg_try_advisory_xact_lock(int) RETURNS boolean LANGUAGE sql
               AS $$ INSERT INTO trap.caught VALUES ('lock'); SELECT true $$;
             CREATE FUNCTION trap.sha256(bytea) RETURNS bytea LANGUAGE sql
               AS $$ INSERT INTO trap.caught VALUES ('sha256'); SELECT ''::bytea $$;
             CREATE FUNCTION trap.encode(bytea, text) RETURNS text LANGUAGE sql
               AS $$ INSERT INTO trap.caught VALUES ('encode'); SELECT ''::text $$;
             CREATE FUNCTION trap.format(text, VARIADIC text[]) RETURNS text LANGUAGE sql
               AS $$ INSERT INTO trap.caught VALUES ('format'); SELECT ''::text $$;
             CREATE FUNCTION trap.equal(bigint, bigint) RETURNS boolean LANGUAGE sql
               AS $$ INSERT INTO trap.caught VALUES ('='); SELECT true $$;
             CREATE OPERATOR trap.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = trap.equal);
             CREATE TABLE trap.pg_class (oid oid, relname name, relnamespace oid, relkind \"char\");
             CREATE FUNCTION trap.set_config(text, text, boolean) RETURNS text LANGUAGE sql
               AS $$ INSERT INTO trap.caught VALUES ('set_config'); SELECT ''::text $$;
             SET search_path = trap, pg_catalog",
        )
        .await?;
    Release::new(&SHOP).run(&mut client).await?;
    Startup::new(&SHOP).run(&mut client).await?;
    onward::status(&client, &[&SHOP]).await?;
    client.batch_execute("RESET search_path").await?;
    assert_eq!(
        rows(&client, "SELECT DISTINCT what FROM trap.caught").await?,
        [""; 0]
    );
    assert_eq!(
        row(&client, "SELECT count(*) FROM shop.schema_migration_log").await?,
        "7"
    );
    is_sound(&client).await
}
