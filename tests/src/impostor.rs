//! A server that speaks PostgreSQL's protocol and is another engine: it knows how to say its version, and refuses
//! everything else.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What an engine answers.
#[derive(Clone, Copy, Debug)]
pub struct Answers {
    /// To `SELECT version()`.
    pub version: &'static str,
    /// What it reports when a session begins.
    pub parameters: &'static [(&'static str, &'static str)],
    /// The SQLSTATE by which it refuses what it does not know.
    pub refusal: &'static str,
    /// A text in queries that it answers with no row.
    pub knows: Option<&'static str>,
}

/// Listens on a port of its own until it is dropped.
#[derive(Debug)]
pub struct Impostor {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    _connections: JoinSet<()>,
}

impl Impostor {
    /// Starts one.
    pub async fn start(answers: Answers) -> io::Result<Impostor> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let mut all = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let heard = Arc::clone(&heard);
                all.spawn(async move { drop(serve(client, answers, &heard).await) });
            }
        });
        Ok(Impostor {
            port,
            asked,
            _connections: connections,
        })
    }

    /// For any role and any database.
    pub fn url(&self) -> String {
        format!("postgres://clerk@127.0.0.1:{}/any", self.port)
    }

    /// The queries that it was sent.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

async fn serve(
    mut client: TcpStream,
    answers: Answers,
    asked: &Mutex<Vec<String>>,
) -> io::Result<()> {
    // Its length, and what it says; encryption is declined.
    loop {
        let length = client.read_u32().await? as usize;
        let mut startup = vec![0; length.saturating_sub(4)];
        client.read_exact(&mut startup).await?;
        if length > 8 {
            break;
        }
        client.write_all(b"N").await?;
    }
    let mut greeting = message(b'R', &0_u32.to_be_bytes());
    for (name, value) in answers.parameters {
        greeting.extend(message(b'S', &texts(&[name, value])));
    }
    greeting.extend(message(b'Z', b"I"));
    client.write_all(&greeting).await?;
    loop {
        let kind = client.read_u8().await?;
        let length = client.read_u32().await? as usize;
        let mut body = vec![0; length.saturating_sub(4)];
        client.read_exact(&mut body).await?;
        if kind != b'Q' {
            return Ok(());
        }
        let query = String::from_utf8_lossy(&body);
        let query = query.trim_end_matches('\0').to_owned();
        let mut answer = answers.to(&query);
        answer.extend(message(b'Z', b"I"));
        asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(query);
        client.write_all(&answer).await?;
    }
}

impl Answers {
    fn to(self, query: &str) -> Vec<u8> {
        if query.starts_with("SELECT version()") {
            let column = [texts(&["version"]), vec![0; 18]].concat();
            let described = [&1_u16.to_be_bytes(), &*column].concat();
            let length = u32::try_from(self.version.len()).unwrap_or_default();
            let row = [
                &1_u16.to_be_bytes()[..],
                &length.to_be_bytes(),
                self.version.as_bytes(),
            ];
            return [
                message(b'T', &described),
                message(b'D', &row.concat()),
                message(b'C', &texts(&["SELECT 1"])),
            ]
            .concat();
        }
        if self.knows.is_some_and(|known| query.contains(known)) {
            return message(b'C', &texts(&["SELECT 0"]));
        }
        let fields = [
            ["S", "ERROR"].concat(),
            ["C", self.refusal].concat(),
            "Mat or near \"DO\"".to_owned(),
        ];
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        message(b'E', &[texts(&fields), vec![0]].concat())
    }
}

fn texts(all: &[&str]) -> Vec<u8> {
    all.iter()
        .flat_map(|text| [text.as_bytes(), b"\0"].concat())
        .collect()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap_or_default();
    [&[kind][..], &length.to_be_bytes(), body].concat()
}
