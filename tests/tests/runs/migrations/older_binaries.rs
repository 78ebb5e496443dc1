//! Which binaries start on a database that a release migration was applied to.

use onward::{Drift, Error, OldestBinary, Plan, Release, Startup};
use onward_pg::{Database, database};
use tokio_postgres::Client;

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, ledger, row, rows};
use crate::{Outcome, SHOP, connector, release};

type Plans = Result<[Plan; 3], Box<dyn std::error::Error>>;

/// Three releases of the service: the first knows no release migration, the others know one each more.
fn releases() -> Plans {
    let first = Folder::shop().without("100_drop_products_legacy_code.sql");
    Ok([first.plan()?, SHOP, third().plan()?])
}

fn third() -> Folder {
    Folder::shop().with("101_drop_stock.sql", "DROP TABLE shop.stock;")
}

/// A pod starts: over a lent connection, and over one of its own.
async fn restarts(plan: &Plan, database: &Database) -> Outcome {
    let mut client = database.connect().await?;
    assert_eq!(Startup::new(plan).run(&mut client).await?.applied(), []);
    let own = Startup::new(plan).run_with(&connector(database)?).await?;
    assert_eq!(own.applied(), []);
    assert!(onward::status(&client, &[plan]).await?[0].is_current());
    Ok(())
}

/// The files because of which the binary does not start.
async fn refuses(
    plan: &Plan,
    client: &mut Client,
) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    match Startup::new(plan).run(client).await {
        Err(Error::ReleaseAhead { drift, .. }) => {
            Ok(drift.iter().map(|one| one.name().to_owned()).collect())
        }
        Err(error) => Err(error.into()),
        Ok(report) => Err(format!("it starts: {report}").into()),
    }
}

async fn marks(client: &Client) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let sql =
        "SELECT event || ' ' || version || ' ' || compatible_from FROM shop.schema_migration_log
        WHERE category = 'release' ORDER BY seq";
    rows(client, sql).await
}

fn oldest(text: &str) -> Result<OldestBinary, onward::InvalidOldestBinary> {
    text.parse()
}

#[tokio::test]
async fn the_running_release_restarts_after_the_release_of_the_next() -> Outcome {
    let [first, second, third] = releases()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    Startup::new(&first).run(&mut client).await?;

    let report = release(&second, &mut client).await?;
    assert_eq!(report.oldest_binary(), Some(OldestBinary::WITHOUT_RELEASE));
    let text = report.to_string();
    assert!(text.contains("from now on every binary starts"), "{text}");
    restarts(&first, &database).await?;
    restarts(&second, &database).await?;

    let report = release(&third, &mut client).await?;
    assert_eq!(report.oldest_binary(), Some(oldest("100")?));
    let text = report.to_string();
    assert!(text.contains("binaries that know 100 or a later"), "{text}");
    restarts(&second, &database).await?;
    restarts(&third, &database).await?;
    // This one is two releases back.
    assert_eq!(refuses(&first, &mut client).await?, ["101_drop_stock.sql"]);
    assert_eq!(
        marks(&client).await?,
        ["applied 100 none", "applied 101 100"]
    );
    is_sound(&client).await
}

/// The new version's pod has started, added its startup migrations and refused, as pods do before the release.
#[tokio::test]
async fn startup_files_of_the_next_release_do_not_hinder_the_running_one() -> Outcome {
    let [first, ..] = releases()?;
    let next = Folder::shop().with("005_next.sql", "CREATE TABLE shop.next (id int);");
    let next = next.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    Startup::new(&first).run(&mut client).await?;
    let refused = Startup::new(&next).run(&mut client).await;
    assert!(matches!(refused, Err(Error::PendingRelease { .. })));
    release(&next, &mut client).await?;
    restarts(&first, &database).await?;
    is_sound(&client).await
}

/// What was applied before the failure belongs to the same deploy, also when the file was mended.
#[tokio::test]
async fn a_release_that_fails_in_the_middle_and_goes_on_is_one_batch() -> Outcome {
    let [first, ..] = releases()?;
    let broken = third()
        .with("101_drop_stock.sql", "DROP TABLE shop.stock, shop.nope;")
        .with("102_drop_categories.sql", "DROP TABLE shop.categories;");
    let database = database().await?;
    let mut client = database.connect().await?;
    Startup::new(&first).run(&mut client).await?;
    let failed = release(&broken.plan()?, &mut client).await;
    assert!(matches!(failed, Err(Error::Failed { .. })), "{failed:?}");
    restarts(&first, &database).await?;

    let mended = broken.with("101_drop_stock.sql", "DROP TABLE shop.stock;");
    release(&mended.plan()?, &mut client).await?;
    assert_eq!(
        marks(&client).await?,
        ["applied 100 none", "applied 101 none", "applied 102 none"]
    );
    restarts(&first, &database).await?;

    // The next batch begins where this one ended.
    let next = mended.with("103_tidy.sql", "DROP FUNCTION shop.product_count();");
    release(&next.plan()?, &mut client).await?;
    assert_eq!(marks(&client).await?[3..], ["applied 103 102"]);
    assert_eq!(refuses(&first, &mut client).await?, ["103_tidy.sql"]);
    is_sound(&client).await
}

#[tokio::test]
async fn a_release_that_breaks_the_running_release_stops_it_until_an_operator_says_otherwise()
-> Outcome {
    let [first, second, _] = releases()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    Startup::new(&first).run(&mut client).await?;
    let report = Release::new(&second)
        .breaks_running()
        .run(&mut client)
        .await?;
    assert!(report.to_string().contains("only binaries that know 100"));
    let files = ["100_drop_products_legacy_code.sql"];
    assert_eq!(refuses(&first, &mut client).await?, files);

    let afterwards = Release::new(&second).compatible_from(OldestBinary::WITHOUT_RELEASE);
    let report = afterwards.clone().run(&mut client).await?;
    assert_eq!(report.oldest_binary(), Some(OldestBinary::WITHOUT_RELEASE));
    assert_eq!(
        marks(&client).await?,
        ["applied 100 100", "compatible 100 none"]
    );
    restarts(&first, &database).await?;
    // The line is a link of the chain, with who and when.
    let verified = onward::verify(&client, &second).await?;
    assert_eq!(verified.tampering(), None);
    let who = "SELECT who = session_user AND at > now() - interval '1 hour' FROM shop.schema_migration_log
        WHERE event = 'compatible'";
    assert_eq!(row(&client, who).await?, "t");

    // To say it twice adds nothing; to take it back does.
    let before = ledger(&client).await?;
    afterwards.run_with(&connector(&database)?).await?;
    assert_eq!(ledger(&client).await?, before);
    Release::new(&second)
        .breaks_running()
        .run(&mut client)
        .await?;
    assert_eq!(
        events(&client).await?.last(),
        Some(&"compatible 100 1".into())
    );
    assert_eq!(refuses(&first, &mut client).await?, files);
    is_sound(&client).await
}

/// A forged line would let an old binary start.
#[tokio::test]
async fn what_was_said_about_binaries_cannot_be_changed_by_hand() -> Outcome {
    let [first, second, _] = releases()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    Startup::new(&first).run(&mut client).await?;
    Release::new(&second)
        .breaks_running()
        .run(&mut client)
        .await?;
    client
        .batch_execute(
            "ALTER TABLE shop.schema_migration_log DISABLE TRIGGER USER;
             UPDATE shop.schema_migration_log SET compatible_from = 'none' WHERE version = '100'",
        )
        .await?;
    let refused = Startup::new(&first).run(&mut client).await;
    assert!(
        matches!(refused, Err(Error::Tampered { .. })),
        "{refused:?}"
    );
    Ok(())
}

#[tokio::test]
async fn an_earlier_release_can_be_let_in_together_with_the_next() -> Outcome {
    let [first, second, third] = releases()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    Startup::new(&first).run(&mut client).await?;
    Release::new(&second)
        .breaks_running()
        .run(&mut client)
        .await?;
    Release::new(&third)
        .compatible_from(OldestBinary::WITHOUT_RELEASE)
        .run(&mut client)
        .await?;
    assert_eq!(
        marks(&client).await?,
        ["applied 100 100", "applied 101 none", "compatible 100 none"]
    );
    restarts(&first, &database).await?;
    is_sound(&client).await
}

#[tokio::test]
async fn a_value_without_effect_is_refused_before_anything_is_applied() -> Outcome {
    for wrong in ["000", "099", "001", "S001", "DM001", "200", "", "None"] {
        assert!(oldest(wrong).is_err(), "{wrong}");
    }
    let [first, second, third] = releases()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    Startup::new(&first).run(&mut client).await?;
    let before = ledger(&client).await?;
    for (plan, named, why) in [
        (&second, "100", "the newest release migration itself"),
        (&second, "150", "there is no release migration 150"),
        (&third, "100", "Name one before 100, or `none`"),
        (&third, "101", "the newest release migration itself"),
        (&first, "none", "no release migration is applied or pending"),
        (&first, "100", "no release migration is applied or pending"),
    ] {
        let run = Release::new(plan).compatible_from(oldest(named)?);
        let error = run.run(&mut client).await.err().ok_or("it ran")?;
        assert!(matches!(error, Error::NoEffect { .. }), "{error}");
        assert!(error.to_string().contains(why), "{named}: {error}");
        assert_eq!(error.progress().applied, []);
        assert_eq!(ledger(&client).await?, before);
    }
    // An older folder does not know what it would speak about.
    release(&third, &mut client).await?;
    let run = Release::new(&second).compatible_from(OldestBinary::WITHOUT_RELEASE);
    let error = run.run(&mut client).await.err().ok_or("it ran")?;
    assert!(error.to_string().contains("has 101"), "{error}");
    is_sound(&client).await
}

/// On an empty database no release runs: only binaries that know everything start.
#[tokio::test]
async fn on_an_empty_database_an_older_binary_does_not_start() -> Outcome {
    let [first, _, third] = releases()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let report = release(&third, &mut client).await?;
    assert_eq!(report.oldest_binary(), Some(oldest("101")?));
    let ahead = ["100_drop_products_legacy_code.sql", "101_drop_stock.sql"];
    assert_eq!(refuses(&first, &mut client).await?, ahead);
    is_sound(&client).await
}

/// The ledger of a version of onward before these lines is taken as it is, and renewed with the first of them.
#[tokio::test]
async fn an_earlier_ledger_learns_the_new_line() -> Outcome {
    let [first, second, _] = releases()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    Startup::new(&first).run(&mut client).await?;
    release(&second, &mut client).await?;
    client
        .batch_execute(
            "ALTER TABLE shop.schema_migration_log DROP CONSTRAINT schema_migration_log_event_check,
               ADD CONSTRAINT schema_migration_log_event_check CHECK (event IN ('genesis', 'applied', 'started',
                 'abandoned', 'finished', 'seeded', 'data_started', 'data_done', 'baseline', 'adopted'))",
        )
        .await?;
    restarts(&first, &database).await?;
    Release::new(&second)
        .breaks_running()
        .run(&mut client)
        .await?;
    assert_eq!(marks(&client).await?[1..], ["compatible 100 100"]);
    assert_eq!(onward::verify(&client, &second).await?.tampering(), None);
    let drift = onward::status(&client, &[&first]).await?[0]
        .drift()
        .to_vec();
    assert!(
        matches!(drift[..], [Drift::ReleaseAhead { .. }]),
        "{drift:?}"
    );
    is_sound(&client).await
}
