//! Tries the servers, one after the other.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use tokio::time::timeout;
use tokio_postgres::config::SslMode as Driver;
use tokio_postgres::{Client, Config, SimpleQueryMessage};

use crate::failure::{Failure, NotConnected};
use crate::mode::{SessionAttrs, SslMode};
use crate::opened::Opened;
use crate::server::Server;
use crate::target::Target;
use crate::trouble::Trouble;

/// How long a server may take to answer, unless `connect_timeout` is given.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);

/// What a server is asked when not every one will do.
const KIND: &str = "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')::bool";

impl Target {
    /// Opens a session with `config`, which is [`Target::config`] with what the caller has added. Each server has
    /// `connect_timeout` to answer, or 15 s.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let target = onward_connect::Target::of("postgres://app@localhost/shop")?;
    /// let client = target.open(target.config()).await?.client;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn open(&self, config: &Config) -> Result<Opened, NotConnected> {
        let mut failures = Vec::new();
        for round in self.attrs.rounds() {
            failures.clear();
            for server in self.in_order() {
                let limit = config.get_connect_timeout().copied();
                let limit = limit.unwrap_or(ANSWER_TIMEOUT);
                let tried = timeout(limit, self.open_at(server, config, *round)).await;
                let failure = match tried {
                    Ok(Ok(opened)) => return Ok(opened),
                    Ok(Err(failure)) => failure,
                    Err(_) => Failure::of(server, Trouble::Silent(limit)),
                };
                let goes_on = failure.trouble.is_of_one_server();
                failures.push(failure);
                if !goes_on {
                    break;
                }
            }
        }
        Err(NotConnected::new(self.login(), failures))
    }

    fn in_order(&self) -> Vec<&Server> {
        let mut servers: Vec<_> = self.servers.iter().collect();
        if self.is_shuffled {
            let state = RandomState::new();
            servers.sort_by_cached_key(|server| state.hash_one(server.to_string()));
        }
        servers
    }

    async fn open_at(
        &self,
        server: &Server,
        config: &Config,
        attrs: SessionAttrs,
    ) -> Result<Opened, Failure> {
        let config = server.configured(config);
        let opened = self.log_in(server, config).await?;
        if attrs == SessionAttrs::Any {
            return Ok(opened);
        }
        match kind(&opened.client).await {
            Ok((is_standby, is_read_only)) if attrs.accepts(is_standby, is_read_only) => Ok(opened),
            Ok(_) => Err(Failure::of(server, Trouble::OtherKind(attrs.words()))),
            Err(error) => Err(Failure::said(server, error)),
        }
    }

    /// With TLS and without, in the order of `sslmode`. A socket is a file of this machine, and has none.
    async fn log_in(&self, server: &Server, mut config: Config) -> Result<Opened, Failure> {
        let failed = |error| Failure::said(server, error);
        let mut with = |mode: Driver| {
            config.ssl_mode(mode);
            config.clone()
        };
        let plain = with(Driver::Disable);
        if server.is_socket() || !self.tls.is_there() {
            return self.tls.speak(&plain).await.map_err(failed);
        }
        match self.mode {
            SslMode::Disable => self.tls.speak(&plain).await.map_err(failed),
            SslMode::Allow => match self.tls.speak(&plain).await.map_err(failed) {
                Err(first) if first.trouble.may_be_for_want_of_tls() => {
                    let second = self.tls.speak(&with(Driver::Require)).await;
                    second.map_err(|_| first)
                }
                other => other,
            },
            SslMode::Prefer => match self.tls.speak(&with(Driver::Prefer)).await.map_err(failed) {
                Err(first) if first.trouble.may_be_for_tls() => {
                    let second = self.tls.speak(&plain).await;
                    second.map_err(|_| first)
                }
                other => other,
            },
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => {
                let tls = self.tls.speak(&with(Driver::Require)).await;
                tls.map_err(failed)
            }
        }
    }
}

/// Whether the server is a standby, and whether it is read-only.
async fn kind(client: &Client) -> Result<(bool, bool), tokio_postgres::Error> {
    let answer = client.simple_query(KIND).await?;
    let row = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some((row.get(0) == Some("t"), row.get(1) == Some("t"))),
        _ => None,
    });
    Ok(row.unwrap_or_default())
}
