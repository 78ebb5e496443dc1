//! What a connection string leads to.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{ChannelBinding, SslNegotiation};

use crate::mode::{SessionAttrs, SslMode};
use crate::parameters::Parameters;
use crate::password::{self, Login};
use crate::server::Server;
use crate::surroundings::Surroundings;
use crate::tls::Tls;
use crate::unreadable::Unreadable;
use crate::wanted;

/// Servers, a database and a role, with all that it takes to log in. Its `Display` shows no password.
///
/// ```
/// use onward_connect::{Surroundings, Target};
///
/// let target = Target::read("postgres://app:secret@db.internal/shop", &Surroundings::none())?;
/// assert_eq!(target.to_string(), "on db.internal:5432, database shop, role app");
/// # Ok::<(), onward_connect::Unreadable>(())
/// ```
#[derive(Clone)]
pub struct Target {
    /// Without the servers.
    config: Config,
    pub(crate) servers: Vec<Server>,
    pub(crate) mode: SslMode,
    pub(crate) attrs: SessionAttrs,
    pub(crate) is_shuffled: bool,
    pub(crate) tls: Tls,
    is_named: bool,
    has_password_in_url: bool,
    notes: Vec<String>,
}

impl Target {
    /// A URL such as `postgres://app@db.internal/shop`, or pairs such as `host=db.internal dbname=shop`, with what the
    /// environment of this process adds.
    ///
    /// ```
    /// let target = onward_connect::Target::of("postgres://app@localhost/shop?sslmode=disable")?;
    /// # Ok::<(), onward_connect::Unreadable>(())
    /// ```
    pub fn of(text: &str) -> Result<Self, Unreadable> {
        Self::read(text, &Surroundings::of_the_process())
    }

    /// The same with an environment of the caller's. Service files, password files and certificates are read.
    ///
    /// ```
    /// use onward_connect::{Surroundings, Target};
    ///
    /// let around = Surroundings::none().with("PGUSER", "app");
    /// let target = Target::read("host=a,b port=5433 dbname=shop", &around)?;
    /// assert_eq!(target.to_string(), "on a:5433 or b:5433, database shop, role app");
    /// # Ok::<(), onward_connect::Unreadable>(())
    /// ```
    pub fn read(text: &str, around: &Surroundings) -> Result<Self, Unreadable> {
        let parameters = Parameters::read(text, around)?;
        let get = |name| parameters.get(name);
        let mut servers = Server::all(get("host"), get("hostaddr"), get("port"))?;
        let user = get("user").or_else(|| around.user()).map(str::to_owned);
        let name = get("dbname").or(user.as_deref()).map(str::to_owned);
        let mut notes = parameters.notes.clone();
        if let (Some(user), Some(name)) = (&user, &name) {
            log_in(&mut servers, &parameters, around, (user, name), &mut notes);
        }
        let mode = wanted::mode(&parameters)?;
        let tls = match mode {
            SslMode::Disable => Tls::none(),
            mode => Tls::of(&wanted::tls(&parameters, mode, around)?, mode)?,
        };
        let attrs = parameters.read_as(
            "target_session_attrs",
            SessionAttrs::TAKES,
            SessionAttrs::of,
        )?;
        let order = parameters.read_as("load_balance_hosts", "disable or random", order)?;
        let mut config = config(&parameters)?;
        user.map(|user| config.user(user));
        let is_named = get("dbname").is_some();
        name.map(|name| config.dbname(name));
        Ok(Self {
            config,
            servers,
            mode,
            attrs: attrs.unwrap_or(SessionAttrs::Any),
            is_shuffled: order.unwrap_or(false),
            tls,
            is_named,
            has_password_in_url: parameters.has_password_in_url(),
            notes,
        })
    }

    /// The same servers and the same login, with another database.
    ///
    /// ```
    /// let target = onward_connect::Target::of("postgres://app@localhost/shop")?.with_database("copy");
    /// assert_eq!(target.config().get_dbname(), Some("copy"));
    /// # Ok::<(), onward_connect::Unreadable>(())
    /// ```
    #[must_use]
    pub fn with_database(mut self, name: &str) -> Self {
        self.config.dbname(name);
        self.is_named = true;
        self
    }

    /// The driver's configuration, without the servers: what may be changed before [`open`](Self::open).
    ///
    /// ```
    /// use onward_connect::{Surroundings, Target};
    ///
    /// let target = Target::read("postgres://app@localhost/shop", &Surroundings::none())?;
    /// assert_eq!(target.config().get_user(), Some("app"));
    /// # Ok::<(), onward_connect::Unreadable>(())
    /// ```
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// How many servers are tried, one after the other.
    ///
    /// ```
    /// use onward_connect::{Surroundings, Target};
    ///
    /// assert_eq!(Target::read("postgres://a,b/shop", &Surroundings::none())?.servers(), 2);
    /// # Ok::<(), onward_connect::Unreadable>(())
    /// ```
    #[must_use]
    pub fn servers(&self) -> usize {
        self.servers.len()
    }

    /// What is ignored, and which files are not read, in words.
    ///
    /// ```
    /// use onward_connect::{Surroundings, Target};
    ///
    /// let target = Target::read("postgres://localhost/shop?schema=public", &Surroundings::none())?;
    /// assert_eq!(target.notes(), ["`schema` is a parameter of another driver, and is ignored"]);
    /// # Ok::<(), onward_connect::Unreadable>(())
    /// ```
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether the text itself has a password in it, so that it must not stand on a command line.
    ///
    /// ```
    /// use onward_connect::{Surroundings, Target};
    ///
    /// let target = Target::read("postgres://app:secret@localhost/shop", &Surroundings::none())?;
    /// assert!(target.has_password_in_url());
    /// # Ok::<(), onward_connect::Unreadable>(())
    /// ```
    #[must_use]
    pub const fn has_password_in_url(&self) -> bool {
        self.has_password_in_url
    }

    /// The database and the role, as messages show them.
    pub(crate) fn login(&self) -> String {
        const OF_THE_SYSTEM: &str = "named like the user of the operating system";
        let name = self.config.get_dbname().unwrap_or(OF_THE_SYSTEM);
        let role = self.config.get_user().unwrap_or(OF_THE_SYSTEM);
        let why = match self.is_named {
            true => "",
            false => " (the URL names none, so it is the one named like the role)",
        };
        format!("database {name}{why}, role {role}")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let servers: Vec<_> = self.servers.iter().map(ToString::to_string).collect();
        write!(f, "on {}, {}", servers.join(" or "), self.login())
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}

/// Gives each server its password: the same for all, or that of the file.
fn log_in(
    servers: &mut [Server],
    parameters: &Parameters,
    around: &Surroundings,
    (user, database): (&str, &str),
    notes: &mut Vec<String>,
) {
    if let Some(password) = parameters.get("password") {
        for server in servers {
            server.password = Some(password.to_owned());
        }
        return;
    }
    let file = parameters.get("passfile").map(PathBuf::from);
    let Some(file) = file.or_else(|| around.file_of_user(".pgpass", "pgpass.conf")) else {
        return;
    };
    match password::read(&file) {
        Err(note) => notes.push(note),
        Ok(None) => {}
        Ok(Some(text)) => {
            for server in servers {
                let host = server.login_name();
                let login = Login {
                    host: &host,
                    port: server.port,
                    database,
                    user,
                };
                server.password = password::find(&text, &login);
            }
        }
    }
}

/// Whether the servers are tried at random.
fn order(text: &str) -> Option<bool> {
    match text {
        "disable" => Some(false),
        "random" => Some(true),
        _ => None,
    }
}

fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// What the driver takes as it is.
fn config(parameters: &Parameters) -> Result<Config, Unreadable> {
    let mut config = Config::new();
    let name = parameters.get("application_name");
    let name = name.or_else(|| parameters.get("fallback_application_name"));
    name.map(|name| config.application_name(name));
    parameters
        .get("options")
        .map(|options| config.options(options));
    let count = |name| parameters.read_as(name, "a number", number);
    let seconds = |name| Ok(count(name)?.filter(|n| *n > 0).map(Duration::from_secs));
    seconds("connect_timeout")?.map(|limit| config.connect_timeout(limit));
    count("keepalives")?.map(|on| config.keepalives(on != 0));
    seconds("keepalives_idle")?.map(|idle| config.keepalives_idle(idle));
    seconds("keepalives_interval")?.map(|each| config.keepalives_interval(each));
    let tries = count("keepalives_count")?.and_then(|n| u32::try_from(n).ok());
    tries.map(|tries| config.keepalives_retries(tries));
    // Milliseconds to libpq; a number of seconds to the driver's own parser.
    let limit = count("tcp_user_timeout")?.filter(|n| *n > 0);
    limit.map(|limit| config.tcp_user_timeout(Duration::from_millis(limit)));
    let binding = parameters.read_as("channel_binding", "disable, prefer or require", |text| {
        Some(match text {
            "disable" => ChannelBinding::Disable,
            "prefer" => ChannelBinding::Prefer,
            "require" => ChannelBinding::Require,
            _ => return None,
        })
    })?;
    binding.map(|binding| config.channel_binding(binding));
    let negotiation = parameters.read_as("sslnegotiation", "postgres or direct", |text| {
        Some(match text {
            "postgres" => SslNegotiation::Postgres,
            "direct" => SslNegotiation::Direct,
            _ => return None,
        })
    })?;
    negotiation.map(|negotiation| config.ssl_negotiation(negotiation));
    Ok(config)
}
