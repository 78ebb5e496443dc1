//! What a module shows to others and what it needs of them, as the build worked them out.
//!
//! A module has thousands of columns, so each is written with few tokens: its version is one number, in the order in which
//! files run. ADR 20 has what that saves.

use crate::plan::version::{Category, Version};

/// A version as one number; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code(pub(crate) u16);

impl Code {
    pub(crate) const fn version(self) -> Option<Version> {
        let category = match self.0 / 1000 {
            0 if self.0 == 0 => return None,
            0 => Category::Startup,
            1 => Category::Seed,
            2 => Category::Release,
            _ => Category::Data,
        };
        Some(Version::__new(category, self.0 % 1000))
    }

    /// Whether a start applies it.
    pub(crate) const fn runs_at_start(self) -> bool {
        self.0 < 2000
    }
}

/// An object of the module's schema that other modules can use.
///
/// ```
/// fn names(plan: &onward::Plan) -> Vec<&'static str> {
///     plan.offers().iter().map(|offer| offer.name).collect()
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Offer {
    /// Its name, without the schema.
    pub name: &'static str,
    /// Its columns; `None` if it has none, or if they are not known.
    pub columns: Option<&'static [TypedColumn]>,
    pub(crate) since: Code,
}

/// A column with its type.
///
/// ```
/// fn print(column: &onward::plan::TypedColumn) {
///     println!("{} {}", column.name(), column.data_type());
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypedColumn(
    #[doc(hidden)] pub &'static str,
    #[doc(hidden)] pub &'static str,
    #[doc(hidden)] pub u16,
);

impl TypedColumn {
    /// The name.
    ///
    /// ```
    /// fn is_key(column: &onward::plan::TypedColumn) -> bool {
    ///     column.name() == "id"
    /// }
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.0
    }

    /// The type, with its schema unless it is PostgreSQL's; empty if it is not known.
    ///
    /// ```
    /// fn is_text(column: &onward::plan::TypedColumn) -> bool {
    ///     column.data_type() == "text"
    /// }
    /// ```
    #[must_use]
    pub const fn data_type(&self) -> &'static str {
        self.1
    }

    /// The migration that creates it; `None` if that is not known.
    ///
    /// ```
    /// fn is_first(column: &onward::plan::TypedColumn) -> bool {
    ///     column.since().is_some_and(|since| since.number() == 1)
    /// }
    /// ```
    #[must_use]
    pub const fn since(&self) -> Option<Version> {
        self.code().version()
    }

    pub(crate) const fn code(&self) -> Code {
        Code(self.2)
    }
}

/// An object of another module's schema that this module declares to use, in `onward.toml` or in a file.
///
/// ```
/// fn print(plan: &onward::Plan) {
///     for need in plan.needs() {
///         println!("{} needs {}.{}", plan.schema(), need.schema, need.name);
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Need {
    /// The schema of the other module.
    pub schema: &'static str,
    /// The object.
    pub name: &'static str,
    /// The columns that it has to have.
    pub columns: &'static [TypedColumn],
    /// Whether a startup migration or a seed uses it, so that it has to be there before any release migration runs.
    pub at_start: bool,
    /// The file that declares it.
    pub path: &'static str,
    pub(crate) since: Code,
}

impl Offer {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        name: &'static str,
        since: u16,
        columns: Option<&'static [TypedColumn]>,
    ) -> Self {
        Self {
            name,
            columns,
            since: Code(since),
        }
    }

    /// The migration that creates it; `None` if that is not known.
    ///
    /// ```
    /// fn is_first(offer: &onward::plan::Offer) -> bool {
    ///     offer.since().is_some_and(|since| since.number() == 1)
    /// }
    /// ```
    #[must_use]
    pub const fn since(&self) -> Option<Version> {
        self.since.version()
    }
}

impl Need {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        [schema, name, path]: [&'static str; 3],
        columns: &'static [TypedColumn],
        since: u16,
        at_start: bool,
    ) -> Self {
        Self {
            schema,
            name,
            columns,
            at_start,
            path,
            since: Code(since),
        }
    }

    /// The other module's migration from which on it is needed.
    ///
    /// ```
    /// fn needs_a_version(need: &onward::plan::Need) -> bool {
    ///     need.since().is_some()
    /// }
    /// ```
    #[must_use]
    pub const fn since(&self) -> Option<Version> {
        self.since.version()
    }
}
