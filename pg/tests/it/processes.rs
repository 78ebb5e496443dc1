//! A process that had a server leaves nothing behind, however it ends.

use crate::folder::Folder;
use crate::{Outcome, PROGRAM};
use onward_pg::{Binaries, connect};
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Any user other than root will do; this number owns nothing on most machines.
const OTHER_USER: u32 = 65534;

/// The program, with only these variables in its environment.
fn program(environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.env_clear().envs(environment.iter().copied());
    command
}

/// Starts the program and reads the two lines that it prints when its server runs.
fn hold(command: &mut Command) -> Result<(Child, String), Box<dyn Error>> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = child.stdout.take().ok_or("no stdout")?;
    let mut lines = BufReader::new(stdout).lines();
    let told = lines.next().ok_or("no server was started")??;
    assert!(told.starts_with("PostgreSQL 1"), "{told}");
    let url = lines.next().ok_or("no URL was printed")??;
    Ok((child, url))
}

fn soon(what: &str, is_so: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(15);
    while !is_so() {
        assert!(Instant::now() < until, "not within 15 s: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

async fn data_folder(url: &str) -> Result<PathBuf, Box<dyn Error>> {
    let client = connect(url).await?;
    let row = client.query_one("SHOW data_directory", &[]).await?;
    Ok(PathBuf::from(row.get::<_, String>(0)))
}

fn port(url: &str) -> Result<u16, Box<dyn Error>> {
    let config: tokio_postgres::Config = url.parse()?;
    Ok(*config.get_ports().first().ok_or("a URL without a port")?)
}

async fn leaves_nothing_behind(end: impl FnOnce(&mut Child) -> Outcome) -> Outcome {
    let binaries = Binaries::find().await?;
    let folder = binaries.folder().to_string_lossy();
    let path = std::env::var("PATH")?;
    let environment = [("PATH", path.as_str()), ("ONWARD_PG_BIN", &folder)];
    let (mut child, url) = hold(&mut program(&environment))?;
    let (data, port) = (data_folder(&url).await?, port(&url)?);
    assert!(data.exists());

    end(&mut child)?;
    child.wait()?;
    soon("the port is dead", || {
        TcpStream::connect(("127.0.0.1", port)).is_err()
    });
    soon("the folder is gone", || !data.exists());
    Ok(())
}

#[tokio::test]
async fn a_killed_process_leaves_nothing_behind() -> Outcome {
    leaves_nothing_behind(|child| Ok(child.kill()?)).await
}

#[tokio::test]
async fn a_process_that_ends_leaves_nothing_behind() -> Outcome {
    leaves_nothing_behind(|child| {
        drop(child.stdin.take());
        Ok(())
    })
    .await
}

/// Root runs the server as another user; for any other user the other tests check this.
#[tokio::test]
async fn an_ordinary_user_is_served() -> Outcome {
    let binaries = Binaries::find().await?;
    let home = Folder::new("home")?;
    let root = fs::metadata(&home.path)?.uid() == 0;
    // Other users may not be able to read the build folder.
    let program = Path::new(&home.path).join("onward-pg");
    fs::copy(PROGRAM, &program)?;
    let mut command = Command::new(program);
    command
        .env("ONWARD_PG", "local")
        .env("ONWARD_PG_BIN", binaries.folder())
        .env("HOME", &home.path)
        .current_dir(&home.path);
    if root {
        command.uid(OTHER_USER).gid(OTHER_USER);
    }
    let (mut child, url) = hold(&mut command)?;
    let data = data_folder(&url).await?;
    assert_eq!(fs::metadata(&data)?.uid() == OTHER_USER, root);
    drop(child.stdin.take());
    assert!(child.wait()?.success());
    assert!(!data.exists());
    Ok(())
}
