//! The constants that `schema!` writes.

use std::fmt;

/// A table or a view.
///
/// ```
/// use onward::types::{Column, Table};
///
/// const ID: Column = Column::__new(["users", "id", "id", "bigint"], false, None, true);
/// const TABLE: Table = Table::__new("auth", "users", "auth.users", &[ID]);
/// assert_eq!(format!("SELECT {ID} FROM {TABLE}"), "SELECT id FROM auth.users");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    schema: &'static str,
    name: &'static str,
    quoted: &'static str,
    columns: &'static [Column],
}

impl Table {
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        schema: &'static str,
        name: &'static str,
        quoted: &'static str,
        columns: &'static [Column],
    ) -> Self {
        Self {
            schema,
            name,
            quoted,
            columns,
        }
    }

    /// The schema that it is in.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert_eq!(users::TABLE.schema(), "auth");
    /// ```
    #[must_use]
    pub const fn schema(&self) -> &'static str {
        self.schema
    }

    /// The name without its schema.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert_eq!(users::TABLE.name(), "users");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The name with its schema, quoted where SQL needs it; the same as its `Display`.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert_eq!(users::TABLE.quoted(), "auth.users");
    /// ```
    #[must_use]
    pub const fn quoted(&self) -> &'static str {
        self.quoted
    }

    /// Its columns, in order.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert_eq!(users::TABLE.columns()[1].name(), "id");
    /// ```
    #[must_use]
    pub const fn columns(&self) -> &'static [Column] {
        self.columns
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.quoted)
    }
}

/// A column of a table or a view.
///
/// ```
/// use onward::types::Column;
///
/// const OF: Column = Column::__new(["users", "of", "\"of\"", "text"], true, Some("'all'"), false);
/// assert_eq!((OF.name(), OF.to_string().as_str()), ("of", "\"of\""));
/// assert!(OF.is_nullable() && !OF.is_in_primary_key());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// The table, the name, the same quoted, and the type.
    texts: [&'static str; 4],
    nullable: bool,
    default: Option<&'static str>,
    in_key: bool,
}

impl Column {
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        texts: [&'static str; 4],
        nullable: bool,
        default: Option<&'static str>,
        in_key: bool,
    ) -> Self {
        Self {
            texts,
            nullable,
            default,
            in_key,
        }
    }

    /// The name of its table, without the schema.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert_eq!(users::EMAIL.table(), "users");
    /// ```
    #[must_use]
    pub const fn table(&self) -> &'static str {
        self.texts[0]
    }

    /// The name.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert_eq!(users::EMAIL.name(), "email");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.texts[1]
    }

    /// The name, quoted where SQL needs it; the same as its `Display`.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert_eq!(users::EMAIL.quoted(), "email");
    /// ```
    #[must_use]
    pub const fn quoted(&self) -> &'static str {
        self.texts[2]
    }

    /// The type, as the files write it; empty for a column of a view of which it is not known.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert_eq!(users::EMAIL.data_type(), "text");
    /// ```
    #[must_use]
    pub const fn data_type(&self) -> &'static str {
        self.texts[3]
    }

    /// Whether it can be null. What a view returns counts as nullable.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert!(!users::EMAIL.is_nullable());
    /// ```
    #[must_use]
    pub const fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// What a row gets that leaves the column out, as SQL.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert_eq!(users::EMAIL.default(), None);
    /// ```
    #[must_use]
    pub const fn default(&self) -> Option<&'static str> {
        self.default
    }

    /// Whether it is part of the primary key.
    ///
    /// ```
    /// onward::schema!(AUTH = "migrations/auth");
    ///
    /// assert!(!users::EMAIL.is_in_primary_key());
    /// ```
    #[must_use]
    pub const fn is_in_primary_key(&self) -> bool {
        self.in_key
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.quoted())
    }
}
