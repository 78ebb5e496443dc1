//! Statements of a plan.

use std::fmt;

use crate::plan::lock::Lock;

/// One SQL statement, without its semicolon, and where it stands in its file.
///
/// ```
/// fn place(file: &str, statement: &onward::plan::Statement) -> String {
///     format!("{file}:{}:{}", statement.line, statement.column)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Statement {
    /// The text as written.
    pub sql: &'static str,
    /// The line of its first character, from 1.
    pub line: u32,
    /// The column of its first character, in characters, from 1.
    pub column: u32,
    /// What it locks of the relations that exist before the migration, in the order of their names.
    /// Statements are assumed to find rows; what triggers lock is not known.
    pub locks: &'static [Lock],
    /// The tables and materialized views of which every row is rewritten, as `schema.name`.
    pub rewrites: &'static [&'static str],
    /// The tables of which every row is looked at, as `schema.name`.
    pub scans: &'static [&'static str],
    /// Whether it runs code that the build has not looked into, which may do anything else: a
    /// function, a procedure, or text that a block puts together.
    pub opaque: bool,
}

impl Statement {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(sql: &'static str, line: u32, column: u32) -> Self {
        Self {
            sql,
            line,
            column,
            locks: &[],
            rewrites: &[],
            scans: &[],
            opaque: false,
        }
    }

    /// What `embed_migrations!` writes for a statement that is not all new.
    #[doc(hidden)]
    #[must_use]
    pub const fn __with_effect(
        self,
        locks: &'static [Lock],
        rewrites: &'static [&'static str],
        scans: &'static [&'static str],
        opaque: bool,
    ) -> Self {
        Self {
            locks,
            rewrites,
            scans,
            opaque,
            ..self
        }
    }
}

/// A `CREATE INDEX CONCURRENTLY`, cut open at its two names: the statement reads
/// `head index middle table tail`, and the runner fills in a private index name and the table's
/// qualified one.
///
/// ```
/// fn target(build: &onward::plan::IndexBuild) -> String {
///     format!("{} on {}.{}", build.index, build.schema, build.table)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct IndexBuild {
    /// The statement as written.
    pub statement: Statement,
    /// The folded, unquoted name that the index will have.
    pub index: &'static str,
    /// The schema of the table; the module's own unless the statement names another.
    pub schema: &'static str,
    /// The folded, unquoted name of the table.
    pub table: &'static str,
    /// The text before the index name.
    pub head: &'static str,
    /// The text between the index name and the table name.
    pub middle: &'static str,
    /// The text after the table name.
    pub tail: &'static str,
}

impl IndexBuild {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        statement: Statement,
        [index, schema, table]: [&'static str; 3],
        [head, middle, tail]: [&'static str; 3],
    ) -> Self {
        Self {
            statement,
            index,
            schema,
            table,
            head,
            middle,
            tail,
        }
    }
}

/// The name of a relation with its schema.
///
/// ```
/// let orders = onward::plan::RelationName { schema: "shop", name: "orders" };
/// assert_eq!(orders.to_string(), "shop.orders");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelationName {
    /// The folded, unquoted name of the schema; the module's own unless the statement names another.
    pub schema: &'static str,
    /// The folded, unquoted name of the relation.
    pub name: &'static str,
}

impl fmt::Display for RelationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}
