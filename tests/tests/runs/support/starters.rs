//! Instances that start at once, and what all of them together must have done.

use onward::{Plan, Report};
use onward_pg::Database;
use tokio::task::JoinSet;

use crate::support::witness::{is_sound, row, rows};
use crate::{Outcome, SHOP, applied, start};

pub(crate) async fn all_at_once(
    database: &Database,
    plan: Plan,
    starters: usize,
) -> Result<Vec<Report>, Box<dyn std::error::Error>> {
    let mut clients = Vec::new();
    for _ in 0..starters {
        clients.push(database.connect().await?);
    }
    let mut runs = JoinSet::new();
    for mut client in clients {
        runs.spawn(async move { start(&plan, &mut client).await });
    }
    let reports = runs.join_all().await;
    Ok(reports.into_iter().collect::<Result<Vec<_>, _>>()?)
}

/// All instances together have written one history, whichever applied what.
pub(crate) async fn was_done_once(database: &Database, reports: &[Report]) -> Outcome {
    let client = database.connect().await?;
    let mut all: Vec<_> = reports.iter().flat_map(applied).collect();
    all.sort_unstable();
    let mut planned: Vec<_> = SHOP.startup().iter().map(|one| one.name()).collect();
    planned.extend(SHOP.seed().iter().map(|one| one.name()));
    assert_eq!(all, planned);
    let done = "SELECT version FROM shop.schema_migration_log
        WHERE event IN ('applied', 'seeded') ORDER BY seq";
    assert_eq!(
        rows(&client, done).await?,
        ["001", "002", "003", "004", "S001"]
    );
    assert_eq!(
        row(&client, "SELECT max(revision) FROM shop.categories").await?,
        "1"
    );
    let valid =
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'shop.products_name_idx'::regclass";
    assert_eq!(row(&client, valid).await?, "t");
    for report in reports {
        let head = row(&client, "SELECT seq FROM shop.schema_migration_head").await?;
        assert_eq!(report.head().seq.to_string(), head);
    }
    is_sound(&client).await
}
