//! What errors and events show of statements, values and secrets: nothing.

use std::error::Error as _;
use std::sync::{Arc, Mutex};

use onward::{PendingRelease, Release, Startup};
use onward_pg::database;

use crate::support::folder::Folder;
use crate::{Outcome, SHOP, release};

const SECRET: &str = "s3cr3t";

#[tokio::test]
async fn no_literal_and_no_value_of_a_row_is_in_an_error_or_an_event() -> Outcome {
    for (name, text) in [
        (
            "S002_t.sql",
            "INSERT INTO shop.categories (code, title) VALUES ('s3cr3t', NULL) ON CONFLICT DO NOTHING;",
        ),
        (
            "S002_t.sql",
            "INSERT INTO shop.categories (code, title, revision) VALUES (E's3cr3t', 'x', 's3cr3t') ON CONFLICT DO NOTHING;",
        ),
        (
            "005_t.sql",
            "CREATE TABLE shop.t (v text CHECK (v <> 's3cr3t'));\nINSERT INTO shop.t VALUES ('s3cr3t');",
        ),
        (
            "005_t.sql",
            "CREATE TABLE shop.t (v text);\nINSERT INTO shop.t VALUES ('s3cr3t');\nALTER TABLE shop.t ALTER COLUMN v TYPE int USING v::int;",
        ),
        (
            "005_t.sql",
            "CREATE TABLE shop.t (v text PRIMARY KEY);\nINSERT INTO shop.t VALUES ('s3cr3t'), ('s3cr3t');",
        ),
        (
            "005_t.sql",
            "CREATE TABLE shop.t (v int DEFAULT length('s3cr3t') / (length('s3cr3t') - 6) CHECK (nope('s3cr3t')));",
        ),
        ("005_t.sql", "SELECT $$s3cr3t$$, nope -- s3cr3t\n;"),
        ("005_t.sql", "SELECT /* s3cr3t */ 's3cr3t'::date;"),
        ("005_t.sql", "DO $$ BEGIN PERFORM 's3cr3t'::int; END $$;"),
        (
            "005_t.sql",
            "CREATE ROLE shop_s LOGIN PASSWORD 's3cr3t' IN ROLE no_such_role;",
        ),
        (
            "101_t.sql",
            "-- onward: transaction none\nALTER TABLE shop.products ADD CONSTRAINT c CHECK (name <> 's3cr3t' AND nope);",
        ),
        (
            "101_t.sql",
            "-- onward: transaction none\nCOMMENT ON TABLE shop.nope IS 's3cr3t';",
        ),
    ] {
        let plan = Folder::shop().with(name, text).plan()?;
        let database = database().await?;
        let mut client = database.connect().await?;
        release(&SHOP, &mut client).await?;
        let heard = Arc::new(Mutex::new(String::new()));
        let ears = Arc::clone(&heard);
        let listen = move |event: &onward::Event| {
            ears.lock()
                .expect("no thread panicked")
                .push_str(&format!("{event:?}"));
        };
        let own = crate::connector(&database)?;
        let lent = match name.starts_with('1') {
            true => {
                Release::new(&plan)
                    .listener(listen.clone())
                    .run(&mut client)
                    .await
            }
            false => {
                Startup::new(&plan)
                    .listener(listen.clone())
                    .run(&mut client)
                    .await
            }
        };
        let own = match name.starts_with('1') {
            true => Release::new(&plan).listener(listen).run_with(&own).await,
            false => {
                Startup::new(&plan)
                    .pending_release(PendingRelease::Report)
                    .listener(listen)
                    .run_with(&own)
                    .await
            }
        };
        for error in [lent.err(), own.err()] {
            let error = error.ok_or(format!("it did not fail: {text}"))?;
            let source = error.source().map(|source| format!("{source} {source:?}"));
            let all = format!("{error} {error:?} {source:?}");
            assert!(!all.contains(SECRET), "{text}: {all}");
            assert!(error.to_string().contains(name), "{error}");
        }
        assert!(!heard.lock().expect("no thread panicked").contains(SECRET));
    }
    Ok(())
}

#[tokio::test]
async fn an_error_shows_a_hundred_characters_of_a_statement_at_most() -> Outcome {
    let columns: Vec<_> = (0..400).map(|n| format!("column_{n} text")).collect();
    let text = format!(
        "CREATE TABLE shop.wide ({}, broken nope);",
        columns.join(", ")
    );
    let plan = Folder::shop().with("005_wide.sql", &text).plan()?;
    let database = database().await?;
    let refused = crate::start(&plan, &mut database.connect().await?).await;
    let error = refused.err().ok_or("it did not fail")?.to_string();
    assert!(
        error.contains("CREATE TABLE shop.wide (column_0 text"),
        "{error}"
    );
    assert!(error.len() < 700, "{} characters", error.len());
    Ok(())
}
