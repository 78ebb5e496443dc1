//! PostgreSQL's programs, in one folder.

use crate::command::run;
use crate::error::chain;
use crate::major::Major;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// A folder with `initdb`, `postgres` and perhaps more of PostgreSQL's programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    major: Major,
}

impl Binaries {
    /// The programs in a certain folder, or why they cannot be used.
    pub(crate) async fn in_folder(folder: &Path) -> Result<Binaries, String> {
        for program in ["initdb", "postgres"] {
            if !folder.join(program).is_file() {
                return Err(format!("{} holds no {program}", folder.display()));
            }
        }
        let version = run(Command::new(folder.join("postgres")).arg("--version"))
            .await
            .map_err(|error| chain(&error))?;
        let major = major_in(&version).ok_or_else(|| {
            format!(
                "{} is {}; Onward needs PostgreSQL 15 to 18",
                folder.display(),
                version.trim()
            )
        })?;
        Ok(Binaries {
            folder: folder.to_owned(),
            major,
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The major version of these programs.
    pub fn major(&self) -> Major {
        self.major
    }

    /// The path of a program such as `pg_dump`, if it exists: fetched builds hold few of them.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        Some(self.folder.join(name)).filter(|path| path.is_file())
    }
}

/// The major in a text such as `postgres (PostgreSQL) 15.18 (Debian 15.18-0)`.
fn major_in(version: &str) -> Option<Major> {
    let number = version.split("(PostgreSQL) ").nth(1)?;
    let end = number.find(|c: char| !c.is_ascii_digit());
    number.get(..end.unwrap_or(number.len()))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn majors_are_read_from_versions() {
        for (version, major) in [
            ("postgres (PostgreSQL) 15.18 (Debian)", Some(Major::V15)),
            ("postgres (PostgreSQL) 18beta1\n", Some(Major::V18)),
            ("postgres (PostgreSQL) 14.2", None),
            ("postgres (PostgreSQL) 9.6.1", None),
            ("something else", None),
        ] {
            assert_eq!(major_in(version), major, "{version}");
        }
    }
}
