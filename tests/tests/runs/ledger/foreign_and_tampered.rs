//! Schemas and ledgers that another program or a person has changed.

use onward::{Error, Plan};
use onward_pg::database;
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{is_sound, row, rows};
use crate::{Outcome, SHOP, release, start};

/// Expects that neither a start nor a release runs anything.
async fn is_refused(plan: &Plan, client: &mut Client) -> Result<Error, Box<dyn std::error::Error>> {
    let objects = "SELECT oid, relname FROM pg_class WHERE oid > 16383 ORDER BY oid";
    let before = rows(client, objects).await?;
    let refused = start(plan, client)
        .await
        .err()
        .ok_or("the start was not refused")?;
    let again = release(plan, client)
        .await
        .err()
        .ok_or("the release was not refused")?;
    assert_eq!(refused.to_string(), again.to_string());
    assert_eq!(rows(client, objects).await?, before);
    Ok(refused)
}

#[tokio::test]
async fn a_schema_with_objects_of_another_program_is_refused_and_its_objects_are_named() -> Outcome
{
    for (object, named) in [
        (
            "CREATE TABLE shop.theirs (id bigint PRIMARY KEY)",
            "table shop.theirs",
        ),
        (
            "CREATE VIEW shop.theirs AS SELECT 1 AS one",
            "view shop.theirs",
        ),
        ("CREATE SEQUENCE shop.theirs", "sequence shop.theirs"),
        (
            "CREATE FUNCTION shop.theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "function shop.theirs()",
        ),
        ("CREATE TYPE shop.theirs AS ENUM ('a')", "type shop.theirs"),
        ("CREATE DOMAIN shop.theirs AS int", "type shop.theirs"),
    ] {
        let database = database().await?;
        let mut client = database.connect().await?;
        client
            .batch_execute(&format!("CREATE SCHEMA shop; {object}"))
            .await?;
        let error = is_refused(&SHOP, &mut client).await?;
        let Error::ForeignSchema { objects, .. } = &error else {
            return Err(error.into());
        };
        assert_eq!(objects[..], [named]);
        assert!(error.to_string().contains(named), "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn an_empty_schema_is_accepted() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    client.batch_execute("CREATE SCHEMA shop").await?;
    assert_eq!(start(&SHOP, &mut client).await?.applied().len(), 5);
    is_sound(&client).await
}

/// Where `CREATE EXTENSION` puts them, and where a managed service puts its own.
#[tokio::test]
async fn what_an_extension_has_put_into_the_schema_is_not_foreign() -> Outcome {
    for (schema, extension) in [
        ("public", "citext"),
        ("shop", "hstore"),
        ("shop", "btree_gist"),
    ] {
        let plan = Folder::empty(schema)
            .with(
                "001_t.sql",
                &format!("CREATE TABLE {schema}.t (id bigint PRIMARY KEY);"),
            )
            .plan()?;
        let database = database().await?;
        let mut client = database.connect().await?;
        client
            .batch_execute(&format!(
                "CREATE SCHEMA IF NOT EXISTS {schema}; CREATE EXTENSION {extension} SCHEMA {schema}"
            ))
            .await?;
        let report = start(&plan, &mut client).await;
        let report = report.map_err(|error| format!("{extension}: {error}"))?;
        assert_eq!(report.applied().len(), 1);
        // What is beside it is foreign all the same, and named without it.
        let plan = Folder::empty("other")
            .with("001_t.sql", "CREATE TABLE other.t (id bigint);")
            .plan()?;
        client
            .batch_execute(&format!(
                "CREATE SCHEMA other; ALTER EXTENSION {extension} SET SCHEMA other; CREATE TYPE other.theirs AS (a int)"
            ))
            .await?;
        let Err(Error::ForeignSchema { objects, .. }) = start(&plan, &mut client).await else {
            return Err("it was not refused".into());
        };
        assert_eq!(objects.len(), 1, "{objects:?}");
        assert!(objects[0].contains("other.theirs"), "{objects:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_dropped_ledger_is_not_taken_for_a_fresh_database() -> Outcome {
    for table in ["schema_migration_log", "schema_migration_head"] {
        let database = database().await?;
        let mut client = database.connect().await?;
        start(&SHOP, &mut client).await?;
        client
            .batch_execute(&format!("DROP TABLE shop.{table} CASCADE"))
            .await?;
        let error = is_refused(&SHOP, &mut client).await?;
        assert!(matches!(error, Error::ForeignSchema { .. }), "{error}");
    }
    Ok(())
}

/// As the owner can do it, who disables the triggers first.
async fn tampered(tampering: &str) -> Result<Error, Box<dyn std::error::Error>> {
    let plan = Folder::shop()
        .with(
            "005_next.sql",
            "CREATE TABLE shop.next (id bigint PRIMARY KEY);",
        )
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    client
        .batch_execute(&format!(
            "ALTER TABLE shop.schema_migration_log DISABLE TRIGGER USER;
             ALTER TABLE shop.schema_migration_head DISABLE TRIGGER USER; {tampering};
             ALTER TABLE shop.schema_migration_log ENABLE ALWAYS TRIGGER schema_migration_append_only;
             ALTER TABLE shop.schema_migration_log ENABLE ALWAYS TRIGGER schema_migration_no_truncate;
             ALTER TABLE shop.schema_migration_head ENABLE ALWAYS TRIGGER schema_migration_forward;
             ALTER TABLE shop.schema_migration_head ENABLE ALWAYS TRIGGER schema_migration_no_truncate"
        ))
        .await?;
    // The one row of the first message shows it too, when nothing is pending.
    let unwatched = start(&SHOP, &mut client).await.err();
    assert!(
        matches!(unwatched, Some(Error::Tampered { .. })),
        "{tampering}: {unwatched:?}"
    );
    let error = is_refused(&plan, &mut client).await?;
    let status = onward::status(&client, &[&plan]).await?;
    assert!(status[0].tampering().is_some() && !status[0].is_current());
    assert_eq!(
        row(&client, "SELECT to_regclass('shop.next') IS NULL").await?,
        "t"
    );
    Ok(error)
}

#[tokio::test]
async fn a_ledger_that_was_changed_by_hand_is_refused() -> Outcome {
    let log = "shop.schema_migration_log";
    for (tampering, broken) in [
        (format!("DELETE FROM {log} WHERE seq = 1"), "line 1 was removed"),
        (format!("DELETE FROM {log} WHERE seq = 3"), "line 3 was removed"),
        (format!("DELETE FROM {log} WHERE seq = 6"), "line 6 was removed"),
        (format!("TRUNCATE {log}"), "lines 1 to 6 were removed"),
        (format!("UPDATE {log} SET checksum = sha256('x') WHERE seq = 2"), "line 2, "),
        (format!("UPDATE {log} SET who = 'mallory' WHERE seq = 5"), "line 5, "),
        (format!("UPDATE {log} SET at = at - interval '1 day' WHERE seq = 6"), "line 6, "),
        (format!("UPDATE {log} SET name = '001_other.sql' WHERE seq = 1"), "line 1, "),
        (format!("UPDATE {log} SET category = 'seed' WHERE seq = 1"), "line 1, "),
        (format!("UPDATE {log} SET build = 'other' WHERE seq = 1"), "line 1, "),
        (format!("UPDATE {log} SET plan = sha256('x') WHERE seq = 1"), "line 1, "),
        (format!("UPDATE {log} SET event = 'adopted' WHERE seq = 1"), "line 1, "),
        (format!("UPDATE {log} SET version = '009' WHERE seq = 4"), "line 4, "),
        (format!("UPDATE {log} SET version = 'nonsense' WHERE seq = 4"), "line 4, "),
        (
            format!(
                "INSERT INTO {log} (seq, event, category, version, name, checksum, plan, build, prev, chain)
                 SELECT 7, 'applied', 'startup', '005', '005_next.sql', sha256('x'), plan, build, chain, sha256('y')
                 FROM {log} WHERE seq = 6"
            ),
            "line 7, 005_next.sql, was inserted",
        ),
        ("DELETE FROM shop.schema_migration_head".to_owned(), "the head row was removed"),
        ("UPDATE shop.schema_migration_head SET seq = 5".to_owned(), "line 6, S001_categories.sql, was inserted"),
        ("UPDATE shop.schema_migration_head SET chain = sha256('x')".to_owned(), "head"),
    ] {
        let error = tampered(&tampering).await?;
        let Error::Tampered { tampering: found, .. } = &error else {
            return Err(format!("{tampering}: {error}").into());
        };
        assert!(found.to_string().contains(broken), "{tampering}: {error}");
    }
    Ok(())
}

/// Some managed services do this to every new table.
#[tokio::test]
async fn a_ledger_that_an_event_trigger_changes_is_refused_before_anything_is_applied() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    client
        .batch_execute(
            "CREATE FUNCTION public.hides() RETURNS event_trigger LANGUAGE plpgsql AS $$
             DECLARE made record;
             BEGIN
               FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table' LOOP
                 EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made.object_identity);
               END LOOP;
             END $$;
             CREATE EVENT TRIGGER hides ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
               EXECUTE FUNCTION public.hides()",
        )
        .await?;
    let first = start(&SHOP, &mut client).await.err();
    assert!(
        matches!(first, Some(Error::ForeignLedger { .. })),
        "{first:?}"
    );
    let lines = row(&client, "SELECT count(*) FROM shop.schema_migration_log").await?;
    assert_eq!(lines, "0");
    is_refused(&SHOP, &mut client).await?;
    Ok(())
}
