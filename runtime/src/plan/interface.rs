//! What a module shows to others and what it needs of them, as the build worked them out.

use crate::plan::version::Version;

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
    /// The migration that creates it; `None` if that is not known.
    pub since: Option<Version>,
    /// Its columns; `None` if it has none, or if they are not known.
    pub columns: Option<&'static [TypedColumn]>,
}

/// A column with its type.
///
/// ```
/// fn print(column: &onward::plan::TypedColumn) {
///     println!("{} {}", column.name, column.data_type);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypedColumn {
    /// The name.
    pub name: &'static str,
    /// The type, with its schema unless it is PostgreSQL's; empty if it is not known.
    pub data_type: &'static str,
    /// The migration that creates it; `None` if that is not known.
    pub since: Option<Version>,
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
    /// The other module's migration from which on it is needed.
    pub since: Option<Version>,
    /// Whether a startup migration or a seed uses it, so that it has to be there before any release migration runs.
    pub at_start: bool,
    /// The file that declares it.
    pub path: &'static str,
}

impl Offer {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        name: &'static str,
        since: Option<Version>,
        columns: Option<&'static [TypedColumn]>,
    ) -> Self {
        Self {
            name,
            since,
            columns,
        }
    }
}

impl TypedColumn {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        name: &'static str,
        data_type: &'static str,
        since: Option<Version>,
    ) -> Self {
        Self {
            name,
            data_type,
            since,
        }
    }
}

impl Need {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        [schema, name, path]: [&'static str; 3],
        columns: &'static [TypedColumn],
        since: Option<Version>,
        at_start: bool,
    ) -> Self {
        Self {
            schema,
            name,
            columns,
            since,
            at_start,
            path,
        }
    }
}
