//! A server in a container, on a machine where an engine answers. On others the finder has to report
//! exactly that, and this test prints which of the two it checked: it skips nothing.

use crate::{Outcome, PROGRAM};
use onward_pg::{Major, Server, Source, Way, connect};
use std::env;
use std::io::{BufRead, BufReader, Read, Write, stderr};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_container_serves_or_no_engine_answers() -> Outcome {
    let source = wanted();
    let server = match Server::start(&source).await {
        Ok(server) => server,
        Err(error) => {
            assert!(!an_engine_answers(), "{error}");
            assert!(
                error
                    .attempts()
                    .iter()
                    .all(|tried| tried.way == Way::Docker)
            );
            let text = error.to_string();
            assert!(
                text.contains("Docker: no container engine answered"),
                "{text}"
            );
            // Written directly to stderr: the test harness hides the output of a test that passes.
            writeln!(
                stderr(),
                "no container engine answered: checked the finder's error message instead"
            )?;
            return Ok(());
        }
    };
    writeln!(stderr(), "{server}")?;
    let Source::Docker(major) = source else {
        return Err("not a container".into());
    };
    assert_eq!(server.major(), major);
    let database = server.database().await?;
    let client = database.connect().await?;
    client.batch_execute("CREATE TABLE t (id bigint)").await?;
    database.close().await?;

    let url = server.url().to_owned();
    drop(server);
    assert!(connect(&url).await.is_err(), "the container is still there");
    a_killed_process_leaves_no_container(major).await
}

/// The program `docker` removes the container, so this can be tested only where the program exists.
async fn a_killed_process_leaves_no_container(major: Major) -> Outcome {
    if Command::new("docker").arg("--version").output().is_err() {
        writeln!(
            stderr(),
            "the program `docker` does not exist: a killed process leaves its container behind"
        )?;
        return Ok(());
    }
    let mut child = Command::new(PROGRAM)
        .env("ONWARD_PG", format!("docker:{major}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = child.stdout.take().ok_or("no stdout")?;
    let url = BufReader::new(stdout)
        .lines()
        .nth(1)
        .ok_or("no URL was printed")??;
    drop(connect(&url).await?);
    child.kill()?;
    child.wait()?;
    let until = Instant::now() + Duration::from_secs(30);
    while connect(&url).await.is_ok() {
        assert!(Instant::now() < until, "the container outlives its process");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

/// `ONWARD_PG=docker:15` chooses the image here too, for engines that cannot pull another.
fn wanted() -> Source {
    let word = env::var("ONWARD_PG").unwrap_or_default();
    match Source::parse(&word, None) {
        Ok(source @ Source::Docker(_)) => source,
        _ => Source::Docker(Major::NEWEST),
    }
}

/// Asks the engine without the library that the finder uses, so that the two can be compared.
fn an_engine_answers() -> bool {
    let host = env::var("DOCKER_HOST").unwrap_or_else(|_| "unix:///var/run/docker.sock".into());
    match host.split_once("://") {
        Some(("unix", path)) => UnixStream::connect(path).is_ok_and(says_ok),
        Some((_, address)) => TcpStream::connect(address).is_ok_and(says_ok),
        None => false,
    }
}

fn says_ok(mut engine: impl Read + Write) -> bool {
    let mut answer = [0; 64];
    engine.write_all(b"GET /_ping HTTP/1.0\r\n\r\n").is_ok()
        && engine.read(&mut answer).is_ok()
        && String::from_utf8_lossy(&answer).contains(" 200 ")
}
