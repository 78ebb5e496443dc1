//! Indexes are built under a private name and published by a rename.

use onward::Error;
use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, pid, row, rows, until, until_it_queues};
use crate::{Outcome, SHOP, applied, start};

const INDEXES: &str =
    "SELECT pg_get_indexdef(indexrelid), indisvalid, indisready, indisunique FROM pg_index
    WHERE indrelid = 'shop.products'::regclass AND NOT indisprimary ORDER BY 1";

#[tokio::test]
async fn an_index_is_what_its_file_declares() -> Outcome {
    let folder = Folder::shop().with(
        "005_products_slug_key.sql",
        "CREATE UNIQUE INDEX CONCURRENTLY \"Products slug's key\" -- with a name that needs quotes\n\
         \x20   ON shop.products USING btree (lower(slug) DESC NULLS LAST) INCLUDE (price)\n\
         \x20   WITH (fillfactor = 70) WHERE slug <> ''",
    );
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&folder.plan()?, &mut client).await?;
    assert_eq!(
        rows(&client, INDEXES).await?,
        [
            "CREATE INDEX products_name_idx ON shop.products USING btree (name)|t|t|f",
            "CREATE UNIQUE INDEX \"Products slug's key\" ON shop.products USING btree \
             (lower(slug) DESC NULLS LAST) INCLUDE (price) WITH (fillfactor='70') \
             WHERE (slug <> ''::text)|t|t|t"
        ]
    );
    is_sound(&client).await
}

#[tokio::test]
async fn a_name_as_long_as_postgresql_accepts_it_is_kept() -> Outcome {
    let name = "products_name_".to_owned() + &"x".repeat(49);
    let folder = Folder::shop().with(
        "005_long_idx.sql",
        &format!("CREATE INDEX CONCURRENTLY {name} ON shop.products (name);"),
    );
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&folder.plan()?, &mut client).await?;
    let there =
        format!("SELECT indisvalid FROM pg_index WHERE indexrelid = 'shop.{name}'::regclass");
    assert_eq!(row(&client, &there).await?, "t");
    is_sound(&client).await
}

#[tokio::test]
async fn a_unique_index_on_duplicate_rows_leaves_nothing_behind() -> Outcome {
    let plan = Folder::shop()
        .with(
            "005_products_name_key.sql",
            "CREATE UNIQUE INDEX CONCURRENTLY products_name_key ON shop.products (name);",
        )
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    client
        .batch_execute("INSERT INTO shop.products (name) VALUES ('Tea'), ('Tea')")
        .await?;
    let error = start(&plan, &mut client)
        .await
        .err()
        .ok_or("it did not fail")?;
    assert_eq!(error.sqlstate(), Some("23505"));
    assert!(
        error.to_string().contains("005_products_name_key.sql:1:1"),
        "{error}"
    );
    // The values of a row must not appear in a log.
    assert!(!format!("{error:#}").contains("Tea"), "{error:#}");
    // The name in the file and not the private one, and a query that finds the rows.
    let text = format!("{error:#}");
    assert!(
        text.contains("could not create unique index \"products_name_key\""),
        "{text}"
    );
    assert!(
        text.contains("detail: Key (name)=(?) is duplicated."),
        "{text}"
    );
    assert!(!text.contains("__onward_"), "{text}");
    let Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    let query = failed.query.clone().ok_or("there is no query")?;
    assert!(text.contains(&query), "{text}");
    assert_eq!(rows(&client, &query).await?, ["Tea|2"]);
    assert_eq!(rows(&client, INDEXES).await?.len(), 1);
    assert_eq!(
        events(&client).await?[6..],
        ["started 005 1", "abandoned 005 1"]
    );
    is_sound(&client).await?;

    client
        .batch_execute("DELETE FROM shop.products WHERE id = 2")
        .await?;
    assert_eq!(
        applied(&start(&plan, &mut client).await?),
        ["005_products_name_key.sql"]
    );
    assert_eq!(
        events(&client).await?[8..],
        ["started 005 2", "applied 005 2"]
    );
    is_sound(&client).await
}

/// The same of a constraint, an expression, and a part of the rows; a statement that only meets a key is not asked for.
#[tokio::test]
async fn what_shares_a_key_is_found_by_a_query() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    client
        .batch_execute("INSERT INTO shop.products (name) VALUES ('Tea'), ('tea'), ('Tea'), ('Oil')")
        .await?;
    for (sql, found) in [
        (
            "ALTER TABLE shop.products ADD CONSTRAINT k UNIQUE (name);",
            Some("Tea|2"),
        ),
        (
            "CREATE UNIQUE INDEX CONCURRENTLY k ON shop.products (lower(name));",
            Some("tea|3"),
        ),
        (
            "CREATE UNIQUE INDEX k ON shop.products (name) WHERE name <> 'Oil';",
            Some("<the WHERE"),
        ),
        (
            "CREATE UNIQUE INDEX k ON shop.products ((coalesce(name, 'Tea')));",
            None,
        ),
        (
            "INSERT INTO shop.products (id, name) OVERRIDING SYSTEM VALUE SELECT 1, 'x' FROM generate_series(1, 2);",
            None,
        ),
    ] {
        let plan = Folder::shop().with("005_k.sql", sql).plan()?;
        let error = start(&plan, &mut client).await.err().ok_or("it ran")?;
        let Error::Failed { failed, .. } = &error else {
            return Err(error.into());
        };
        assert_eq!(&*failed.sqlstate, "23505", "{sql}");
        match (&failed.query, found) {
            (Some(query), Some(part)) if part.starts_with('<') => {
                assert!(query.contains(part), "{query}");
            }
            (Some(query), Some(shared)) => assert_eq!(rows(&client, query).await?, [shared]),
            (query, found) => assert_eq!(query.as_deref(), found, "{sql}"),
        }
    }
    is_sound(&client).await
}

#[tokio::test]
async fn an_index_of_that_name_from_another_program_is_not_taken_for_ours() -> Outcome {
    let plan = Folder::shop()
        .with(
            "005_products_slug_idx.sql",
            "CREATE INDEX CONCURRENTLY products_slug_idx ON shop.products (slug);",
        )
        .plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    client
        .batch_execute("CREATE INDEX products_slug_idx ON shop.products (price)")
        .await?;
    let error = start(&plan, &mut client)
        .await
        .err()
        .ok_or("it did not fail")?;
    let Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(
        (failed.name, &*failed.sqlstate),
        ("005_products_slug_idx.sql", "42P07")
    );
    // What it is, beside what it would be, and what to type.
    let text = format!("{error:#}");
    for words in [
        "at `CREATE INDEX CONCURRENTLY products_slug_idx ON shop.products (slug)`",
        "It is CREATE INDEX products_slug_idx ON shop.products USING btree (price)",
        "DROP INDEX CONCURRENTLY shop.products_slug_idx",
    ] {
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(events(&client).await?.len(), 6);
    is_sound(&client).await?;
    client
        .batch_execute(
            "DROP INDEX shop.products_slug_idx; CREATE VIEW shop.products_slug_idx AS SELECT 1",
        )
        .await?;
    let error = start(&plan, &mut client).await.err().ok_or("it ran")?;
    let text = format!("{error:#}");
    assert!(
        text.contains("ALTER VIEW shop.products_slug_idx RENAME"),
        "{text}"
    );
    client
        .batch_execute("DROP VIEW shop.products_slug_idx")
        .await?;
    assert_eq!(
        applied(&start(&plan, &mut client).await?),
        ["005_products_slug_idx.sql"]
    );
    is_sound(&client).await
}

/// Between the build and its publication another session may hold the lock for a moment.
#[tokio::test]
async fn an_index_that_is_no_longer_valid_is_never_published() -> Outcome {
    let database = database().await?;
    let (mut client, reader, meddler) =
        tokio::try_join!(database.connect(), database.connect(), database.connect())?;
    reader
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1")
        .await?;
    let builder = pid(&client).await?;
    let running = tokio::spawn(async move { start(&SHOP, &mut client).await });
    until_it_queues(&meddler, builder, "virtualxid").await?;
    meddler
        .batch_execute("SELECT pg_advisory_lock(hashtext('shop'))")
        .await?;
    reader.batch_execute("ROLLBACK").await?;
    let private = "indexrelid = to_regclass('shop.products_name_idx__onward_003_1')";
    until(
        &meddler,
        &format!("SELECT indisvalid FROM pg_index WHERE {private}"),
    )
    .await?;
    // A superuser can do quickly what otherwise takes a REINDEX and a crash.
    meddler
        .batch_execute(&format!(
            "UPDATE pg_index SET indisvalid = false WHERE {private};
             SELECT pg_advisory_unlock(hashtext('shop'))"
        ))
        .await?;
    assert_eq!(running.await??.applied().len(), 5);
    assert_eq!(
        events(&meddler).await?[2..6],
        [
            "started 003 1",
            "abandoned 003 1",
            "started 003 2",
            "applied 003 2"
        ]
    );
    is_sound(&meddler).await
}
