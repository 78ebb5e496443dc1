//! The migrations, in the layout of each tool.

use std::fs;
use std::path::{Path, PathBuf};

use onward::Plan;

use crate::Answer;

/// One migration.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) sql: String,
}

/// The same statements in four folders, removed at the end.
pub(crate) struct History {
    root: PathBuf,
    files: Vec<File>,
    plan: Plan,
}

impl History {
    /// Tables first, as many as fit, then rows.
    pub(crate) fn write(length: usize) -> Answer<History> {
        let name = format!("onward-benches-{}-{length}", std::process::id());
        let root = std::env::temp_dir().join(name);
        let files: Vec<_> = (1..=length).map(file).collect();
        for (n, file) in files.iter().enumerate() {
            let n = n + 1;
            write(&root.join("bench").join(&file.name), &file.sql)?;
            write(&root.join(format!("sqlx/{n:04}_it.sql")), &file.sql)?;
            write(&root.join(format!("refinery/V{n}__it.sql")), &file.sql)?;
            let diesel = root.join(format!("diesel/{n:014}_it"));
            write(&diesel.join("up.sql"), &file.sql)?;
            write(&diesel.join("down.sql"), "SELECT 1;")?;
        }
        let plan = onward_cli::plan(&root.join("bench"))?;
        Ok(History { root, files, plan })
    }

    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    pub(crate) fn files(&self) -> &[File] {
        &self.files
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(crate) fn folder(&self, tool: &str) -> PathBuf {
        self.root.join(tool)
    }
}

impl Drop for History {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A module has at most 99 startup migrations; seeds go on from there.
fn file(n: usize) -> File {
    if n < 100 {
        return File {
            name: format!("{n:03}_table.sql"),
            sql: format!(
                "CREATE TABLE bench.table_{n} (id bigint PRIMARY KEY, note text NOT NULL DEFAULT '');\n"
            ),
        };
    }
    let (seed, table) = (n - 99, n % 99 + 1);
    File {
        name: format!("S{seed:03}_row.sql"),
        sql: format!(
            "INSERT INTO bench.table_{table} (id, note) VALUES ({n}, 'row {n}')\n\
             ON CONFLICT (id) DO UPDATE SET note = excluded.note;\n"
        ),
    }
}

fn write(path: &Path, text: &str) -> Answer<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, text)?)
}
