//! Reference data: applied again when its text has changed.

use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, rows};
use crate::{Outcome, SHOP, applied, release, start};

const CATEGORIES: &str = "SELECT code, title, revision FROM shop.categories ORDER BY code";

#[tokio::test]
async fn a_seed_with_a_new_text_is_applied_once_and_the_old_text_never_again() -> Outcome {
    let newer = Folder::shop().edited("S001_categories.sql", |text| {
        text.replace("'Tea'", "'Teas'")
    });
    let newer = newer.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&SHOP, &mut client).await?;
    assert_eq!(
        rows(&client, CATEGORIES).await?,
        ["cup|Cups|1", "tea|Tea|1"]
    );

    assert_eq!(
        applied(&start(&newer, &mut client).await?),
        ["S001_categories.sql"]
    );
    assert_eq!(
        rows(&client, CATEGORIES).await?,
        ["cup|Cups|2", "tea|Teas|2"]
    );

    // During a deploy both binaries start, in any order; the newer text has to stay.
    for plan in [&newer, &SHOP, &newer, &SHOP] {
        assert_eq!(start(plan, &mut client).await?.applied(), []);
    }
    assert_eq!(
        rows(&client, CATEGORIES).await?,
        ["cup|Cups|2", "tea|Teas|2"]
    );
    assert_eq!(
        events(&client).await?[6..],
        ["applied 100 1", "seeded S001 1"]
    );
    let view =
        "SELECT count(*) FROM shop.schema_migration_history WHERE migration_name LIKE 'S001%'";
    assert_eq!(rows(&client, view).await?, ["1"]);
    is_sound(&client).await
}

#[tokio::test]
async fn a_seed_runs_after_every_startup_file() -> Outcome {
    let folder = Folder::shop()
        .with(
            "005_categories_rank.sql",
            "ALTER TABLE shop.categories ADD COLUMN rank integer;",
        )
        .with(
            "S002_ranks.sql",
            "INSERT INTO shop.categories (code, title, rank) VALUES ('pot', 'Pots', 3) ON CONFLICT DO NOTHING;",
        );
    let database = database().await?;
    let mut client = database.connect().await?;
    let report = start(&folder.plan()?, &mut client).await?;
    assert_eq!(
        applied(&report)[4..],
        [
            "005_categories_rank.sql",
            "S001_categories.sql",
            "S002_ranks.sql"
        ]
    );
    is_sound(&client).await
}

/// An old text was seen before, so it stays as it was replaced; a release that goes back to it is
/// reported.
#[tokio::test]
async fn a_seed_whose_text_is_not_the_one_in_force_is_reported() -> Outcome {
    let newer = Folder::shop().edited("S001_categories.sql", |text| {
        text.replace("'Tea'", "'Teas'")
    });
    let newer = newer.plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    release(&SHOP, &mut client).await?;
    start(&newer, &mut client).await?;
    let told = "another text of this seed is in force";
    for (plan, is_told) in [(&SHOP, true), (&newer, false)] {
        let report = start(plan, &mut client).await?.to_string();
        assert_eq!(report.contains(told), is_told, "{report}");
        let status = &onward::status(&client, &[plan]).await?[0];
        assert_eq!(status.to_string().contains(told), is_told, "{status}");
        assert!(status.is_current());
    }
    // Also by a run that has something else to do.
    let next = Folder::shop()
        .with(
            "005_next.sql",
            "CREATE TABLE shop.next (id bigint PRIMARY KEY);",
        )
        .plan()?;
    let report = start(&next, &mut client).await?;
    assert_eq!(applied(&report), ["005_next.sql"]);
    assert!(report.to_string().contains(told), "{report}");
    // A comment makes it another text, which is sown.
    let again = Folder::shop().edited("S001_categories.sql", |text| text + "-- again\n");
    let report = start(&again.plan()?, &mut client).await?;
    assert_eq!(applied(&report), ["S001_categories.sql"]);
    assert!(!report.to_string().contains(told), "{report}");
    Ok(())
}
