//! Servers that are older than the oldest that is known.

use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::witness::{row, rows};
use crate::{Outcome, start};

/// There is no server of 14 at hand, so the question is asked of this one as if it were older than needed.
#[tokio::test]
async fn the_first_message_asks_for_the_servers_version_before_it_does_anything() -> Outcome {
    let first = include_str!("../../../../runtime/src/sql/fast_path.sql");
    let asked = "< 150000";
    assert_eq!(first.matches(asked).count(), 1);
    let block = first
        .find("DO $onward$\nDECLARE")
        .ok_or("there is no block")?;
    let end = first.find("  {{role}}").ok_or("there is no role")?;
    let version = [
        first[block..end]
            .replace(asked, "< 990000")
            .replace("{{engine}}", "")
            .as_str(),
        "END $onward$; FETCH ALL FROM onward_first_look",
    ]
    .concat();
    let database = database().await?;
    let client = database.connect().await?;
    let answer = rows(&client, &version).await?;
    assert_eq!(answer, [row(&client, "SHOW server_version").await?]);
    // This one is not too old.
    let plan = Folder::empty("shop")
        .with("001_t.sql", "CREATE TABLE shop.t (id int);")
        .plan()?;
    assert_eq!(
        start(&plan, &mut database.connect().await?)
            .await?
            .applied()
            .len(),
        1
    );
    Ok(())
}
