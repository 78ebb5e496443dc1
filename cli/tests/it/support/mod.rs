//! Runs `onward`, and writes the folders that it reads.

mod folder;
pub(crate) mod page;
pub(crate) mod transcript;

pub(crate) use folder::Folder;

use std::error::Error;
use std::path::Path;
use std::process::Stdio;

use onward::Plan;
use onward_pg::Database;
use serde_json::Value;
use tokio::process::Command;

/// The same module twice: in this binary, and as a folder.
pub(crate) static SHOP: Plan = onward::embed_migrations!("tests/fixtures/shop");

/// The folder of [`SHOP`], from the workspace root.
pub(crate) const FOLDER: &str = "tests/fixtures/shop";

/// Written as users write theirs.
pub(crate) const MODULES: &[&str] = &[
    "migrations/audit",
    "migrations/auth",
    "migrations/notify",
    "migrations/policy",
    "migrations/scheduler",
    "migrations/vex",
    "migrations/vuln",
];

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `onward` at the workspace root, without a database in the environment.
pub(crate) async fn onward(arguments: &[&str]) -> Result<Ended, Box<dyn Error>> {
    run(command(arguments)).await
}

/// Runs `onward` with the URL of a database.
pub(crate) async fn onward_on(
    database: &Database,
    arguments: &[&str],
) -> Result<Ended, Box<dyn Error>> {
    onward(&[arguments, &["--url", database.url()]].concat()).await
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    program(env!("CARGO_BIN_EXE_onward"), arguments)
}

/// Another program in the same surroundings, with `onward` on the `PATH`.
pub(crate) fn program(name: &str, arguments: &[&str]) -> Command {
    let onward = Path::new(env!("CARGO_BIN_EXE_onward")).parent();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path);
    let folders = onward.map(Path::to_owned).into_iter().chain(folders);
    let mut command = Command::new(name);
    command
        .args(arguments)
        .env(
            "PATH",
            std::env::join_paths(folders).unwrap_or(path.clone()),
        )
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let variables = std::env::vars_os().map(|(name, _)| name);
    for name in variables.filter(|name| name.to_string_lossy().starts_with("PG")) {
        command.env_remove(name);
    }
    command
}

pub(crate) async fn run(mut command: Command) -> Result<Ended, Box<dyn Error>> {
    Ended::of(command.output().await?)
}

/// Runs a line of a shell in the folder, which finds `onward` on the `PATH`.
pub(crate) async fn shell(
    folder: &Folder,
    variables: &[(&str, &str)],
    line: &str,
) -> Result<Ended, Box<dyn Error>> {
    let mut bash = program("bash", &["-c", line]);
    bash.current_dir(folder.root())
        .envs(variables.iter().copied());
    run(bash).await
}

impl Ended {
    pub(crate) fn of(output: std::process::Output) -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            status: output.status.code(),
            out: String::from_utf8(output.stdout)?,
            err: String::from_utf8(output.stderr)?,
        })
    }

    #[track_caller]
    pub(crate) fn with(&self, status: i32) -> &Ended {
        let Ended { out, err, .. } = self;
        assert_eq!(self.status, Some(status), "\n{out}\n{err}");
        self
    }

    #[track_caller]
    pub(crate) fn says(&self, parts: &[&str]) {
        for part in parts {
            let said = self.out.contains(part) || self.err.contains(part);
            assert!(said, "no `{part}` in\n{}\n{}", self.out, self.err);
        }
    }

    pub(crate) fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(&self.out)
    }
}
