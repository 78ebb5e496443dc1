use crate::Container;
use crate::binaries::Binaries;
use crate::cluster::Cluster;
use crate::database::{Database, DatabaseError, connect};
use crate::error::{NoServer, Way, chain};
use crate::major::Major;
use crate::settings::Settings;
use crate::source::Source;
use std::fmt::{self, Display};
use std::time::{Duration, Instant};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// A PostgreSQL to run on. Dropping it stops it, if it was started for us.
///
/// Its `Display` is one line with its version and its origin, without the password:
/// `PostgreSQL 15.18, started from /usr/lib/postgresql/15/bin on port 40123`.
///
/// ```no_run
/// use onward_pg::Server;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let server = Server::find().await?;
/// println!("{server}");
/// let database = server.database().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    url: String,
    facts: Facts,
    origin: Origin,
}

/// Kept for as long as the server is needed: dropping the inner value stops it.
#[derive(Debug)]
enum Origin {
    Given,
    Cluster(Box<Cluster>),
    Container(Box<Container>),
}

impl Server {
    /// The server that the environment asks for, else the first that can be found or started: `DATABASE_URL`,
    /// binaries on this machine, a container, a build from npm or pip.
    pub async fn find() -> Result<Server, NoServer> {
        if let Some(source) = Source::from_env()? {
            return Server::start(&source).await;
        }
        let found = Server::first_of(&[
            Source::Local(None),
            Source::Docker(Major::NEWEST),
            Source::Fetch(Major::NEWEST),
        ]);
        found.await.map_err(|error| {
            let mut attempts = NoServer::one(Way::Url, "not set").into_attempts();
            attempts.extend(error.into_attempts());
            NoServer::all(attempts)
        })
    }

    /// A server of a certain version, from any source.
    pub async fn of(major: Major) -> Result<Server, NoServer> {
        let sources = [
            Source::Local(Some(major)),
            Source::Fetch(major),
            Source::Docker(major),
        ];
        Server::first_of(&sources).await
    }

    /// The first of these that can be found or started.
    pub async fn first_of(sources: &[Source]) -> Result<Server, NoServer> {
        let mut attempts = Vec::new();
        for source in sources {
            match Server::start(source).await {
                Ok(server) => return Ok(server),
                Err(error) => attempts.extend(error.into_attempts()),
            }
        }
        Err(NoServer::all(attempts))
    }

    /// The server from a certain source, and from no other.
    pub async fn start(source: &Source) -> Result<Server, NoServer> {
        let failed = |why| NoServer::one(source.way(), why);
        let (url, origin) = match source {
            Source::Url(url) => (url.clone(), Origin::Given),
            Source::Local(wanted) => run(&Binaries::local(*wanted).await?)
                .await
                .map_err(failed)?,
            Source::Fetch(major) => run(&Binaries::fetched(*major).await?)
                .await
                .map_err(failed)?,
            Source::Docker(major) => {
                let container = Container::start(*major).await;
                let container = container.map_err(|error| failed(chain(&error)))?;
                let url = container.url().to_owned();
                (url, Origin::Container(Box::new(container)))
            }
        };
        let facts = examine(&url, &origin).await;
        let facts = facts.map_err(|error| failed(chain(&error)))?;
        Ok(Server { url, facts, origin })
    }

    /// A fresh database, dropped when the value is dropped.
    pub async fn database(&self) -> Result<Database, DatabaseError> {
        Database::create(&self.url).await
    }

    /// The URL of a database that always exists and that tests must not write to. The URL may contain
    /// a password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The major version, as reported by the server.
    pub fn major(&self) -> Major {
        self.facts.major
    }
}

impl Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = &self.facts.version;
        match &self.origin {
            Origin::Given => {
                let place = place(&self.url);
                write!(f, "PostgreSQL {version} at {place}, named by DATABASE_URL")
            }
            Origin::Cluster(cluster) => {
                let folder = cluster.binaries().folder().display();
                let port = cluster.port();
                write!(
                    f,
                    "PostgreSQL {version}, started from {folder} on port {port}"
                )
            }
            Origin::Container(container) => {
                let (image, place) = (container.image(), place(&self.url));
                write!(
                    f,
                    "PostgreSQL {version}, in a container of {image} at {place}"
                )
            }
        }
    }
}

async fn run(binaries: &Binaries) -> Result<(String, Origin), String> {
    let cluster = Cluster::start(binaries, Settings::fast()).await;
    let cluster = cluster.map_err(|error| chain(&error))?;
    Ok((cluster.url(), Origin::Cluster(Box::new(cluster))))
}

/// What the server reports about itself.
#[derive(Debug)]
struct Facts {
    version: String,
    major: Major,
}

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(
        "the server at {place} cannot be used; set ONWARD_PG=local or ONWARD_PG=fetch to use another one"
    )]
    Unreachable {
        place: String,
        source: DatabaseError,
    },
    #[error("the server at {0} gave an answer that onward-pg cannot read")]
    Unreadable(String),
    #[error("the server at {place} is PostgreSQL {version}; Onward needs 15 to 18")]
    Unsupported { place: String, version: String },
    #[error(
        "the server at {0} is a standby, where no database can be created; use the URL of the primary"
    )]
    Standby(String),
    #[error(
        "the role {role} on the server at {place} may not create databases, and every test needs \
         one of its own; as a superuser, run ALTER ROLE \"{role}\" CREATEDB"
    )]
    NoCreateDb { place: String, role: String },
}

const FACTS: &str = "\
    SELECT current_setting('server_version'), \
           current_setting('server_version_num')::int / 10000, \
           pg_is_in_recovery(), \
           rolsuper OR rolcreatedb, \
           rolname::text \
      FROM pg_roles WHERE rolname = current_user";

async fn examine(url: &str, origin: &Origin) -> Result<Facts, Refusal> {
    let place = place(url);
    let until = Instant::now() + Duration::from_secs(10);
    let client = loop {
        match connect(url).await {
            Ok(client) => break client,
            // An engine may open a container's port a moment after the server in it is ready.
            Err(_) if matches!(origin, Origin::Container(_)) && Instant::now() < until => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(source) => return Err(Refusal::Unreachable { place, source }),
        }
    };
    let row = client.query_one(FACTS, &[]).await;
    let row = row.map_err(|source| Refusal::Unreachable {
        place: place.clone(),
        source: DatabaseError::Connect(source),
    })?;
    let (Ok(version), Ok(number), Ok(standby), Ok(creates), Ok(role)) = (
        row.try_get::<_, String>(0),
        row.try_get::<_, i32>(1),
        row.try_get::<_, bool>(2),
        row.try_get::<_, bool>(3),
        row.try_get::<_, String>(4),
    ) else {
        return Err(Refusal::Unreadable(place));
    };
    // "15.18 (Debian 15.18-0+deb12u1)"
    let version = version.split(' ').next().unwrap_or_default().to_owned();
    let Some(major) = u32::try_from(number).ok().and_then(Major::of_number) else {
        return Err(Refusal::Unsupported { place, version });
    };
    if standby {
        return Err(Refusal::Standby(place));
    }
    if !creates {
        return Err(Refusal::NoCreateDb { place, role });
    }
    Ok(Facts { version, major })
}

/// Host and port of a URL, for messages: the URL itself may contain a password.
fn place(url: &str) -> String {
    let Ok(config) = url.parse::<Config>() else {
        return "a URL that cannot be read".to_owned();
    };
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        Some(Host::Unix(folder)) => folder.display().to_string(),
        None => "no host".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("{host}:{port}")
}
