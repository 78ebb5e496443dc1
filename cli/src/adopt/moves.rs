//! What becomes of each file.

use std::collections::BTreeSet;

use onward_analyzer::file_name::{Category, Version, title};

use crate::adopt::files::{File, Migration, Order, Problem, Reading};
use crate::adopt::names::{Role, role};
use crate::adopt::record::{self, Record};
use crate::adopt::script::{migrations_of, runs_something, without_the_tools};
use crate::adopt::section::go_forward;
use crate::adopt::tool::Tool;

/// A whole folder, as it will be.
pub(crate) struct Adoption {
    pub(crate) tool: Tool,
    pub(crate) schema: String,
    pub(crate) moves: Vec<Move>,
    pub(crate) unused: Vec<String>,
    pub(crate) problems: Vec<Problem>,
    /// What each of them was to the tool, as text.
    pub(crate) records: String,
    /// The lines of `onward.toml`.
    pub(crate) settings: String,
    /// Whether there is such a file already.
    pub(crate) has_settings: bool,
}

/// A file under its new name.
pub(crate) struct Move {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) text: String,
    pub(crate) changes: Vec<String>,
}

/// The last number that leaves one for the next migration.
const MOST: usize = 98;

impl Adoption {
    pub(crate) fn of(tool: Tool, schema: &str, files: Vec<File>) -> Self {
        let has_settings = files.iter().any(|file| file.path == "onward.toml");
        let paths: BTreeSet<String> = files.iter().map(|file| file.path.clone()).collect();
        let mut reading = reading(tool, files);
        reading.migrations.sort_by(|a, b| a.order.cmp(&b.order));
        let count = reading.migrations.len();
        reading.problems.extend(of_all(tool, &reading.migrations));
        let mut records: Vec<(Order, Record)> = Vec::new();
        for empty in &reading.empty {
            records.push((empty.order.clone(), recorded(empty)));
        }
        let mut moves: Vec<Move> = Vec::new();
        for (migration, number) in reading.migrations.into_iter().zip(1..) {
            let order = migration.order.clone();
            let mut record = recorded(&migration);
            let one = moved((migration, number));
            record.file = Some(one.to.clone());
            records.push((order, record));
            moves.push(one);
        }
        records.sort_by(|a, b| a.0.cmp(&b.0));
        let records: Vec<Record> = records.into_iter().map(|(_, record)| record).collect();
        let sources: BTreeSet<&str> = moves.iter().map(|one| one.from.as_str()).collect();
        let taken = moves.iter().filter(|one| {
            one.from != one.to && paths.contains(&one.to) && !sources.contains(one.to.as_str())
        });
        let taken = taken.map(|one| Problem::new(&one.to, "a file has this name already"));
        reading.problems.extend(taken);
        Self {
            tool,
            schema: schema.to_owned(),
            unused: reading.unused,
            problems: reading.problems,
            records: record::written(tool, &records),
            settings: format!("schema = \"{schema}\"\nlint_from = \"{:03}\"\n", count + 1),
            has_settings,
            moves,
        }
    }
}

fn recorded(migration: &Migration) -> Record {
    Record {
        file: None,
        version: migration.version.clone(),
        checksum: migration.checksum.clone(),
    }
}

/// What is wrong with all of them together.
fn of_all(tool: Tool, migrations: &[Migration]) -> Option<Problem> {
    let count = migrations.len();
    if count == 0 {
        let what = format!(
            "there is no migration of {}: {}",
            tool.name(),
            tool.when_empty()
        );
        return Some(Problem::new(".", what));
    }
    if count > MOST {
        let what = format!(
            "there are {count} migrations, and a module has room for {MOST} beside the next: write the schema of a \
             database that has all of them into one file, with `pg_dump --schema-only`, and adopt that with \
             `--from none`"
        );
        return Some(Problem::new(".", what));
    }
    let twice = migrations.windows(2).find(|pair| {
        let [a, b] = pair else { return false };
        !a.order.numbers.is_empty() && a.order.numbers == b.order.numbers && a.from != b.from
    })?;
    let what = format!("it has the same version as {}", twice.first()?.from);
    Some(Problem::new(&twice.last()?.from, what))
}

fn moved((migration, number): (Migration, u16)) -> Move {
    let version = Version {
        category: Category::Startup,
        number,
    };
    Move {
        to: format!("{version}_{}.sql", title(&migration.title)),
        from: migration.from,
        text: migration.text,
        changes: migration.changes,
    }
}

fn reading(tool: Tool, files: Vec<File>) -> Reading {
    let mut reading = Reading::default();
    for file in files {
        match role(tool, &file.path) {
            Role::Other => {}
            Role::Unused => reading.unused.push(file.path),
            Role::Program(language) => {
                let what = format!("it is written in {language}: write what it does as SQL first");
                reading.problems.push(Problem::new(&file.path, what));
            }
            Role::Migration { order, title } if tool == Tool::EfCore => {
                of_ef(&mut reading, file, &order, &title);
            }
            Role::Migration { order, title } => {
                let version = version(tool, &order);
                take(&mut reading, tool, file, order, (title, version));
            }
        }
    }
    reading
}

/// What the tool calls a migration in its table.
fn version(tool: Tool, order: &Order) -> String {
    let numbers: Vec<_> = order.numbers.iter().map(ToString::to_string).collect();
    match tool {
        // Its rows have the number as it stands in the name.
        Tool::Dbmate => {
            let digits = order.name.find(|c: char| !c.is_ascii_digit());
            order.name[..digits.unwrap_or(order.name.len())].to_owned()
        }
        _ if numbers.is_empty() => order.name.clone(),
        _ => numbers.join("."),
    }
}

fn take(
    reading: &mut Reading,
    tool: Tool,
    file: File,
    order: Order,
    (title, version): (String, String),
) {
    let mut changes = Vec::new();
    if tool == Tool::Flyway && order.is_last {
        changes.push("runs once from now on: write later changes as new migrations".to_owned());
    }
    let mut migration = Migration {
        checksum: record::checksum(tool, &file.path, &version, &file.text),
        order,
        title,
        version,
        from: file.path,
        text: file.text,
        changes,
    };
    let read = go_forward(tool, &mut migration);
    let read = read.and_then(|()| without_the_tools(tool, &mut migration));
    match read {
        Err(problem) => reading.problems.push(problem),
        Ok(()) if has_placeholder(tool, &migration.text) => {
            let what = "it has a placeholder `${...}`, and a migration must be the same everywhere: write its value";
            reading.problems.push(Problem::new(&migration.from, what));
        }
        // Such as the first migration of a tool that only comments.
        Ok(()) if !runs_something(&migration.text) => {
            reading.unused.push(migration.from.clone());
            reading.empty.push(migration);
        }
        Ok(()) => reading.migrations.push(migration),
    }
}

fn has_placeholder(tool: Tool, text: &str) -> bool {
    tool == Tool::Flyway && text.contains("${")
}

/// EF Core writes many migrations into one script, or one into each.
fn of_ef(reading: &mut Reading, file: File, order: &Order, name: &str) {
    let parts = migrations_of(&file.text);
    if parts.is_empty() {
        let names = (name.to_owned(), name.to_owned());
        take(reading, Tool::EfCore, file, order.clone(), names);
        return;
    }
    for (n, (id, text)) in (1_u32..).zip(parts) {
        let (_, title) = id.split_once('_').unwrap_or(("", &id));
        let order = Order {
            name: format!("{} {n:04}", order.name),
            ..order.clone()
        };
        let part = File {
            path: file.path.clone(),
            text,
        };
        take(
            reading,
            Tool::EfCore,
            part,
            order,
            (title.to_owned(), id.clone()),
        );
    }
}
