//! `onward verify`: a ledger that was changed by hand.

use onward::Startup;
use onward_pg::database;

use crate::Outcome;
use crate::support::{FOLDER, SHOP, onward_on};

#[tokio::test]
async fn the_first_line_that_was_changed_by_hand_is_named() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let verify = ["verify", FOLDER];
    onward_on(&database, &verify)
        .await?
        .with(2)
        .says(&["has no migration ledger"]);
    let refused = Startup::new(&SHOP).run(&mut client).await.err();
    assert!(refused.is_some(), "a release is pending");
    let head = onward_on(&database, &verify).await?;
    head.with(0).says(&["shop: the ledger is intact, #6 "]);
    let line = head
        .out
        .trim()
        .rsplit_once(", ")
        .map_or("", |(_, line)| line);

    let released = ["release", FOLDER, "--yes"];
    onward_on(&database, &released).await?.with(0);
    let anchored = [&verify[..], &["--head", line, "--format", "json"]].concat();
    let answer = onward_on(&database, &anchored).await?;
    answer.with(0);
    assert_eq!(answer.json()?["ledger"]["seq"], 7);
    assert!(answer.json()?["tampered"].is_null());
    let other = format!("#6 {}", "ab".repeat(32));
    let anchored = [&verify[..], &["--head", &other]].concat();
    let expected = format!("line {other} is no longer in the ledger");
    onward_on(&database, &anchored)
        .await?
        .with(1)
        .says(&[&expected]);

    client
        .batch_execute(
            "ALTER TABLE shop.schema_migration_log DISABLE TRIGGER USER;
             UPDATE shop.schema_migration_log SET who = 'mallory' WHERE seq = 3;
             DELETE FROM shop.schema_migration_log WHERE seq = 5",
        )
        .await?;
    let changed = "shop: line 3, 003_products_name_idx.sql, was changed";
    onward_on(&database, &verify)
        .await?
        .with(1)
        .says(&[changed]);
    client
        .batch_execute("UPDATE shop.schema_migration_log SET who = session_user WHERE seq = 3")
        .await?;
    onward_on(&database, &verify)
        .await?
        .with(1)
        .says(&["shop: line 5 was removed"]);
    Ok(())
}
