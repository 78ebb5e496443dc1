//! A fault in the middle of a message: at the n-th command that changes the schema.
//!
//! An event trigger counts the commands with a sequence, which no rollback resets, so each number
//! occurs once. At the chosen number the trigger does what a test asks for. Usually it waits for an
//! advisory lock that the test holds, so the command stops there, with everything that its
//! transaction has done and locked so far.

use std::time::Duration;

use onward_pg::{Cluster, Database};
use tokio_postgres::Client;

use crate::support::sampling::NoSuchPlace;
use crate::support::starter::{Ended, Starter};
use crate::support::witness::{is_whole, recovers, rows, until};
use crate::{Answer, Outcome, Way};

/// The lock of the stop; no other test uses this number.
const KEY: i64 = 4711;

/// What the n-th command does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Does<'a> {
    /// It waits until the test lets it go on.
    Wait,
    /// It sleeps for so long, without waiting for a lock.
    Sleep(Duration),
    /// It fails with this SQLSTATE.
    Fail(&'a str),
}

/// Makes the n-th command of this database do that.
pub(crate) async fn arm(client: &Client, n: usize, does: Does<'_>) -> Outcome {
    let act = match does {
        Does::Wait => format!("PERFORM pg_advisory_xact_lock({KEY})"),
        Does::Sleep(long) => format!("PERFORM pg_sleep({})", long.as_secs_f64()),
        Does::Fail(sqlstate) => {
            format!("RAISE EXCEPTION 'made up' USING ERRCODE = '{sqlstate}'")
        }
    };
    let install = format!(
        "CREATE SEQUENCE public.commands;
         CREATE FUNCTION public.stop() RETURNS event_trigger LANGUAGE plpgsql
         SET search_path = pg_catalog, pg_temp AS $$
         BEGIN IF nextval('public.commands') = {n} THEN {act}; END IF; END $$;
         CREATE EVENT TRIGGER stop ON ddl_command_start EXECUTE FUNCTION public.stop();"
    );
    Ok(client.batch_execute(&install).await?)
}

/// A database in which a starter is stopped in the middle of a command.
pub(crate) struct Scene {
    pub(crate) database: Database,
    pub(crate) watcher: Client,
    holder: Client,
    pub(crate) starter: Starter,
    /// The process of its session on the server.
    pub(crate) session: i32,
}

impl Scene {
    /// [`NoSuchPlace`] when the run was over before its n-th command.
    pub(crate) async fn at(cluster: &Cluster, way: Way, n: usize) -> Answer<Scene> {
        Scene::with(cluster, way, n, &[]).await
    }

    /// The same with timeouts of the test: see [`Starter::with`].
    pub(crate) async fn with(
        cluster: &Cluster,
        way: Way,
        n: usize,
        timeouts: &[&str],
    ) -> Answer<Scene> {
        let database = cluster.database().await?;
        let (watcher, holder) = tokio::try_join!(database.connect(), database.connect())?;
        arm(&watcher, n, Does::Wait).await?;
        hold(&holder).await?;
        let starter = Starter::with(way, database.url(), timeouts).await?;
        let mut scene = Scene {
            database,
            watcher,
            holder,
            starter,
            session: 0,
        };
        scene.starter.go().await?;
        let session = tokio::select! {
            session = waits_for(&scene.watcher, "advisory") => Some(session?),
            gone = scene.starter.is_gone() => gone.map(|()| None)?,
        };
        match session {
            Some(session) => Ok(Scene { session, ..scene }),
            None => {
                scene.was_never_disturbed().await?;
                Err(NoSuchPlace.into())
            }
        }
    }

    async fn was_never_disturbed(self) -> Outcome {
        self.lift().await?;
        let ended = self.starter.end().await?;
        match ended.is_well {
            true => is_whole(&self.watcher).await,
            // On a busy machine a short budget may end at any place.
            false if ended.said.contains("reached the time limit") => {
                recovers(&self.database, &ended.acknowledged).await
            }
            false => Err(ended.said.into()),
        }
    }

    /// Lets the command go on.
    pub(crate) async fn lift(&self) -> Outcome {
        let unlock = format!("SELECT pg_advisory_unlock({KEY})");
        Ok(self.holder.batch_execute(&unlock).await?)
    }

    /// Waits until the starter's session is gone.
    pub(crate) async fn is_alone(&self) -> Outcome {
        let gone = format!(
            "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {})",
            self.session
        );
        until(&self.watcher, &gone).await
    }

    /// Waits for the end of the starter, and then runs the next start.
    pub(crate) async fn recovers(self) -> Answer<Ended> {
        // The lock of the stop does not belong to the runner. A killed server has released it.
        let _ = self.lift().await;
        let ended = self.starter.end().await?;
        recovers(&self.database, &ended.acknowledged)
            .await
            .map_err(|error| format!("{error}; the starter said: {}", ended.said))?;
        Ok(ended)
    }
}

/// The session in this database that waits for such a lock; waits until there is one.
pub(crate) async fn waits_for(watcher: &Client, lock: &str) -> Answer<i32> {
    let sql = format!(
        "SELECT pid FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = '{lock}'"
    );
    for _ in 0..6000 {
        if let Some(pid) = rows(watcher, &sql).await?.first() {
            return Ok(pid.parse()?);
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Err(format!("no session waits for a lock of the kind {lock}").into())
}

async fn hold(holder: &Client) -> Outcome {
    let lock = format!("SELECT pg_advisory_lock({KEY})");
    Ok(holder.batch_execute(&lock).await?)
}
