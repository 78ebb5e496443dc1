use crate::apt::{Unpacked, unpacked};
use crate::database::Database;
use crate::keeper::{Keeper, STOP_CLUSTER};
use crate::unique::unique_name;
use crate::user::User;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// A PgBouncer of our own in front of one database.
///
/// Stopped when it is dropped, and when this process ends in any way. The program is taken from
/// `ONWARD_PGBOUNCER`, `PATH` or `/usr/sbin`, or else fetched from Debian's archive.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use onward_pg::PgBouncer;
///
/// let database = onward_pg::database().await?;
/// let pooler = PgBouncer::start(&database, "pool_mode = transaction\ndefault_pool_size = 2").await?;
/// let client = pooler.connect().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct PgBouncer {
    url: String,
    child: Child,
    keeper: Keeper,
}

/// There is no PgBouncer, or it does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PgBouncerError {
    /// The program was not found, and could not be fetched.
    #[error(
        "these tests run through a real PgBouncer, and none was found in ONWARD_PGBOUNCER, on PATH or in \
         /usr/sbin, and none could be fetched ({0}): install it (`apt-get install pgbouncer`, `brew install \
         pgbouncer`), or name the program in ONWARD_PGBOUNCER"
    )]
    Missing(String),
    /// PgBouncer ended, or never listened.
    #[error("PgBouncer does not listen on its port; its output was:\n{0}")]
    Silent(String),
    /// The server does not listen on TCP.
    #[error("PgBouncer needs a server that listens on TCP")]
    NoTcp,
    /// A file or a process failed.
    #[error("cannot start PgBouncer")]
    Start(#[from] io::Error),
    /// There is no user to run PgBouncer as.
    #[error(transparent)]
    User(#[from] crate::error::ClusterError),
    /// The database's URL.
    #[error(transparent)]
    Url(#[from] tokio_postgres::Error),
}

impl PgBouncer {
    /// Starts it with these lines in its configuration; it accepts every login without a password.
    pub async fn start(database: &Database, settings: &str) -> Result<PgBouncer, PgBouncerError> {
        let program = match program() {
            Some(program) => Unpacked {
                program,
                libraries: OsString::new(),
            },
            None => unpacked("pgbouncer", "usr/sbin/pgbouncer")
                .await
                .map_err(PgBouncerError::Missing)?,
        };
        let config: Config = database.url().parse()?;
        let Some(Host::Tcp(host)) = config.get_hosts().first() else {
            return Err(PgBouncerError::NoTcp);
        };
        let mut server = format!(
            "host={host} port={} dbname={} user={}",
            config.get_ports().first().copied().unwrap_or(5432),
            database.name(),
            config.get_user().unwrap_or("postgres"),
        );
        if let Some(password) = config.get_password() {
            server += &format!(" password={}", String::from_utf8_lossy(password));
        }
        let user = User::for_server().await?;
        let folder = user.private_folder(&unique_name())?;
        let mut keeper = Keeper::spawn(&user, &folder, STOP_CLUSTER, &folder.to_string_lossy())?;
        // The port was free a moment ago. If another process takes it meanwhile, the test fails and reports it.
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let text = format!(
            "[databases]\n{} = {server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\n{settings}\n",
            database.name(),
        );
        let file = folder.join("pgbouncer.ini");
        fs::write(&file, text)?;
        let log = fs::File::create(folder.join("log"))?;
        let mut command = Command::new(program.program);
        if !program.libraries.is_empty() {
            command.env("LD_LIBRARY_PATH", program.libraries);
        }
        // It reads its file as the user that it runs as.
        open(&file)?;
        let child = user
            .apply(&mut command)
            .arg(&file)
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()?;
        keeper.tell(&child.id().to_string())?;
        let mut pooler = PgBouncer {
            url: format!("postgres://any@127.0.0.1:{port}/{}", database.name()),
            child,
            keeper,
        };
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(pooler);
            }
            if pooler.child.try_wait()?.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let said = fs::read_to_string(folder.join("log")).unwrap_or_default();
        Err(PgBouncerError::Silent(said))
    }

    /// The URL of the database through the pooler.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection through the pooler.
    pub async fn connect(&self) -> Result<tokio_postgres::Client, crate::DatabaseError> {
        crate::connect(&self.url).await
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.keeper.wait();
    }
}

fn open(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o644))
}

fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("ONWARD_PGBOUNCER") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([
            "/usr/sbin".into(),
            "/usr/local/sbin".into(),
            "/opt/homebrew/bin".into(),
        ])
        .map(|folder| folder.join("pgbouncer"))
        .find(|program| program.is_file())
}
