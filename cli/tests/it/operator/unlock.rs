//! `onward unlock`: who holds the locks of a module.

use onward_pg::database;

use super::masked;
use crate::Outcome;
use crate::support::page::{resembles, shows};
use crate::support::transcript::shown;
use crate::support::{Folder, onward_on};

#[tokio::test]
async fn a_holder_is_shown_and_ended_only_on_request() -> Outcome {
    let folder = Folder::shop(&[(
        "001_a.sql",
        &b"CREATE TABLE shop.a (id bigint PRIMARY KEY);\n"[..],
    )])?;
    let path = folder.path();
    let database = database().await?;
    let who = ["unlock", &path, "--who"];
    let free = onward_on(&database, &who).await?;
    free.with(0);
    let printed = masked(&free, &folder);
    shows(
        "operating.md",
        "onward unlock migrations/shop --who",
        &printed,
    );
    onward_on(&database, &["unlock", &path])
        .await?
        .with(2)
        .says(&["--who"]);

    let holder = database.connect().await?;
    holder
        .batch_execute(
            "SET application_name = 'nightly report'; BEGIN; SELECT pg_advisory_lock(hashtext('shop')::int8)",
        )
        .await?;
    let pid: i32 = holder
        .query_one("SELECT pg_backend_pid()", &[])
        .await?
        .get(0);
    let seen = onward_on(&database, &who).await?;
    seen.with(1).says(&[
        "nightly report",
        "idle in transaction",
        "hashtext of the schema's name",
        &format!("onward unlock {path} --terminate {pid}"),
    ]);
    let json = [&who[..], &["--format", "json"]].concat();
    let json = onward_on(&database, &json).await?.with(1).json()?;
    assert_eq!(json[0]["holders"][0]["pid"], pid);

    let pid_text = pid.to_string();
    let terminate = ["unlock", &path, "--terminate", &pid_text];
    onward_on(&database, &terminate)
        .await?
        .with(2)
        .says(&["nightly report", "--yes"]);
    // Only a session that holds one of the module's locks is ended.
    let bystander = database.connect().await?;
    let other: i32 = bystander
        .query_one("SELECT pg_backend_pid()", &[])
        .await?
        .get(0);
    let other = other.to_string();
    onward_on(
        &database,
        &["unlock", &path, "--terminate", &other, "--yes"],
    )
    .await?
    .with(1)
    .says(&["holds no lock of these modules"]);
    bystander.batch_execute("SELECT 1").await?;
    holder.batch_execute("SELECT 1").await?;

    let ended = onward_on(&database, &[&terminate[..], &["--yes"]].concat()).await?;
    ended.with(0).says(&["ends"]);
    let printed = shown(&[&*ended.err, &*ended.out].concat());
    resembles(
        "operating.md",
        "onward unlock migrations/shop --terminate",
        &printed,
    );
    assert!(holder.batch_execute("SELECT 1").await.is_err());
    Ok(())
}
