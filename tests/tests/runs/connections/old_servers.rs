//! Servers that are older than the oldest that is known.

use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::witness::row;
use crate::{Outcome, start};

/// There is no server of 14 at hand, so the question is asked of this one as if it were older than needed.
#[tokio::test]
async fn the_first_message_asks_for_the_servers_version_before_it_does_anything() -> Outcome {
    let first = include_str!("../../../../runtime/src/sql/fast_path.sql");
    let asked = "OPERATOR(pg_catalog.<) 150000";
    assert_eq!(first.matches(asked).count(), 1);
    let first = first
        .replace(asked, "OPERATOR(pg_catalog.<) 990000")
        .replace("{{statement_timeout}}", "'5000'")
        .replace("{{role}}", "")
        .replace("{{log}}", "'shop.schema_migration_log'")
        .replace("{{head}}", "'shop.schema_migration_head'")
        // They would fail.
        .replace("{{look}}", "'SELECT 1/0'")
        .replace("{{no_look}}", "'SELECT 1/0'");
    let database = database().await?;
    let client = database.connect().await?;
    let answer = client.simple_query(&first).await?;
    let mut answer = answer.iter().filter_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    let facts = answer.next().ok_or("it says nothing")?;
    let version = row(&client, "SHOW server_version").await?;
    assert_eq!(facts.get("too_old"), Some(version.as_str()));
    assert_eq!(facts.get("settings"), None);
    assert_eq!(answer.next().ok_or("no look")?.get("look"), None);
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
