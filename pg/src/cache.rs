//! Where fetched server builds are kept.

use crate::error::chain;
use crate::source::variable;
use crate::user::{User, open_to_all, uid_of_this_process};
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// `$XDG_CACHE_HOME/onward` or `~/.cache/onward`; `/var/tmp/onward-<uid>` where there is no home,
/// and for root where the user that runs the server may not walk into it.
pub(crate) async fn cache() -> Result<PathBuf, String> {
    let user = User::for_server().await.map_err(|error| chain(&error))?;
    let uid = uid_of_this_process().await.map_err(|error| chain(&error))?;
    let home = variable("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".cache")))
        .map(|above| above.join("onward"))
        .filter(|folder| folder.is_absolute() && may_walk(&user, folder));
    let shared = || PathBuf::from(format!("/var/tmp/onward-{uid}"));
    let folder = home.unwrap_or_else(shared);
    prepare(&folder, uid)
        .map_err(|error| format!("cannot keep server builds in {}: {error}", folder.display()))?;
    Ok(folder)
}

fn may_walk(user: &User, folder: &Path) -> bool {
    match user {
        User::Ourselves => true,
        User::Other { .. } => open_to_all(folder),
    }
}

/// Programs from this folder are run, so only this user may write to it: in `/var/tmp` any user
/// could have created a folder of this name.
fn prepare(folder: &Path, uid: u32) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let found = fs::symlink_metadata(folder)?;
    if !found.is_dir() || found.uid() != uid {
        let why = "it exists, but is not a folder that this user owns";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    fs::set_permissions(folder, Permissions::from_mode(0o755))
}
