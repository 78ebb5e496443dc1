//! `onward plan`.

mod live;

use std::io::{self, Write};

use clap::Args;
use onward::Version;
use onward::kind::Data;
use onward::plan::{Migration, Statement, Step};
use serde::Serialize;

use crate::bridge::Seen;
use crate::connect::Place;
use crate::module::Module;
use crate::outcome::{CouldNotRun, Outcome};
use crate::output::job::{self, JobJson};
use crate::output::live::LiveJson;
use crate::output::{FORMAT_VERSION, Format, write_json};

/// Show which locks each statement takes, and which queries wait for them
///
/// Computed from the files, for the oldest PostgreSQL version that the module supports and for all
/// newer ones. Lists for each statement the strongest lock on each existing relation, the tables
/// rewritten, and the tables scanned in full. Needs no database. Findings of `onward check` do not stop it.
///
/// With --url, shows what is pending there: each statement in full, in the order in which it runs and with its
/// transaction; the size of each table; free connections, replication, inactive slots and long transactions; and the
/// sessions that are in the way now. NOT NULL, UNIQUE, CHECK, FOREIGN KEY and narrower types are asked of the rows that
/// exist, before anything is locked. Changes nothing, and prints no value of a row.
///
/// Exit status: 0 when the plan was printed, 1 when rows are in the way of it, 2 when a folder could not be found or read
/// or the database does not answer.
#[derive(Clone, Debug, Args)]
pub(crate) struct Plan {
    /// Folders of modules, such as migrations/auth, or single files of them.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<Module>,
    #[command(flatten)]
    database: Place,
    /// Output format; `json` is one array with an object for each folder.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

pub(crate) async fn run(
    command: &Plan,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<Outcome, CouldNotRun> {
    let modules = Seen::all(&command.folders)?;
    for note in modules.iter().flat_map(Seen::notes) {
        writeln!(err, "{note}")?;
    }
    if let Some(target) = command.database.named()? {
        target.announce(err)?;
        return live::run(command.format, &target, &modules, out).await;
    }
    match command.format {
        Format::Text => modules
            .iter()
            .try_for_each(|module| write_text(out, module))?,
        Format::Json => {
            let plans = modules.iter().map(|module| PlanJson::new(module, None));
            write_json(out, &plans.collect::<Vec<_>>())?;
        }
    }
    Ok(Outcome::Good)
}

/// One file, whatever its category.
struct File {
    version: Version,
    name: &'static str,
    step: Step,
    statements: &'static [Statement],
    requires: &'static [Version],
    /// What only a data migration has.
    data: Option<&'static Data>,
}

/// The files of a module, or those that the command line names.
fn files(module: &Seen) -> Vec<File> {
    let plan = &module.plan;
    let named = module.files();
    fn file<K>(migration: &'static Migration<K>) -> File {
        File {
            version: migration.version(),
            name: migration.name(),
            step: *migration.step(),
            statements: migration.step().statements(),
            requires: migration.requires(),
            data: None,
        }
    }
    fn of<K>(all: &'static [Migration<K>]) -> impl Iterator<Item = File> {
        all.iter().map(file)
    }
    let data = plan.data().iter().map(|migration| File {
        data: Some(migration.kind()),
        ..file(migration)
    });
    let startup = of(plan.startup()).chain(of(plan.seed()));
    startup
        .chain(of(plan.release()))
        .chain(data)
        .filter(|file| named.is_empty() || named.iter().any(|name| name == file.name))
        .collect()
}

fn write_text(out: &mut impl Write, module: &Seen) -> io::Result<()> {
    let plan = &module.plan;
    writeln!(out, "{}, schema {}", plan.folder(), plan.schema())?;
    for file in files(module) {
        writeln!(out, "\n{}", file.name)?;
        let (touching, quiet): (Vec<&Statement>, Vec<&Statement>) = file
            .statements
            .iter()
            .partition(|one| one.opaque || !one.locks.is_empty());
        for statement in &touching {
            let first = statement.sql.lines().next().unwrap_or_default();
            writeln!(out, "  {}:{}  {first}", statement.line, statement.column)?;
            write_effect(out, statement)?;
        }
        match (touching.len(), quiet.len()) {
            (_, 0) => {}
            (0, _) => writeln!(out, "  takes no lock on existing tables")?,
            (_, 1) => writeln!(out, "  1 more statement takes no lock on existing tables")?,
            (_, n) => writeln!(out, "  {n} more statements take no lock on existing tables")?,
        }
        if !file.requires.is_empty() {
            writeln!(out, "  requires {}", versions(file.requires).join(", "))?;
        }
        if let Some(data) = file.data {
            job::write(out, data)?;
        }
    }
    Ok(())
}

fn versions(versions: &[Version]) -> Vec<String> {
    versions.iter().map(ToString::to_string).collect()
}

/// What an operator asks first: which queries wait, and for how much work.
fn write_effect(out: &mut impl Write, statement: &Statement) -> io::Result<()> {
    for lock in statement.locks {
        let who = lock.mode.blocks();
        writeln!(out, "    {} on {}: {who}", lock.mode, lock.relation)?;
    }
    for table in statement.rewrites {
        writeln!(out, "    rewrites {table}")?;
    }
    for table in statement.scans {
        writeln!(out, "    scans {table} in full")?;
    }
    if statement.opaque {
        writeln!(
            out,
            "    runs code that is not analysed: it may take more locks"
        )?;
    }
    Ok(())
}

/// Keys are only ever added.
#[derive(Serialize)]
struct PlanJson {
    format_version: u8,
    schema: &'static str,
    folder: &'static str,
    digest: String,
    migrations: Vec<MigrationJson>,
    /// What a database says; `null` without one.
    live: Option<LiveJson>,
}

#[derive(Serialize)]
struct MigrationJson {
    version: String,
    category: &'static str,
    name: &'static str,
    statements: Vec<StatementJson>,
    requires: Vec<String>,
    data: Option<JobJson>,
}

#[derive(Serialize)]
struct StatementJson {
    line: u32,
    column: u32,
    sql: &'static str,
    locks: Vec<LockJson>,
    rewrites: &'static [&'static str],
    scans: &'static [&'static str],
    opaque: bool,
}

#[derive(Serialize)]
struct LockJson {
    relation: &'static str,
    mode: String,
    blocks: &'static str,
}

impl PlanJson {
    fn new(module: &Seen, live: Option<LiveJson>) -> Self {
        let plan = &module.plan;
        Self {
            live,
            format_version: FORMAT_VERSION,
            schema: plan.schema(),
            folder: plan.folder(),
            digest: plan.digest().to_string(),
            migrations: files(module).iter().map(MigrationJson::new).collect(),
        }
    }
}

impl MigrationJson {
    fn new(file: &File) -> Self {
        Self {
            version: file.version.to_string(),
            category: file.version.category().as_str(),
            name: file.name,
            statements: file.statements.iter().map(StatementJson::new).collect(),
            requires: versions(file.requires),
            data: file.data.map(JobJson::new),
        }
    }
}

impl StatementJson {
    fn new(statement: &Statement) -> Self {
        let locks = statement.locks.iter().map(|lock| LockJson {
            relation: lock.relation,
            mode: lock.mode.to_string(),
            blocks: lock.mode.blocks().as_str(),
        });
        Self {
            line: statement.line,
            column: statement.column,
            sql: statement.sql,
            locks: locks.collect(),
            rewrites: statement.rewrites,
            scans: statement.scans,
            opaque: statement.opaque,
        }
    }
}
