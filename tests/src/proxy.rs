//! A proxy between a client and a server, with a fault at a message of your choice.
//!
//! ```no_run
//! use onward_pg::{Binaries, Cluster, Settings};
//! use onward_tests::proxy::{At, Effect, Fault, Place, Proxy, Side};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let cluster = Cluster::start(&Binaries::find().await?, Settings::fast()).await?;
//! let proxy = Proxy::start(cluster.port()).await?;
//! let client = onward_pg::connect(&proxy.url("postgres")).await?;
//! // The server gets the client's next message, and its answer gets lost.
//! let at = At { side: Side::Client, message: 1, place: Place::After };
//! proxy.arm(Fault { at, effect: Effect::Cut });
//! assert!(client.simple_query("SELECT 1").await.is_err());
//! assert!(proxy.has_struck());
//! # Ok(())
//! # }
//! ```
//!
//! [`Proxy::with_delay`] delays every byte instead, and [`Proxy::traffic`] counts what was
//! sent.

mod carrier;
mod fault;
mod message;
mod wire;

pub use self::fault::{At, Effect, Fault, Place, Side};
pub use self::wire::Traffic;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use self::carrier::{Carrier, greet};
use self::wire::Wire;

/// Listens on a port of its own, and passes everything on to a server.
///
/// All connections share the counters and the armed fault; a test uses one connection at a time.
/// Dropping it closes every connection.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    wire: Arc<Wire>,
    _connections: JoinSet<()>,
}

impl Proxy {
    /// In front of the server on this port of 127.0.0.1.
    pub async fn start(server: u16) -> io::Result<Proxy> {
        Proxy::with_delay(server, Duration::ZERO).await
    }

    /// The same with a delay: each byte takes at least this long, in each direction.
    pub async fn with_delay(server: u16, delay: Duration) -> io::Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let wire = Arc::new(Wire::default());
        let mut connections = JoinSet::new();
        connections.spawn(accept(listener, server, delay, Arc::clone(&wire)));
        Ok(Proxy {
            port,
            wire,
            _connections: connections,
        })
    }

    /// The URL of a database of the server behind it, for the superuser `postgres`.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Injects this fault once, and counts messages from zero again, in both directions.
    pub fn arm(&self, fault: Fault) {
        self.wire.arm(fault);
    }

    /// Whether the armed fault has happened.
    pub fn has_struck(&self) -> bool {
        self.wire.has_struck()
    }

    /// Waits until the armed fault happens.
    pub async fn struck(&self) {
        self.wire.struck().await;
    }

    /// Lets a held connection go on.
    pub fn release(&self) {
        self.wire.open();
    }

    /// What was sent since the last call of this method, or of [`arm`](Proxy::arm).
    pub fn traffic(&self) -> Traffic {
        self.wire.take_traffic()
    }
}

async fn accept(listener: TcpListener, server: u16, delay: Duration, wire: Arc<Wire>) {
    let mut connections = JoinSet::new();
    loop {
        // When a connection could not be accepted, the client notices it.
        if let Ok((client, _)) = listener.accept().await {
            let wire = Arc::clone(&wire);
            connections.spawn(async move { drop(connect(client, server, delay, wire).await) });
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connect(
    mut client: TcpStream,
    server: u16,
    delay: Duration,
    wire: Arc<Wire>,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    wire.begins();
    let hello = greet(&mut client).await?;
    let server = TcpStream::connect(("127.0.0.1", server)).await?;
    server.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let up = Carrier::new(
        Side::Client,
        from_client,
        to_server,
        delay,
        Arc::clone(&wire),
    );
    let down = Carrier::new(
        Side::Server,
        from_server,
        to_client,
        delay,
        Arc::clone(&wire),
    );
    let up = up.carry(Some(hello));
    let down = down.carry(None);
    // When one direction ends, the other ends too: dropping the halves closes both sockets.
    tokio::select! {
        up = up => up,
        down = down => down,
    }
}
