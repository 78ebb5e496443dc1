//! The two functions of a ledger: used if they are this version's; runs also work without them.

use onward_pg::{Database, database};
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{is_sound, row, rows};
use crate::{Outcome, SHOP, start};

const NAMES: &str = "'schema_migration_claim', 'schema_migration_record'";

/// What a session of the database counts of calls.
async fn counted(database: &Database) -> Result<Client, Box<dyn std::error::Error>> {
    let name = database.name();
    let client = database.connect().await?;
    let count = format!("ALTER DATABASE {name} SET track_functions = 'pl'");
    client.batch_execute(&count).await?;
    Ok(database.connect().await?)
}

async fn calls(client: &Client) -> Result<String, Box<dyn std::error::Error>> {
    // A session reports its counts when it flushes them, or ends.
    client
        .batch_execute("SELECT pg_stat_force_next_flush()")
        .await?;
    let sql = format!(
        "SELECT coalesce(string_agg(calls::text, ' ' ORDER BY funcname), '') FROM pg_stat_user_functions
         WHERE schemaname = 'shop' AND funcname IN ({NAMES})"
    );
    row(client, &sql).await
}

/// Five migrations, and one line that an attempt started.
#[tokio::test]
async fn every_write_calls_them() -> Outcome {
    let database = database().await?;
    let mut client = counted(&database).await?;
    start(&SHOP, &mut client).await?;
    assert_eq!(calls(&client).await?, "6 6");
    is_sound(&client).await
}

/// They may be an older version's, dropped or replaced by others: then they are not called.
#[tokio::test]
async fn a_ledger_without_them_is_written_too() -> Outcome {
    let next = Folder::shop()
        .with("005_next.sql", "CREATE TABLE shop.next (id int);")
        .with("006_next.sql", "CREATE TABLE shop.after_that (id int);")
        .plan()?;
    let other = "AS 'BEGIN RAISE EXCEPTION ''called''; END'";
    let claim = "shop.schema_migration_claim(int4, int4, text, int8, text, text, text, text)";
    for change in [
        &format!("DROP FUNCTION {claim}"),
        "DROP FUNCTION shop.schema_migration_claim; DROP FUNCTION shop.schema_migration_record",
        &format!(
            "CREATE OR REPLACE FUNCTION {claim} RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp {other}"
        ),
        "ALTER FUNCTION shop.schema_migration_record SET search_path = public",
        "ALTER FUNCTION shop.schema_migration_record SECURITY DEFINER",
        "CREATE ROLE functions_thief_%; GRANT CREATE ON SCHEMA shop TO functions_thief_%;
         ALTER FUNCTION shop.schema_migration_claim OWNER TO functions_thief_%",
    ] {
        let database = database().await?;
        let mut client = counted(&database).await?;
        start(&SHOP, &mut client).await?;
        let before = calls(&client).await?;
        // Roles belong to the whole server.
        let change = change.replace('%', database.name());
        client.batch_execute(&change).await?;
        let report = start(&next, &mut client).await?;
        assert_eq!(report.applied().len(), 2, "{change}");
        let after = calls(&client).await?;
        assert!(before.starts_with(&after), "{change}: {before}, {after}");
        is_sound(&client).await?;
        client
            .batch_execute("ALTER SCHEMA shop OWNER TO CURRENT_USER")
            .await?;
        let drop = format!("DROP OWNED BY functions_thief_{}", database.name());
        if change.contains("CREATE ROLE") {
            client.batch_execute(&drop).await?;
            let drop = format!("DROP ROLE functions_thief_{}", database.name());
            client.batch_execute(&drop).await?;
        }
    }
    Ok(())
}

/// A role that may create in the schema cannot replace the ledger's own functions with an overload: they
/// are called with exactly their types.
#[tokio::test]
async fn an_overload_is_never_called() -> Outcome {
    let next = Folder::shop()
        .with("005_next.sql", "CREATE TABLE shop.next (id int);")
        .plan()?;
    let database = database().await?;
    let mut client = counted(&database).await?;
    start(&SHOP, &mut client).await?;
    let body = "RETURNS void LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''called''; END'";
    client
        .batch_execute(&format!(
            "CREATE FUNCTION shop.schema_migration_claim(int4, int4, text, int4, text, text, text, text) {body};
             CREATE FUNCTION shop.schema_migration_claim(int4, int4, varchar, int8, varchar, varchar, varchar, varchar) {body};
             CREATE FUNCTION shop.schema_migration_record(text, text, text, text, int4, text, text, text, text, varchar) {body};
             CREATE ROLE overloader_{name};
             GRANT CREATE ON SCHEMA shop TO overloader_{name};
             ALTER FUNCTION shop.schema_migration_claim(int4, int4, text, int4, text, text, text, text) OWNER TO overloader_{name};
             ALTER FUNCTION shop.schema_migration_claim(int4, int4, varchar, int8, varchar, varchar, varchar, varchar) OWNER TO overloader_{name};
             ALTER FUNCTION shop.schema_migration_record(text, text, text, text, int4, text, text, text, text, varchar) OWNER TO overloader_{name};",
            name = database.name()
        ))
        .await?;
    assert_eq!(start(&next, &mut client).await?.applied().len(), 1);
    let calls = "SELECT calls FROM pg_stat_user_functions WHERE schemaname = 'shop'
        AND funcname = 'schema_migration_claim'";
    client
        .batch_execute("SELECT pg_stat_force_next_flush()")
        .await?;
    assert_eq!(rows(&client, calls).await?, ["7"]);
    is_sound(&client).await?;
    client
        .batch_execute(&format!(
            "DROP OWNED BY overloader_{name}; DROP ROLE overloader_{name}",
            name = database.name()
        ))
        .await?;
    Ok(())
}
