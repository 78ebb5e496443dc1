//! Data migrations that are not cut into ranges.

use onward::data::{self, Batch, Event, Step, Worker};
use onward::kind::Data;
use onward::plan::{IndexBuild, Job, Statement, Step as PlanStep};
use tokio_postgres::Transaction;

use crate::support::folder::Folder;
use crate::support::job::{filled, finish, heard, listened, plan, version, with_data};
use crate::support::witness::{events, is_sound, row};
use crate::{Outcome, connector};

const COUNTED: &str = "SELECT min(n), max(n), count(*) FROM shop.counted";

#[tokio::test]
async fn a_statement_that_limits_itself_runs_until_it_finds_nothing() -> Outcome {
    const ONE: &str = "UPDATE shop.counted SET n = n + 1 WHERE id IN
        (SELECT id FROM shop.counted WHERE n = 0 ORDER BY id LIMIT 7)";
    let kind = Data::__new(
        Job::Repeated,
        Some("SELECT n = 0 FROM shop.counted"),
        0,
        false,
        &[],
    );
    let plan = plan(kind, ONE)?;
    let (database, client) = filled(&plan, 100).await?;
    finish(&plan, &connector(&database)?).await?;
    assert_eq!(row(&client, COUNTED).await?, "1|1|100");
    assert_eq!(
        row(
            &client,
            "SELECT rows, batches FROM shop.schema_migration_progress"
        )
        .await?,
        "100|16"
    );
    is_sound(&client).await
}

#[tokio::test]
async fn a_small_one_runs_as_a_whole() -> Outcome {
    let kind = Data::__new(Job::Whole, None, 0, false, &[]);
    let plan = plan(kind, "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 100).await?;
    finish(&plan, &connector(&database)?).await?;
    assert_eq!(row(&client, COUNTED).await?, "1|1|100");
    assert_eq!(
        row(&client, "SELECT state FROM shop.schema_migration_progress").await?,
        "done"
    );
    is_sound(&client).await
}

#[tokio::test]
async fn an_index_is_built_beside_the_service() -> Outcome {
    let build = IndexBuild::__new(
        Statement::__new(
            "CREATE INDEX CONCURRENTLY counted_n_idx ON shop.counted (n)",
            1,
            1,
        ),
        ["counted_n_idx", "shop", "counted"],
        ["CREATE INDEX CONCURRENTLY ", " ON ", " (n)"],
    );
    let kind = Data::__new(Job::Background, None, 0, false, &[]);
    let plan = with_data(kind, PlanStep::BuildIndex(build), 1)?;
    let (database, client) = filled(&plan, 100).await?;
    finish(&plan, &connector(&database)?).await?;
    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'shop.counted_n_idx'::regclass";
    assert_eq!(row(&client, valid).await?, "t");
    let last = events(&client).await?;
    assert_eq!(last.last().map(String::as_str), Some("data_done DM001 1"));
    is_sound(&client).await
}

/// The files say it, and the server shows how far it is.
#[tokio::test]
async fn what_takes_long_is_done_in_the_background_and_can_be_seen() -> Outcome {
    let folder = Folder::empty("shop").with(
        "001_counted.sql",
        "CREATE TABLE shop.counted (id bigint PRIMARY KEY, n int NOT NULL DEFAULT 0);
         CREATE INDEX counted_n_idx ON shop.counted (n);
         ALTER TABLE shop.counted ADD CONSTRAINT counted_n_check CHECK (n >= 0) NOT VALID;",
    );
    let (database, client) = filled(&folder.plan()?, 100).await?;
    let folder = folder
        .with(
            "DM001_counted_n_idx.sql",
            "-- onward: background\nREINDEX INDEX CONCURRENTLY shop.counted_n_idx;",
        )
        .with(
            "DM002_counted_n_check.sql",
            "-- onward: background\nALTER TABLE shop.counted VALIDATE CONSTRAINT counted_n_check;",
        );
    let plan = folder.plan()?;
    // A session that has written waits to be over before the index can be built.
    let writer = database.connect().await?;
    writer
        .batch_execute("BEGIN; UPDATE shop.counted SET n = 1 WHERE id = 1")
        .await?;
    let connector = connector(&database)?;
    let working = finish(&plan, &connector);
    let seeing = async {
        loop {
            let all = data::list(&client, &plan, None).await?;
            let [first, second] = all.as_slice() else {
                return Err("two data migrations".into());
            };
            assert_eq!(second.building, None);
            // Before it waits it has begun, and says so for a moment.
            let building = first.building.as_ref();
            if let Some(building) = building.filter(|one| one.phase.starts_with("waiting for")) {
                writer.batch_execute("COMMIT").await?;
                return Ok::<_, Box<dyn std::error::Error>>(building.clone());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let (worked, seen) = tokio::join!(working, seeing);
    worked?;
    let seen = seen?;
    assert_eq!(seen.table, "shop.counted");
    let checked = "SELECT convalidated FROM pg_constraint WHERE conname = 'counted_n_check'";
    assert_eq!(row(&client, checked).await?, "t");
    let all = data::list(&client, &plan, None).await?;
    assert!(
        all.iter()
            .all(|one| one.done.is_some() && one.building.is_none())
    );
    is_sound(&client).await
}

struct CountUp {
    /// What goes wrong, and at which row.
    trouble: Option<(&'static str, i64)>,
}

impl Batch for CountUp {
    type Cursor = i64;

    async fn run(
        &self,
        transaction: &Transaction<'_>,
        after: Option<i64>,
        rows: u32,
    ) -> Result<Step<i64>, Box<dyn std::error::Error + Send + Sync>> {
        let (after, rows) = (after.unwrap_or(0), i64::from(rows.min(30)));
        let sql = "UPDATE counted SET n = n + 1 WHERE id IN
                     (SELECT id FROM counted WHERE id > $1 ORDER BY id LIMIT $2) RETURNING id";
        let ids: Vec<i64> = transaction
            .query(sql, &[&after, &rows])
            .await?
            .iter()
            .map(|row| row.get(0))
            .collect();
        let last = ids.iter().max().copied();
        match self.trouble {
            Some(("panic", at)) if last >= Some(at) => panic!("at {at}"),
            Some(("error", at)) if last >= Some(at) => return Err("this is wrong".into()),
            Some(("commit", at)) if last >= Some(at) => {
                transaction.batch_execute("ROLLBACK").await?
            }
            _ => {}
        }
        Ok(Step::after(last, ids.len()))
    }
}

#[tokio::test]
async fn code_of_the_service_runs_in_the_workers_transactions() -> Outcome {
    let kind = Data::__new(
        Job::Code,
        Some("SELECT n = 0 FROM shop.counted"),
        0,
        false,
        &[],
    );
    let plan = plan(kind, "")?;
    let (database, client) = filled(&plan, 100).await?;
    let error = finish(&plan, &connector(&database)?).await.err();
    let error = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("Worker::code"), "{error}");
    let worker = Worker::new(&plan).code(version(), CountUp { trouble: None });
    worker.finish(&connector(&database)?, None).await?;
    assert_eq!(row(&client, COUNTED).await?, "1|1|100");
    assert_eq!(
        row(
            &client,
            r"SELECT position, state FROM shop.schema_migration_progress"
        )
        .await?,
        r#"["100"]|done"#
    );
    is_sound(&client).await
}

#[tokio::test]
async fn code_that_fails_or_panics_stops_it_with_the_reason_and_without_its_batch() -> Outcome {
    for (trouble, reason) in [("panic", "panicked: at 50"), ("error", "this is wrong")] {
        let plan = plan(Data::__new(Job::Code, None, 0, false, &[]), "")?;
        let (database, client) = filled(&plan, 100).await?;
        let (worker, mut events) = listened(&plan);
        let worker = worker.code(
            version(),
            CountUp {
                trouble: Some((trouble, 50)),
            },
        );
        let error = worker.finish(&connector(&database)?, None).await.err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(reason), "{error}");
        heard(&mut events, |event| matches!(event, Event::Failed { .. })).await?;
        assert_eq!(
            row(&client, "SELECT sum(n) FROM shop.counted").await?,
            "30",
            "{trouble}"
        );
    }
    Ok(())
}

/// A transaction that the code ends is no batch: the next one begins where the last one that counts ended.
#[tokio::test]
async fn code_that_ends_the_transaction_does_not_move_the_cursor_past_its_rows() -> Outcome {
    let plan = plan(Data::__new(Job::Code, None, 0, false, &[]), "")?;
    let (database, client) = filled(&plan, 100).await?;
    let worker = Worker::new(&plan).code(
        version(),
        CountUp {
            trouble: Some(("commit", 50)),
        },
    );
    let error = worker.finish(&connector(&database)?, None).await.err();
    assert!(error.is_some());
    assert_eq!(row(&client, "SELECT sum(n) FROM shop.counted").await?, "30");
    assert_eq!(
        row(
            &client,
            "SELECT position FROM shop.schema_migration_progress"
        )
        .await?,
        r#"["30"]"#
    );
    Ok(())
}
