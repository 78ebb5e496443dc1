//! What a run reports, or a `status` or `verify` beside it, is on the disk, although most of a run's
//! transactions do not wait for that.
//!
//! The server processes that write its log in the background are stopped here. So what no commit has
//! waited for is always lost when the power is cut, and not only by chance.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use onward::{Event, Plan};
use onward_pg::{Binaries, Cluster, Database, Settings};
use tokio_postgres::Client;

use crate::plans::module;
use crate::servers::cut_the_power;
use crate::support::starter::signal;
use crate::support::witness::{acknowledged, done, pid, row, rows, until};
use crate::{Answer, Outcome, startup};

/// So many tables, one file each; a last file has the text, if one is given.
fn tables(count: usize, last: &str) -> Answer<Plan> {
    let mut files: Vec<_> = (1..=count)
        .map(|n| {
            let text = format!("CREATE TABLE harbor.t{n} (id int);\n");
            (format!("{n:03}_table.sql"), text)
        })
        .collect();
    if !last.is_empty() {
        files.push((format!("{:03}_last.sql", count + 1), last.to_owned()));
    }
    module(&files)
}

/// A server of the test's own, and a connection that sees its processes.
struct Scene {
    cluster: Cluster,
    database: Database,
    watcher: Client,
}

impl Scene {
    async fn set() -> Answer<Scene> {
        let settings = Settings::durable().with("wal_buffers", "16MB");
        let cluster = Cluster::start(&Binaries::find().await?, settings).await?;
        let database = cluster.database().await?;
        let watcher = database.connect().await?;
        watcher.batch_execute("CHECKPOINT").await?;
        let writers = "SELECT pid FROM pg_stat_activity
            WHERE backend_type IN ('walwriter', 'background writer', 'checkpointer')";
        let writers = rows(&watcher, writers).await?;
        assert_eq!(writers.len(), 3);
        signal("STOP", writers.join(" "))?;
        Ok(Scene {
            cluster,
            database,
            watcher,
        })
    }

    /// Only what is on the disk survives; then the server starts again.
    async fn cut_the_power(&mut self) -> Outcome {
        cut_the_power(&mut self.cluster, &self.watcher).await?;
        self.cluster.restart().await?;
        self.watcher = self.database.connect().await?;
        Ok(())
    }

    /// What was reported is applied, with everything before it; and the next start goes on.
    async fn goes_on(&self, plan: &Plan, told: &[String], all: usize) -> Answer<usize> {
        let kept = self.is_a_beginning().await?;
        for version in told {
            if !kept.contains(version) {
                return Err(
                    format!("{version} was reported as applied, and is lost: {kept:?}").into(),
                );
            }
        }
        let mut client = self.database.connect().await?;
        let report = startup(plan).run(&mut client).await?;
        assert_eq!(report.applied().len(), all - kept.len(), "{kept:?}");
        assert_eq!(self.is_a_beginning().await?.len(), all);
        let verified = onward::verify(&client, plan).await?;
        assert_eq!(verified.tampering(), None);
        Ok(kept.len())
    }

    async fn is_a_beginning(&self) -> Answer<Vec<String>> {
        let kept = done(&self.watcher).await?;
        let numbers = (1..=kept.len()).map(|n| format!("{n:03}"));
        assert_eq!(kept, numbers.collect::<Vec<_>>());
        let tables = "SELECT count(*) FROM pg_class WHERE relnamespace = 'harbor'::regnamespace
            AND relname ~ '^t[0-9]+$'";
        assert_eq!(row(&self.watcher, tables).await?, kept.len().to_string());
        Ok(kept)
    }
}

/// The power is cut at the moment in which the n-th migration is reported.
#[tokio::test]
async fn a_power_cut_when_a_migration_is_reported() -> Outcome {
    const ALL: usize = 80;
    let plan = tables(ALL, "")?;
    let mut lost = 0;
    for n in [1, 2, 3, 8, 20] {
        let mut scene = Scene::set().await?;
        let mut client = scene.database.connect().await?;
        let postmaster = scene.cluster.postmaster().ok_or("no postmaster")?;
        let processes = rows(&scene.watcher, "SELECT pid FROM pg_stat_activity").await?;
        let told = Arc::new(AtomicUsize::new(0));
        let ears = Arc::clone(&told);
        let startup = startup(&plan).listener(move |event| {
            if matches!(event, Event::Applied(_)) && ears.fetch_add(1, Ordering::Relaxed) + 1 == n {
                signal("STOP", postmaster).expect("there is a postmaster");
                signal("KILL", processes.join(" ")).expect("there are processes");
            }
        });
        // A run whose last messages were already there when the power went has ended well, and has reported all.
        let outcome = startup.run(&mut client).await;
        scene.cluster.kill()?;
        scene.cluster.restart().await?;
        scene.watcher = scene.database.connect().await?;
        let told = acknowledged(&outcome);
        assert!(told.len() >= n, "{told:?}");
        lost += ALL - scene.goes_on(&plan, &told, ALL).await?;
    }
    assert!(lost > 0);
    Ok(())
}

/// A window that ends with an error: the error reports what was applied before.
#[tokio::test]
async fn a_power_cut_behind_a_failure() -> Outcome {
    let (failing, plan) = (
        tables(12, "CREATE VIEW harbor.v AS SELECT nope;\n")?,
        tables(12, "")?,
    );
    let mut scene = Scene::set().await?;
    let mut client = scene.database.connect().await?;
    let outcome = startup(&failing).run(&mut client).await;
    let told = acknowledged(&outcome);
    assert_eq!(told.len(), 12, "{outcome:?}");
    scene.cut_the_power().await?;
    assert_eq!(scene.goes_on(&plan, &told, 12).await?, 12);
    Ok(())
}

/// A run is killed before it has waited for what it has applied. A start, `status` or `verify` after
/// that must report correctly too.
#[tokio::test]
async fn a_power_cut_behind_a_look_at_what_did_not_wait() -> Outcome {
    let newer = tables(11, "DO $$ BEGIN PERFORM pg_sleep(600); END $$;\n")?;
    let older = tables(9, "")?;
    for looks in ["start", "status", "verify"] {
        let mut scene = Scene::set().await?;
        let mut client = scene.database.connect().await?;
        let session = pid(&client).await?;
        let run = tokio::spawn(async move { startup(&newer).run(&mut client).await });
        let last = "SELECT max(version) = '011' FROM harbor.schema_migration_log";
        let is_there = "SELECT to_regclass('harbor.schema_migration_log') IS NOT NULL";
        until(&scene.watcher, is_there).await?;
        until(&scene.watcher, last).await?;
        let kill = format!("SELECT pg_terminate_backend({session})");
        scene.watcher.batch_execute(&kill).await?;
        let outcome = run.await?;
        assert!(acknowledged(&outcome).len() < 11, "{outcome:?}");
        let signs =
            "SELECT run LIKE '%+' FROM harbor.schema_migration_log ORDER BY seq DESC LIMIT 1";
        assert_eq!(row(&scene.watcher, signs).await?, "t");
        let waits = "SELECT pg_current_wal_flush_lsn() < pg_current_wal_insert_lsn()";
        assert_eq!(row(&scene.watcher, waits).await?, "t");

        let mut client = scene.database.connect().await?;
        let head = match looks {
            "start" => startup(&older).run(&mut client).await?.head(),
            "status" => {
                let status = onward::status(&client, &[&older]).await?;
                status
                    .first()
                    .and_then(onward::Status::head)
                    .ok_or("no head")?
            }
            _ => onward::verify(&client, &older).await?.head(),
        };
        assert_eq!(head.seq, 11);
        scene.cut_the_power().await?;
        let client = scene.database.connect().await?;
        let verified = onward::verify(&client, &older).await?.against(head);
        assert_eq!(verified.tampering(), None, "{looks}");
        scene.goes_on(&tables(14, "")?, &[], 14).await?;
    }
    Ok(())
}
