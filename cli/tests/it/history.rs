//! `onward history`: the lines of a ledger.

use onward_pg::database;

use crate::Outcome;
use crate::support::{FOLDER, onward_on};

#[tokio::test]
async fn every_line_of_the_ledger_is_printed() -> Outcome {
    let database = database().await?;
    let history = ["history", FOLDER];
    onward_on(&database, &history)
        .await?
        .with(2)
        .says(&["has no migration ledger"]);
    onward_on(&database, &["up", FOLDER]).await?.with(0);
    let text = onward_on(&database, &history).await?;
    text.with(0).says(&[
        "shop\n  #1 ",
        "  started ",
        "  applied ",
        "001_products.sql",
        "onward-cli/",
    ]);
    let json = onward_on(&database, &["history", FOLDER, "--format", "json"]).await?;
    let all = json.with(0).json()?;
    let lines = all[0]["lines"].as_array().ok_or("lines")?;
    assert_eq!(lines[0]["name"], "001_products.sql");
    assert!(
        lines
            .iter()
            .all(|line| line["by"].is_string() && line["at"].is_string())
    );
    assert_eq!(lines.len(), text.out.lines().count() - 1);
    Ok(())
}
