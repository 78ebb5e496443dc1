//! Rows that fail.

use onward::data::{Command, Event, Worker, history, steer};
use onward::kind::Data;
use onward::plan::{Job, Ranges};
use tokio_postgres::Client;

use crate::support::job::{
    FILL, ID, UNFILLED, filled, finish, heard, listened, plan, ranges, version,
};
use crate::support::witness::{is_sound, row, rows};
use crate::{Outcome, connector};

async fn poison(client: &Client, ids: &str) -> Outcome {
    let sql = format!("UPDATE shop.counted SET divisor = 0 WHERE id IN ({ids})");
    Ok(client.batch_execute(&sql).await?)
}

#[tokio::test]
async fn a_row_that_fails_is_found_and_stops_it() -> Outcome {
    let kind = Data::__new(Job::Ranges(FILL), UNFILLED, 0, false, &[]);
    let plan = plan(kind, "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 500).await?;
    poison(&client, "333").await?;
    let error = finish(&plan, &connector(&database)?).await.err();
    let error = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(
        error.contains("key [333] fails") && error.contains("22012"),
        "{error}"
    );
    assert_eq!(
        row(
            &client,
            "SELECT count(*), max(n) FROM shop.counted WHERE filled IS NOT NULL"
        )
        .await?,
        "332|1"
    );
    // Mended, and taken up where it was.
    client
        .batch_execute("UPDATE shop.counted SET divisor = 5")
        .await?;
    steer(&client, &plan, None, version(), Command::Retry).await?;
    finish(&plan, &connector(&database)?).await?;
    assert_eq!(
        row(
            &client,
            "SELECT count(*), max(n) FROM shop.counted WHERE filled = 2"
        )
        .await?,
        "500|1"
    );
    is_sound(&client).await
}

#[tokio::test]
async fn as_many_rows_as_the_file_says_are_left_out_and_taken_again() -> Outcome {
    for cut in [FILL, COUNT_AND_DIVIDE] {
        let unfinished = UNFILLED.filter(|_| cut.head == FILL.head);
        let kind = Data::__new(Job::Ranges(cut), unfinished, 3, false, &[]);
        let plan = plan(kind, "UPDATE shop.counted SET n = n + 1")?;
        let (database, client) = filled(&plan, 400).await?;
        poison(&client, "1, 7, 400").await?;
        let (worker, mut events) = listened(&plan);
        let error = worker.finish(&connector(&database)?, None).await.err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("rows were left out"), "{error}");
        let skipped = heard(&mut events, |event| matches!(event, Event::Skipped { .. })).await?;
        assert!(
            matches!(skipped, Event::Skipped { key, sqlstate, .. } if key == "[1]" && sqlstate == "22012")
        );
        let lately = history(&client, &plan, None, version(), 10).await?;
        let mut keys: Vec<_> = lately.skipped.iter().map(|row| &*row.key).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["[1]", "[400]", "[7]"]);
        assert_eq!(lately.batches.len(), 10);
        assert_eq!(
            row(&client, "SELECT count(*) FROM shop.counted WHERE n = 1").await?,
            "397"
        );
        client
            .batch_execute("UPDATE shop.counted SET divisor = 5 WHERE id <> 7")
            .await?;
        steer(&client, &plan, None, version(), Command::Retry).await?;
        let error = Worker::new(&plan)
            .finish(&connector(&database)?, None)
            .await
            .err();
        assert!(error.is_some());
        client
            .batch_execute("UPDATE shop.counted SET divisor = 5")
            .await?;
        steer(&client, &plan, None, version(), Command::Retry).await?;
        finish(&plan, &connector(&database)?).await?;
        assert_eq!(
            rows(&client, "SELECT n, count(*) FROM shop.counted GROUP BY n").await?,
            ["1|400"]
        );
        is_sound(&client).await?;
    }
    Ok(())
}

const COUNT_AND_DIVIDE: Ranges = ranges(
    100,
    "counted",
    ID,
    [
        "UPDATE shop.counted SET n = n + 10 / (2 * divisor) WHERE (",
        ")",
    ],
);

#[tokio::test]
async fn one_more_than_that_stops_it() -> Outcome {
    let kind = Data::__new(Job::Ranges(FILL), UNFILLED, 2, false, &[]);
    let plan = plan(kind, "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 50).await?;
    poison(&client, "1, 2, 3").await?;
    let error = finish(&plan, &connector(&database)?).await.err();
    let error = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(error.contains("key [3] fails, behind 2 others"), "{error}");
    // Nothing of a row stands in what is kept.
    let kept = "SELECT reason FROM shop.schema_migration_progress";
    assert!(!row(&client, kept).await?.contains("(3, "));
    Ok(())
}
