use crate::binaries::Binaries;
use crate::command::{CommandError, run, tail};
use crate::database::{Database, DatabaseError};
use crate::error::{ClusterError, START_LIMIT};
use crate::keeper::{Keeper, STOP_CLUSTER};
use crate::postmaster::{Postmaster, Start, log_file};
use crate::settings::Settings;
use crate::unique::unique_name;
use crate::user::User;
use std::io;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process;
use std::time::{Duration, Instant};

/// A server of our own: a data folder that `initdb` created, and the postmaster that runs on it.
///
/// The postmaster is a direct child of this process, so a test can kill it, wait for it and start
/// it again on the same data and port. Dropping the cluster shuts it down and removes the folder;
/// so does the end of this process, however it ends.
///
/// ```no_run
/// use onward_pg::{Binaries, Cluster, Settings};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let mut cluster = Cluster::start(&Binaries::find().await?, Settings::durable()).await?;
/// let database = cluster.database().await?;
/// cluster.kill()?;
/// cluster.restart().await?;
/// let client = database.connect().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Cluster {
    binaries: Binaries,
    settings: Settings,
    user: User,
    folder: PathBuf,
    port: u16,
    postmaster: Option<Postmaster>,
    keeper: Keeper,
}

impl Cluster {
    /// Creates a data folder and starts the server on a free port.
    pub async fn start(binaries: &Binaries, settings: Settings) -> Result<Cluster, ClusterError> {
        let user = User::for_server().await?;
        let mut cluster = Cluster::with_an_empty_folder(binaries.clone(), settings, user)?;
        cluster.initdb().await?;
        cluster.start_on_a_free_port().await?;
        Ok(cluster)
    }

    fn with_an_empty_folder(
        binaries: Binaries,
        settings: Settings,
        user: User,
    ) -> Result<Cluster, ClusterError> {
        let folder = user
            .private_folder(&unique_name())
            .map_err(doing("create a folder for the cluster"))?;
        let keeper = Keeper::spawn(&user, &folder, STOP_CLUSTER, &folder.to_string_lossy())
            .map_err(doing("start a shell that cleans up"))?;
        Ok(Cluster {
            binaries,
            settings,
            user,
            folder,
            port: 0,
            postmaster: None,
            keeper,
        })
    }

    /// A standby that follows this server, on a port of its own; `SELECT pg_promote()` turns it into a primary.
    ///
    /// It begins with a copy of the data, for which this server is stopped and started again: not
    /// every build of PostgreSQL comes with `pg_basebackup`.
    pub async fn standby(&mut self) -> Result<Cluster, ClusterError> {
        self.stop().await?;
        let primary = format!("host=127.0.0.1 port={} user=postgres", self.port);
        let settings = self.settings.clone().with("primary_conninfo", &primary);
        let mut standby =
            Cluster::with_an_empty_folder(self.binaries.clone(), settings, self.user.clone())?;
        let mut copy = process::Command::new("cp");
        standby
            .user
            .apply(&mut copy)
            .arg("-Rp")
            .args([self.data_folder(), standby.data_folder()])
            .current_dir(&standby.folder);
        run(&mut copy.into()).await?;
        std::fs::write(standby.data_folder().join("standby.signal"), "")
            .map_err(doing("create a standby from a copy"))?;
        self.restart().await?;
        standby.start_on_a_free_port().await?;
        Ok(standby)
    }

    async fn initdb(&self) -> Result<(), ClusterError> {
        let program = self.binaries.folder().join("initdb");
        let mut command = process::Command::new(&program);
        self.user
            .apply(&mut command)
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8"])
            .args(["--locale=C", "--no-sync", "--no-instructions", "-D"])
            .arg(self.data_folder())
            .current_dir(&self.folder)
            .env("LC_ALL", "C");
        match (run(&mut command.into()).await, &self.user) {
            (Ok(_), _) => Ok(()),
            (Err(CommandError::Start { source, .. }), User::Other { name, .. })
                if source.kind() == io::ErrorKind::PermissionDenied =>
            {
                Err(ClusterError::Unreadable {
                    user: name,
                    program,
                })
            }
            (Err(error), _) => Err(error.into()),
        }
    }

    /// Between the moment a port is found free and the moment the server binds it, another process
    /// may take it, most likely another test's server. Then the next port is tried.
    async fn start_on_a_free_port(&mut self) -> Result<(), ClusterError> {
        let mut tries = 0;
        loop {
            tries += 1;
            self.port = free_port().map_err(doing("find a free port"))?;
            match self.start_postmaster().await {
                Err(ClusterError::Ended { .. }) if tries < 5 => {}
                other => return other,
            }
        }
    }

    async fn start_postmaster(&mut self) -> Result<(), ClusterError> {
        let start = Start {
            program: &self.binaries.folder().join("postgres"),
            settings: &self.settings,
            user: &self.user,
            folder: &self.folder,
            port: self.port,
        };
        let postmaster = Postmaster::spawn(&start).map_err(doing("start postgres"))?;
        self.keeper
            .tell(&postmaster.id().to_string())
            .map_err(doing("talk to the shell that cleans up"))?;
        let postmaster = self.postmaster.insert(postmaster);
        let until = Instant::now() + START_LIMIT;
        while !postmaster.is_ready(&self.folder) {
            let ended = postmaster
                .has_ended()
                .map_err(doing("look after postgres"))?;
            if ended {
                self.forget_postmaster();
                return Err(ClusterError::Ended { log: self.log() });
            }
            if Instant::now() > until {
                return Err(ClusterError::Slow { log: self.log() });
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Kills the postmaster with SIGKILL, as a crash would, and waits until it is gone.
    ///
    /// Its backends notice this themselves and end a moment later.
    pub fn kill(&mut self) -> Result<(), ClusterError> {
        if let Some(postmaster) = &mut self.postmaster {
            postmaster.kill().map_err(doing("kill postgres"))?;
        }
        self.forget_postmaster();
        Ok(())
    }

    /// Shuts the server down cleanly; open connections are closed. The data stays.
    pub async fn stop(&mut self) -> Result<(), ClusterError> {
        if let Some(postmaster) = &mut self.postmaster {
            postmaster.interrupt().await?;
            postmaster.wait().map_err(doing("wait for postgres"))?;
        }
        self.forget_postmaster();
        Ok(())
    }

    /// Starts the server again, on the same data and the same port, after [`kill`](Self::kill) or
    /// [`stop`](Self::stop); a server that still runs is stopped first.
    pub async fn restart(&mut self) -> Result<(), ClusterError> {
        self.stop().await?;
        let until = Instant::now() + START_LIMIT;
        loop {
            match self.start_postmaster().await {
                // The last backends of a killed postmaster hold its memory for a moment, and a new
                // postmaster rightly refuses to start beside them.
                Err(ClusterError::Ended { .. }) if Instant::now() < until => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                other => return other,
            }
        }
    }

    /// A fresh database, dropped when the value is dropped.
    pub async fn database(&self) -> Result<Database, DatabaseError> {
        Database::create(&self.url()).await
    }

    /// The URL of the database `postgres`, for the superuser `postgres`.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// The port on 127.0.0.1; it stays the same over restarts.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The programs that the cluster was created with.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// The folder that `initdb` created.
    pub fn data_folder(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The process id of the postmaster, while there is one.
    pub fn postmaster(&self) -> Option<u32> {
        self.postmaster.as_ref().map(Postmaster::id)
    }

    /// The last lines of the server's log.
    pub fn log(&self) -> String {
        let text = std::fs::read(log_file(&self.folder)).unwrap_or_default();
        tail(&String::from_utf8_lossy(&text), 20)
    }

    /// From here on the process id may belong to another process, so the keeper must not send signals to it.
    fn forget_postmaster(&mut self) {
        self.postmaster = None;
        // A keeper that is gone sends no signals either.
        let _ = self.keeper.tell("");
    }
}

/// Blocks for the fraction of a second that a fast shutdown takes.
impl Drop for Cluster {
    fn drop(&mut self) {
        self.keeper.wait();
        if let Some(postmaster) = &mut self.postmaster {
            // The keeper has ended the postmaster, and this process has to reap it. If the keeper was
            // killed, this ends both. An error here has no caller left to go to.
            let _ = postmaster.kill();
        }
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn doing(doing: &'static str) -> impl FnOnce(io::Error) -> ClusterError {
    move |source| ClusterError::Io { doing, source }
}
