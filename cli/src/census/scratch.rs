//! A database that lives as long as one comparison.

use clap::Args;
use onward::Role;
use tokio_postgres::Client;

use super::CensusError;
use crate::connect::{DatabaseError, Target, connect};
use crate::ctrl_c::Interrupt;
use crate::scratch::Scratch;

/// Where the scratch database is created.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ScratchPlace {
    /// Server for the scratch database to which the files are applied, of the same major version as the other. Default:
    /// the same server, where the role needs CREATEDB.
    #[arg(
        long,
        value_name = "URL",
        env = "ONWARD_SCRATCH_URL",
        hide_env_values = true
    )]
    scratch_url: Option<String>,
}

impl ScratchPlace {
    /// The server, which is the live one unless another is given.
    pub(crate) fn target(&self, live: &Target) -> Result<Target, DatabaseError> {
        match &self.scratch_url {
            Some(url) => Target::named(url, None),
            None => Ok(live.clone()),
        }
    }
}

/// An empty database, which only this process knows.
pub(super) struct Empty {
    target: Target,
}

impl Empty {
    /// Where it is.
    pub(super) const fn target(&self) -> &Target {
        &self.target
    }

    /// A session in it.
    pub(super) async fn connect(&self) -> Result<Client, CensusError> {
        Ok(connect(&self.target).await?)
    }

    /// Does the work in it, and drops it whatever happens, Ctrl-C included.
    pub(super) async fn with<T>(
        server: &Target,
        owner: Option<&Role>,
        work: impl AsyncFnOnce(&Self) -> Result<T, CensusError>,
    ) -> Result<T, CensusError> {
        let admin = connect(server).await?;
        // The server goes on with a database that is not waited for, so that nothing would drop it.
        let mut interrupt = Interrupt::watch().await;
        let scratch = Scratch::empty(&admin).await?;
        let empty = Self {
            target: server.with_database(&scratch.name),
        };
        let given = give(&admin, &scratch.name, owner).await;
        let answer = match given {
            Ok(()) => tokio::select! {
                biased;
                () = interrupt.came() => Err(CensusError::Interrupted),
                answer = work(&empty) => answer,
            },
            Err(error) => Err(error),
        };
        // The answer is known by now; a database that stays has the name that says what it was.
        scratch.drop(&admin).await.ok();
        answer
    }
}

/// The role that owns the module's objects creates them there too.
async fn give(admin: &Client, name: &str, owner: Option<&Role>) -> Result<(), CensusError> {
    let Some(owner) = owner else { return Ok(()) };
    let owner = owner.as_str().replace('"', "\"\"");
    let sql = format!("ALTER DATABASE \"{name}\" OWNER TO \"{owner}\"");
    admin
        .batch_execute(&sql)
        .await
        .map_err(CensusError::Scratch)
}
