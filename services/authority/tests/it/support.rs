//! Starts the service as a process and asks it.

use std::error::Error;
use std::process::{Output, Stdio};
use std::time::Duration;

use onward_pg::Database;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{sleep, timeout};

pub(crate) type Answer<T> = Result<T, Box<dyn Error>>;

/// Keeps a broken test from hanging.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn authority(database: &Database) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_authority"));
    command
        .env("DATABASE_URL", database.url())
        .env("AUTHORITY_LISTEN", "127.0.0.1:0")
        .env_remove("ONWARD_PG")
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

pub(crate) async fn refused(database: &Database) -> Answer<(Output, String)> {
    let output = timeout(PATIENCE, authority(database).output()).await??;
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout.clone())? + std::str::from_utf8(&output.stderr)?;
    Ok((output, text))
}

pub(crate) struct Service {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    pub(crate) address: String,
}

impl Service {
    pub(crate) async fn start(database: &Database) -> Answer<Service> {
        Self::of(authority(database)).await
    }

    pub(crate) async fn of(mut command: Command) -> Answer<Service> {
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().ok_or("there is no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let address = timeout(PATIENCE, async {
            while let Some(line) = lines.next_line().await? {
                if let Some((_, rest)) = line.split_once("curl http://") {
                    let address = rest.split('/').next().unwrap_or_default();
                    return Ok::<_, std::io::Error>(Some(address.to_owned()));
                }
            }
            Ok(None)
        });
        let address = address.await??.ok_or("no address was printed")?;
        Ok(Service {
            child,
            lines,
            address,
        })
    }

    /// The status and the body of a page.
    pub(crate) async fn get(&self, path: &str) -> Answer<(u16, String)> {
        let (status, _, body) = self.ask("GET", path, &[]).await?;
        Ok((status, body))
    }

    /// The status, the head and the body of an answer.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[&str],
    ) -> Answer<(u16, String, String)> {
        let mut stream = self.send(method, path, headers).await?;
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer)).await??;
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .ok_or("the answer is not HTTP")?;
        let status = head.split(' ').nth(1).ok_or("the answer has no status")?;
        Ok((status.parse()?, head.to_owned(), body.to_owned()))
    }

    /// Sends a request; the answer is to be read from the connection.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[&str],
    ) -> Answer<TcpStream> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let more: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: authority\r\nConnection: close\r\n{more}\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        Ok(stream)
    }

    /// As [`ready`](Self::ready), when the worker has done what it can.
    pub(crate) async fn settled(&self) -> Answer<(u16, Value)> {
        timeout(PATIENCE, async {
            loop {
                let (status, body) = self.auth().await?;
                if body["pending"]["data"] == Value::Array(Vec::new()) {
                    return Ok((status, body));
                }
                sleep(Duration::from_millis(50)).await;
            }
        })
        .await?
    }

    pub(crate) async fn ready(&self) -> Answer<(u16, Value)> {
        let (status, body) = self.get("/readyz").await?;
        Ok((status, serde_json::from_str(&body)?))
    }

    /// The status of `/readyz`, and what it says of the module `auth`; of all of them where it has no modules.
    pub(crate) async fn auth(&self) -> Answer<(u16, Value)> {
        let (status, body) = self.ready().await?;
        let mut modules = body["modules"].as_array().into_iter().flatten();
        let auth = modules.find(|one| one["schema"] == "auth").cloned();
        Ok((status, auth.unwrap_or(body)))
    }

    /// Sends a signal, and returns the exit status and the last line that the service printed.
    pub(crate) async fn stop(mut self, signal: &str) -> Answer<(Option<i32>, String)> {
        let pid = self.child.id().ok_or("it has ended already")?.to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().await?;
        assert!(sent.success());
        let status = timeout(Duration::from_secs(10), self.child.wait()).await??;
        let mut last = String::new();
        while let Some(line) = self.lines.next_line().await? {
            last = line;
        }
        Ok((status.code(), last))
    }
}

/// What the service has embedded.
pub(crate) fn plan() -> Answer<onward::Plan> {
    plan_of("migrations/auth")
}

/// The plan of a folder of the workspace.
pub(crate) fn plan_of(folder: &str) -> Answer<onward::Plan> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Ok(onward_cli::plan(&root.join(folder))?)
}

/// The end of the ledger, as the library reads it.
pub(crate) async fn verified(database: &Database) -> Answer<onward::Head> {
    let client = database.connect().await?;
    Ok(onward::verify(&client, &plan()?).await?.head())
}

pub(crate) async fn release(database: &Database) -> Answer<onward::Report> {
    let plan = plan()?;
    let mut client = database.connect().await?;
    Ok(onward::Release::new(&plan).run(&mut client).await?)
}
