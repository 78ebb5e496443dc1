//! What git knows about a folder.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// What git prints, or why it has failed.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> io::Result<String> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    let output = command.stdin(Stdio::null()).output()?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(io::Error::other(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )),
    }
}

/// Moves a file of the folder, with `git mv` where git knows it; true then.
pub(crate) fn rename(folder: &Path, from: &str, to: &str) -> io::Result<bool> {
    if git(folder, &["ls-files", "--error-unmatch", "--", from]).is_ok() {
        git(folder, &["mv", "--", from, to])?;
        return Ok(true);
    }
    fs::rename(folder.join(from), folder.join(to))?;
    Ok(false)
}

/// Every text that a file of the folder ever had in a commit, the newest first; none without git.
pub(crate) fn texts_of(folder: &Path, file: &str) -> Vec<String> {
    let commits = git(folder, &["log", "--all", "--format=%H", "--", file]).unwrap_or_default();
    let path = format!("./{file}");
    let texts = commits.lines().filter_map(|commit| {
        let at = format!("{commit}:{path}");
        git(folder, &["show", &at]).ok()
    });
    texts.collect()
}
