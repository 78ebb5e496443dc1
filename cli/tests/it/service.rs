//! `onward data ... --service`: where the token comes from, and what is said when no such service answers.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::Outcome;
use crate::support::{Ended, command, run};

const TOKEN: &str = "correct horse battery staple";

const LIST: &str = r#"{"format_version": 1, "modules": [{"schema": "shop", "folder": "migrations/shop", "data": [
  {"format_version": 1, "module": "shop", "version": "DM001", "name": "DM001_slug.sql", "state": "pending",
   "done_at": null, "held": null, "progress": null, "a key of a later version": 1}]}]}"#;

/// Answers one request with this, and returns what was asked.
async fn answering(
    answer: String,
) -> Result<(String, tokio::task::JoinHandle<Vec<String>>), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let serving = tokio::spawn(async move {
        let mut asked = Vec::new();
        if let Ok(Ok((mut stream, _))) =
            tokio::time::timeout(std::time::Duration::from_secs(5), listener.accept()).await
        {
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).await.unwrap_or(0);
            asked.push(String::from_utf8_lossy(&request[..read]).into_owned());
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
        asked
    });
    Ok((url, serving))
}

fn http(status: &str, head: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{head}\r\n{body}")
}

async fn says(
    words: &[&str],
    url: &str,
    token: Option<&str>,
) -> Result<Ended, Box<dyn std::error::Error>> {
    let mut command = command(&[&["data"], words, &["--service", url]].concat());
    match token {
        Some(token) => command.env("ONWARD_OPERATOR_TOKEN", token),
        None => command.env_remove("ONWARD_OPERATOR_TOKEN"),
    };
    let ended = run(command).await?;
    assert!(!ended.out.contains(TOKEN) && !ended.err.contains(TOKEN));
    Ok(ended)
}

#[tokio::test]
async fn the_token_of_the_environment_goes_into_the_head_of_the_request() -> Outcome {
    let (url, serving) = answering(http("200 OK", "onward-operator: 1\r\n", LIST)).await?;
    let listed = says(&["list"], &url, Some(TOKEN)).await?;
    listed
        .with(1)
        .says(&["shop\n  DM001_slug.sql  pending", &format!("service {url}")]);
    let asked = serving.await?;
    let asked = asked
        .first()
        .map(|one| one.to_lowercase())
        .unwrap_or_default();
    assert!(
        asked.starts_with("get /migrations/data http/1.1\r\n"),
        "{asked}"
    );
    assert!(
        asked.contains(&format!("authorization: bearer {TOKEN}\r\n")),
        "{asked}"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_no_such_service_is_named() -> Outcome {
    let mark = "onward-operator: 1\r\n";
    for (answer, why) in [
        (
            http("200 OK", "content-type: text/html\r\n", "<html>"),
            "has no routes for operators (HTTP 200)",
        ),
        (
            http("404 Not Found", "", ""),
            "has no routes for operators (HTTP 404)",
        ),
        (
            http("302 Found", "location: http://127.0.0.1:1/\r\n", ""),
            "has no routes for operators (HTTP 302)",
        ),
        (http("200 OK", mark, "{}"), "a document of another version"),
        (
            http("401 Unauthorized", mark, "{}"),
            "does not accept the operator's token",
        ),
        (
            http(
                "503 Service Unavailable",
                mark,
                r#"{"error": "no connection"}"#,
            ),
            "cannot do this (HTTP 503): no connection",
        ),
        (
            "SSH-2.0-OpenSSH_9.2\r\n".to_owned(),
            "there is no answer from http://",
        ),
    ] {
        let (url, serving) = answering(answer).await?;
        says(&["list"], &url, Some(TOKEN))
            .await?
            .with(2)
            .says(&[why]);
        serving.await?;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let dead = format!("http://{}", listener.local_addr()?);
    drop(listener);
    says(&["list"], &dead, Some(TOKEN))
        .await?
        .with(2)
        .says(&["there is no answer from http://", "curl -i"]);
    let json = says(&["list", "--format", "json"], &dead, Some(TOKEN)).await?;
    assert_eq!(json.with(2).json()?["kind"], "service");
    for (url, why) in [
        (
            "127.0.0.1:80",
            "is not the URL of a service: write http://host:port",
        ),
        ("ftp://a", "is not the URL of a service"),
        ("http://me:secret@a", "has a user or password in it"),
    ] {
        let ended = says(&["list"], url, Some(TOKEN)).await?;
        ended.with(2).says(&[why]);
        assert!(!ended.err.contains("secret"), "{}", ended.err);
    }
    for token in [None, Some(""), Some("two\nlines")] {
        says(&["list"], &dead, token)
            .await?
            .with(2)
            .says(&["the operator's token"]);
    }
    Ok(())
}

/// Without a service the folder has to be there.
#[tokio::test]
async fn a_database_needs_the_folder() -> Outcome {
    let url = "postgres://127.0.0.1:1/none";
    for (words, why) in [
        (&["data", "list", "--url", url][..], "<FOLDER>"),
        (
            &["data", "pause", "DM001", "--url", url],
            "name the folder of the module before DM001",
        ),
        (
            &["data", "pause", "DM001", "DM002", "--url", url],
            "name the folder of the module before DM001",
        ),
        (
            &["data", "pause", "migrations/auth", "DMX", "--url", url],
            "DMX",
        ),
    ] {
        run(command(words)).await?.with(2).says(&[why]);
    }
    Ok(())
}
