//! The plan: a folder of migrations as constants in the binary, written by `embed_migrations!`.

mod agreement;
pub(crate) mod checksum;
mod interface;
mod job;
pub mod kind;
mod lock;
mod migration;
mod statement;
mod step;
pub(crate) mod version;

use std::fmt;

use crate::plan::checksum::Checksum;
use crate::plan::kind::Kind;
use crate::plan::version::{Category, Version};

pub use self::agreement::Agreement;
pub(crate) use self::interface::Code;
pub use self::interface::{Need, Offer, TypedColumn};
pub use self::job::{Job, Key, Ranges, Tenants};
pub use self::lock::{Blocks, Lock, LockMode};
pub use self::migration::Migration;
pub use self::statement::{IndexBuild, RelationName, Statement};
pub use self::step::Step;

/// A module's migrations, read and checked at build time.
///
/// Only [`embed_migrations!`](crate::embed_migrations) writes one, so every plan in a program stands for
/// a folder without errors. It is `Copy` data without a destructor and fits a
/// `static` as well as a `const`.
///
/// ```
/// fn print(plan: &onward::Plan) {
///     println!("{}, from {}", plan.schema(), plan.folder());
///     println!("{plan}");
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    schema: &'static str,
    folder: &'static str,
    build: &'static str,
    digest: Checksum,
    lock: (i32, i32),
    startup: &'static [Migration<kind::Startup>],
    seed: &'static [Migration<kind::Seed>],
    release: &'static [Migration<kind::Release>],
    data: &'static [Migration<kind::Data>],
    offers: &'static [Offer],
    /// Whether the schema may have objects that are not among the offers.
    open: bool,
    needs: &'static [Need],
    baseline: Option<Baseline>,
    agreements: &'static [Agreement],
}

/// What the first startup migration stands for, when it is the result of a squash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Baseline {
    /// The last startup migration that it replaces.
    pub(crate) through: Version,
    /// Over all of them.
    pub(crate) digest: Checksum,
}

impl Plan {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "one call, written by the macro")]
    pub const fn __new(
        schema: &'static str,
        folder: &'static str,
        build: &'static str,
        digest: [u8; 32],
        lock: (i32, i32),
        startup: &'static [Migration<kind::Startup>],
        seed: &'static [Migration<kind::Seed>],
        release: &'static [Migration<kind::Release>],
        data: &'static [Migration<kind::Data>],
    ) -> Self {
        Self {
            schema,
            folder,
            build,
            digest: Checksum(digest),
            lock,
            startup,
            seed,
            release,
            data,
            offers: &[],
            open: true,
            needs: &[],
            baseline: None,
            agreements: &[],
        }
    }

    /// What `embed_migrations!` writes about other modules.
    #[doc(hidden)]
    #[must_use]
    pub const fn __with_interface(
        self,
        offers: &'static [Offer],
        open: bool,
        needs: &'static [Need],
    ) -> Self {
        Self {
            offers,
            open,
            needs,
            ..self
        }
    }

    /// What `embed_migrations!` writes about a squash.
    #[doc(hidden)]
    #[must_use]
    pub const fn __with_baseline(self, through: u16, digest: [u8; 32]) -> Self {
        let baseline = Baseline {
            through: Version::__new(Category::Startup, through),
            digest: Checksum(digest),
        };
        Self {
            baseline: Some(baseline),
            ..self
        }
    }

    /// What `embed_migrations!` writes about replaced columns.
    #[doc(hidden)]
    #[must_use]
    pub const fn __with_agreements(self, agreements: &'static [Agreement]) -> Self {
        Self { agreements, ..self }
    }

    pub(crate) const fn baseline(&self) -> Option<Baseline> {
        self.baseline
    }

    /// The one schema that the module owns, unquoted; it matches `[a-z][a-z0-9_]{0,47}`.
    ///
    /// ```
    /// fn is_auth(plan: &onward::Plan) -> bool {
    ///     plan.schema() == "auth"
    /// }
    /// ```
    #[must_use]
    pub const fn schema(&self) -> &'static str {
        self.schema
    }

    /// The folder as it was named in the macro or on the command line.
    ///
    /// ```
    /// fn cure(plan: &onward::Plan) -> String {
    ///     format!("onward release {} --url <url>", plan.folder())
    /// }
    /// ```
    #[must_use]
    pub const fn folder(&self) -> &'static str {
        self.folder
    }

    /// `name/version` of the package that the plan was compiled into; stored with each entry.
    ///
    /// ```
    /// fn who(plan: &onward::Plan) -> &'static str {
    ///     plan.build()
    /// }
    /// ```
    #[must_use]
    pub const fn build(&self) -> &'static str {
        self.build
    }

    /// SHA-256 over the schema's name and each migration's version and checksum: two plans with the
    /// same digest do the same.
    ///
    /// ```
    /// fn do_the_same(a: &onward::Plan, b: &onward::Plan) -> bool {
    ///     a.digest() == b.digest()
    /// }
    /// ```
    #[must_use]
    pub const fn digest(&self) -> Checksum {
        self.digest
    }

    /// The two keys of the module's advisory lock: the first eight bytes of SHA-256 over
    /// `onward/v1/lock/<schema>`, as two big-endian integers.
    ///
    /// ```
    /// fn key(plan: &onward::Plan) -> String {
    ///     let (high, low) = plan.lock();
    ///     format!("SELECT pg_try_advisory_xact_lock({high}, {low})")
    /// }
    /// ```
    #[must_use]
    pub const fn lock(&self) -> (i32, i32) {
        self.lock
    }

    /// `001` to `099`, ascending.
    ///
    /// ```
    /// fn runs_by_itself(plan: &onward::Plan) -> usize {
    ///     plan.startup().len() + plan.seed().len()
    /// }
    /// ```
    #[must_use]
    pub const fn startup(&self) -> &'static [Migration<kind::Startup>] {
        self.startup
    }

    /// `S001` to `S999`, ascending.
    ///
    /// ```
    /// fn has_reference_data(plan: &onward::Plan) -> bool {
    ///     !plan.seed().is_empty()
    /// }
    /// ```
    #[must_use]
    pub const fn seed(&self) -> &'static [Migration<kind::Seed>] {
        self.seed
    }

    /// `100` to `199`, ascending.
    ///
    /// ```
    /// fn needs_an_operator(plan: &onward::Plan) -> bool {
    ///     !plan.release().is_empty()
    /// }
    /// ```
    #[must_use]
    pub const fn release(&self) -> &'static [Migration<kind::Release>] {
        self.release
    }

    /// What has to hold before a release drops columns that are replaced. [`Release`](crate::Release) asks the server.
    ///
    /// ```
    /// fn print(plan: &onward::Plan) {
    ///     for agreement in plan.agreements() {
    ///         println!("{}: {}", agreement.migration, agreement.demand);
    ///     }
    /// }
    /// ```
    #[must_use]
    pub const fn agreements(&self) -> &'static [Agreement] {
        self.agreements
    }

    /// The objects of the schema after all migrations, which other modules can use. A plan of one module does not know
    /// who does; [`modules!`](crate::modules) compares them.
    ///
    /// ```
    /// fn has(plan: &onward::Plan, object: &str) -> bool {
    ///     plan.offers().iter().any(|offer| offer.name == object)
    /// }
    /// ```
    #[must_use]
    pub const fn offers(&self) -> &'static [Offer] {
        self.offers
    }

    /// Whether the schema may have objects beside the [`offers`](Self::offers): those of an extension, or of code that
    /// the build does not look into.
    ///
    /// ```
    /// fn lacks(plan: &onward::Plan, object: &str) -> bool {
    ///     !plan.may_offer_others() && plan.offers().iter().all(|offer| offer.name != object)
    /// }
    /// ```
    #[must_use]
    pub const fn may_offer_others(&self) -> bool {
        self.open
    }

    /// The objects of other modules that this one declares to use: `-- onward: external`, and `reads` in `onward.toml`.
    ///
    /// ```
    /// fn stands_alone(plan: &onward::Plan) -> bool {
    ///     plan.needs().is_empty()
    /// }
    /// ```
    #[must_use]
    pub const fn needs(&self) -> &'static [Need] {
        self.needs
    }

    /// The statements of a migration, with what each of them locks, rewrites and scans; none for a
    /// version that the plan does not have.
    ///
    /// A run reports what is pending before it applies anything; this returns what that will lock:
    ///
    /// ```
    /// use onward::{Event, Startup};
    ///
    /// fn example(plan: &'static onward::Plan) -> Startup {
    ///     Startup::new(plan).listener(move |event| {
    ///         let Event::Behind { pending } = event else { return };
    ///         for migration in pending {
    ///             for statement in plan.statements(migration.version).unwrap_or_default() {
    ///                 for lock in statement.locks {
    ///                     println!("{migration}: {} on {}", lock.mode, lock.relation);
    ///                 }
    ///             }
    ///         }
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn statements(&self, version: Version) -> Option<&'static [Statement]> {
        fn of<K>(all: &'static [Migration<K>], version: Version) -> Option<&'static [Statement]> {
            let found = all.iter().find(|migration| migration.version == version);
            found.map(|migration| migration.step.statements())
        }
        match version.category() {
            Category::Startup => of(self.startup, version),
            Category::Seed => of(self.seed, version),
            Category::Release => of(self.release, version),
            Category::Data => of(self.data, version),
        }
    }

    /// `DM001` to `DM999`, ascending.
    ///
    /// ```
    /// fn names(plan: &onward::Plan) -> Vec<&'static str> {
    ///     plan.data().iter().map(|migration| migration.name()).collect()
    /// }
    /// ```
    #[must_use]
    pub const fn data(&self) -> &'static [Migration<kind::Data>] {
        self.data
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "schema {}, digest {}", self.schema, self.digest)?;
        write_category(f, self.startup)?;
        write_category(f, self.seed)?;
        write_category(f, self.release)?;
        write_category(f, self.data)
    }
}

fn write_category<K: Kind>(f: &mut fmt::Formatter<'_>, all: &[Migration<K>]) -> fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(f, "{}", Title(K::CATEGORY))?;
    all.iter().try_for_each(|migration| {
        let statements = migration.step.statements().len();
        let plural = if statements == 1 { "" } else { "s" };
        let mode = match migration.step {
            Step::Transaction(_) => "one transaction",
            Step::BuildIndex(_) => "index built concurrently",
            Step::DropIndex { .. } => "index dropped concurrently",
            Step::DetachPartition { .. } => "partition detached concurrently",
            Step::NonTransactional { .. } => "outside a transaction",
            Step::Sequence { .. } => "one after the other",
        };
        writeln!(
            f,
            "  {}  {statements} statement{plural}, {mode}",
            migration.name
        )
    })
}

struct Title(Category);

impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Category::Startup => "startup, automatic",
            Category::Seed => "seed, after startup",
            Category::Release => "release, by an operator",
            Category::Data => "data, in the background",
        })
    }
}
