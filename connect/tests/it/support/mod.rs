//! A server with TLS, and what it takes to reach it.

mod authority;

pub(crate) use authority::{Authority, Issued};

use std::error::Error;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use onward_connect::{Surroundings, Target};
use onward_pg::{Binaries, Cluster, Settings};
use tokio::sync::OnceCell;
use tokio_postgres::Client;

/// Who may log in, and how.
const HBA: &str = "\
    hostssl all cert_role 127.0.0.1/32 cert\n\
    host all scram_role 127.0.0.1/32 scram-sha-256\n\
    hostssl all tls_role 127.0.0.1/32 trust\n\
    hostnossl all plain_role 127.0.0.1/32 trust\n\
    host all no_role 127.0.0.1/32 trust\n\
    host all postgres 127.0.0.1/32 trust\n";

const ROLES: &str = "\
    CREATE ROLE cert_role LOGIN; CREATE ROLE tls_role LOGIN; CREATE ROLE plain_role LOGIN; \
    CREATE ROLE scram_role LOGIN PASSWORD 'hush:hush';";

/// A server whose certificate is for `localhost`, and the files of clients.
pub(crate) struct Secure {
    cluster: Cluster,
    watcher: Client,
    data: PathBuf,
    pub(crate) authority: Authority,
    pub(crate) files: Files,
}

/// The one that tests share that do not change it.
pub(crate) async fn secure() -> Result<&'static Secure, Box<dyn Error>> {
    static SHARED: OnceCell<Secure> = OnceCell::const_new();
    SHARED.get_or_try_init(Secure::start).await
}

impl Secure {
    pub(crate) async fn start() -> Result<Self, Box<dyn Error>> {
        let cluster = Cluster::start(&Binaries::find().await?, Settings::fast()).await?;
        let watcher = onward_pg::connect(&cluster.url()).await?;
        let data = watcher.query_one("SHOW data_directory", &[]).await?;
        let data = PathBuf::from(data.get::<_, String>(0));
        let authority = Authority::new()?;
        let secure = Self {
            files: Files::new()?,
            cluster,
            watcher,
            data,
            authority,
        };
        secure.watcher.batch_execute(ROLES).await?;
        secure.write("ca.crt", &secure.authority.pem)?;
        secure.write("pg_hba.conf", HBA)?;
        let turn_on = "ALTER SYSTEM SET ssl_ca_file = 'ca.crt'";
        secure.watcher.batch_execute(turn_on).await?;
        secure
            .watcher
            .batch_execute("ALTER SYSTEM SET ssl = on")
            .await?;
        secure
            .present(&secure.authority.issue("localhost")?)
            .await?;
        secure.files.write("ca.crt", &secure.authority.pem, 0o644)?;
        Ok(secure)
    }

    /// Gives the server another certificate.
    pub(crate) async fn present(&self, issued: &Issued) -> Result<(), Box<dyn Error>> {
        self.write("server.crt", &issued.certificate)?;
        self.write("server.key", &issued.key)?;
        self.watcher
            .batch_execute("SELECT pg_reload_conf()")
            .await?;
        // Sessions that begin after the postmaster has read its files again see them.
        tokio::time::sleep(Duration::from_millis(500)).await;
        Ok(())
    }

    /// A file that only the server may read, as it requires for its key.
    fn write(&self, name: &str, text: &str) -> std::io::Result<()> {
        let file = self.data.join(name);
        fs::write(&file, text)?;
        fs::set_permissions(&file, Permissions::from_mode(0o600))?;
        let owner = fs::metadata(&self.data)?;
        chown(file, Some(owner.uid()), Some(owner.gid()))
    }

    pub(crate) fn port(&self) -> u16 {
        self.cluster.port()
    }

    /// The pairs that name this server, as the host of its certificate.
    pub(crate) fn at(&self, more: &str) -> String {
        self.named("localhost", more)
    }

    /// The same server under another name.
    pub(crate) fn named(&self, host: &str, more: &str) -> String {
        let port = self.port();
        format!("host={host} hostaddr=127.0.0.1 port={port} dbname=postgres {more}")
    }
}

/// Whether the session goes through TLS, or why there is none.
pub(crate) async fn tls(text: &str) -> Result<bool, String> {
    tls_around(text, &Surroundings::none()).await
}

pub(crate) async fn tls_around(text: &str, around: &Surroundings) -> Result<bool, String> {
    let target = Target::read(text, around).map_err(|error| error.to_string())?;
    let opened = target.open(target.config()).await;
    let client = opened.map_err(|error| error.to_string())?.client;
    let mine = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let row = client.query_one(mine, &[]).await;
    Ok(row.map_err(|error| error.to_string())?.get(0))
}

#[track_caller]
pub(crate) fn says(result: Result<bool, String>, part: &str) {
    let error = result.expect_err("it is refused");
    assert!(error.contains(part), "no `{part}` in {error}");
    assert!(!error.contains("hush"), "{error}");
}

/// A folder of the test's own, removed at its end.
pub(crate) struct Files(PathBuf);

impl Files {
    pub(crate) fn new() -> std::io::Result<Self> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("onward-connect-{}-{next}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// Writes a file, and returns its path.
    pub(crate) fn write(&self, name: &str, text: &str, mode: u32) -> std::io::Result<String> {
        let file = self.0.join(name);
        fs::write(&file, text)?;
        fs::set_permissions(&file, Permissions::from_mode(mode))?;
        Ok(file.display().to_string())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
