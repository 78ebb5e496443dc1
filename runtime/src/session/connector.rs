//! Connections of the run's own.

use std::error::Error as _;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use onward_connect::{NotConnected, Opened, Target, Unreadable, speak};
use tokio::time::timeout;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Socket};

use crate::session::engine::Engine;
use crate::session::role::Role;
use crate::session::row::{flag, row};
use crate::session::server_error::{Recovery, ServerMessage};
use crate::session::{BoxFuture, SendError, Wire, ask};
use crate::sql::{Fragment, fill};

/// How long one try may take, unless the configuration sets a time.
const A_TRY: Duration = Duration::from_secs(5);

type Dialing = Pin<Box<dyn Future<Output = Result<Opened, Undialed>> + Send>>;

/// Why a try gave no session.
enum Undialed {
    Driver(tokio_postgres::Error),
    /// With what is known of the servers that a URL names.
    Target(NotConnected),
}

/// Opens connections for runs, with any TLS that `tokio_postgres` can be given.
///
/// With connections of its own a run can do more than on a borrowed one: it keeps the module's lock
/// until it ends, runs what cannot run in a transaction, connects again when the connection
/// ends, and then finds out what became of the last message. Give it the URL of the server itself
/// when the service's pool goes through PgBouncer; a pooler in between is noticed, and the run then
/// works as on a borrowed connection.
///
/// The server ends the session of a run that is frozen or cut off, by timeouts that the run sets for
/// its own session: the lock is a lease of 15 s.
///
/// ```no_run
/// # async fn example(plan: &onward::Plan) -> Result<(), Box<dyn std::error::Error>> {
/// let config = "postgres://migrator@db.internal/shop".parse()?;
/// let connector = onward::Connector::new(config, tokio_postgres::NoTls);
/// let report = onward::Startup::new(plan).run_with(&connector).await?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Connector {
    config: Config,
    /// How many servers one try may ask.
    servers: usize,
    dial: Arc<dyn Fn(Config) -> Dialing + Send + Sync>,
    lease: Duration,
    total_connect_timeout: Duration,
    /// Where a run leaves its connection to the next one.
    kept: Option<Arc<Mutex<Kept>>>,
}

/// A connection between two runs.
#[derive(Default)]
struct Kept {
    client: Option<Client>,
    /// By which the session is known to have no pooler in between; empty behind one that is known.
    nonce: String,
}

impl Connector {
    /// From a configuration and what opens TLS on a socket: `NoTls`, or the `MakeTlsConnect` of
    /// `postgres-native-tls`, `tokio-postgres-rustls` or another crate.
    ///
    /// ```
    /// let config: tokio_postgres::Config = "postgres://localhost/shop".parse().unwrap();
    /// let connector = onward::Connector::new(config, tokio_postgres::NoTls);
    /// ```
    pub fn new<T>(config: Config, tls: T) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let dial = move |config: Config| -> Dialing {
            let tls = tls.clone();
            Box::pin(async move { speak(&config, tls).await.map_err(Undialed::Driver) })
        };
        Self {
            servers: config.get_hosts().len(),
            config,
            dial: Arc::new(dial),
            lease: Duration::from_secs(15),
            total_connect_timeout: Duration::from_secs(15),
            kept: None,
        }
    }

    /// From a URL such as `postgres://app@db.internal/shop?sslmode=verify-full`, or `key=value` pairs: the same strings
    /// as every program on libpq takes, with the `PG*` variables, service files, `.pgpass`, several servers and
    /// `target_session_attrs`. Parameters of other drivers are ignored, so a service shares one `DATABASE_URL`.
    ///
    /// TLS is the feature `tls` of this crate. Without it, a URL that demands TLS is an error.
    ///
    /// ```
    /// let connector = onward::Connector::from_url("postgres://migrator@db.internal/shop?pool_timeout=5")?;
    /// # Ok::<(), onward::Unreadable>(())
    /// ```
    pub fn from_url(url: &str) -> Result<Self, Unreadable> {
        Target::of(url).map(Self::to)
    }

    /// To what a URL leads to, for a program that has read the URL already.
    ///
    /// ```
    /// let target = onward::Target::of("postgres://migrator@db.internal/shop")?;
    /// println!("{target}");
    /// let connector = onward::Connector::to(target);
    /// # Ok::<(), onward::Unreadable>(())
    /// ```
    #[must_use]
    pub fn to(target: Target) -> Self {
        let target = Arc::new(target);
        let config = target.config().clone();
        let servers = target.servers();
        let dial = move |config: Config| -> Dialing {
            let target = Arc::clone(&target);
            Box::pin(async move { target.open(&config).await.map_err(Undialed::Target) })
        };
        Self {
            config,
            servers,
            dial: Arc::new(dial),
            lease: Duration::from_secs(15),
            total_connect_timeout: Duration::from_secs(15),
            kept: None,
        }
    }

    /// The same for several runs one after the other, which share one connection; `names` are their modules.
    pub(crate) fn kept(&self, names: &str) -> Self {
        let mut kept = self.clone();
        if kept.config.get_application_name().is_none() {
            kept.config.application_name(session_name(names));
        }
        kept.kept = Some(Arc::default());
        kept
    }

    /// Takes the connection of a run that is over, for the next one.
    pub(crate) fn keep(&self, wire: Wire<'_>) {
        let (Some(kept), Wire::Pooled(client) | Wire::Direct(client)) = (&self.kept, wire) else {
            return;
        };
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.client = Some(client);
    }

    /// The connection that a run before this one has left, with its nonce.
    fn take_kept(&self) -> Option<(Client, String)> {
        let kept = self.kept.as_ref()?;
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let client = kept.client.take().filter(|client| !client.is_closed())?;
        Some((client, kept.nonce.clone()))
    }

    fn note_nonce(&self, nonce: &str) {
        if let Some(kept) = &self.kept {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            nonce.clone_into(&mut kept.nonce);
        }
    }

    /// After which time without a message the server ends the session of a run; 15 s unless set, and never shorter
    /// than 3 s. A waiting run sends a message at least once a second, and so keeps its session.
    ///
    /// ```
    /// # fn example(connector: onward::Connector) {
    /// let connector = connector.lease(std::time::Duration::from_secs(30));
    /// # }
    /// ```
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_secs(3));
        self
    }

    /// How long the run tries to connect, one try after the other, and never longer than the budget; 15 s
    /// unless set. A try in progress is not broken off for it: it has the configuration's
    /// `connect_timeout` for each host, or 5 s, until the server has answered.
    ///
    /// ```
    /// # fn example(connector: onward::Connector) {
    /// let connector = connector.total_connect_timeout(std::time::Duration::from_secs(30));
    /// # }
    /// ```
    #[must_use]
    pub fn total_connect_timeout(mut self, limit: Duration) -> Self {
        self.total_connect_timeout = limit;
        self
    }

    /// The role that logs in.
    pub(crate) fn user(&self) -> Option<&str> {
        self.config.get_user()
    }

    pub(crate) fn lease_time(&self) -> Duration {
        self.lease
    }

    pub(crate) fn connect_limit(&self) -> Duration {
        self.total_connect_timeout
    }

    /// A connection as the configuration has it, without a lease and other settings of a run.
    pub(crate) fn plain(&self) -> BoxFuture<'_, Result<Client, Unconnected>> {
        Box::pin(async move {
            match (self.dial)(self.config.clone()).await {
                Ok(dialed) => postgres(dialed),
                Err(undialed) => Err(Unconnected::of(undialed)),
            }
        })
    }

    /// One try, which takes `most` at most. `schema` is the module's, for the session's name and path.
    pub(crate) async fn connect(
        &self,
        schema: &str,
        role: Option<&Role>,
        most: Option<Duration>,
    ) -> Result<Wire<'static>, Unconnected> {
        // The driver's own timeout ends when the socket is open, and not when the server answers on it.
        let each = self.config.get_connect_timeout().copied();
        let hosts = u32::try_from(self.servers).unwrap_or(u32::MAX);
        let all = each.unwrap_or(A_TRY).saturating_mul(hosts.max(1));
        let connected = timeout(
            most.map_or(all, |most| most.min(all)),
            self.dial(schema, role),
        );
        connected.await.unwrap_or_else(|_| {
            Err(Unconnected {
                passes: true,
                engine: None,
                source: "the server does not answer".into(),
            })
        })
    }

    /// Takes a connection that another run has left, or opens one.
    async fn dial(&self, schema: &str, role: Option<&Role>) -> Result<Wire<'static>, Unconnected> {
        if let Some((client, nonce)) = self.take_kept() {
            match self.greet(client, &nonce, schema, role).await {
                // It has ended meanwhile.
                Err(unconnected) if unconnected.passes => {}
                answer => return answer,
            }
        }
        self.open(schema, role).await
    }

    async fn open(&self, schema: &str, role: Option<&Role>) -> Result<Wire<'static>, Unconnected> {
        let mut config = self.config.clone();
        if config.get_application_name().is_none() {
            config.application_name(session_name(schema));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(A_TRY);
        }
        self.notice_silence(&mut config);
        let nonce = nonce();
        let mut asked = config.clone();
        let options = config.get_options().unwrap_or_default();
        asked.options([options, " -c onward.session=", &nonce].concat());
        let client = match (self.dial)(asked).await {
            Ok(dialed) => postgres(dialed)?,
            Err(undialed) if undialed.driver().is_some_and(is_about_options) => {
                self.note_nonce("");
                return match (self.dial)(config).await {
                    Ok(dialed) => postgres(dialed).map(Wire::Pooled),
                    Err(undialed) => Err(Unconnected::of(undialed)),
                };
            }
            Err(undialed) => return Err(Unconnected::of(undialed)),
        };
        self.note_nonce(&nonce);
        self.greet(client, &nonce, schema, role).await
    }

    /// Sets up the session for a run, and finds out whether a pooler is in between.
    async fn greet(
        &self,
        client: Client,
        nonce: &str,
        schema: &str,
        role: Option<&Role>,
    ) -> Result<Wire<'static>, Unconnected> {
        if nonce.is_empty() {
            return Ok(Wire::Pooled(client));
        }
        let lease = self.lease.as_millis().to_string();
        let greeting = fill(
            include_str!("../sql/greet.sql"),
            &[
                ("nonce", Fragment::Text(nonce)),
                ("lease", Fragment::Text(&lease)),
                ("path", Fragment::NameText(&[schema])),
                ("role", Fragment::Text(role.map_or("none", Role::as_str))),
            ],
        );
        match ask(&client, &greeting).await {
            Ok(answer) if answer.iter().filter_map(row).any(|row| flag(row, "direct")) => {
                Ok(Wire::Direct(client))
            }
            Ok(_) => Ok(Wire::Pooled(client)),
            Err(SendError::Refused(refused)) => match Engine::behind(&client, &refused).await {
                Some(engine) => Err(Unconnected::to(engine)),
                None => Err(Unconnected {
                    passes: refused.recovery() == Recovery::RetryOnce,
                    engine: None,
                    source: Box::new(refused.said),
                }),
            },
            Err(SendError::Lost(source)) => Err(Unconnected {
                passes: true,
                engine: None,
                source,
            }),
            Err(SendError::TimedOut) => Err(Unconnected {
                passes: true,
                engine: None,
                source: "the server does not answer".into(),
            }),
        }
    }
}

/// What the driver takes when nothing is set.
const USUAL_IDLE: Duration = Duration::from_secs(2 * 60 * 60);

impl Connector {
    /// A partitioned wire ends the session here as early as it does at the server, which is set up so by
    /// `sql/greet.sql`: a run that waits for an answer for longer waits in vain. What the caller has set stays.
    fn notice_silence(&self, config: &mut Config) {
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(self.lease);
        }
        if config.get_keepalives_idle() == USUAL_IDLE {
            config.keepalives_idle(Duration::from_secs(5));
        }
        if config.get_keepalives_interval().is_none() {
            config.keepalives_interval(Duration::from_secs(2));
        }
        if config.get_keepalives_retries().is_none() {
            config.keepalives_retries(3);
        }
    }
}

impl fmt::Debug for Connector {
    /// Without the configuration, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector")
            .field("lease", &self.lease)
            .field("total_connect_timeout", &self.total_connect_timeout)
            .finish_non_exhaustive()
    }
}

/// Why there is no connection.
pub(crate) struct Unconnected {
    /// Whether a later try may succeed.
    pub(crate) passes: bool,
    /// The engine, when it is not PostgreSQL.
    pub(crate) engine: Option<Engine>,
    pub(crate) source: Box<dyn std::error::Error + Send + Sync>,
}

impl Unconnected {
    fn to(engine: Engine) -> Self {
        Self {
            passes: false,
            source: engine.to_string().into(),
            engine: Some(engine),
        }
    }

    fn of(undialed: Undialed) -> Self {
        let driver = undialed.driver();
        let said = driver.and_then(tokio_postgres::Error::as_db_error);
        Self {
            // A server that does not answer may do so later.
            passes: driver.is_none_or(passes),
            engine: None,
            source: match (said.map(ServerMessage::of), undialed) {
                (Some(said), _) => Box::new(said),
                (None, Undialed::Target(error)) => error.to_string().into(),
                (None, Undialed::Driver(error)) => error.source().map_or_else(
                    || error.to_string().into(),
                    |source| source.to_string().into(),
                ),
            },
        }
    }
}

impl Undialed {
    fn driver(&self) -> Option<&tokio_postgres::Error> {
        match self {
            Self::Driver(error) => Some(error),
            Self::Target(error) => error.error(),
        }
    }
}

/// Whether a later try may succeed.
fn passes(error: &tokio_postgres::Error) -> bool {
    match error.as_db_error() {
        Some(said) => {
            let code = said.code().code();
            // too_many_connections, and a server that starts, stops or recovers.
            matches!(code, "53300" | "57P03" | "57P01" | "57P02")
                // A pooler says so of a server that it cannot reach, and of one that it does not know.
                || (code.starts_with("08") && !said.message().starts_with("no such "))
        }
        None => {
            error.is_closed()
                || error
                    .source()
                    .is_some_and(|source| source.is::<std::io::Error>())
        }
    }
}

fn postgres(opened: Opened) -> Result<Client, Unconnected> {
    let version = opened.crdb_version.as_deref();
    match version.and_then(Engine::of_parameter) {
        Some(engine) => Err(Unconnected::to(engine)),
        None => Ok(opened.client),
    }
}

/// The answer of a pooler to a startup parameter that it does not pass on, and those of engines that do not know
/// it: undefined_object, feature_not_supported, invalid_parameter_value, and CockroachDB's uncategorised error.
fn is_about_options(error: &tokio_postgres::Error) -> bool {
    error
        .code()
        .is_some_and(|code| matches!(code.code(), "08P01" | "42704" | "0A000" | "22023" | "XXUUU"))
}

/// Random, and never used again.
pub(crate) fn nonce() -> String {
    let half = |n: u8| RandomState::new().hash_one(n);
    format!("{:016x}{:016x}", half(0), half(1))
}

fn session_name(schema: &str) -> String {
    let host = std::env::var("HOSTNAME").unwrap_or_default();
    format!("onward/{schema}/{host}/{}", std::process::id())
}

#[cfg(test)]
mod tests {
    use tokio_postgres::NoTls;

    use super::*;

    #[test]
    fn a_silent_wire_is_noticed_within_the_lease_unless_the_caller_has_chosen()
    -> Result<(), tokio_postgres::Error> {
        let connector = Connector::new(Config::new(), NoTls);
        let mut config: Config = "postgres://localhost/a".parse()?;
        connector.notice_silence(&mut config);
        assert_eq!(config.get_tcp_user_timeout(), Some(&connector.lease));
        assert_eq!(config.get_keepalives_idle(), Duration::from_secs(5));
        let chosen = "host=localhost keepalives_idle=60 keepalives_interval=9 keepalives_retries=7 tcp_user_timeout=90";
        let chosen: Config = chosen.parse()?;
        let mut config = chosen.clone();
        connector.notice_silence(&mut config);
        assert_eq!(config, chosen);
        Ok(())
    }
}
