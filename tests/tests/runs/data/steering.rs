//! What operators say, and who may.

use onward::Error;
use onward::data::{Command, Event, Held, Pace, State, list, steer};
use onward::kind::Data;
use onward::plan::Job;

use crate::support::job::{
    COUNT, FILL, UNFILLED, filled, finish, heard, listened, plan, ranged, version,
};
use crate::support::witness::row;
use crate::{Outcome, connector};

#[tokio::test]
async fn it_is_paused_resumed_slowed_and_given_up() -> Outcome {
    let plan = plan(ranged(COUNT, None), "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 3000).await?;
    let connector = connector(&database)?;
    let early = steer(&client, &plan, None, version(), Command::Pause).await;
    assert!(
        matches!(&early, Err(Error::NoEffect { why, .. }) if why.contains("has not begun")),
        "{early:?}"
    );
    let (worker, mut events) = listened(&plan);
    let worker = worker.pace(Pace::new().share(0.1));
    let working = tokio::spawn(async move { worker.run(&connector, std::future::pending()).await });
    heard(&mut events, |event| matches!(event, Event::Batch { .. })).await?;
    steer(&client, &plan, None, version(), Command::Speed(0.9)).await?;
    let paused = steer(&client, &plan, None, version(), Command::Pause).await?;
    assert_eq!(
        paused.progress.as_ref().map(|progress| progress.state),
        Some(State::Paused)
    );
    heard(
        &mut events,
        |event| matches!(event, Event::Idle { held } if !held.is_empty()),
    )
    .await?;
    let before = row(&client, "SELECT sum(n) FROM shop.counted").await?;
    let again = steer(&client, &plan, None, version(), Command::Pause).await;
    assert!(
        matches!(&again, Err(Error::NoEffect { why, .. }) if why.contains("makes no difference")),
        "{again:?}"
    );
    assert_eq!(
        row(&client, "SELECT sum(n) FROM shop.counted").await?,
        before
    );
    steer(&client, &plan, None, version(), Command::Resume).await?;
    heard(&mut events, |event| matches!(event, Event::Batch { .. })).await?;
    steer(&client, &plan, None, version(), Command::Cancel).await?;
    working.abort();
    let _ = working.await;
    let all = list(&client, &plan, None).await?;
    assert!(
        matches!(
            &all[0].held,
            Some(Held::State {
                state: State::Cancelled,
                ..
            })
        ),
        "{all:?}"
    );
    assert_eq!(
        all[0].progress.as_ref().map(|progress| progress.speed),
        Some(0.9)
    );
    steer(&client, &plan, None, version(), Command::Retry).await?;
    finish(&plan, &crate::connector(&database)?).await?;
    assert_eq!(
        row(&client, "SELECT min(n), max(n), count(*) FROM shop.counted").await?,
        "1|1|3000"
    );
    let late = steer(&client, &plan, None, version(), Command::Cancel).await;
    assert!(
        matches!(&late, Err(Error::NoEffect { why, .. }) if why.contains("is done")),
        "{late:?}"
    );
    Ok(())
}

#[tokio::test]
async fn it_begins_when_it_is_approved() -> Outcome {
    let kind = Data::__new(Job::Ranges(FILL), UNFILLED, 0, true, &[]);
    let plan = plan(kind, "UPDATE shop.counted SET n = n + 1")?;
    let (database, client) = filled(&plan, 10).await?;
    let error = finish(&plan, &connector(&database)?).await.err();
    assert!(matches!(&error, Some(Error::DataHeld { .. })), "{error:?}");
    assert_eq!(row(&client, "SELECT sum(n) FROM shop.counted").await?, "0");
    steer(&client, &plan, None, version(), Command::Approve).await?;
    finish(&plan, &connector(&database)?).await?;
    assert_eq!(row(&client, "SELECT sum(n) FROM shop.counted").await?, "10");
    Ok(())
}

/// What PostgreSQL evaluates when the progress is written would run with the worker's rights.
#[tokio::test]
async fn progress_that_another_role_has_touched_is_refused() -> Outcome {
    for attack in [
        "CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER t BEFORE UPDATE ON shop.schema_migration_progress FOR EACH ROW EXECUTE FUNCTION public.f()",
        "CREATE RULE r AS ON UPDATE TO shop.schema_migration_progress DO ALSO NOTHING",
        "ALTER TABLE shop.schema_migration_batch ALTER COLUMN rows SET DEFAULT 1",
        "ALTER TABLE shop.schema_migration_skipped ADD CHECK (length(sqlstate) < 100)",
        "CREATE INDEX ON shop.schema_migration_progress ((lower(version)))",
        "ALTER TABLE shop.schema_migration_progress ENABLE ROW LEVEL SECURITY",
    ] {
        let plan = plan(ranged(COUNT, None), "UPDATE shop.counted SET n = n + 1")?;
        let (database, client) = filled(&plan, 10).await?;
        client.batch_execute(attack).await?;
        let error = finish(&plan, &connector(&database)?).await.err();
        assert!(matches!(&error, Some(Error::ForeignLedger { .. })), "{attack}: {error:?}");
        assert!(list(&client, &plan, None).await.is_err());
        assert_eq!(row(&client, "SELECT sum(n) FROM shop.counted").await?, "0", "{attack}");
    }
    Ok(())
}
