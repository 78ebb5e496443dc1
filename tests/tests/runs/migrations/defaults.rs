//! Defaults that an administrator may have set for a database.

use onward_pg::{Database, database};

use crate::support::folder::Folder;
use crate::support::starters::{all_at_once, was_done_once};
use crate::support::witness::{is_sound, row};
use crate::{Outcome, SHOP, release, start};

/// A database with these defaults for every session.
async fn with_default(setting: &str) -> Result<Database, Box<dyn std::error::Error>> {
    let database = database().await?;
    let client = database.connect().await?;
    client
        .batch_execute(&format!("ALTER DATABASE {} SET {setting}", database.name()))
        .await?;
    Ok(database)
}

async fn is_harmless(setting: &str) -> Outcome {
    let database = with_default(setting).await?;
    let reports = all_at_once(&database, SHOP, 4).await?;
    was_done_once(&database, &reports).await?;
    let mut client = database.connect().await?;
    release(&SHOP, &mut client).await?;
    is_sound(&client).await
}

#[tokio::test]
async fn repeatable_read_as_the_default_applies_nothing_twice() -> Outcome {
    is_harmless("default_transaction_isolation = 'repeatable read'").await
}

#[tokio::test]
async fn serializable_as_the_default_applies_nothing_twice() -> Outcome {
    is_harmless("default_transaction_isolation = 'serializable'").await
}

#[tokio::test]
async fn deferrable_transactions_as_the_default_do_not_hinder() -> Outcome {
    is_harmless("default_transaction_deferrable = on").await
}

#[tokio::test]
async fn old_string_syntax_as_the_default_does_not_change_what_a_file_does() -> Outcome {
    is_harmless("standard_conforming_strings = off").await?;
    let plan = Folder::shop().with(
        "S002_paths.sql",
        r"INSERT INTO shop.categories (code, title) VALUES ('path', 'C:\new') ON CONFLICT DO NOTHING;",
    );
    let database = with_default("standard_conforming_strings = off").await?;
    let mut client = database.connect().await?;
    start(&plan.plan()?, &mut client).await?;
    let title = "SELECT title FROM shop.categories WHERE code = 'path'";
    assert_eq!(row(&client, title).await?, r"C:\new");
    Ok(())
}

#[tokio::test]
async fn hidden_notices_and_a_foreign_path_as_the_default_do_not_hinder() -> Outcome {
    is_harmless("search_path = nowhere").await?;
    is_harmless("client_min_messages = 'error'").await
}

#[tokio::test]
async fn short_timeouts_as_the_default_do_not_reach_the_runners_messages() -> Outcome {
    let database = with_default("idle_in_transaction_session_timeout = '1ms'").await?;
    let mut client = database.connect().await?;
    release(&SHOP, &mut client).await?;
    is_sound(&client).await
}

/// The default does not stop a transaction that declares READ WRITE, as every message of the runner does.
#[tokio::test]
async fn read_only_as_the_default_does_not_hinder_transactions() -> Outcome {
    let database = with_default("default_transaction_read_only = on").await?;
    let mut client = database.connect().await?;
    let plan = Folder::shop().edited("003_products_name_idx.sql", |_| {
        "CREATE VIEW shop.names AS SELECT name FROM shop.products;".to_owned()
    });
    release(&plan.plan()?, &mut client).await?;
    is_sound(&client).await
}

/// Outside of a transaction there is no place to declare it, so the session's own default applies.
#[tokio::test]
async fn read_only_as_the_default_refuses_an_index_and_leaves_nothing_of_it() -> Outcome {
    let database = with_default("default_transaction_read_only = on").await?;
    let mut client = database.connect().await?;
    let refused = release(&SHOP, &mut client).await;
    let error = refused.err().ok_or("it was not refused")?;
    assert_eq!(error.sqlstate(), Some("25006"), "{error}");
    assert!(
        error.to_string().contains("003_products_name_idx.sql:1:1"),
        "{error}"
    );
    is_sound(&client).await?;
    client
        .batch_execute("SET default_transaction_read_only = off")
        .await?;
    assert_eq!(release(&SHOP, &mut client).await?.applied().len(), 4);
    is_sound(&client).await
}

/// A role's own small timeout ends a look at the ledger, which holds nothing up.
#[tokio::test]
async fn a_small_timeout_does_not_end_a_look_at_a_long_ledger() -> Outcome {
    let mut folder = Folder::empty("shop");
    for file in 1..=90 {
        let text = format!("CREATE TABLE shop.t{file} (id bigint PRIMARY KEY);");
        folder = folder.with(&format!("{file:03}_t.sql"), &text);
    }
    let plan = folder.plan()?;
    let newer = folder
        .with(
            "091_t.sql",
            "CREATE TABLE shop.t91 (id bigint PRIMARY KEY);",
        )
        .plan()?;
    let database = with_default("statement_timeout = '3ms'").await?;
    for plan in [&plan, &plan, &newer, &newer] {
        start(plan, &mut database.connect().await?).await?;
        let connector = crate::connector(&database)?;
        let startup = onward::Startup::new(plan);
        startup.run_with(&connector).await?;
    }
    let client = database.connect().await?;
    client.batch_execute("SET statement_timeout = 0").await?;
    is_sound(&client).await
}
