//! Transaction control that the compiler did not check: the server refuses it.

use onward::plan::{Migration, Statement, Step};
use onward::{Error, Plan, kind};
use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, row, rows};
use crate::{Outcome, SHOP, start};

/// Runs the statement between two others, and expects that none of the three has an effect.
async fn is_refused(smuggled: &str, sqlstate: &str) -> Outcome {
    let file = format!(
        "CREATE TABLE shop.before (id bigint PRIMARY KEY);\n\
         -- onward: allow opaque-sql because \"it is there to be refused\"\n\
         {smuggled}\n\
         CREATE TABLE shop.after (id bigint PRIMARY KEY);\n"
    );
    let plan = Folder::shop().with("005_smuggled.sql", &file).plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let error = start(&plan, &mut client)
        .await
        .err()
        .ok_or("it was not refused")?;
    let Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(
        (&*failed.sqlstate, failed.location.line),
        (sqlstate, 3),
        "{error}"
    );
    let other = database.connect().await?;
    let nothing = "SELECT to_regclass('shop.before') IS NULL AND to_regclass('shop.after') IS NULL";
    assert_eq!(row(&other, nothing).await?, "t");
    assert_eq!(events(&other).await?.len(), 6);
    is_sound(&other).await
}

#[tokio::test]
async fn a_commit_in_a_block_is_refused() -> Outcome {
    in_a_block("COMMIT").await
}

#[tokio::test]
async fn a_rollback_in_a_block_is_refused() -> Outcome {
    in_a_block("ROLLBACK").await
}

/// The compiler refuses these too; this plan did not go through it.
async fn in_a_block(control: &str) -> Outcome {
    let block: &str = format!("DO $$ BEGIN {control}; END $$").leak();
    let statements = [
        Statement::__new("CREATE TABLE shop.before (id bigint PRIMARY KEY)", 1, 1),
        Statement::__new(block, 2, 1),
    ];
    is_refused_as_a_plan(statements.to_vec().leak(), "2D000").await
}

#[tokio::test]
async fn executed_transaction_control_is_refused() -> Outcome {
    for control in [
        "COMMIT",
        "COMMIT AND CHAIN",
        "ROLLBACK",
        "BEGIN",
        "SAVEPOINT s",
        "PREPARE TRANSACTION ''smuggled''",
        "SELECT 1; COMMIT; SELECT 1",
    ] {
        is_refused(
            &format!("DO $$ BEGIN EXECUTE '{control}' || ''; END $$;"),
            "0A000",
        )
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_procedure_that_commits_is_refused() -> Outcome {
    is_refused(
        "DO $$ BEGIN CREATE PROCEDURE shop.p() LANGUAGE plpgsql AS 'BEGIN COMMIT; END'; CALL shop.p(); END $$;",
        "2D000",
    )
    .await
}

#[tokio::test]
async fn what_cannot_run_in_a_transaction_is_refused_in_a_block() -> Outcome {
    is_refused(
        "DO $$ BEGIN EXECUTE 'VACUUM ' || 'shop.products'; END $$;",
        "25001",
    )
    .await
}

/// The text ends the quote that a runner would put around it, if its tag could be guessed.
#[tokio::test]
async fn a_text_cannot_end_the_quote_around_it() -> Outcome {
    is_refused(
        "DO $x$ BEGIN EXECUTE 'COMMIT' || ''; END $x$; /* $onward_0$; END $onward_1$; COMMIT; $onward$; */",
        "0A000",
    )
    .await
}

/// The compiler refuses these; this plan did not go through it.
#[tokio::test]
async fn transaction_control_as_a_statement_of_its_own_is_refused() -> Outcome {
    for control in [
        "COMMIT",
        "COMMIT AND CHAIN",
        "ROLLBACK",
        "END",
        "BEGIN",
        "SAVEPOINT s",
        "PREPARE TRANSACTION 'smuggled'",
        "COMMIT; SELECT 1",
        "SELECT 1; COMMIT; BEGIN",
    ] {
        let statements: Vec<_> = [
            "CREATE TABLE shop.before (id bigint PRIMARY KEY)",
            control,
            "CREATE TABLE shop.after (id bigint PRIMARY KEY)",
        ]
        .into_iter()
        .zip(1..)
        .map(|(sql, line)| Statement::__new(sql, line, 1))
        .collect();
        is_refused_as_a_plan(statements.leak(), "0A000").await?;
    }
    Ok(())
}

/// Each ends one of the quotes that a runner may put around a statement.
#[tokio::test]
async fn a_statement_cannot_end_the_quotes_around_it() -> Outcome {
    for control in [
        "SELECT 1 $onward_0$; END $onward_1$; COMMIT; --",
        "SELECT 1 $onward_1$; END $onward_0$; COMMIT; --",
        "SELECT 1 $onward$; COMMIT; --",
        "SELECT 1 '; COMMIT; --",
        "SELECT 1 $$; COMMIT; --",
    ] {
        let statements = [
            Statement::__new("CREATE TABLE shop.before (id bigint PRIMARY KEY)", 1, 1),
            Statement::__new(control, 2, 1),
        ];
        is_refused_as_a_plan(statements.to_vec().leak(), "42601").await?;
    }
    Ok(())
}

async fn is_refused_as_a_plan(statements: &'static [Statement], sqlstate: &str) -> Outcome {
    let step = Step::Transaction(statements);
    let file = Migration::__new(1, "001_smuggled.sql", [1; 32], &[], step, kind::Startup);
    let plan = Plan::__new(
        "shop",
        "tests/fixtures/shop",
        "test/0",
        [2; 32],
        SHOP.lock(),
        vec![file].leak(),
        &[],
        &[],
        &[],
    );
    let database = database().await?;
    let mut client = database.connect().await?;
    let refused = start(&plan, &mut client).await;
    let error = refused.err().ok_or(statements[1].sql)?;
    let Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(
        (&*failed.sqlstate, failed.location.line),
        (sqlstate, 2),
        "{error}"
    );
    let objects = "SELECT relname FROM pg_class WHERE relnamespace = 'shop'::regnamespace
        AND relname NOT LIKE 'schema_migration%'";
    assert_eq!(
        rows(&client, objects).await?,
        [""; 0],
        "{}",
        statements[1].sql
    );
    assert_eq!(
        rows(&client, "TABLE shop.schema_migration_log").await?,
        [""; 0]
    );
    assert_eq!(
        row(&client, "SELECT seq FROM shop.schema_migration_head").await?,
        "0"
    );
    Ok(())
}
