//! A relay that counts: how often a client waits for the server.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use onward_pg::Database;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, NoTls};

/// Passes on what the client has sent once the client sends nothing more, and all answers once they
/// are complete. So each such exchange is a round trip at any speed of the machine: a slow client can
/// only add some.
pub(crate) struct Relay {
    config: Config,
    counts: Arc<Counts>,
}

#[derive(Default)]
pub(crate) struct Counts {
    trips: AtomicUsize,
    messages: AtomicUsize,
    answered: AtomicUsize,
    /// After how many round trips the connection is cut, once; 0 is never.
    fuse: AtomicUsize,
    /// Whether the last trip still reaches the server.
    arrives: AtomicBool,
}

/// How long a client may take between two messages that it sends one behind the other.
const QUIET: Duration = Duration::from_millis(60);

impl Relay {
    pub(crate) async fn before(database: &Database) -> Result<Relay, Box<dyn std::error::Error>> {
        let mut config: Config = database.url().parse()?;
        let Some(Host::Tcp(host)) = config.get_hosts().first().cloned() else {
            return Err("the relay needs a server that listens on TCP".into());
        };
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let here = listener.local_addr()?;
        let counts = Arc::new(Counts::default());
        let counted = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if let Ok(server) = TcpStream::connect((&*host, port)).await {
                    let counts = Arc::clone(&counted);
                    tokio::spawn(async move { carry(client, server, &counts).await.ok() });
                }
            }
        });
        let mut through = Config::new();
        through.host("127.0.0.1").port(here.port());
        for name in [config.get_user()].into_iter().flatten() {
            through.user(name);
        }
        if let Some(password) = config.get_password() {
            through.password(password);
        }
        config = through;
        config.dbname(database.name());
        Ok(Relay { config, counts })
    }

    pub(crate) fn config(&self) -> Config {
        self.config.clone()
    }

    pub(crate) async fn connect(&self) -> Result<Client, tokio_postgres::Error> {
        let (client, connection) = self.config.connect(NoTls).await?;
        tokio::spawn(async move { connection.await.ok() });
        Ok(client)
    }

    /// Cuts the connection so many round trips from now: before its messages arrive, or before their
    /// answers do.
    pub(crate) fn cut_at(&self, trip: usize, arrives: bool) {
        self.counts.arrives.store(arrives, Ordering::SeqCst);
        self.counts.fuse.store(trip, Ordering::SeqCst);
    }

    /// Whether it was cut.
    pub(crate) fn is_cut(&self) -> bool {
        self.counts.fuse.load(Ordering::SeqCst) == 0
    }

    /// How many times a client has waited, how many messages it has sent, and how many bytes it got,
    /// since the last call; connecting does not count.
    pub(crate) fn counted(&self) -> (usize, usize, usize) {
        let take = |count: &AtomicUsize| count.swap(0, Ordering::SeqCst);
        (
            take(&self.counts.trips),
            take(&self.counts.messages),
            take(&self.counts.answered),
        )
    }
}

impl Counts {
    fn burns(&self) -> bool {
        let burn = |left: usize| left.checked_sub(1);
        self.fuse
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, burn)
            == Ok(1)
    }
}

async fn carry(mut client: TcpStream, mut server: TcpStream, counts: &Counts) -> io::Result<()> {
    greet(&mut client, &mut server).await?;
    let mut asked = Vec::new();
    loop {
        // Everything that the client sends before it waits.
        if client.read_buf(&mut asked).await? == 0 {
            return server.shutdown().await;
        }
        while let Ok(read) = timeout(QUIET, client.read_buf(&mut asked)).await {
            if read? == 0 {
                break;
            }
        }
        let queries = whole(&asked).filter(|(kind, _)| *kind == b'Q').count();
        // No client waits for an answer to its last message.
        counts
            .trips
            .fetch_add(usize::from(queries > 0), Ordering::SeqCst);
        counts.messages.fetch_add(queries, Ordering::SeqCst);
        let is_cut = queries > 0 && counts.burns();
        if is_cut && !counts.arrives.load(Ordering::SeqCst) {
            return Ok(());
        }
        server.write_all(&asked).await?;
        asked.clear();
        let mut answers = Vec::new();
        while whole(&answers).filter(|(kind, _)| *kind == b'Z').count() < queries {
            if server.read_buf(&mut answers).await? == 0 {
                break;
            }
        }
        if is_cut {
            return Ok(());
        }
        counts.answered.fetch_add(answers.len(), Ordering::SeqCst);
        client.write_all(&answers).await?;
    }
}

/// To the first ReadyForQuery.
async fn greet(client: &mut TcpStream, server: &mut TcpStream) -> io::Result<()> {
    let (mut up, mut down) = ([0; 4096], Vec::new());
    loop {
        tokio::select! {
            read = client.read(&mut up) => match read? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => server.write_all(&up[..read]).await?,
            },
            read = server.read_buf(&mut down) => {
                let from = down.len() - read?;
                client.write_all(&down[from..]).await?;
                if whole(&down).any(|(kind, _)| kind == b'Z') {
                    return Ok(());
                }
            }
        }
    }
}

/// The complete messages: each has a letter and a length that counts itself.
fn whole(mut bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, rest) = bytes.split_first()?;
        let (length, _) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let message = rest.get(..length)?;
        bytes = &rest[length..];
        Some((*kind, message))
    })
}
