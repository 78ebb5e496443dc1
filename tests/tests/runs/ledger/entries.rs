//! The schema, the ledger and its view.

use onward_pg::database;

use crate::support::witness::{events, is_sound, row, rows};
use crate::{Outcome, SHOP, applied, release, start};

#[tokio::test]
async fn a_first_start_creates_the_schema_and_applies_everything_in_order() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let report = start(&SHOP, &mut client).await?;
    assert_eq!(
        applied(&report),
        [
            "001_products.sql",
            "002_categories.sql",
            "003_products_name_idx.sql",
            "004_stock.sql",
            "S001_categories.sql"
        ]
    );
    assert_eq!(
        report.pending_release()[0].name,
        "100_drop_products_legacy_code.sql"
    );
    assert_eq!(report.pending_data()[0].name, "DM001_products_slug.sql");
    assert_eq!(
        events(&client).await?,
        [
            "applied 001 1",
            "applied 002 1",
            "started 003 1",
            "applied 003 1",
            "applied 004 1",
            "seeded S001 1"
        ]
    );
    let head = row(
        &client,
        "SELECT seq, encode(chain, 'hex') FROM shop.schema_migration_head",
    )
    .await?;
    assert_eq!(
        head,
        format!("{}|{}", report.head().seq, report.head().chain)
    );
    let columns = "SELECT attname FROM pg_attribute
        WHERE attrelid = 'shop.products'::regclass AND attnum > 0 ORDER BY attnum";
    assert_eq!(
        rows(&client, columns).await?,
        ["id", "name", "legacy_code", "price", "slug"]
    );
    assert_eq!(
        rows(&client, "SELECT * FROM shop.categories ORDER BY code").await?,
        ["cup|Cups|1", "tea|Tea|1"]
    );
    is_sound(&client).await
}

#[tokio::test]
async fn the_view_has_the_documented_columns_and_the_ledgers_values() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let columns = "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
        WHERE attrelid = 'shop.schema_migration_history'::regclass AND attnum > 0 ORDER BY attnum";
    assert_eq!(
        rows(&client, columns).await?,
        [
            "migration_name|text",
            "category|text",
            "checksum|text",
            "applied_at|timestamp with time zone",
            "applied_by|text",
            "duration_ms|integer"
        ]
    );
    let first = &SHOP.startup()[0];
    let line = "SELECT migration_name, category, checksum, applied_by = session_user,
        applied_at BETWEEN now() - interval '1 hour' AND now(), duration_ms >= 0
        FROM shop.schema_migration_history LIMIT 1";
    assert_eq!(
        row(&client, line).await?,
        format!("{}|startup|{}|t|t|t", first.name(), first.checksum())
    );
    let names = "SELECT migration_name FROM shop.schema_migration_history";
    let planned: Vec<_> = SHOP.startup().iter().map(|one| one.name()).collect();
    assert_eq!(rows(&client, names).await?[..4], planned);
    Ok(())
}

#[tokio::test]
async fn the_ledger_has_no_row_level_security_to_hide_lines() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    let tables = "SELECT relname, relkind, relrowsecurity, relforcerowsecurity, relpersistence
        FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relname LIKE 'schema_migration%'
          AND relkind IN ('r', 'v') ORDER BY relname";
    assert_eq!(
        rows(&client, tables).await?,
        [
            "schema_migration_batch|r|f|f|p",
            "schema_migration_head|r|f|f|p",
            "schema_migration_history|v|f|f|p",
            "schema_migration_log|r|f|f|p",
            "schema_migration_progress|r|f|f|p",
            "schema_migration_skipped|r|f|f|p"
        ]
    );
    Ok(())
}

#[tokio::test]
async fn a_line_commits_in_the_transaction_of_the_migration_that_it_records() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    release(&SHOP, &mut client).await?;
    for (version, made) in [
        ("001", "pg_class WHERE oid = 'shop.products_pkey'::regclass"),
        ("001", "pg_proc WHERE oid = 'shop.product_count'::regproc"),
        ("002", "pg_class WHERE oid = 'shop.categories'::regclass"),
        ("004", "pg_class WHERE oid = 'shop.stock'::regclass"),
        ("S001", "shop.categories WHERE code = 'tea'"),
        // The transaction of the line renames the index, and drops the column.
        (
            "003",
            "pg_class WHERE oid = 'shop.products_name_idx'::regclass",
        ),
        (
            "100",
            "pg_attribute WHERE attrelid = 'shop.products'::regclass AND attisdropped",
        ),
    ] {
        let same = format!(
            "SELECT (SELECT xmin FROM {made}) = xmin FROM shop.schema_migration_log
             WHERE version = '{version}' AND event <> 'started'"
        );
        assert_eq!(row(&client, &same).await?, "t", "{version} {made}");
    }
    Ok(())
}

#[tokio::test]
async fn the_ledger_is_append_only() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    for role in ["origin", "replica", "local"] {
        client
            .batch_execute(&format!("SET session_replication_role = {role}"))
            .await?;
        for statement in [
            "UPDATE shop.schema_migration_log SET who = 'mallory'",
            "DELETE FROM shop.schema_migration_log",
            "TRUNCATE shop.schema_migration_log",
            "DELETE FROM shop.schema_migration_history",
            "MERGE INTO shop.schema_migration_log log USING (VALUES (1)) one(seq) ON log.seq = one.seq
             WHEN MATCHED THEN DELETE",
        ] {
            let refused = client.batch_execute(statement).await;
            let code = refused.as_ref().err().and_then(|error| error.code());
            let code = code.map(|code| code.code());
            // restrict_violation; a view with DISTINCT accepts no DELETE at all.
            assert!(
                matches!(code, Some("23001" | "55000")),
                "{role}: {statement}: {refused:?}"
            );
        }
    }
    client
        .batch_execute("RESET session_replication_role")
        .await?;
    is_sound(&client).await
}

#[tokio::test]
async fn two_chains_are_equal_only_if_they_record_the_same() -> Outcome {
    let (one, two) = tokio::try_join!(database(), database())?;
    let (mut one, mut two) = tokio::try_join!(one.connect(), two.connect())?;
    let first = start(&SHOP, &mut one).await?.head();
    let second = start(&SHOP, &mut two).await?.head();
    // Times are part of it, so that a ledger cannot be replaced by that of another database.
    assert_eq!(first.seq, second.seq);
    assert_ne!(first.chain, second.chain);
    Ok(())
}

/// A session that gets past the lock and the head still cannot record what is recorded already.
#[tokio::test]
async fn the_ledger_itself_accepts_nothing_twice() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    for (event, like, changes, refused) in [
        ("applied", "001", "", Some("23505")),
        ("baseline", "001", "", Some("23505")),
        ("adopted", "001", "", Some("23505")),
        // It started once, with an index that was built.
        ("started", "003", "", Some("23505")),
        ("started", "003", "attempt = 2", None),
        ("finished", "003", "", None),
        ("abandoned", "003", "", None),
        ("seeded", "S001", "", Some("23505")),
        ("seeded", "S001", "checksum = sha256('another text')", None),
        ("applied", "S001", "", Some("23505")),
        ("applied", "001", "checksum = sha256('another text')", None),
        // Two lines after the same one would be two histories.
        (
            "abandoned",
            "001",
            "prev = (SELECT prev FROM shop.schema_migration_log WHERE seq = 2)",
            Some("23505"),
        ),
    ] {
        let changes = changes.split_once(" = ").unwrap_or(("who", "'mallory'"));
        let (column, value) = changes;
        let write = format!(
            "BEGIN;
             CREATE TEMP TABLE copied ON COMMIT DROP AS
               SELECT DISTINCT ON (version) * FROM shop.schema_migration_log WHERE version = '{like}'
               ORDER BY version, seq;
             UPDATE copied SET event = '{event}', seq = 1000, prev = sha256('mallory''s');
             UPDATE copied SET {column} = {value};
             INSERT INTO shop.schema_migration_log SELECT * FROM copied"
        );
        let written = client.batch_execute(&write).await;
        let code = written.as_ref().err().and_then(|error| error.code());
        assert_eq!(
            code.map(|code| code.code()),
            refused,
            "{event} {like} {column}: {written:?}"
        );
        client.batch_execute("ROLLBACK").await?;
    }
    is_sound(&client).await
}
