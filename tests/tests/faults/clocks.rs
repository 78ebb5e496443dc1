//! The server's clock jumps, by hours and years, in the middle of a run.

use std::fs;
use std::path::{Path, PathBuf};

use onward_pg::{Binaries, Cluster, Settings};

use crate::support::command_stop::Scene;
use crate::support::sampling::{in_turn, tell};
use crate::support::witness::row;
use crate::{Answer, Outcome};

/// The times that the clock is set to, in libfaketime's spelling.
const JUMPS: [(&str, &str); 3] = [
    ("an hour back", "-1h"),
    ("ten years back", "-10y"),
    ("ten years ahead", "+10y"),
];

/// A server that takes its time from a file.
struct Watch {
    cluster: Cluster,
    file: PathBuf,
}

impl Watch {
    async fn start(library: &str) -> Answer<Watch> {
        let name = format!("onward-clock-{}", std::process::id());
        let file = std::env::temp_dir().join(name);
        fs::write(&file, "+0")?;
        let settings = Settings::fast()
            .with_variable("LD_PRELOAD", library)
            .with_variable("FAKETIME_TIMESTAMP_FILE", &file.to_string_lossy())
            .with_variable("FAKETIME_NO_CACHE", "1")
            .with_variable("DONT_FAKE_MONOTONIC", "1");
        let cluster = Cluster::start(&Binaries::find().await?, settings).await?;
        Ok(Watch { cluster, file })
    }

    fn set(&self, jump: &str) -> Outcome {
        Ok(fs::write(&self.file, jump)?)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

/// The paths of libfaketime on Debian, Fedora and Homebrew.
fn library() -> Option<&'static str> {
    [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib64/faketime/libfaketimeMT.so.1",
    ]
    .into_iter()
    .find(|path| Path::new(path).exists())
}

#[tokio::test]
async fn a_clock_that_jumps_in_a_command() -> Outcome {
    let Some(library) = library() else {
        return replaced().await;
    };
    let watch = Watch::start(library).await?;
    for (what, jump) in JUMPS {
        let what = format!("the clock {what} in a command");
        in_turn(&what, 25, async |way, n| {
            watch.set("+0")?;
            let scene = Scene::at(&watch.cluster, way, n).await?;
            let before = hours(&scene).await?;
            watch.set(jump)?;
            let moved = hours(&scene).await?.abs_diff(before);
            // libfaketime ignores leap years.
            assert_eq!(moved, if jump == "-1h" { 1 } else { 87_600 });
            let ended = scene.recovers().await?;
            assert!(ended.is_well, "{ended:?}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// The server's time in hours, rounded.
async fn hours(scene: &Scene) -> Answer<u64> {
    let sql = "SELECT round(extract(epoch FROM clock_timestamp()) / 3600)";
    Ok(row(&scene.watcher, sql).await?.parse()?)
}

/// Without libfaketime only the server's time function jumps, and no timer of the server.
async fn replaced() -> Outcome {
    tell(
        "THE CLOCK WAS REPLACED by another clock_timestamp(), because libfaketime is not on this machine \
         (`apt-get install libfaketime`): the ledger's times jump, the server's own timers do not",
    );
    let cluster = crate::support::witness::fast().await?;
    replace_clock(&cluster).await?;
    for (what, jump) in JUMPS {
        let what = format!("clock_timestamp() {what} in a command");
        let interval = jump.replace('y', " years").replace('h', " hours");
        in_turn(&what, 25, async |way, n| {
            let scene = Scene::at(&cluster, way, n).await?;
            let before = hours(&scene).await?;
            let jump = format!("UPDATE public.clock_jump SET by = interval '{interval}'");
            scene.watcher.batch_execute(&jump).await?;
            assert_ne!(hours(&scene).await?, before);
            let ended = scene.recovers().await?;
            assert!(ended.is_well, "{ended:?}");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// In every database that is created from here on, before a ledger is: a run looks whether the ledger's
/// defaults are those that it gave them.
async fn replace_clock(cluster: &Cluster) -> Outcome {
    let admin = onward_pg::connect(&cluster.url()).await?;
    let open = |open: bool| {
        format!("UPDATE pg_database SET datallowconn = {open} WHERE datname = 'template0'")
    };
    admin.batch_execute(&open(true)).await?;
    let url = cluster.url();
    let server = url.strip_suffix("postgres").ok_or("another URL")?;
    let template = onward_pg::connect(&[server, "template0"].concat()).await?;
    template
        .batch_execute(
            "SET allow_system_table_mods = on;
             CREATE TABLE public.clock_jump (by interval NOT NULL);
             INSERT INTO public.clock_jump VALUES ('0');
             ALTER FUNCTION pg_catalog.clock_timestamp() RENAME TO true_clock_timestamp;
             CREATE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql
               RETURN pg_catalog.true_clock_timestamp() + (SELECT by FROM public.clock_jump)",
        )
        .await?;
    drop(template);
    let left = "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = 'template0'";
    while row(&admin, left).await? != "t" {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    Ok(admin.batch_execute(&open(false)).await?)
}
