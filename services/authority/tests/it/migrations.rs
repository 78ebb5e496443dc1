//! `/migrations`: what it streams, and who may steer.

use onward_pg::{Database, database};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_postgres::Client;

use crate::support::{Answer, PATIENCE, Service, authority, plan, release};

pub(crate) const TOKEN: &str = "correct horse battery staple";

/// A released database, in which this session stands in for the worker of another instance: the service's own
/// worker stands by, and the progress is what the test writes.
pub(crate) struct OtherWorker {
    client: Client,
}

impl OtherWorker {
    pub(crate) async fn at_work(database: &Database) -> Answer<OtherWorker> {
        release(database).await?;
        let client = database.connect().await?;
        let plan = plan()?;
        let (high, low) = plan.lock();
        let checksum = plan.data()[0].checksum();
        client
            .batch_execute(&format!(
                "SELECT pg_advisory_lock({high}, {});
                 INSERT INTO auth.schema_migration_progress (version, checksum, state, pass, position, goal, size, speed,
                   scanned, rows, pass_rows, before_rows, batches, busy_ms, skipped, total, worker, who, started, at)
                 VALUES ('DM001', '\\x{checksum}', 'running', 1, '[1]', '[9000000]', 1000, 1, 1000000, 990000, 990000, 0,
                   1000, 60000, 3, 9000000, 'another', 'me', now(), now())",
                low.wrapping_add(1)
            ))
            .await?;
        Ok(OtherWorker { client })
    }

    /// Does a batch, as long as no operator has paused it.
    pub(crate) async fn batch(&self) -> Answer<u64> {
        let done = self.client.execute(
            "UPDATE auth.schema_migration_progress SET scanned = scanned + 450000, rows = rows + 450000,
               batches = batches + 450, at = now() WHERE state = 'running'",
            &[],
        );
        Ok(done.await?)
    }

    pub(crate) async fn state(&self) -> Answer<String> {
        let sql = "SELECT state FROM auth.schema_migration_progress";
        Ok(self.client.query_one(sql, &[]).await?.get(0))
    }
}

/// The service of an installation where an operator may steer.
pub(crate) async fn steered(database: &Database) -> Answer<Service> {
    let mut command = authority(database);
    command.env("ONWARD_OPERATOR_TOKEN", TOKEN);
    Service::of(command).await
}

struct Stream(Lines<BufReader<TcpStream>>);

impl Stream {
    async fn open(service: &Service) -> Answer<Stream> {
        let stream = service.send("GET", "/migrations/events", &[]).await?;
        Ok(Stream(BufReader::new(stream).lines()))
    }

    /// The next event for which this holds; `None` when the stream has ended.
    async fn until(&mut self, holds: impl Fn(&Value) -> bool) -> Answer<Option<Value>> {
        timeout(PATIENCE, async {
            while let Some(line) = self.0.next_line().await? {
                let Some((_, text)) = line.split_once("data: ") else {
                    continue;
                };
                let event: Value = serde_json::from_str(text)?;
                if holds(&event) {
                    return Ok(Some(event));
                }
            }
            Ok(None)
        })
        .await?
    }
}

#[tokio::test]
async fn the_stream_shows_the_schema_and_a_data_migration_as_it_goes() -> Answer<()> {
    let database = database().await?;
    let other = OtherWorker::at_work(&database).await?;
    let service = steered(&database).await?;
    let mut stream = Stream::open(&service).await?;
    let first = stream.until(|event| event["data"][0]["state"] == "running");
    let first = first.await?.ok_or("the stream ended")?;
    assert_eq!(first["schema"], "auth");
    assert_eq!(
        (&first["current"], &first["steers"]),
        (&Value::Bool(true), &Value::Bool(true))
    );
    let one = &first["migrations"][0];
    assert_eq!(
        (&one["version"], &one["state"]),
        (&"001".into(), &"applied".into())
    );
    let data = &first["data"][0];
    assert_eq!(
        (&data["version"], &data["skipped"]),
        (&"DM001".into(), &3.into())
    );
    let fraction = data["fraction"].as_f64().ok_or("there is no fraction")?;
    other.batch().await?;
    let moved = |event: &Value| event["data"][0]["fraction"].as_f64() > Some(fraction);
    stream.until(moved).await?.ok_or("the stream ended")?;
    // An open page does not keep the service from stopping.
    assert_eq!(service.stop("-TERM").await?.0, Some(0));
    assert_eq!(stream.until(|_| false).await?, None);
    Ok(())
}

#[tokio::test]
async fn only_the_token_steers() -> Answer<()> {
    let database = database().await?;
    let other = OtherWorker::at_work(&database).await?;
    let service = steered(&database).await?;
    let pause = "/migrations/DM001/pause";
    let right = format!("Authorization: Bearer {TOKEN}");
    let short = format!("Authorization: Bearer {}", &TOKEN[1..]);
    let in_url = format!("{pause}?token={}", TOKEN.replace(' ', "%20"));
    for (path, headers) in [
        (pause, &[][..]),
        (pause, &["Authorization: Bearer "]),
        (pause, &[&*short]),
        (pause, &["Authorization: Basic YTpi"]),
        (&in_url, &[]),
    ] {
        let (status, _, body) = service.ask("POST", path, headers).await?;
        assert_eq!(status, 401, "{path} {headers:?} {body}");
    }
    assert_eq!(service.ask("GET", pause, &[&right]).await?.0, 405);
    assert_eq!(other.state().await?, "running");

    assert_eq!(service.ask("POST", pause, &[&right]).await?.0, 200);
    assert_eq!(other.state().await?, "paused");
    let (status, _, body) = service.ask("POST", pause, &[&right]).await?;
    assert_eq!(status, 409, "{body}");
    assert!(body.contains("is paused"), "{body}");
    let resume = "/migrations/DM001/resume";
    assert_eq!(service.ask("POST", resume, &[&right]).await?.0, 200);
    assert_eq!(other.state().await?, "running");
    let unknown = service
        .ask("POST", "/migrations/x/pause", &[&right])
        .await?;
    assert_eq!(unknown.0, 404);
    Ok(())
}

#[tokio::test]
async fn without_a_token_there_is_nothing_to_press() -> Answer<()> {
    let database = database().await?;
    let other = OtherWorker::at_work(&database).await?;
    for empty in [false, true] {
        let mut command = authority(&database);
        command.env_remove("ONWARD_OPERATOR_TOKEN");
        if empty {
            command.env("ONWARD_OPERATOR_TOKEN", "");
        }
        let service = Service::of(command).await?;
        let bearer = ["Authorization: Bearer "];
        let (status, ..) = service
            .ask("POST", "/migrations/DM001/pause", &bearer)
            .await?;
        assert_eq!(status, 404);
        let mut stream = Stream::open(&service).await?;
        let event = stream.until(|_| true).await?.ok_or("the stream ended")?;
        assert_eq!(event["steers"], false);
        service.stop("-TERM").await?;
    }
    assert_eq!(other.state().await?, "running");
    Ok(())
}

#[tokio::test]
async fn prometheus_reads_the_same_numbers() -> Answer<()> {
    let database = database().await?;
    let other = OtherWorker::at_work(&database).await?;
    other.batch().await?;
    let service = steered(&database).await?;
    let (status, head, body) = service.ask("GET", "/metrics", &[]).await?;
    assert_eq!(status, 200, "{body}");
    assert!(
        head.to_lowercase().contains("text/plain; version=0.0.4"),
        "{head}"
    );
    let rows = r#"onward_data_rows_total{module="auth",version="DM001"} 1440000"#;
    assert!(body.contains(rows), "{body}");
    Ok(())
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() -> Answer<()> {
    let database = database().await?;
    release(&database).await?;
    let service = Service::start(&database).await?;
    let (status, head, body) = service.ask("GET", "/migrations", &[]).await?;
    assert_eq!(status, 200);
    let head = head.to_lowercase();
    for part in [
        "text/html",
        "content-security-policy: default-src 'none'",
        "referrer-policy: no-referrer",
    ] {
        assert!(head.contains(part), "no {part} in {head}");
    }
    assert!(!body.contains("http://") && !body.contains("https://") && !body.contains("innerHTML"));
    Ok(())
}
