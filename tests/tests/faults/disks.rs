//! The disk is full: in the middle of a migration, and in the folder of the server's log.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use onward_pg::{Binaries, Cluster, Database, Settings};

use crate::support::command_stop::{Does, Scene, arm};
use crate::support::sampling::{at_every_place, in_turn, is_a_place, is_thorough, tell};
use crate::support::witness::{acknowledged, durable, recovers, rows, shared};
use crate::{Answer, HARBOR, Outcome, run, startup};

/// A disk of a few megabytes, in memory. Only root may mount one.
struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// `Err` has the reason when none can be mounted.
    fn mount(cluster: &Cluster, name: &str, size: &str) -> Result<Disk, String> {
        let name = format!("onward-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let owner = fs::metadata(cluster.data_folder()).map_err(|error| error.to_string())?;
        let options = format!(
            "size={size},mode=700,uid={},gid={}",
            owner.uid(),
            owner.gid()
        );
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(&folder)
            .stderr(Stdio::piped())
            .output();
        let disk = Disk { folder };
        match mounted {
            Ok(output) if output.status.success() => Ok(disk),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Fills the disk up to so many bytes.
    fn fill(&self, free: u64) -> io::Result<Filler> {
        let path = self.folder.join("filler");
        let mut file = File::create(&path)?;
        let mut size = 0;
        for block in [1 << 16, 1 << 10] {
            // Writing stops when the disk is full.
            while file.write_all(&vec![0; block]).is_ok() {
                size += block as u64;
            }
        }
        file.set_len(size.saturating_sub(free))?;
        Ok(Filler { path })
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, because a server may not have closed its files yet.
        let _ = Command::new("umount")
            .arg("-l")
            .arg(&self.folder)
            .stderr(Stdio::null())
            .status();
        let _ = fs::remove_dir(&self.folder);
    }
}

/// Frees the space when it is dropped.
struct Filler {
    path: PathBuf,
}

impl Drop for Filler {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Simulates a full disk where none can be mounted.
async fn replaced(why: &str) -> Outcome {
    tell(&format!(
        "DISK FULL WAS REPLACED by an error with its SQLSTATE in every command: no small disk could be \
         mounted ({why}); run this as root on Linux for the real thing"
    ));
    at_every_place("a made-up 53100 in a command", 1, 4, async |way, n| {
        let database = shared().await?.database().await?;
        let client = database.connect().await?;
        arm(&client, n, Does::Fail("53100")).await?;
        let outcome = run(way, database.url(), startup(&HARBOR)).await?;
        recovers(&database, &acknowledged(&outcome)).await?;
        is_a_place(outcome.is_err())
    })
    .await
}

/// Gives a little more space each time, until it is enough.
#[tokio::test]
async fn no_space_for_tables() -> Outcome {
    let cluster = durable().await?;
    let disk = match Disk::mount(&cluster, "tables", "8m") {
        Ok(disk) => disk,
        Err(why) => return replaced(&why).await,
    };
    let client = onward_pg::connect(&cluster.url()).await?;
    let create = format!(
        "CREATE TABLESPACE small LOCATION '{}'",
        disk.folder.display()
    );
    client.batch_execute(&create).await?;
    let step = if is_thorough() { 1 << 13 } else { 1 << 16 };
    in_turn("no space left for tables", 1, async |way, place| {
        let database = cluster.database().await?;
        let on_it = format!(
            "ALTER DATABASE {} SET default_tablespace = small",
            database.name()
        );
        client.batch_execute(&on_it).await?;
        let filler = disk.fill(step * (place as u64 - 1))?;
        let outcome = run(way, database.url(), startup(&HARBOR)).await;
        drop(filler);
        let outcome = outcome?;
        if let Err(error) = &outcome
            && error.sqlstate() != Some("53100")
        {
            return Err(format!("another error: {error:?}").into());
        }
        recovers(&database, &acknowledged(&outcome)).await?;
        is_a_place(outcome.is_err())
    })
    .await
}

/// The server cannot write its log: it goes down, and starts again when there is space.
#[tokio::test]
async fn no_space_for_the_log() -> Outcome {
    // A log that fills the disk itself would leave no space for the recovery.
    let settings = Settings::durable()
        .with("max_wal_size", "48MB")
        .with("min_wal_size", "32MB");
    let mut cluster = Cluster::start(&Binaries::find().await?, settings).await?;
    let disk = match Disk::mount(&cluster, "wal", "128m") {
        Ok(disk) => disk,
        // The other test prints that the full disk is simulated.
        Err(why) => return replaced(&why).await,
    };
    cluster.stop().await?;
    move_log(&cluster.data_folder(), &disk.folder)?;
    cluster.restart().await?;
    in_turn("no space left for the server's log", 23, async |way, n| {
        let scene = Scene::at(&cluster, way, n).await?;
        let bystander = scene.database.connect().await?;
        scene.watcher.batch_execute("CHECKPOINT").await?;
        let filler = disk.fill(0)?;
        // The server reuses old segments, so it has to write more than the disk holds.
        let flood = "SELECT pg_logical_emit_message(true, 'flood', repeat('x', 60000000))";
        let mut floods = 0;
        while rows(&scene.watcher, flood).await.is_ok() {
            floods += 1;
            if floods > 9 {
                return Err("the disk was never full".into());
            }
        }
        drop(filler);
        // The server ends all sessions, a moment after the one that found no space.
        while bystander.simple_query("SELECT 1").await.is_ok() {}
        comes_back(&mut cluster, &scene.database).await?;
        scene.recovers().await?;
        Ok(())
    })
    .await
}

fn move_log(data: &Path, disk: &Path) -> Outcome {
    let (log, new) = (data.join("pg_wal"), disk.join("pg_wal"));
    let moved = Command::new("cp")
        .arg("-a")
        .args([&log, &new])
        .status()?
        .success();
    if !moved {
        return Err("the log could not be moved".into());
    }
    fs::remove_dir_all(&log)?;
    Ok(std::os::unix::fs::symlink(&new, &log)?)
}

/// The server recovers itself, or, when its recovery found no space either, after a restart.
async fn comes_back(cluster: &mut Cluster, database: &Database) -> Answer<()> {
    for _ in 0..100 {
        if database.connect().await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    cluster.kill()?;
    Ok(cluster.restart().await?)
}
