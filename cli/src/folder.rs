//! The other bridge from the analyzer's owned plan to the runtime's: from a folder, at run time.

use std::path::{Path, PathBuf};

use onward_analyzer::effect as owned_lock;
use onward_analyzer::plan::{self as owned, Step as OwnedStep};
use onward_analyzer::statement::Name;
use onward_analyzer::{Analysis, analyze, render, source};

use onward::plan::{IndexBuild, Lock, LockMode, Migration, RelationName, Statement, Step};
use onward::{Category, Plan, Version, kind};

/// Why a folder is no plan.
///
/// ```
/// use std::path::Path;
///
/// let error = onward_cli::plan(Path::new("no/such/folder")).err();
/// assert!(matches!(error, Some(onward_cli::FolderError::NotFound { .. })));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// It is nowhere.
    #[error("there is no folder `{}`; tried:{}", folder.display(), lines(tried))]
    NotFound {
        /// As it was named.
        folder: PathBuf,
        /// Where it was looked for: here, and above up to the workspace root.
        tried: Vec<PathBuf>,
    },
    /// The compiler would refuse it too.
    #[error("`{}` cannot be run:\n\n{}", folder.display(), reports.join("\n"))]
    Findings {
        /// As it was named.
        folder: PathBuf,
        /// One text a file, rendered as the compiler shows it.
        reports: Vec<String>,
    },
}

fn lines(paths: &[PathBuf]) -> String {
    paths
        .iter()
        .map(|path| format!("\n  - {}", path.display()))
        .collect()
}

/// Reads and judges a folder as `embed_migrations!` does, and makes the same plan of it.
///
/// A plan is made of `'static` parts, so what this reads is never freed: call it once a folder.
///
/// # Errors
///
/// [`FolderError`]: the folder is not there, or holds something that is not to be run.
///
/// ```no_run
/// let plan = onward_cli::plan(std::path::Path::new("migrations/auth"))?;
/// println!("{plan}");
/// # Ok::<(), onward_cli::FolderError>(())
/// ```
pub fn plan(folder: &Path) -> Result<Plan, FolderError> {
    let analysis = judged(folder)?;
    analysis
        .plan
        .map(leak_plan)
        .ok_or_else(|| FolderError::Findings {
            folder: folder.to_owned(),
            reports: render::by_file(&analysis.findings, &analysis.module.texts),
        })
}

/// Reads and judges a folder.
pub(crate) fn judged(folder: &Path) -> Result<Analysis, FolderError> {
    let shown = folder.to_string_lossy();
    let shown = shown.trim_end_matches('/');
    let here = std::env::current_dir().unwrap_or_default();
    let found = source::locate(shown, &here).map_err(|tried| FolderError::NotFound {
        folder: folder.to_owned(),
        tried,
    })?;
    Ok(analyze(source::read(&found, shown)))
}

fn leak(text: String) -> &'static str {
    text.leak()
}

fn leak_all<T, U>(all: Vec<T>, one: impl Fn(T) -> U) -> &'static [U] {
    all.into_iter().map(one).collect::<Vec<_>>().leak()
}

fn leak_plan(plan: owned::Plan) -> Plan {
    Plan::__new(
        leak(plan.schema),
        leak(plan.folder),
        concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
        plan.digest,
        plan.lock,
        leak_all(plan.startup, |m| migration(m, kind::Startup)),
        leak_all(plan.seed, |m| migration(m, kind::Seed)),
        leak_all(plan.release, |m| migration(m, kind::Release)),
        leak_all(plan.data, |mut m| {
            let batch = m.batch.take();
            let batch = batch.map(|batch| kind::Batch {
                rows: batch.rows,
                by: leak(batch.by),
            });
            migration(m, kind::Data { batch })
        }),
    )
}

fn migration<K: kind::Kind>(migration: owned::Migration, kind: K) -> Migration<K> {
    Migration::__new(
        migration.version.number,
        leak(migration.name),
        migration.checksum,
        leak_all(migration.requires, |v| {
            Version::__new(Category::Data, v.number)
        }),
        step(migration.step),
        kind,
    )
}

fn step(step: OwnedStep) -> Step {
    match step {
        OwnedStep::Transaction(statements) => Step::Transaction(leak_all(statements, statement)),
        OwnedStep::BuildIndex {
            statement: sql,
            index,
            schema,
            table,
            around,
        } => Step::BuildIndex(IndexBuild::__new(
            statement(sql),
            [index, schema, table].map(leak),
            around.map(leak),
        )),
        OwnedStep::DropIndex {
            statement: sql,
            schema,
            index,
        } => Step::DropIndex {
            statement: statement(sql),
            schema: leak(schema),
            index: leak(index),
        },
        OwnedStep::DetachPartition {
            statement: sql,
            parent,
            partition,
        } => Step::DetachPartition {
            statement: statement(sql),
            parent: relation_name(parent),
            partition: relation_name(partition),
        },
        OwnedStep::NonTransactional {
            statement: sql,
            repeatable,
        } => Step::NonTransactional {
            statement: statement(sql),
            repeatable,
        },
        OwnedStep::Sequence(steps) => {
            let steps = leak_all(steps, self::step);
            let statements: Vec<_> = steps.iter().flat_map(Step::statements).copied().collect();
            Step::Sequence {
                statements: Box::leak(statements.into_boxed_slice()),
                steps,
            }
        }
    }
}

fn relation_name(name: Name) -> RelationName {
    RelationName {
        schema: leak(name.schema),
        name: leak(name.name),
    }
}

fn statement(statement: owned::Statement) -> Statement {
    let made = Statement::__new(leak(statement.sql), statement.line, statement.column);
    made.__with_effect(
        leak_all(statement.locks, |(relation, mode)| {
            Lock::__new(leak(relation), lock_mode(mode))
        }),
        leak_all(statement.rewrites, leak),
        leak_all(statement.scans, leak),
        statement.opaque,
    )
}

const fn lock_mode(mode: owned_lock::LockMode) -> LockMode {
    match mode {
        owned_lock::LockMode::AccessShare => LockMode::AccessShare,
        owned_lock::LockMode::RowShare => LockMode::RowShare,
        owned_lock::LockMode::RowExclusive => LockMode::RowExclusive,
        owned_lock::LockMode::ShareUpdateExclusive => LockMode::ShareUpdateExclusive,
        owned_lock::LockMode::Share => LockMode::Share,
        owned_lock::LockMode::ShareRowExclusive => LockMode::ShareRowExclusive,
        owned_lock::LockMode::Exclusive => LockMode::Exclusive,
        owned_lock::LockMode::AccessExclusive => LockMode::AccessExclusive,
    }
}
