//! From a folder to the runtime's plan, at run time. `onward-macros` does the same when a service is compiled.

use std::path::{Path, PathBuf};

use onward_analyzer::effect as owned_lock;
use onward_analyzer::file_name;
use onward_analyzer::normalize::Normal;
use onward_analyzer::plan::{self as owned, Step as OwnedStep};
use onward_analyzer::precondition::Precondition;
use onward_analyzer::report;
use onward_analyzer::source::Module as SourceModule;
use onward_analyzer::statement::Name;

use onward::plan::{
    Agreement, IndexBuild, Job, Key, Lock, LockMode, Migration, Need, Offer, Ranges, RelationName,
    Statement, Step, TypedColumn,
};
use onward::{Category, Plan, Version, kind};

use crate::module::Module;
use crate::named::{FolderError, Named};

/// Reads and checks a folder as `embed_migrations!` does, and returns the same plan.
///
/// A plan has `'static` parts, so the memory is never freed: call this once for each folder.
///
/// # Errors
///
/// [`FolderError`]: the folder does not exist, or has errors.
///
/// ```no_run
/// let plan = onward_cli::plan(std::path::Path::new("migrations/auth"))?;
/// println!("{plan}");
/// # Ok::<(), onward_cli::FolderError>(())
/// ```
pub fn plan(folder: &Path) -> Result<Plan, FolderError> {
    let named = Named::of(folder)?;
    if let Some(file) = named.paths().pop() {
        let folder = named.folder;
        return Err(FolderError::OneFile { file, folder });
    }
    let analysis = named.analyzed();
    match analysis.plan {
        Some(plan) => Ok(leak_plan(plan)),
        None => Err(FolderError::Findings {
            folder: folder.to_owned(),
            reports: report::by_file(&analysis.findings, &analysis.module.texts),
        }),
    }
}

/// The same for a module that may be a plan already.
pub(crate) fn plan_of(module: &Module) -> Result<Plan, FolderError> {
    match module {
        Module::Folder(folder) => plan(folder),
        Module::Plan(plan) => Ok(**plan),
    }
}

/// A plan to look at, which may have errors: it must not be applied.
pub(crate) struct Seen {
    pub(crate) plan: Plan,
    /// The files, in the order in which they run; a plan of the program has none.
    pub(crate) read: Option<SourceModule>,
    /// What its files ask before they drop replaced columns; a plan of the program has it itself.
    pub(crate) agreements: Vec<Precondition>,
    /// Where it was read; a plan of the program was read when that was compiled.
    named: Option<Named>,
    errors: usize,
}

impl Seen {
    /// Reads the modules that a command line names. Errors of theirs stop nothing, unless a file could not be read.
    pub(crate) fn all<M: Clone + Into<Module>>(modules: &[M]) -> Result<Vec<Self>, FolderError> {
        let (mut folders, mut seen) = (Vec::new(), Vec::new());
        for module in modules {
            match module.clone().into() {
                Module::Folder(folder) => folders.push(folder),
                Module::Plan(plan) => seen.push(Self::compiled(*plan)),
            }
        }
        for named in Named::all(&folders)? {
            seen.push(Self::read(named)?);
        }
        Ok(seen)
    }

    /// The same for one module.
    pub(crate) fn of<M: Clone + Into<Module>>(module: &M) -> Result<Self, FolderError> {
        match module.clone().into() {
            Module::Folder(folder) => Self::read(Named::of(&folder)?),
            Module::Plan(plan) => Ok(Self::compiled(*plan)),
        }
    }

    /// The compiler has refused every error.
    const fn compiled(plan: Plan) -> Self {
        Self {
            plan,
            read: None,
            agreements: Vec::new(),
            named: None,
            errors: 0,
        }
    }

    fn read(named: Named) -> Result<Self, FolderError> {
        let mut analysis = named.analyzed();
        let read = analysis.plan.take().or(analysis.refused_plan.take());
        let Some(read) = read else {
            return Err(FolderError::Unreadable {
                folder: PathBuf::from(named.folder),
                reports: report::by_file(&analysis.findings, &analysis.module.texts),
            });
        };
        let errors = analysis.findings.iter();
        Ok(Self {
            plan: leak_plan(read),
            errors: errors.filter(|finding| finding.severity.is_error()).count(),
            read: Some(analysis.module),
            agreements: analysis.agreements,
            named: Some(named),
        })
    }

    /// The names of the files, if single files were named; empty for the whole folder.
    pub(crate) fn files(&self) -> &[String] {
        self.named.as_ref().map_or(&[], |named| &named.files)
    }

    /// Where the folder is.
    pub(crate) fn found(&self) -> &Path {
        let compiled = Path::new(self.plan.folder());
        self.named.as_ref().map_or(compiled, Named::found)
    }

    /// The normalised text of a file, as its checksum counts it.
    pub(crate) fn text_of(&self, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(self.found().join(name)).ok()?;
        Some(Normal::of(&text).text)
    }

    /// What a reader has to know about the answer: that the folder has errors, and that a file stands for its folder.
    pub(crate) fn notes(&self) -> Vec<String> {
        let Some(named) = &self.named else {
            return Vec::new();
        };
        let folder = &named.folder;
        let errors = (self.errors > 0).then(|| {
            format!(
                "note: errors in {folder}: {}. `onward check {folder}` prints them; until they are corrected, nothing of \
                 it can be applied",
                self.errors
            )
        });
        let files = (!named.files.is_empty()).then(|| {
            let files = named.paths().join(", ");
            format!("note: this is about the module {folder}, to which {files} belongs")
        });
        errors.into_iter().chain(files).collect()
    }
}

/// The part of a plan that creates the schema as these migrations leave it. Data migrations are no part of it, and nothing
/// waits for one: they change rows only.
pub(crate) fn part(plan: &Plan, is_in: impl Fn(Version) -> bool) -> Plan {
    fn of<K: kind::Kind>(
        all: &'static [Migration<K>],
        is_in: impl Fn(Version) -> bool,
    ) -> &'static [Migration<K>] {
        let kept = all.iter().filter(|one| is_in(one.version()));
        let free = kept.map(|one| {
            let (number, checksum) = (one.version().number(), one.checksum().0);
            Migration::__new(number, one.name(), checksum, &[], *one.step(), *one.kind())
        });
        free.collect::<Vec<_>>().leak()
    }
    Plan::__new(
        plan.schema(),
        plan.folder(),
        plan.build(),
        plan.digest().0,
        plan.lock(),
        of(plan.startup(), &is_in),
        of(plan.seed(), &is_in),
        of(plan.release(), &is_in),
        &[],
    )
}

fn leak(text: String) -> &'static str {
    text.leak()
}

fn leak_all<T, U>(all: Vec<T>, one: impl Fn(T) -> U) -> &'static [U] {
    all.into_iter().map(one).collect::<Vec<_>>().leak()
}

fn leak_plan(plan: owned::Plan) -> Plan {
    let baseline = plan.baseline;
    let agreements = leak_all(plan.agreements, agreement);
    let plan = Plan::__new(
        leak(plan.schema),
        leak(plan.folder),
        concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
        plan.digest,
        plan.lock,
        leak_all(plan.startup, |m| migration(m, kind::Startup)),
        leak_all(plan.seed, |m| migration(m, kind::Seed)),
        leak_all(plan.release, |m| migration(m, kind::Release)),
        leak_all(plan.data, |mut m| {
            let kind = data_kind(m.data.take());
            migration(m, kind)
        }),
    )
    .__with_interface(
        leak_all(plan.interface.offers, offer),
        plan.interface.open,
        leak_all(plan.interface.needs, need),
    );
    let plan = plan.__with_agreements(agreements);
    match baseline {
        Some((through, digest)) => plan.__with_baseline(through, digest),
        None => plan,
    }
}

fn agreement(agreement: owned::Agreement) -> Agreement {
    Agreement::__new(
        leak(agreement.file),
        relation_name(agreement.table),
        leak(agreement.demand),
        leak(agreement.rows),
    )
}

fn offer(offer: owned::Offer) -> Offer {
    Offer::__new(
        leak(offer.name),
        code(offer.since),
        offer.columns.map(|columns| leak_all(columns, typed_column)),
    )
}

fn need(need: owned::Need) -> Need {
    Need::__new(
        [need.schema, need.name, need.path].map(leak),
        leak_all(need.columns, typed_column),
        code(need.since),
        need.at_start,
    )
}

fn typed_column(column: owned::TypedColumn) -> TypedColumn {
    TypedColumn(
        leak(column.name),
        leak(column.data_type),
        code(column.since),
    )
}

fn code(version: Option<file_name::Version>) -> u16 {
    version.map_or(0, file_name::Version::code)
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

/// Only the files of data migrations have a job; the others never come here.
fn data_kind(data: Option<owned::Data>) -> kind::Data {
    let Some(data) = data else {
        return kind::Data::__new(Job::Whole, None, 0, false, &[]);
    };
    kind::Data::__new(
        job(data.job),
        data.unfinished.map(leak),
        data.skip,
        data.approve,
        leak_all(data.healthy, leak),
    )
}

fn job(job: owned::Job) -> Job {
    match job {
        owned::Job::Whole => Job::Whole,
        owned::Job::Repeated => Job::Repeated,
        owned::Job::Code => Job::Code,
        owned::Job::Background => Job::Background,
        owned::Job::Ranges(ranges) => Job::Ranges(self::ranges(ranges)),
    }
}

fn ranges(ranges: owned::Ranges) -> Ranges {
    let cut = Ranges::__new(
        ranges.rows,
        relation_name(ranges.table),
        leak(ranges.alias),
        leak_all(ranges.keys, |key| Key {
            column: leak(key.column),
            data_type: leak(key.data_type),
        }),
        [ranges.head, ranges.tail].map(leak),
    );
    match ranges.tenants {
        Some(tenants) => cut.__of_tenants(leak(tenants.query), leak(tenants.setting)),
        None => cut,
    }
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
    let built = Statement::__new(leak(statement.sql), statement.line, statement.column);
    built.__with_effect(
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
