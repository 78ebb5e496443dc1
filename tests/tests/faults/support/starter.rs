//! A starting service as a process of its own, which a test can kill and freeze.

use std::fmt::Display;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::{Answer, Outcome, Way};

/// Sends a signal by its short name, with the `kill` of the shell: the program `kill` may not exist.
pub(crate) fn signal(name: &str, pids: impl Display) -> Outcome {
    let script = format!("kill -{name} {pids}");
    let sent = std::process::Command::new("sh")
        .args(["-c", &script])
        .stderr(Stdio::null())
        .status()?;
    match sent.success() {
        true => Ok(()),
        false => Err(format!("{script} failed").into()),
    }
}

/// A process that is connected and waits for the command to start.
pub(crate) struct Starter {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

/// How a started process ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) is_well: bool,
    /// The versions that it reported as applied.
    pub(crate) acknowledged: Vec<String>,
    pub(crate) said: String,
}

impl Starter {
    pub(crate) async fn connect(way: Way, url: &str) -> Answer<Starter> {
        Starter::with(way, url, &[]).await
    }

    /// With `budget=`, `lock=` or `statement=` and a number of milliseconds.
    pub(crate) async fn with(way: Way, url: &str, timeouts: &[&str]) -> Answer<Starter> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_onward-starter"))
            .arg(url)
            .args((way == Way::Own).then_some("own"))
            .args(timeouts)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdin = child.stdin.take().ok_or("no stdin")?;
        let mut stdout = BufReader::new(child.stdout.take().ok_or("no stdout")?);
        let mut line = String::new();
        stdout.read_line(&mut line).await?;
        match line.trim() {
            "ready" => Ok(Starter {
                child,
                stdin,
                stdout,
            }),
            _ => Err("the starter could not connect".into()),
        }
    }

    /// Waits until its process is gone, and keeps its output.
    pub(crate) async fn is_gone(&mut self) -> Outcome {
        Ok(self.child.wait().await.map(drop)?)
    }

    pub(crate) async fn go(&mut self) -> Outcome {
        self.stdin.write_all(b"\n").await?;
        Ok(self.stdin.flush().await?)
    }

    pub(crate) fn signal(&self, name: &str) -> Outcome {
        signal(name, self.child.id().ok_or("the starter has ended")?)
    }

    /// Kills it with SIGKILL, and waits until it is gone.
    pub(crate) async fn kill(mut self) -> Outcome {
        Ok(self.child.kill().await?)
    }

    pub(crate) async fn end(mut self) -> Answer<Ended> {
        let (mut said, mut complaint) = (String::new(), String::new());
        let mut stderr = self.child.stderr.take().ok_or("no stderr")?;
        tokio::try_join!(
            self.stdout.read_to_string(&mut said),
            stderr.read_to_string(&mut complaint)
        )?;
        let status = self.child.wait().await?;
        let versions = said
            .lines()
            .filter_map(|line| line.strip_prefix("applied "));
        Ok(Ended {
            is_well: status.success(),
            acknowledged: versions.map(str::to_owned).collect(),
            said: said.clone() + &complaint,
        })
    }
}
