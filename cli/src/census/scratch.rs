//! A database that lives as long as one comparison.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use onward::Role;
use tokio_postgres::Client;

use super::CensusError;
use crate::connect::{DatabaseError, Target, connect};

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
pub(crate) struct Scratch {
    admin: Client,
    name: String,
    target: Target,
}

impl Scratch {
    async fn create(server: &Target, owner: Option<&Role>) -> Result<Self, CensusError> {
        let admin = connect(server).await?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |now| now.as_nanos());
        let name = format!("onward_scratch_{}_{now}", std::process::id());
        let owner = owner.map(|role| format!(" OWNER \"{}\"", role.as_str().replace('"', "\"\"")));
        let create = format!(
            "CREATE DATABASE {name} TEMPLATE template0{}",
            owner.unwrap_or_default()
        );
        let created = admin.simple_query(&create).await;
        created.map_err(CensusError::of_creation)?;
        Ok(Self {
            target: server.in_database(&name),
            admin,
            name,
        })
    }

    /// Where it is.
    pub(crate) const fn target(&self) -> &Target {
        &self.target
    }

    /// A session in it.
    pub(crate) async fn connect(&self) -> Result<Client, CensusError> {
        Ok(connect(&self.target).await?)
    }

    async fn drop(self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The answer is known by now; a database that stays has the name that says what it was.
        self.admin.simple_query(&drop).await.ok();
    }

    /// Does the work in a scratch database, and drops that whatever happens, Ctrl-C included.
    pub(crate) async fn with<T>(
        server: &Target,
        owner: Option<&Role>,
        work: impl AsyncFnOnce(&Self) -> Result<T, CensusError>,
    ) -> Result<T, CensusError> {
        let scratch = Self::create(server, owner).await?;
        let answer = tokio::select! {
            answer = work(&scratch) => answer,
            _ = tokio::signal::ctrl_c() => Err(CensusError::Interrupted),
        };
        scratch.drop().await;
        answer
    }
}
