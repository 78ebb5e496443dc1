//! A schema that was renamed under its module.

use onward::{Error, Startup};
use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::mallory::{Mallory, login};
use crate::support::witness::{row, rows};
use crate::{Outcome, connector, start};

#[tokio::test]
async fn a_renamed_schema_is_named_and_no_second_one_is_built() -> Outcome {
    let plan = Folder::empty("bay")
        .with("001_t.sql", "CREATE TABLE bay.t (id int);")
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&plan, &mut client).await?;
    for name in ["quay", "The \"old\" bay"] {
        let quoted = row(&client, &format!("SELECT quote_ident('{name}')")).await?;
        client
            .batch_execute(&format!("ALTER SCHEMA bay RENAME TO {quoted}"))
            .await?;
        let own = connector(&database)?;
        for empty in ["", "CREATE SCHEMA bay"] {
            client.batch_execute(empty).await?;
            for error in [
                start(&plan, &mut client).await.err(),
                Startup::new(&plan).run_with(&own).await.err(),
            ] {
                let Some(Error::RenamedSchema { renamed, .. }) = &error else {
                    return Err(format!("{error:?}").into());
                };
                assert_eq!(renamed, name);
            }
            let built = "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('bay')";
            assert_eq!(row(&client, built).await?, "0");
        }
        // As the error says.
        client
            .batch_execute(&format!(
                "DROP SCHEMA bay; ALTER SCHEMA {quoted} RENAME TO bay"
            ))
            .await?;
        assert_eq!(start(&plan, &mut client).await?.applied(), []);
    }
    Ok(())
}

/// A copy that stays beside the module's schema is no reason to refuse anything, and an empty schema beside one
/// is what the error says how to get.
#[tokio::test]
async fn a_copy_may_stay() -> Outcome {
    let plan = Folder::empty("bay")
        .with("001_t.sql", "CREATE TABLE bay.t (id int);")
        .plan()?;
    let other = Folder::empty("cove")
        .with("001_t.sql", "CREATE TABLE cove.t (id int);")
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&plan, &mut client).await?;
    client
        .batch_execute("ALTER SCHEMA bay RENAME TO yesterday")
        .await?;
    // Another module does not mind.
    assert_eq!(start(&other, &mut client).await?.applied().len(), 1);
    client
        .batch_execute(
            "DROP FUNCTION yesterday.schema_migration_claim, yesterday.schema_migration_record",
        )
        .await?;
    assert_eq!(start(&plan, &mut client).await?.applied().len(), 1);
    assert_eq!(start(&plan, &mut client).await?.applied(), []);
    Ok(())
}

/// The catalogs say it also to a role that may not look into the schema, and what a role with few rights has put
/// somewhere else stops no start.
#[tokio::test]
async fn what_a_stranger_has_put_somewhere_is_not_believed() -> Outcome {
    let plan = Folder::empty("bay")
        .with("001_t.sql", "CREATE TABLE bay.t (id int);")
        .plan()?;
    let database = database().await?;
    let mallory = Mallory::in_schema(&database, "den").await?;
    let forged = "CREATE TABLE den.schema_migration_log (seq bigint);
        CREATE FUNCTION den.schema_migration_claim() RETURNS void LANGUAGE plpgsql AS
          $$ BEGIN UPDATE \"bay\".schema_migration_head SET seq = 1; END $$";
    mallory.client.batch_execute(forged).await?;
    let name = format!("clerk_{}", database.name());
    mallory
        .admin
        .batch_execute(&format!(
            "CREATE ROLE {name} LOGIN PASSWORD 'x'; GRANT CREATE ON DATABASE {} TO {name}",
            database.name()
        ))
        .await?;
    let mut clerk = login(&database, &name).await?;
    assert_eq!(start(&plan, &mut clerk).await?.applied().len(), 1);
    // Now it is a superuser's, in a schema that the clerk may not use.
    mallory
        .admin
        .batch_execute(
            "DROP SCHEMA bay CASCADE; ALTER TABLE den.schema_migration_log OWNER TO postgres;
             ALTER FUNCTION den.schema_migration_claim OWNER TO postgres; REVOKE ALL ON SCHEMA den FROM PUBLIC",
        )
        .await?;
    let error = start(&plan, &mut clerk).await.err();
    let is_named = matches!(&error, Some(Error::RenamedSchema { renamed, .. }) if renamed == "den");
    assert!(is_named, "{error:?}");
    assert_eq!(
        rows(&mallory.admin, "SELECT to_regnamespace('bay')").await?,
        ["-"]
    );
    mallory
        .admin
        .batch_execute(&format!("DROP OWNED BY {name} CASCADE; DROP ROLE {name}"))
        .await?;
    mallory.leave().await
}
