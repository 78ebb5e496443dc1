//! The `onward` command as a process, on a real PostgreSQL.

mod no_answer;
mod plan;
mod release;
mod status;
mod verify;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use onward::Plan;
use serde_json::Value;
use tokio::process::Command;

static SHOP: Plan = onward::embed_migrations!("tests/fixtures/shop");

const FOLDER: &str = "tests/fixtures/shop";

/// Written as users write theirs.
const MODULES: &[&str] = &[
    "migrations/audit",
    "migrations/auth",
    "migrations/notify",
    "migrations/policy",
    "migrations/scheduler",
    "migrations/vex",
    "migrations/vuln",
];

type Outcome = Result<(), Box<dyn Error>>;

/// How a command ended.
struct Ended {
    status: Option<i32>,
    out: String,
    err: String,
}

/// Runs `onward` as somebody at the workspace root would.
async fn onward(arguments: &[&str]) -> Result<Ended, Box<dyn Error>> {
    run(command(arguments)).await
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onward"));
    command
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null());
    command
}

async fn run(mut command: Command) -> Result<Ended, Box<dyn Error>> {
    let output = command.output().await?;
    Ok(Ended {
        status: output.status.code(),
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}

impl Ended {
    #[track_caller]
    fn with(&self, status: i32) -> &Ended {
        let Ended { out, err, .. } = self;
        assert_eq!(self.status, Some(status), "\n{out}\n{err}");
        self
    }

    #[track_caller]
    fn says(&self, parts: &[&str]) {
        for part in parts {
            let said = self.out.contains(part) || self.err.contains(part);
            assert!(said, "no `{part}` in\n{}\n{}", self.out, self.err);
        }
    }

    fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(&self.out)
    }
}

/// A module in a temporary folder, removed at the end of its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &[u8])]) -> Result<Folder, std::io::Error> {
        let root = std::env::temp_dir().join(format!("onward-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("shop"))?;
        for (file, text) in files {
            fs::write(root.join("shop").join(file), text)?;
        }
        Ok(Folder(root))
    }

    fn path(&self) -> String {
        self.0.join("shop").display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
