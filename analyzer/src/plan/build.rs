//! Builds the plan from the analyzed files.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::effect::{LockMode, Mode, mode};
use crate::intake::file::File;
use crate::intake::file_name::{Category, Version};
use crate::intake::module::{Module, Source};
use crate::plan::{AnalyzedStatement, Data, Interface, PlannedEffects};
use crate::statement::{self, Change, Detach, Name, ObjectKind, TableAction};
use crate::text::position::Lines;

/// The plan of a module: its migrations, ready to be executed.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let module = Module::in_memory("auth", [("001_a.sql", "CREATE TABLE auth.a (b bigint PRIMARY KEY);")]);
/// let plan = analyze(module).plan;
/// assert_eq!(plan.map(|plan| plan.schema).as_deref(), Some("auth"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The one schema that the module owns.
    pub schema: String,
    /// The folder, as the caller wrote it.
    pub folder: String,
    /// SHA-256 of the schema's name and each version with its checksum.
    pub digest: [u8; 32],
    /// The two keys of the module's advisory lock.
    pub lock: (i32, i32),
    /// The startup migrations, `001` to `099`, sorted by version.
    pub startup: Vec<Migration>,
    /// The seeds, `S001` to `S999`, sorted by version.
    pub seed: Vec<Migration>,
    /// The release migrations, `100` to `199`, sorted by version.
    pub release: Vec<Migration>,
    /// The data migrations, `DM001` to `DM999`, sorted by version.
    pub data: Vec<Migration>,
    /// What it shows to other modules, and what it needs of them.
    pub interface: Interface,
    /// The last startup migration for which the first one stands since a squash, and the digest over all of them.
    pub baseline: Option<(u16, [u8; 32])>,
    /// What has to hold before replaced columns are dropped.
    pub agreements: Vec<Agreement>,
}

/// That every row has the same value in a replaced column and its successor.
///
/// ```
/// use onward_analyzer::{analyze, source::Module};
///
/// let files = [
///     ("001_a.sql", "CREATE TABLE shop.a (id bigint PRIMARY KEY, old text);"),
///     ("002_a.sql", "ALTER TABLE shop.a ADD new text;"),
/// ];
/// let plan = analyze(Module::in_memory("shop", files)).plan.unwrap();
/// assert!(plan.agreements.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// The file that drops the old column.
    pub file: String,
    /// The table of the old column.
    pub table: Name,
    /// What has to hold.
    pub demand: String,
    /// The query that lists the rows which differ.
    pub rows: String,
}

/// One migration of a plan: a file.
///
/// ```
/// # use onward_analyzer::{analyze, source::Module};
/// # let module = Module::in_memory("auth", [("001_a.sql", "CREATE TABLE auth.a (b bigint PRIMARY KEY);")]);
/// # let plan = analyze(module).plan.unwrap();
/// assert_eq!(plan.startup[0].name, "001_a.sql");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    /// The version.
    pub version: Version,
    /// The file's name.
    pub name: String,
    /// SHA-256 of the normalised text.
    pub checksum: [u8; 32],
    /// The data migrations that must have finished first.
    pub requires: Vec<Version>,
    /// What only a data migration has.
    pub data: Option<Data>,
    /// What is sent to the server.
    pub step: Step,
}

/// Statements that run in the same transaction mode.
///
/// ```
/// # use onward_analyzer::plan::Step;
/// assert_eq!(Step::Transaction(Vec::new()), Step::Transaction(Vec::new()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Statements in one transaction, together with the ledger entry.
    Transaction(Vec<Statement>),
    /// `CREATE INDEX CONCURRENTLY`, split at the two names so that the index can be built under another
    /// name.
    BuildIndex {
        /// The statement as written.
        statement: Statement,
        /// The index that is built.
        index: String,
        /// The schema of the table.
        schema: String,
        /// The table.
        table: String,
        /// The text before the index name, between the two names, and after the table name.
        around: [String; 3],
    },
    /// `DROP INDEX CONCURRENTLY`.
    DropIndex {
        /// The statement as written.
        statement: Statement,
        /// The schema of the index.
        schema: String,
        /// The index.
        index: String,
    },
    /// `ALTER TABLE ... DETACH PARTITION ... CONCURRENTLY`.
    DetachPartition {
        /// The statement as written.
        statement: Statement,
        /// The partitioned table.
        parent: Name,
        /// The partition that becomes a table of its own.
        partition: Name,
    },
    /// One statement outside of a transaction.
    NonTransactional {
        /// The statement as written.
        statement: Statement,
        /// Whether running it twice does no harm.
        repeatable: bool,
    },
    /// Several statements outside of a transaction, one after the other; none of the steps is a sequence
    /// itself.
    Sequence(Vec<Step>),
}

impl Step {
    /// Its statements as written, in order.
    ///
    /// ```
    /// # use onward_analyzer::plan::Step;
    /// assert!(Step::Transaction(Vec::new()).statements().is_empty());
    /// ```
    #[must_use]
    pub fn statements(&self) -> Vec<&Statement> {
        match self {
            Self::Transaction(statements) => statements.iter().collect(),
            Self::BuildIndex { statement, .. }
            | Self::DropIndex { statement, .. }
            | Self::DetachPartition { statement, .. }
            | Self::NonTransactional { statement, .. } => vec![statement],
            Self::Sequence(steps) => steps.iter().flat_map(Self::statements).collect(),
        }
    }
}

/// A statement's text, place and effect.
///
/// ```
/// let sql = "SELECT 1".to_owned();
/// let statement = onward_analyzer::plan::Statement { sql, line: 1, ..Default::default() };
/// assert!(statement.locks.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The text, without its semicolon.
    pub sql: String,
    /// The line in the file, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The locks on relations that exist before the migration: each relation as `schema.name`, with the
    /// strongest mode on any supported PostgreSQL from the module's oldest on.
    pub locks: Vec<(String, LockMode)>,
    /// The tables and materialized views that are rewritten in full.
    pub rewrites: Vec<String>,
    /// The tables that are scanned in full, those of foreign keys included.
    pub scans: Vec<String>,
    /// Whether it runs code that is not analyzed and may do anything else.
    pub opaque: bool,
}

/// Builds the plan of a module without errors; `jobs` has one entry for each file.
pub(crate) fn build(
    module: &Module,
    files: &[File],
    judged: &[AnalyzedStatement],
    jobs: Vec<Option<Data>>,
    interface: Interface,
) -> Plan {
    let mut by_file: BTreeMap<usize, Vec<PlannedEffects>> = BTreeMap::new();
    for one in judged {
        by_file
            .entry(one.source)
            .or_default()
            .push(one.ahead.clone());
    }
    let mut migrations: Vec<Migration> = module
        .sources
        .iter()
        .zip(files)
        .zip(jobs)
        .enumerate()
        .filter_map(|(index, ((source, file), job))| {
            let effects = by_file.get(&index).map_or(&[][..], Vec::as_slice);
            migration(source, file, effects, job)
        })
        .collect();
    // The digest lists the migrations by version, so that it does not depend on `requires`.
    migrations.sort_by_key(|migration| migration.version);
    let of = |category| {
        let all = migrations.iter().filter(|m| m.version.category == category);
        all.cloned().collect()
    };
    Plan {
        schema: module.schema.clone(),
        folder: module.folder.clone(),
        digest: digest(&module.schema, &migrations),
        lock: lock(&module.schema),
        startup: of(Category::Startup),
        seed: of(Category::Seed),
        release: of(Category::Release),
        data: of(Category::Data),
        interface,
        baseline: files
            .iter()
            .find_map(|file| file.declared.replaces)
            .map(|(through, digest)| (through.number, digest)),
        agreements: Vec::new(),
    }
}

fn migration(
    source: &Source,
    file: &File,
    effects: &[PlannedEffects],
    data: Option<Data>,
) -> Option<Migration> {
    Some(Migration {
        version: source.version,
        name: source.name.clone(),
        checksum: Sha256::digest(&source.text).into(),
        requires: file.declared.requires.clone(),
        data,
        step: step(source, file, effects)?,
    })
}

/// `None` for a file without statements, which is reported as a finding unless code does its work.
fn step(source: &Source, file: &File, effects: &[PlannedEffects]) -> Option<Step> {
    if file.declared.in_rust {
        return Some(Step::Transaction(Vec::new()));
    }
    let is_outside =
        |statement: &statement::Statement| mode(&statement.clauses) != Mode::Transactional;
    let lines = Lines::of(&source.text);
    let with_effects = file.statements.iter().enumerate().map(|(n, statement)| {
        let effects = effects.get(n).cloned().unwrap_or_default();
        (statement, cut(&lines, source, statement, effects))
    });
    let mut statements: Vec<_> = with_effects.collect();
    if file.statements.iter().all(is_outside) && statements.len() > 1 {
        let steps = statements.into_iter();
        let steps = steps.map(|(statement, cut)| detached(source, statement, cut, false));
        return Some(Step::Sequence(steps.collect::<Option<_>>()?));
    }
    if statements.len() > 1 {
        let statements = statements.into_iter().map(|(_, cut)| cut);
        return Some(Step::Transaction(statements.collect()));
    }
    let (statement, cut) = statements.pop()?;
    detached(source, statement, cut, file.declared.transaction_none)
}

/// The step of a statement that cannot run in a transaction with others.
fn detached(
    source: &Source,
    statement: &statement::Statement,
    cut: Statement,
    transaction_none: bool,
) -> Option<Step> {
    let first = statement.clauses.first().map(|clause| &clause.change)?;
    let step = match (mode(&statement.clauses), first) {
        (Mode::BuildIndex, Change::CreateIndex(create)) => {
            let (index, name) = create.index.clone()?;
            let text = |from, to| source.text.get(from..to).unwrap_or_default().to_owned();
            Step::BuildIndex {
                statement: cut,
                index,
                schema: create.table.schema.clone(),
                table: create.table.name.clone(),
                around: [
                    text(statement.span.start, name.start),
                    text(name.end, create.table_span.start),
                    text(create.table_span.end, statement.span.end),
                ],
            }
        }
        (
            Mode::DropIndex,
            Change::Drop {
                kind: ObjectKind::Index,
                name,
                ..
            },
        ) => Step::DropIndex {
            statement: cut,
            schema: name.schema.clone(),
            index: name.name.clone(),
        },
        (
            Mode::NonTransactional { .. },
            Change::AlterTable {
                table,
                action:
                    TableAction::DetachPartition {
                        partition,
                        mode: Detach::Concurrently,
                    },
                ..
            },
        ) => Step::DetachPartition {
            statement: cut,
            parent: table.clone(),
            partition: partition.clone(),
        },
        (Mode::NonTransactional { repeatable }, _) => Step::NonTransactional {
            statement: cut,
            repeatable,
        },
        (Mode::Transactional | Mode::BuildIndex | Mode::DropIndex, _) if transaction_none => {
            Step::NonTransactional {
                statement: cut,
                repeatable: false,
            }
        }
        (Mode::Transactional | Mode::BuildIndex | Mode::DropIndex, _) => {
            Step::Transaction(vec![cut])
        }
    };
    Some(step)
}

/// A statement's text, place and effect.
fn cut(
    lines: &Lines<'_>,
    source: &Source,
    statement: &statement::Statement,
    effects: PlannedEffects,
) -> Statement {
    let at = lines.position(statement.span.start);
    let sql = source.text.get(statement.span.clone()).unwrap_or_default();
    Statement {
        sql: sql.to_owned(),
        line: u32::try_from(at.line).unwrap_or(u32::MAX),
        column: u32::try_from(at.column).unwrap_or(u32::MAX),
        locks: effects.locks,
        rewrites: effects.rewrites,
        scans: effects.scans,
        opaque: effects.opaque,
    }
}

fn digest(schema: &str, migrations: &[Migration]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(format!("onward/v1/plan/{schema}\n"));
    for migration in migrations {
        hash.update(format!("{} ", migration.version));
        hash.update(migration.checksum);
    }
    hash.finalize().into()
}

/// A 64-bit key in the space of two-key advisory locks, which few programs use. The space of single keys
/// is shared with every program that locks row ids.
fn lock(schema: &str) -> (i32, i32) {
    let hash: [u8; 32] = Sha256::digest(format!("onward/v1/lock/{schema}")).into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    (
        i32::from_be_bytes([a, b, c, d]),
        i32::from_be_bytes([e, f, g, h]),
    )
}
