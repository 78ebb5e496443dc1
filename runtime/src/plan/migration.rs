//! Migrations of a plan.

use crate::plan::Step;
use crate::plan::checksum::Checksum;
use crate::plan::kind::Kind;
use crate::plan::version::Version;

/// One file of a plan, typed by its category: a `Migration<kind::Release>` cannot be handed to what
/// runs a `Migration<kind::Startup>`.
///
/// ```
/// use onward::kind::Startup;
/// use onward::plan::Migration;
///
/// fn describe(migration: &Migration<Startup>) -> String {
///     format!("{} {}", migration.name(), migration.checksum())
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Migration<K> {
    pub(super) version: Version,
    pub(super) name: &'static str,
    checksum: Checksum,
    requires: &'static [Version],
    pub(super) step: Step,
    kind: K,
}

impl<K: Kind> Migration<K> {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        number: u16,
        name: &'static str,
        checksum: [u8; 32],
        requires: &'static [Version],
        step: Step,
        kind: K,
    ) -> Self {
        Self {
            version: Version::__new(K::CATEGORY, number),
            name,
            checksum: Checksum(checksum),
            requires,
            step,
            kind,
        }
    }
}

impl<K> Migration<K> {
    /// `001`, `S001`, `100` or `DM001`.
    ///
    /// ```
    /// fn number<K>(migration: &onward::plan::Migration<K>) -> u16 {
    ///     migration.version().number()
    /// }
    /// ```
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The file's name, `001_create_users.sql`; the ledger's view calls it `migration_name`.
    ///
    /// ```
    /// fn print<K>(migration: &onward::plan::Migration<K>) {
    ///     println!("{}", migration.name());
    /// }
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// SHA-256 over the file's normalised text.
    ///
    /// ```
    /// fn print<K>(migration: &onward::plan::Migration<K>) {
    ///     println!("{}", migration.checksum());
    /// }
    /// ```
    #[must_use]
    pub const fn checksum(&self) -> Checksum {
        self.checksum
    }

    /// The data migrations that have to be finished before this one may run
    /// (`-- onward: requires DM003`).
    ///
    /// ```
    /// fn is_free<K>(migration: &onward::plan::Migration<K>) -> bool {
    ///     migration.requires().is_empty()
    /// }
    /// ```
    #[must_use]
    pub const fn requires(&self) -> &'static [Version] {
        self.requires
    }

    /// What is sent to the server.
    ///
    /// ```
    /// fn statements<K>(migration: &onward::plan::Migration<K>) -> usize {
    ///     migration.step().statements().len()
    /// }
    /// ```
    #[must_use]
    pub const fn step(&self) -> &Step {
        &self.step
    }

    /// What only this category's migrations have.
    ///
    /// ```
    /// fn waits(migration: &onward::plan::Migration<onward::kind::Data>) -> bool {
    ///     migration.kind().approve
    /// }
    /// ```
    #[must_use]
    pub const fn kind(&self) -> &K {
        &self.kind
    }
}
