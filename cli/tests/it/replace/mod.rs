//! `onward replace`: what it writes, and old and new code that run through every step of it.

mod baked;
mod cases;
mod followed;
mod load;
mod race;
mod watch;
mod written;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::time::Duration;

use onward_pg::{Database, database};
use tokio_postgres::Client;

use self::cases::{Case, cases};
use self::load::{Code, Load};
use self::watch::Watch;
use crate::Outcome;
use crate::support::{Folder, command, onward, onward_on};

/// Rows before the series begins. Each is changed by both releases.
const SEEDS: i64 = 300;

#[tokio::test]
async fn renames_under_load() -> Outcome {
    run("rename").await
}

#[tokio::test]
async fn new_types_under_load() -> Outcome {
    run("retype").await
}

#[tokio::test]
async fn splits_under_load() -> Outcome {
    run("split").await
}

#[tokio::test]
async fn moves_under_load() -> Outcome {
    run("move").await
}

async fn run(kind: &'static str) -> Outcome {
    for case in cases(kind) {
        through(&case)
            .await
            .map_err(|error| format!("{} {}: {error}", case.kind, case.shape))?;
    }
    Ok(())
}

/// Old code runs until the last file, new code from the end of the data migration on.
async fn through(case: &Case) -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let settings = ("onward.toml", case.settings.as_bytes());
    let now = Folder::shop(&[settings, ("001_before.sql", case.before.as_bytes())])?;
    onward_on(&database, &["up", &now.path()]).await?.with(0);
    client.batch_execute(&case.seed).await?;

    let series = Folder::shop(&[settings, ("001_before.sql", case.before.as_bytes())])?;
    let path = series.path();
    let arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
    onward(&[&["replace", &path], arguments.as_slice()].concat())
        .await?
        .with(0);
    onward(&["check", &path, "--deny", "warnings"])
        .await?
        .with(0);
    let files = names(&path)?;
    let (first, fill, releases, last) = parted(&files);

    let old = started(&database, case, &case.old, 1_000_000).await?;
    tokio::time::sleep(Duration::from_millis(100)).await;
    apply(&database, &series, &now, &[first]).await?;
    fs::copy(format!("{path}/{fill}"), format!("{}/{fill}", now.path()))?;
    for _ in 0..2 {
        killed(&database, &now).await?;
    }
    onward_on(&database, &["up", &now.path()]).await?.with(0);
    equal(&client, case).await?;
    let watch = Watch::start(&database, &case.differs).await?;
    let new = started(&database, case, &case.new, 2_000_000).await?;
    apply(&database, &series, &now, &releases).await?;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut rounds = stopped(old, "old").await?;
    watch.stop().await??;
    apply(&database, &series, &now, &[last]).await?;
    tokio::time::sleep(Duration::from_millis(100)).await;
    rounds += stopped(new, "new").await?;
    let left: i64 = client.query_one(case.sum, &[]).await?.get(0);
    let rows = SEEDS * i64::try_from(case.sessions.len())?;
    assert_eq!(
        left,
        case.sum_before * rows + rounds * case.sum_per_round,
        "an update is lost"
    );
    Ok(())
}

/// The code of a release in each session.
async fn started(
    database: &Database,
    case: &Case,
    code: &Code,
    first: i64,
) -> Result<Vec<Load>, Box<dyn Error>> {
    let mut all = Vec::new();
    for session in &case.sessions {
        all.push(Load::start(database, session, code, first).await?);
    }
    Ok(all)
}

/// Ends it: how many rounds there were, in none of which a statement failed.
async fn stopped(loads: Vec<Load>, whose: &str) -> Result<i64, Box<dyn Error>> {
    let mut rounds = 0;
    for load in loads {
        let ran = load.stop().await?;
        assert!(ran.errors.is_empty(), "{whose} code: {:#?}", ran.errors);
        assert!(ran.rounds > 3, "{} rounds of {whose} code", ran.rounds);
        rounds += i64::try_from(ran.rounds)?;
    }
    Ok(rounds)
}

/// The names of the files that the series adds.
fn names(path: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(path)? {
        names.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| name.ends_with(".sql") && name != "001_before.sql");
    Ok(names.into_iter().collect())
}

/// The startup file, the data migration, the release files, and the last one of them.
fn parted(files: &[String]) -> (&str, &str, Vec<&str>, &str) {
    let of = |start: &str| {
        files
            .iter()
            .map(String::as_str)
            .filter(|name| name.starts_with(start))
            .collect::<Vec<_>>()
    };
    let (first, fill, mut releases) = (of("0"), of("DM"), of("1"));
    let last = releases.pop().unwrap_or_default();
    (first[0], fill[0], releases, last)
}

async fn apply(database: &Database, series: &Folder, now: &Folder, files: &[&str]) -> Outcome {
    for file in files {
        fs::copy(
            format!("{}/{file}", series.path()),
            format!("{}/{file}", now.path()),
        )?;
    }
    onward_on(database, &["up", &now.path()]).await?.with(0);
    Ok(())
}

/// A worker that dies in the middle.
async fn killed(database: &Database, folder: &Folder) -> Outcome {
    let path = folder.path();
    let mut worker = command(&["data", "run", &path, "--url", database.url()]).spawn()?;
    tokio::time::sleep(Duration::from_millis(150)).await;
    worker.kill().await?;
    Ok(())
}

/// No row differs, in one snapshot.
async fn equal(client: &Client, case: &Case) -> Outcome {
    let differing: i64 = client.query_one(&case.differs, &[]).await?.get(0);
    assert_eq!(differing, 0, "{} {}: rows differ", case.kind, case.shape);
    Ok(())
}
