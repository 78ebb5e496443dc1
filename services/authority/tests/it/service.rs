//! The service as a process: its start fails, is fixed by a release, serves, and stops.

use std::error::Error;
use std::process::{Output, Stdio};
use std::time::Duration;

use onward_pg::{Database, database};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

type Answer<T> = Result<T, Box<dyn Error>>;

/// Keeps a broken test from hanging.
const PATIENCE: Duration = Duration::from_secs(60);

fn authority(database: &Database) -> Command {
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

async fn refused(database: &Database) -> Answer<(Output, String)> {
    let output = timeout(PATIENCE, authority(database).output()).await??;
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout.clone())? + std::str::from_utf8(&output.stderr)?;
    Ok((output, text))
}

struct Service {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Service {
    async fn start(database: &Database) -> Answer<Service> {
        let mut child = authority(database).spawn()?;
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
    async fn get(&self, path: &str) -> Answer<(u16, String)> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: authority\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        timeout(PATIENCE, stream.read_to_string(&mut answer)).await??;
        let (head, body) = answer
            .split_once("\r\n\r\n")
            .ok_or("the answer is not HTTP")?;
        let status = head.split(' ').nth(1).ok_or("the answer has no status")?;
        Ok((status.parse()?, body.to_owned()))
    }

    async fn ready(&self) -> Answer<(u16, Value)> {
        let (status, body) = self.get("/readyz").await?;
        Ok((status, serde_json::from_str(&body)?))
    }

    /// Sends a signal, and returns the exit status and the last line that the service printed.
    async fn stop(mut self, signal: &str) -> Answer<(Option<i32>, String)> {
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

async fn release(database: &Database) -> Answer<onward::Report> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/auth");
    let plan = onward_cli::plan(folder.as_ref())?;
    let mut client = database.connect().await?;
    Ok(onward::Release::new(&plan).run(&mut client).await?)
}

#[tokio::test]
async fn a_service_with_pending_releases_prints_what_to_do_and_ends() -> Answer<()> {
    let database = database().await?;
    // Twice: the first start applies what it may, the second has nothing to apply and fails in the same way.
    for _ in 0..2 {
        let (output, text) = refused(&database).await?;
        let err = String::from_utf8(output.stderr)?;
        for part in [
            "the schema could not be migrated to what this version of the service needs",
            "`onward release migrations/auth --url <url>`",
            "100_drop_users_phone_number.sql",
            "101_drop_sign_in_attempts_ip_address_idx.sql",
        ] {
            assert!(err.contains(part), "no `{part}` in {err}");
        }
        assert!(!text.contains("serving"), "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn a_released_schema_is_served_until_sigterm() -> Answer<()> {
    let database = database().await?;
    refused(&database).await?;
    let report = release(&database).await?;
    assert_eq!(report.applied().len(), 2);

    let service = Service::start(&database).await?;
    assert_eq!(service.get("/healthz").await?, (200, "alive\n".to_owned()));
    let (status, body) = service.ready().await?;
    assert_eq!(status, 200, "{body:#}");
    assert_eq!(body["ready"], true);
    assert_eq!(body["schema"], "auth");
    assert_eq!(body["ledger"]["seq"], report.head().seq);
    assert_eq!(body["ledger"]["chain"], report.head().chain.to_string());
    for category in ["startup", "seed", "release"] {
        assert_eq!(body["pending"][category], Value::Array(Vec::new()));
    }
    assert_eq!(
        body["pending"]["data"][0],
        "DM001_sign_in_attempts_ip_network.sql"
    );
    assert_eq!(body["drift"], Value::Array(Vec::new()));
    assert_eq!(body["tampered"], Value::Null);
    assert_eq!(service.get("/nowhere").await?.0, 404);

    assert_eq!(
        service.stop("-TERM").await?,
        (Some(0), "stopped".to_owned())
    );
    Ok(())
}

#[tokio::test]
async fn a_service_whose_schema_is_not_current_is_not_ready_and_keeps_running() -> Answer<()> {
    let database = database().await?;
    release(&database).await?;
    let service = Service::start(&database).await?;
    assert_eq!(service.ready().await?.0, 200);
    let client = database.connect().await?;

    client
        .batch_execute("UPDATE auth.schema_migration_head SET seq = seq + 1")
        .await?;
    let (status, body) = service.ready().await?;
    assert_eq!((status, &body["ready"]), (503, &Value::Bool(false)));
    assert!(
        body["tampered"]
            .as_str()
            .is_some_and(|text| text.contains("was removed"))
    );

    client
        .batch_execute(
            "ALTER TABLE auth.schema_migration_head DISABLE TRIGGER USER;
             UPDATE auth.schema_migration_head SET seq = seq - 1;
             ALTER TABLE auth.schema_migration_head ENABLE ALWAYS TRIGGER schema_migration_forward",
        )
        .await?;
    assert_eq!(service.ready().await?.0, 200);

    client
        .batch_execute("ALTER SCHEMA auth RENAME TO gone")
        .await?;
    let (status, body) = service.ready().await?;
    assert_eq!((status, &body["ledger"]), (503, &Value::Null));
    assert_eq!(service.get("/healthz").await?.0, 200);

    database.close().await?;
    let (status, body) = service.ready().await?;
    assert_eq!((status, &body["ready"]), (503, &Value::Bool(false)));
    assert!(body["error"].is_string(), "{body:#}");
    assert_eq!(service.get("/healthz").await?.0, 200);
    assert_eq!(service.stop("-INT").await?.0, Some(0));
    Ok(())
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() -> Answer<()> {
    let database = database().await?;
    release(&database).await?;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = taken.local_addr()?.to_string();
    let mut command = authority(&database);
    command.env("AUTHORITY_LISTEN", &address);
    let output = timeout(PATIENCE, command.output()).await??;
    assert_eq!(output.status.code(), Some(1));
    let err = String::from_utf8(output.stderr)?;
    assert!(
        err.contains(&format!("cannot listen on {address}")),
        "{err}"
    );
    Ok(())
}
