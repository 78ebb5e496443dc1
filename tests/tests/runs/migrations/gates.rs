//! What requires a data migration waits for it: a start goes on without it, a release refuses.

use std::sync::{Arc, Mutex};

use onward::data::Worker;
use onward::plan::{Job, Migration, Statement, Step};
use onward::{
    Category, Error, Event, PendingRelease, Plan, Startup, State, Up, Version, kind, status,
};
use onward_pg::{Database, database};
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{is_sound, row};
use crate::{Outcome, applied, connector, release, start};

const ITEMS: &str = "CREATE TABLE shop.items (id bigint PRIMARY KEY, note text, slug text);";
const FILL: &str = "UPDATE shop.items SET slug = 'x' WHERE slug IS NULL;";
const STRICT: &str =
    "-- onward: requires DM001\nALTER TABLE shop.items ALTER COLUMN slug SET NOT NULL;";

/// The version before: one table.
fn before() -> Folder {
    Folder::empty("shop").with("001_items.sql", ITEMS)
}

/// A startup migration in the middle requires the data migration.
fn gated() -> Folder {
    before()
        .with("002_more.sql", "ALTER TABLE shop.items ADD COLUMN more text;")
        .with("003_strict.sql", STRICT)
        .with("004_behind.sql", "ALTER TABLE shop.items ADD COLUMN behind text;")
        .with(
            "S001_items.sql",
            "INSERT INTO shop.items (id, slug, behind) VALUES (7, 'seven', 'b') ON CONFLICT DO NOTHING;",
        )
        .with("DM001_slug.sql", FILL)
}

/// A database in use: the version before has run, and has rows.
async fn in_use() -> Result<(Database, Client), Box<dyn std::error::Error>> {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&before().plan()?, &mut client).await?;
    client
        .batch_execute("INSERT INTO shop.items (id) SELECT generate_series(1, 20)")
        .await?;
    Ok((database, client))
}

async fn work(plan: &Plan, database: &Database) -> Outcome {
    Ok(Worker::new(plan)
        .finish(&connector(database)?, None)
        .await?)
}

#[tokio::test]
async fn a_start_goes_on_without_what_waits_and_a_later_one_applies_it() -> Outcome {
    let (database, mut client) = in_use().await?;
    let plan = gated().plan()?;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hear = Arc::clone(&heard);
    let startup = Startup::new(&plan).listener(move |event| {
        if let Event::HeldBack { waiting } = event
            && let Ok(mut heard) = hear.lock()
        {
            heard.extend(waiting.iter().map(ToString::to_string));
        }
    });
    let report = startup.run(&mut client).await?;
    assert_eq!(applied(&report), ["002_more.sql"]);
    let waiting: Vec<_> = report.waiting().iter().map(ToString::to_string).collect();
    assert_eq!(
        waiting,
        [
            "003_strict.sql waits for DM001",
            "004_behind.sql waits for DM001",
            "S001_items.sql waits for DM001"
        ]
    );
    assert_eq!(*heard.lock().map_err(|_| "poisoned")?, waiting);
    let text = report.to_string();
    assert!(
        text.contains("waits for DM001; a later start applies it"),
        "{text}"
    );

    // Another start finds nothing more to do, and says the same.
    let again = Startup::new(&plan).run_with(&connector(&database)?).await?;
    assert_eq!((again.applied().len(), again.waiting().len()), (0, 3));
    let all = status(&client, &[&plan]).await?;
    assert!(!all[0].is_current() && all[0].is_ready(), "{}", all[0]);
    let state = |name: &str| {
        let one = all[0].migrations().iter().find(|one| one.name == name);
        one.map(|one| one.state.clone())
    };
    let missing = vec!["DM001".parse()?];
    assert_eq!(state("003_strict.sql"), Some(State::Waiting { missing }));
    assert_eq!(state("DM001_slug.sql"), Some(State::Pending));

    work(&plan, &database).await?;
    // No pod becomes unready because the data migration is done.
    let all = status(&client, &[&plan]).await?;
    assert!(!all[0].is_current() && all[0].is_ready(), "{}", all[0]);
    let report = Startup::new(&plan).run(&mut client).await?;
    assert_eq!(
        applied(&report),
        ["003_strict.sql", "004_behind.sql", "S001_items.sql"]
    );
    assert_eq!(report.waiting(), []);
    let all = status(&client, &[&plan]).await?;
    assert!(all[0].is_current() && all[0].is_ready(), "{}", all[0]);
    is_sound(&client).await
}

/// No service could start for the first time otherwise.
#[tokio::test]
async fn on_a_fresh_database_nothing_waits() -> Outcome {
    let plan = gated().plan()?;
    let all = [
        "001_items.sql",
        "002_more.sql",
        "DM001_slug.sql",
        "003_strict.sql",
        "004_behind.sql",
        "S001_items.sql",
    ];
    let database = database().await?;
    let mut client = database.connect().await?;
    assert_eq!(applied(&Startup::new(&plan).run(&mut client).await?), all);
    is_sound(&client).await?;
    for in_one_transaction in [false, true] {
        let database = onward_pg::database().await?;
        let mut client = database.connect().await?;
        let mut startup = Startup::new(&plan).everything_when_empty();
        if in_one_transaction {
            startup = startup.in_one_transaction();
        }
        assert_eq!(applied(&startup.run(&mut client).await?), all);
        is_sound(&client).await?;
    }
    Ok(())
}

/// `up` runs the data migration before what requires it, in a database with rows too.
#[tokio::test]
async fn up_runs_the_data_migration_first() -> Outcome {
    let (_database, mut client) = in_use().await?;
    let report = Up::new(&gated().plan()?).run(&mut client).await?;
    assert_eq!(
        applied(&report),
        [
            "002_more.sql",
            "DM001_slug.sql",
            "003_strict.sql",
            "004_behind.sql",
            "S001_items.sql"
        ]
    );
    is_sound(&client).await
}

#[tokio::test]
async fn a_release_refuses_before_it_applies_anything_and_says_how_far_the_data_is() -> Outcome {
    let (database, mut client) = in_use().await?;
    let plan = before()
        .with("100_note.sql", "ALTER TABLE shop.items DROP COLUMN note;")
        .with("101_strict.sql", STRICT)
        .with("DM001_slug.sql", FILL)
        .plan()?;
    let column = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'shop.items'::regclass AND attname = 'note'";
    let refused = |error: &Error| {
        matches!(
            error,
            Error::Requires {
                name: "101_strict.sql",
                ..
            }
        )
    };

    let error = release(&plan, &mut client).await.err().ok_or("it ran")?;
    assert!(refused(&error), "{error}");
    let text = error.to_string();
    assert!(text.contains("DM001_slug.sql: has not begun"), "{text}");
    let typed = format!("`onward data finish {} DM001 --url <url>`", plan.folder());
    assert!(text.contains(&typed), "{text}");
    assert_eq!(row(&client, column).await?, "1");

    // A start does not send an operator there either, and says the same.
    let error = Startup::new(&plan)
        .run(&mut client)
        .await
        .err()
        .ok_or("it ran")?;
    assert!(refused(&error), "{error}");
    let tolerant = Startup::new(&plan).pending_release(PendingRelease::Report);
    assert_eq!(tolerant.run(&mut client).await?.waiting(), []);

    // As a worker would have left it half way.
    client
        .batch_execute(&format!(
            "INSERT INTO shop.schema_migration_progress (version, checksum, state, reason, pass, size, speed, scanned,
               rows, pass_rows, before_rows, batches, busy_ms, skipped, total, who, started, at)
             VALUES ('DM001', '\\x{}', 'failed', 'a row fails', 1, 5, 1, 5, 5, 5, 0, 4, 500, 0, 20, 'me', now() - interval '2 s', now())",
            plan.data()[0].checksum()
        ))
        .await?;
    let text = release(&plan, &mut client)
        .await
        .err()
        .ok_or("it ran")?
        .to_string();
    for part in [
        "failed, 25 %, 5 of about 20 rows, 10 rows/s, 1 s to 10 s left: a row fails",
        "`onward data retry",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
    client
        .batch_execute("DELETE FROM shop.schema_migration_progress")
        .await?;

    work(&plan, &database).await?;
    let report = release(&plan, &mut client).await?;
    assert_eq!(applied(&report), ["100_note.sql", "101_strict.sql"]);
    is_sound(&client).await
}

/// The build has checked a release behind the startup migrations that wait.
#[tokio::test]
async fn a_release_refuses_while_a_startup_migration_waits() -> Outcome {
    let (database, mut client) = in_use().await?;
    let plan = gated()
        .with("100_note.sql", "ALTER TABLE shop.items DROP COLUMN note;")
        .plan()?;
    // What does not wait comes first.
    let is_behind = |refused: &Error, first: &str| matches!(refused, Error::PendingStartup { pending, .. } if pending[0].name == first);
    let tolerant = Startup::new(&plan).pending_release(PendingRelease::Report);
    let error = release(&plan, &mut client).await.err().ok_or("it ran")?;
    assert!(is_behind(&error, "002_more.sql"), "{error}");
    tolerant.clone().run(&mut client).await?;
    let error = release(&plan, &mut client).await.err().ok_or("it ran")?;
    assert!(
        matches!(
            error,
            Error::Requires {
                name: "003_strict.sql",
                ..
            }
        ),
        "{error}"
    );
    work(&plan, &database).await?;
    let error = release(&plan, &mut client).await.err().ok_or("it ran")?;
    assert!(is_behind(&error, "003_strict.sql"), "{error}");
    tolerant.run(&mut client).await?;
    assert_eq!(
        applied(&release(&plan, &mut client).await?),
        ["100_note.sql"]
    );
    Ok(())
}

/// Written as the compiler writes it: a data migration of this kind, and a startup migration that requires it.
fn with_job(job: Job, unfinished: Option<&'static str>, sql: &'static str) -> Plan {
    let step = |sql| Step::Transaction(vec![Statement::__new(sql, 1, 1)].leak());
    let kind = kind::Data::__new(job, unfinished, 0, false, &[]);
    let data = step(sql);
    let data = match job {
        Job::Code => Step::Transaction(&[]),
        _ => data,
    };
    let requires = vec![Version::__new(Category::Data, 1)].leak();
    let add = step("ALTER TABLE shop.items ADD COLUMN more text");
    let startup = vec![
        Migration::__new(1, "001_items.sql", [1; 32], &[], step(ITEMS), kind::Startup),
        Migration::__new(2, "002_more.sql", [2; 32], requires, add, kind::Startup),
    ];
    let data = vec![Migration::__new(
        1,
        "DM001_slug.sql",
        [3; 32],
        &[],
        data,
        kind,
    )];
    Plan::__new(
        "shop",
        "shop",
        "test/0",
        [0; 32],
        (7, 7),
        startup.leak(),
        &[],
        &[],
        data.leak(),
    )
}

const LEFT: &str = "SELECT true FROM shop.items WHERE slug IS NULL";

/// Only a worker of the service has the code.
#[tokio::test]
async fn code_is_done_at_once_where_there_is_nothing_for_it() -> Outcome {
    const ALL: [&str; 3] = ["001_items.sql", "DM001_slug.sql", "002_more.sql"];
    for unfinished in [None, Some(LEFT)] {
        let plan = with_job(Job::Code, unfinished, "");
        for up in [false, true] {
            let database = database().await?;
            let mut client = database.connect().await?;
            let report = match up {
                true => Up::new(&plan).run(&mut client).await?,
                false => Startup::new(&plan).run(&mut client).await?,
            };
            assert_eq!(applied(&report), ALL);
            is_sound(&client).await?;
        }
    }
    // With rows, or when it is not known whether there are any, it stays.
    for (unfinished, rows) in [(Some(LEFT), true), (None, false)] {
        let database = database().await?;
        let mut client = database.connect().await?;
        let plan = with_job(Job::Code, unfinished, "");
        let first = Plan::__new(
            "shop",
            "shop",
            "test/0",
            [0; 32],
            (7, 7),
            &plan.startup()[..1],
            &[],
            &[],
            &[],
        );
        start(&first, &mut client).await?;
        if rows {
            client
                .batch_execute("INSERT INTO shop.items VALUES (1)")
                .await?;
        }
        let report = Up::new(&plan).run(&mut client).await?;
        assert_eq!(applied(&report), Vec::<&str>::new());
        assert_eq!(report.waiting()[0].name, "002_more.sql");
        assert_eq!(report.pending_data()[0].name, "DM001_slug.sql");
    }
    Ok(())
}

/// One run of a statement that limits itself is not all of it.
#[tokio::test]
async fn up_repeats_a_statement_that_limits_itself() -> Outcome {
    let some = "UPDATE shop.items SET slug = 'x' WHERE id IN (SELECT id FROM shop.items WHERE slug IS NULL LIMIT 3)";
    let plan = with_job(Job::Repeated, Some(LEFT), some);
    let database = database().await?;
    let mut client = database.connect().await?;
    let first = Plan::__new(
        "shop",
        "shop",
        "test/0",
        [0; 32],
        (7, 7),
        &plan.startup()[..1],
        &[],
        &[],
        &[],
    );
    start(&first, &mut client).await?;
    client
        .batch_execute("INSERT INTO shop.items (id) SELECT generate_series(1, 10)")
        .await?;
    let report = Up::new(&plan).run(&mut client).await?;
    assert_eq!(applied(&report), ["DM001_slug.sql", "002_more.sql"]);
    let left = "SELECT count(*) FROM shop.items WHERE slug IS NULL";
    assert_eq!(row(&client, left).await?, "0");
    is_sound(&client).await
}
