//! Two releases of one service start on one database.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use onward::{Error, Plan};
use onward_pg::Database;
use tokio_postgres::Client;

use crate::support::command_stop::Scene;
use crate::support::sampling::at_every_place;
use crate::support::witness::{is_whole, recovers, row, shared};
use crate::{Answer, HARBOR, Outcome, start, startup};

/// The harbor's folder with some files changed, and its plan.
fn changed(changes: &[(&str, &str)]) -> Answer<Plan> {
    let mut files = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/harbor"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        files.push((name, fs::read_to_string(entry.path())?));
    }
    let changes = changes.iter();
    files.extend(changes.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    module(&files)
}

/// The plan of a folder with these files; of two with the same name the later one counts.
pub(crate) fn module(files: &[(String, String)]) -> Answer<Plan> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("onward-faults-{}-{number}", std::process::id());
    let root = std::env::temp_dir().join(name);
    let plan = write(&root.join("harbor"), files);
    fs::remove_dir_all(&root)?;
    plan
}

fn write(folder: &Path, files: &[(String, String)]) -> Answer<Plan> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("onward.toml"), onward_tests::UNJUDGED)?;
    for (name, text) in files {
        fs::write(folder.join(name), text)?;
    }
    Ok(onward_cli::plan(folder)?)
}

/// The next release: another table, and a seed for it.
fn next() -> Answer<Plan> {
    changed(&[
        (
            "007_pilots.sql",
            "CREATE TABLE harbor.pilots (id bigint PRIMARY KEY);\n\
             CREATE INDEX pilots_id_idx ON harbor.pilots (id);\n",
        ),
        (
            "S003_pilots.sql",
            "INSERT INTO harbor.pilots VALUES (1) ON CONFLICT (id) DO NOTHING;\n",
        ),
    ])
}

/// Checks what only the next release adds, and then the harbor without it.
async fn next_is_whole(database: &Database) -> Outcome {
    let client = database.connect().await?;
    let versions =
        "SELECT string_agg(version, ' ' ORDER BY version) FROM harbor.schema_migration_log
        WHERE event IN ('applied', 'seeded') AND version IN ('007', 'S003')";
    assert_eq!(row(&client, versions).await?, "007 S003");
    assert_eq!(
        row(&client, "SELECT count(*) FROM harbor.pilots").await?,
        "1"
    );
    let old = start(&mut database.connect().await?).await?;
    assert_eq!(old.applied(), []);
    let broken = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    assert_eq!(row(&client, broken).await?, "0");
    Ok(())
}

async fn begin(plan: Plan, mut client: Client) -> Result<onward::Report, Error> {
    startup(&plan).run(&mut client).await
}

/// Either may be faster; the newer one starts in the middle of every command of the older one.
#[tokio::test]
async fn an_older_and_a_newer_release_at_once() -> Outcome {
    at_every_place(
        "a newer release beside a command of the older",
        13,
        4,
        async |way, n| {
            let scene = Scene::at(shared().await?, way, n).await?;
            let newer = tokio::spawn(begin(next()?, scene.database.connect().await?));
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            scene.lift().await?;
            newer.await??;
            let ended = scene.starter.end().await?;
            assert!(ended.is_well, "{ended:?}");
            next_is_whole(&scene.database).await?;
            Ok(())
        },
    )
    .await
}

/// The older one dies in the middle, the newer one takes over, and the older one comes back.
#[tokio::test]
async fn an_older_release_dies_and_a_newer_one_goes_on() -> Outcome {
    at_every_place(
        "a newer release after the death of the older",
        13,
        4,
        async |way, n| {
            let scene = Scene::at(shared().await?, way, n).await?;
            scene.starter.signal("KILL")?;
            scene.lift().await?;
            begin(next()?, scene.database.connect().await?).await?;
            next_is_whole(&scene.database).await?;
            Ok(())
        },
    )
    .await
}

/// A binary with an edited file never changes anything, also beside another run.
#[tokio::test]
async fn a_release_with_an_edited_file() -> Outcome {
    let edited = changed(&[(
        "006_arrivals.sql",
        "CREATE VIEW harbor.arrivals AS SELECT name FROM harbor.ships;\n",
    )])?;
    let database = shared().await?.database().await?;
    let mut client = database.connect().await?;
    start(&mut client).await?;
    let before = row(&client, "SELECT seq FROM harbor.schema_migration_head").await?;
    let refused = begin(edited, database.connect().await?).await;
    assert!(
        matches!(refused, Err(Error::Modified { .. })),
        "{refused:?}"
    );
    let after = row(&client, "SELECT seq FROM harbor.schema_migration_head").await?;
    assert_eq!(before, after);
    is_whole(&client).await?;
    recovers(&database, &[]).await
}

/// Eight instances of each release, on an empty database.
#[tokio::test]
async fn two_releases_of_many_instances() -> Outcome {
    let database = shared().await?.database().await?;
    let next = next()?;
    let mut runs = tokio::task::JoinSet::new();
    for number in 0..16 {
        let plan = if number % 2 == 0 { HARBOR } else { next };
        runs.spawn(begin(plan, database.connect().await?));
    }
    while let Some(outcome) = runs.join_next().await {
        outcome?.map_err(|error| format!("{error:?}"))?;
    }
    next_is_whole(&database).await
}
