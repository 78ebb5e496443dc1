//! A program from Debian's archive with its libraries, unpacked into the cache: nothing is installed.

use crate::cache::cache;
use crate::command::run;
use crate::error::chain;
use crate::unique::unique_name;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// A program and the folders of its libraries, as `LD_LIBRARY_PATH` names them.
#[derive(Clone, Debug)]
pub(crate) struct Unpacked {
    pub(crate) program: PathBuf,
    pub(crate) libraries: OsString,
}

/// Fetches a package through `apt-get` once; `program` is its path inside of the package.
pub(crate) async fn unpacked(package: &str, program: &str) -> Result<Unpacked, String> {
    let folder = cache().await?.join(format!("apt-{package}"));
    if !folder.join(program).is_file() {
        // The rename puts the whole folder in place or nothing, also when another process fetches it.
        let scratch = folder.with_file_name(unique_name());
        fs::create_dir_all(&scratch).map_err(|error| chain(&error))?;
        let fetched = fetch(package, &scratch).await;
        if fetched.is_ok() && fs::rename(scratch.join("root"), &folder).is_err() {
            // Another process was first.
        }
        let _ = fs::remove_dir_all(&scratch);
        fetched?;
    }
    let program = folder.join(program);
    match program.is_file() {
        true => Ok(Unpacked {
            libraries: libraries(&folder),
            program,
        }),
        false => Err(format!("Debian's {package} has no {}", program.display())),
    }
}

async fn fetch(package: &str, scratch: &Path) -> Result<(), String> {
    let mut names = needed(package).await?;
    if names.is_empty() {
        // A new machine has no list of packages yet; only root may fetch one.
        let _ = run(Command::new("apt-get").args(["update", "-qq"])).await;
        names = needed(package).await?;
    }
    let mut download = Command::new("apt-get");
    download.args(["download", "-qq", package]).args(&names);
    run(download.current_dir(scratch))
        .await
        .map_err(|error| chain(&error))?;
    let entries = fs::read_dir(scratch).map_err(|error| chain(&error))?;
    for entry in entries.flatten() {
        let mut unpack = Command::new("dpkg-deb");
        unpack.arg("-x").arg(entry.path()).arg(scratch.join("root"));
        run(&mut unpack).await.map_err(|error| chain(&error))?;
    }
    Ok(())
}

/// The libraries that the package depends on, except the C library, which every machine has.
async fn needed(package: &str) -> Result<Vec<String>, String> {
    let mut ask = Command::new("apt-cache");
    ask.args(["depends", package]);
    let said = match run(&mut ask).await {
        Ok(said) => said,
        Err(crate::command::CommandError::Failed { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(chain(&error)),
    };
    let names = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Depends: "));
    let libraries = names.filter(|name| name.starts_with("lib") && *name != "libc6");
    Ok(libraries.map(str::to_owned).collect())
}

fn libraries(folder: &Path) -> OsString {
    let folders = ["usr/lib", "lib"].into_iter().flat_map(|above| {
        let entries = fs::read_dir(folder.join(above)).into_iter().flatten();
        entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_dir())
    });
    std::env::join_paths(folders).unwrap_or_default()
}
