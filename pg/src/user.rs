//! PostgreSQL refuses to run as root, so root runs it as another user.

use crate::command::run;
use crate::error::ClusterError;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process;
use tokio::process::Command;

/// Who runs the server.
#[derive(Debug, Clone)]
pub(crate) enum User {
    /// The user of this process.
    Ourselves,
    /// This process is root, so this other user does.
    Other {
        name: &'static str,
        uid: u32,
        gid: u32,
    },
}

impl User {
    pub(crate) async fn for_server() -> Result<User, ClusterError> {
        if uid_of_this_process().await? != 0 {
            return Ok(User::Ourselves);
        }
        for name in ["postgres", "nobody"] {
            if let (Some(uid), Some(gid)) = (id("-u", name).await, id("-g", name).await) {
                return Ok(User::Other { name, uid, gid });
            }
        }
        Err(ClusterError::NoUser)
    }

    /// Makes a program run as this user.
    pub(crate) fn apply<'c>(&self, command: &'c mut process::Command) -> &'c mut process::Command {
        match self {
            User::Ourselves => command,
            User::Other { uid, gid, .. } => command.uid(*uid).gid(*gid),
        }
    }

    /// A new folder that only this user (and root) can read.
    pub(crate) fn private_folder(&self, name: &str) -> io::Result<PathBuf> {
        let folder = self.temp_dir().join(name);
        DirBuilder::new().mode(0o700).create(&folder)?;
        if let User::Other { uid, gid, .. } = self {
            chown(&folder, Some(*uid), Some(*gid))?;
        }
        Ok(folder)
    }

    fn temp_dir(&self) -> PathBuf {
        let ours = std::env::temp_dir();
        match self {
            User::Other { .. } if !open_to_all(&ours) => PathBuf::from("/tmp"),
            _ => ours,
        }
    }
}

/// The number of the user that runs this process.
pub(crate) async fn uid_of_this_process() -> Result<u32, ClusterError> {
    let text = run(Command::new("id").arg("-u")).await?;
    text.trim().parse().map_err(|_| ClusterError::WhoAmI(text))
}

async fn id(flag: &str, name: &str) -> Option<u32> {
    let text = run(Command::new("id").args([flag, name])).await.ok()?;
    // PostgreSQL would also refuse a user `postgres` that has root's number.
    text.trim().parse().ok().filter(|id| *id != 0)
}

/// Whether every user may enter this folder: one closed folder above it makes this false.
pub(crate) fn open_to_all(folder: &Path) -> bool {
    folder
        .ancestors()
        .filter(|above| !above.as_os_str().is_empty())
        .filter_map(|above| fs::metadata(above).ok())
        .all(|found| found.permissions().mode() & 0o001 != 0)
}
