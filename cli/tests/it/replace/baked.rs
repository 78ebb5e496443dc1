//! A program that has its plans asks as one does that reads a folder.

use std::path::Path;

use onward::{Error, Plan, Release};
use onward_pg::database;

use crate::Outcome;
use crate::support::onward_on;

static REPLACED: Plan = onward::embed_migrations!("tests/fixtures/replaced");

#[tokio::test]
async fn a_release_of_a_program_drops_no_column_whose_values_the_new_one_does_not_have() -> Outcome
{
    let read = onward_cli::plan(Path::new("../tests/fixtures/replaced"))?;
    assert_eq!(REPLACED.agreements(), read.agreements());
    let database = database().await?;
    let folder = "tests/fixtures/replaced";
    onward_on(&database, &["up", folder, "--startup"])
        .await?
        .with(0);
    let mut client = database.connect().await?;
    client
        .batch_execute("INSERT INTO replaced.orders VALUES (1, 5), (2, 6)")
        .await?;
    onward_on(&database, &["data", "finish", folder])
        .await?
        .with(0);
    client
        .batch_execute(
            "ALTER TABLE replaced.orders DISABLE TRIGGER zzz_replace_total;
             UPDATE replaced.orders SET price = 7 WHERE id = 2;
             ALTER TABLE replaced.orders ENABLE TRIGGER zzz_replace_total",
        )
        .await?;
    let refused = Release::new(&REPLACED).run(&mut client).await;
    let Err(error @ Error::Disagrees { .. }) = refused else {
        return Err(format!("not refused: {refused:?}").into());
    };
    let said = error.to_string();
    let demand = "every row of replaced.orders has the same value in total and price";
    assert!(said.contains(demand), "{said}");
    client
        .batch_execute("UPDATE replaced.orders SET price = 6 WHERE id = 2")
        .await?;
    let report = Release::new(&REPLACED).run(&mut client).await?;
    assert_eq!(report.applied().len(), 1);
    Ok(())
}
