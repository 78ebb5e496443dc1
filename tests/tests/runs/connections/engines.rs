//! Engines that only look like PostgreSQL are named, before anything is written.

use onward::{Connector, Engine, Error, Startup};
use onward_pg::{Database, database};
use onward_tests::impostor::{Answers, Impostor};
use tokio_postgres::NoTls;

use crate::support::folder::Folder;
use crate::support::witness::row;
use crate::{Outcome, SHOP, connector, release, start};

const ENGINES: [(&str, Answers); 6] = [
    (
        "CockroachDB",
        Answers {
            version: "CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu, built 2024/05/15)",
            parameters: &[
                ("server_version", "13.0.0"),
                ("crdb_version", "CockroachDB CCL v24.1.0"),
            ],
            refusal: "0A000",
            knows: None,
        },
    ),
    // Behind a pooler that does not pass the parameter on.
    (
        "CockroachDB",
        Answers {
            version: "CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu, built 2024/05/15)",
            parameters: &[],
            refusal: "42P01",
            knows: None,
        },
    ),
    (
        "Redshift",
        Answers {
            version: "PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2, Redshift 1.0.77467",
            parameters: &[("server_version", "8.0.2")],
            refusal: "42601",
            knows: None,
        },
    ),
    (
        "Aurora DSQL",
        Answers {
            version: "PostgreSQL 16",
            parameters: &[("server_version", "16.9")],
            refusal: "0A000",
            knows: Some("sys.iam_pg_role_mappings"),
        },
    ),
    (
        "QuestDB",
        Answers {
            version: "PostgreSQL 12.3, compiled by Visual C++ build 1914, 64-bit, QuestDB",
            parameters: &[("server_version", "11.3")],
            refusal: "00000",
            knows: None,
        },
    ),
    (
        "Greenplum",
        Answers {
            version: "PostgreSQL 9.4.26 (Greenplum Database 6.26.4 build commit:2c5d48) on x86_64",
            parameters: &[],
            refusal: "42883",
            knows: None,
        },
    ),
];

fn named(error: Option<Error>) -> Result<Box<Engine>, Box<dyn std::error::Error>> {
    match error {
        Some(Error::UnsupportedEngine { engine, .. }) => Ok(engine),
        other => Err(format!("{other:?}").into()),
    }
}

#[tokio::test]
async fn an_engine_that_refuses_the_first_message_is_named_in_every_verb() -> Outcome {
    for (name, answers) in ENGINES {
        let impostor = Impostor::start(answers).await?;
        let mut lent = onward_pg::connect(&impostor.url()).await?;
        let own = Connector::new(impostor.url().parse()?, NoTls);
        for error in [
            start(&SHOP, &mut lent).await.err(),
            Startup::new(&SHOP).run_with(&own).await.err(),
            release(&SHOP, &mut lent).await.err(),
            onward::status(&lent, &[&SHOP]).await.err(),
            onward::verify(&lent, &SHOP).await.err(),
        ] {
            let text = error.as_ref().map(Error::to_string).unwrap_or_default();
            assert_eq!(named(error)?.name, name);
            assert!(text.contains("wrote nothing"), "{text}");
        }
        for query in impostor.asked() {
            for write in [
                "CREATE SCHEMA",
                "CREATE TABLE",
                "INSERT INTO",
                "SET LOCAL TRANSACTION",
            ] {
                assert!(!query.contains(write), "{name}: {query}");
            }
        }
    }
    Ok(())
}

/// The server answers `version()` as another engine would.
async fn disguised(version: &str) -> Result<Database, Box<dyn std::error::Error>> {
    let database = database().await?;
    let sql = format!(
        "SET allow_system_table_mods = on;
         UPDATE pg_proc SET proname = 'real_version' WHERE oid = 'pg_catalog.version()'::regprocedure;
         CREATE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql STABLE AS $$ SELECT '{version}' $$"
    );
    database.connect().await?.batch_execute(&sql).await?;
    Ok(database)
}

/// These are built from PostgreSQL's code, so that they would run everything that a run sends.
#[tokio::test]
async fn an_engine_that_would_run_everything_is_named_too() -> Outcome {
    for (name, version) in [
        (
            "YugabyteDB",
            "PostgreSQL 15.12-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu",
        ),
        (
            "Greenplum",
            "PostgreSQL 12.12 (Greenplum Database 7.1.0 build commit:e7c2b1f) on x86_64",
        ),
    ] {
        let database = disguised(version).await?;
        let mut lent = database.connect().await?;
        let own = connector(&database)?;
        for error in [
            start(&SHOP, &mut lent).await.err(),
            Startup::new(&SHOP).run_with(&own).await.err(),
            onward::status(&lent, &[&SHOP]).await.err(),
            onward::verify(&lent, &SHOP).await.err(),
        ] {
            let engine = named(error)?;
            assert_eq!((engine.name, &*engine.version), (name, version));
        }
        let schema = "SELECT to_regnamespace('shop') IS NULL";
        assert_eq!(row(&lent, schema).await?, "t");
    }
    Ok(())
}

#[tokio::test]
async fn an_engine_whose_transactions_take_ddl_is_accepted() -> Outcome {
    let plan = Folder::empty("shop")
        .with("001_t.sql", "CREATE TABLE shop.t (id int);")
        .plan()?;
    let database = disguised("PostgreSQL 15.12-YB-2025.2.0.0-b0 on x86_64-pc-linux-gnu").await?;
    let mut client = database.connect().await?;
    // Without a dot no other server has the setting: a function stands in for it.
    client
        .batch_execute(
            "SET allow_system_table_mods = on;
             UPDATE pg_proc SET proname = 'real_setting' WHERE oid = 'pg_catalog.current_setting(text, boolean)'::regprocedure;
             CREATE FUNCTION pg_catalog.current_setting(text, boolean) RETURNS text LANGUAGE sql STABLE AS
               $$ SELECT CASE $1 WHEN 'yb_ddl_transaction_block_enabled' THEN 'on' ELSE pg_catalog.real_setting($1, $2) END $$",
        )
        .await?;
    assert_eq!(start(&plan, &mut client).await?.applied().len(), 1);
    Ok(())
}
