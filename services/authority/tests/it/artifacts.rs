//! An SBOM over HTTP: stored, read back, refused, and gone.

use onward_pg::database;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{Answer, PATIENCE, Service, authority, release};

const SBOM: &str = r#"{"spdxVersion":"SPDX-2.3"}"#;
const SHA256: &str = "3b29ff8d96fe87f23ea2b9bf8a5a5ae1cc0cd9bf7aa5f8ba61cbe1ac6bbdca0a";

const TENANT: &str = "x-tenant-id: aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";

/// The status and the body of an answer to `POST /sboms`.
pub(crate) async fn post(
    service: &Service,
    path: &str,
    headers: &str,
    body: &str,
) -> Answer<(u16, Value)> {
    let mut stream = TcpStream::connect(&service.address).await?;
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: authority\r\nConnection: close\r\n{headers}\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await??;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no HTTP")?;
    let status = head.split(' ').nth(1).ok_or("no status")?;
    Ok((
        status.parse()?,
        serde_json::from_str(body).unwrap_or_default(),
    ))
}

#[tokio::test]
async fn an_sbom_is_stored_read_and_refused() -> Answer<()> {
    let database = database().await?;
    // The first start fails, as the operator's part is missing.
    authority(&database).output().await?;
    release(&database).await?;
    let folder = std::env::temp_dir().join(format!("authority-it-{}", std::process::id()));
    let mut command = authority(&database);
    command
        .env("AUTHORITY_STORE", format!("file://{}", folder.display()))
        .env("AUTHORITY_MOST_BYTES", "1000");
    let service = Service::of(command).await?;
    let json = format!("content-type: application/spdx+json\r\n{TENANT}\r\n");
    let length = |bytes: usize| format!("{json}content-length: {bytes}\r\n");

    let whole = length(SBOM.len());
    let (status, stored) = post(&service, "/sboms?subject=pkg:cargo/a", &whole, SBOM).await?;
    assert_eq!(
        (status, &stored["size"]),
        (201, &SBOM.len().into()),
        "{stored}"
    );
    assert_eq!(stored["media_type"], "application/spdx+json");
    let id = stored["id"].as_str().ok_or("no id")?;
    let path = format!("/sboms/{id}");
    let (status, _, body) = service.ask("GET", &path, &[TENANT]).await?;
    assert_eq!((status, &*body), (200, SBOM));

    let wrong = format!("{whole}x-checksum-sha256: {SHA256}\r\n");
    let right = format!(
        "{whole}x-checksum-sha256: {}\r\n",
        stored["sha256"].as_str().unwrap_or_default()
    );
    let chunked = format!("{json}transfer-encoding: chunked\r\n");
    let large = format!("3e9\r\n{}\r\n0\r\n\r\n", "a".repeat(0x3e9));
    for (path, headers, body, expected) in [
        ("/sboms?subject=a", &right, SBOM, 201),
        ("/sboms?subject=a", &wrong, SBOM, 422),
        ("/sboms?subject=a", &length(0), "", 422),
        ("/sboms?subject=a", &length(5_000_000_000), "", 413),
        ("/sboms?subject=a", &chunked, &large, 413),
        ("/sboms", &whole, SBOM, 400),
    ] {
        let (status, said) = post(&service, path, headers, body).await?;
        assert_eq!(status, expected, "{headers} {said}");
    }
    let client = database.connect().await?;
    let counts = "SELECT (SELECT count(*) FROM evidence.sboms),
        (SELECT count(*) FROM evidence.objects WHERE stored_at IS NULL)";
    let row = client.query_one(counts, &[]).await?;
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (2, 0));

    let key = stored["object_key"].as_str().ok_or("no key")?;
    std::fs::remove_file(folder.join(key))?;
    assert_eq!(service.ask("GET", &path, &[TENANT]).await?.0, 410);
    assert_eq!(service.ask("GET", "/sboms/none", &[TENANT]).await?.0, 404);
    service.stop("-TERM").await?;
    std::fs::remove_dir_all(folder)?;
    Ok(())
}
