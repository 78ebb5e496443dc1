//! Ranges: every row once, none left out, whatever the key and whatever happens to the table meanwhile.

use onward::data::{Event, Pace};
use onward::kind::Data;
use onward::plan::{Job, Key, Ranges};
use onward_pg::database;

use crate::support::job::{
    COUNT, FILL, UNFILLED, filled, finish, heard, listened, plan, ranged, ranges, version,
};
use crate::support::witness::{events, is_sound, row, rows};
use crate::{Outcome, connector, start};

#[tokio::test]
async fn every_row_is_changed_once_and_the_ledger_says_when() -> Outcome {
    let plan = plan(ranged(COUNT, None), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 1234).await?;
    finish(&plan, &connector(&database)?).await?;
    let counted = "SELECT min(n), max(n), count(*) FROM shop.counted";
    assert_eq!(row(&client, counted).await?, "1|1|1234");
    let last = events(&client).await?;
    assert_eq!(
        last.get(last.len() - 2..).unwrap_or_default(),
        ["data_started DM001 1", "data_done DM001 1"]
    );
    let progress =
        "SELECT state, pass, rows, scanned >= 1234, position = goal, batches > 10, skipped, total
                    FROM shop.schema_migration_progress";
    assert_eq!(row(&client, progress).await?, "done|1|1234|t|t|t|0|1234");
    let batches = "SELECT sum(rows), max(rows) <= 100, count(*) = max(batch) FROM shop.schema_migration_batch";
    assert_eq!(row(&client, batches).await?, "1234|t|t");
    // Again: nothing to do.
    finish(&plan, &connector(&database)?).await?;
    assert_eq!(events(&client).await?, last);
    assert_eq!(row(&client, counted).await?, "1|1|1234");
    is_sound(&client).await
}

#[tokio::test]
async fn an_empty_table_is_done_at_once() -> Outcome {
    for (kind, rows) in [
        (ranged(COUNT, None), 0),
        (ranged(FILL, UNFILLED), 0),
        (ranged(FILL, UNFILLED), 1),
    ] {
        let plan = plan(kind, "UPDATE shop.counted SET n = n + 1")?;
        let (database, client) = filled(&plan, rows).await?;
        finish(&plan, &connector(&database)?).await?;
        let done = "SELECT count(*) FROM shop.schema_migration_log WHERE event = 'data_done'";
        assert_eq!(row(&client, done).await?, "1");
        is_sound(&client).await?;
    }
    Ok(())
}

/// A row that appears behind the cursor, and one beyond the end, are there for the check.
#[tokio::test]
async fn rows_that_appear_meanwhile_are_caught_by_another_pass() -> Outcome {
    let plan = plan(ranged(FILL, UNFILLED), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 500).await?;
    let connector = connector(&database)?;
    let (worker, mut events) = listened(&plan);
    let worker = worker.pace(Pace::new().share(0.05));
    let working = tokio::spawn(async move { worker.run(&connector, std::future::pending()).await });
    heard(&mut events, |event| matches!(event, Event::Batch { .. })).await?;
    client
        .batch_execute("INSERT INTO shop.counted (id) VALUES (-7), (100000)")
        .await?;
    heard(&mut events, |event| {
        matches!(event, Event::Pass { number: 2, .. })
    })
    .await?;
    heard(&mut events, |event| matches!(event, Event::Done { .. })).await?;
    working.abort();
    let _ = working.await;
    let counted = "SELECT count(*), min(filled), max(n) FROM shop.counted";
    assert_eq!(row(&client, counted).await?, "502|2|1");
    Ok(())
}

/// What the statement leaves as it is would be walked over for ever.
#[tokio::test]
async fn rows_that_the_statement_leaves_unfinished_are_reported_and_not_walked_over_for_ever()
-> Outcome {
    const LEAVES: onward::plan::Ranges = ranges(
        100,
        "counted",
        crate::support::job::ID,
        [
            "UPDATE shop.counted SET filled = nullif(divisor, 5) WHERE (filled IS NULL) AND (",
            ")",
        ],
    );
    let plan = plan(
        ranged(LEAVES, UNFILLED),
        "UPDATE shop.counted SET n = n + 1",
    )?;
    let (database, client) = filled(&plan, 150).await?;
    let error = finish(&plan, &connector(&database)?)
        .await
        .err()
        .map(|error| error.to_string());
    let error = error.unwrap_or_default();
    assert!(
        error.contains("passes over the table do not make them fewer"),
        "{error}"
    );
    assert_eq!(
        row(
            &client,
            "SELECT state, pass FROM shop.schema_migration_progress"
        )
        .await?,
        "failed|3"
    );
    is_sound(&client).await
}

#[tokio::test]
async fn keys_of_every_type_and_number_are_walked_in_their_order() -> Outcome {
    const CASES: [(&[Key], &str, &str); 8] = [
        (
            &[key("k", "uuid")],
            "k uuid PRIMARY KEY",
            "md5(i::text)::uuid",
        ),
        (
            &[key("k", "text")],
            r#"k text COLLATE "C" PRIMARY KEY"#,
            "chr(i % 26 + 65) || '''\"\\$onward$' || i",
        ),
        (&[key("k", "text")], "k text PRIMARY KEY", "'ä' || i"),
        (
            &[key("k", "timestamp with time zone")],
            "k timestamptz PRIMARY KEY",
            "timestamptz '2024-03-31 00:00+00' + i * interval '7 minutes'",
        ),
        (&[key("k", "numeric")], "k numeric PRIMARY KEY", "i / 7.0"),
        (
            &[key("k", "double precision")],
            "k float8 PRIMARY KEY",
            "i / 7.0::float8",
        ),
        (
            &[key("Tenant Id", "integer"), key("k", "date")],
            r#""Tenant Id" int, k date, PRIMARY KEY ("Tenant Id", k)"#,
            "i % 3, date '2024-01-01' + i",
        ),
        (
            &[key("k", "shop.level")],
            "k shop.level PRIMARY KEY",
            "(enum_range(NULL::shop.level))[i]",
        ),
    ];
    for (keys, columns, values) in CASES {
        let kind = ranged(
            ranges(
                7,
                "walked",
                keys,
                ["UPDATE shop.walked SET n = n + 1 WHERE (", ")"],
            ),
            None,
        );
        let plan = plan(kind, "UPDATE shop.walked SET n = n + 1")?;
        let database = database().await?;
        let mut client = database.connect().await?;
        start(&plan, &mut client).await?;
        let most = if columns.contains("level") { 3 } else { 50 };
        client
            .batch_execute(&format!(
                "SET DateStyle = 'SQL, DMY'; CREATE TYPE shop.level AS ENUM ('low', 'high', 'a');
                 CREATE TABLE shop.walked ({columns}, n int NOT NULL DEFAULT 0);
                 INSERT INTO shop.walked SELECT {values} FROM generate_series(1, {most}) AS i;
                 ALTER DATABASE {} SET DateStyle = 'SQL, DMY';",
                client_database(&client).await?
            ))
            .await?;
        finish(&plan, &connector(&database)?).await?;
        let counted = "SELECT min(n), max(n), count(*) FROM shop.walked";
        assert_eq!(
            row(&client, counted).await?,
            format!("1|1|{most}"),
            "{columns}"
        );
    }
    Ok(())
}

const fn key(column: &'static str, data_type: &'static str) -> Key {
    Key { column, data_type }
}

async fn client_database(
    client: &tokio_postgres::Client,
) -> Result<String, Box<dyn std::error::Error>> {
    row(client, "SELECT quote_ident(current_database())").await
}

#[tokio::test]
async fn a_table_that_is_emptied_meanwhile_is_done() -> Outcome {
    let plan = plan(ranged(FILL, UNFILLED), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 500).await?;
    let connector = connector(&database)?;
    let (worker, mut events) = listened(&plan);
    let worker = worker.pace(Pace::new().share(0.02));
    let working = tokio::spawn(async move { worker.run(&connector, std::future::pending()).await });
    heard(&mut events, |event| matches!(event, Event::Batch { .. })).await?;
    client.batch_execute("TRUNCATE shop.counted").await?;
    heard(&mut events, |event| matches!(event, Event::Done { .. })).await?;
    working.abort();
    Ok(())
}

#[tokio::test]
async fn a_key_that_is_dropped_or_retyped_meanwhile_stops_it_with_the_reason() -> Outcome {
    for (change, reason) in [
        ("ALTER TABLE shop.counted DROP COLUMN id", "42703"),
        ("DROP TABLE shop.counted", "42P01"),
        (
            "ALTER TABLE shop.counted ALTER COLUMN id TYPE text",
            "42883",
        ),
    ] {
        let plan = plan(ranged(FILL, UNFILLED), "UPDATE shop.counted SET n = n + 1")?;
        let (database, client) = filled(&plan, 500).await?;
        let connector = connector(&database)?;
        let (worker, mut events) = listened(&plan);
        let worker = worker.pace(Pace::new().share(0.02));
        let working =
            tokio::spawn(async move { worker.run(&connector, std::future::pending()).await });
        heard(&mut events, |event| matches!(event, Event::Batch { .. })).await?;
        client.batch_execute(change).await?;
        let failed = heard(&mut events, |event| matches!(event, Event::Failed { .. })).await?;
        let Event::Failed { reason: said, .. } = failed else {
            return Err("not failed".into());
        };
        assert!(said.contains(reason), "{change}: {said}");
        working.abort();
    }
    Ok(())
}

/// An owner under FORCE ROW LEVEL SECURITY sees no row, and would be done with nothing.
#[tokio::test]
async fn a_policy_that_hides_rows_is_an_error_and_not_a_success() -> Outcome {
    let plan = plan(ranged(FILL, UNFILLED), "UPDATE shop.counted SET n = n + 1")?;
    let database = database().await?;
    let mut admin = database.connect().await?;
    let owner = format!("owner_{}", database_name(&database));
    admin
        .batch_execute(&format!(
            "CREATE ROLE {owner} LOGIN; GRANT CREATE ON DATABASE {} TO {owner}",
            client_database(&admin).await?
        ))
        .await?;
    let role = onward::Role::new(&owner)?;
    onward::Startup::new(&plan)
        .role(role.clone())
        .run(&mut admin)
        .await?;
    admin
        .batch_execute(
            "INSERT INTO shop.counted (id) SELECT id FROM generate_series(1, 10) AS id;
             ALTER TABLE shop.counted ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
             CREATE POLICY none ON shop.counted USING (current_setting('app.tenant_id', true) = 'x')",
        )
        .await?;
    let worker = onward::data::Worker::new(&plan).role(role);
    let error = worker.finish(&connector(&database)?, None).await.err();
    let error = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("row-level security"), "{error}");
    assert_eq!(
        row(
            &admin,
            "SELECT count(*) FROM shop.counted WHERE filled IS NULL"
        )
        .await?,
        "10"
    );
    admin
        .batch_execute(&format!("DROP OWNED BY {owner} CASCADE; DROP ROLE {owner}"))
        .await?;
    Ok(())
}

fn database_name(database: &onward_pg::Database) -> String {
    database
        .url()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
}

#[tokio::test]
async fn an_edit_of_the_file_half_way_is_refused_and_may_begin_again() -> Outcome {
    let plan = plan(ranged(FILL, UNFILLED), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 500).await?;
    let connector = connector(&database)?;
    let (worker, mut events) = listened(&plan);
    let worker = worker.pace(Pace::new().share(0.02));
    let own = connector.clone();
    let working = tokio::spawn(async move { worker.run(&own, std::future::pending()).await });
    heard(&mut events, |event| matches!(event, Event::Batch { .. })).await?;
    working.abort();
    let _ = working.await;
    let edited = crate::support::job::plan_of(
        ranged(FILL, UNFILLED),
        "UPDATE shop.counted SET n = n + 2",
        2,
    )?;
    let error = finish(&edited, &connector)
        .await
        .err()
        .map(|error| error.to_string());
    assert!(
        error
            .clone()
            .unwrap_or_default()
            .contains("was edited after it had begun"),
        "{error:?}"
    );
    let restart = onward::data::Command::Restart;
    onward::data::steer(&client, &edited, None, version(), restart).await?;
    finish(&edited, &connector).await?;
    assert_eq!(
        rows(&client, "SELECT DISTINCT filled FROM shop.counted").await?,
        ["2"]
    );
    Ok(())
}

#[tokio::test]
async fn one_batch_may_be_the_whole_table() -> Outcome {
    let whole = Ranges::__new(
        1_000_000,
        COUNT.table,
        COUNT.alias,
        COUNT.keys,
        [COUNT.head, COUNT.tail],
    );
    let plan = plan(
        Data::__new(Job::Ranges(whole), None, 0, false, &[]),
        "UPDATE shop.counted SET n = n + 1",
    )?;
    let (database, client) = filled(&plan, 10).await?;
    finish(&plan, &connector(&database)?).await?;
    assert_eq!(
        row(
            &client,
            "SELECT batches FROM shop.schema_migration_progress"
        )
        .await?,
        "1"
    );
    Ok(())
}
