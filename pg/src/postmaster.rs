//! The postmaster: the one process of a cluster that is our child.

use crate::command::{CommandError, run};
use crate::settings::Settings;
use crate::user::User;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

pub(crate) struct Start<'a> {
    pub(crate) program: &'a Path,
    pub(crate) settings: &'a Settings,
    pub(crate) user: &'a User,
    pub(crate) folder: &'a Path,
    pub(crate) port: u16,
}

#[derive(Debug)]
pub(crate) struct Postmaster {
    child: Child,
}

impl Postmaster {
    pub(crate) fn spawn(start: &Start<'_>) -> io::Result<Postmaster> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(log_file(start.folder))?;
        let mut command = Command::new(start.program);
        start
            .user
            .apply(&mut command)
            .arg("-D")
            .arg(start.folder.join("data"))
            .args(["-p", &start.port.to_string()])
            .args(start.settings.arguments())
            .current_dir(start.folder)
            .env("LC_ALL", "C")
            .envs(start.settings.variables())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            // Ctrl-C ends only this process; then the keeper shuts the server down.
            .process_group(0);
        Ok(Postmaster {
            child: command.spawn()?,
        })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the pid file, as `pg_ctl` does. A connection would prove less: the server that answers
    /// on a port need not be this one.
    pub(crate) fn is_ready(&self, folder: &Path) -> bool {
        let Ok(text) = fs::read_to_string(folder.join("data/postmaster.pid")) else {
            return false;
        };
        let mut lines = text.lines();
        let ours = lines.next().and_then(|line| line.trim().parse().ok()) == Some(self.id());
        let status = lines.nth(6);
        ours && status.is_some_and(|status| status.trim() == "ready")
    }

    pub(crate) fn has_ended(&mut self) -> io::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Asks for a fast shutdown. The shell's own `kill` is there where no program `kill` is.
    pub(crate) async fn interrupt(&self) -> Result<(), CommandError> {
        let mut command = tokio::process::Command::new("sh");
        command.args(["-c", "kill -INT \"$1\"", "sh", &self.id().to_string()]);
        run(&mut command).await.map(drop)
    }

    pub(crate) fn wait(&mut self) -> io::Result<()> {
        self.child.wait().map(drop)
    }

    pub(crate) fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.wait()
    }
}

/// Where the server writes its log.
pub(crate) fn log_file(folder: &Path) -> PathBuf {
    folder.join("log")
}
