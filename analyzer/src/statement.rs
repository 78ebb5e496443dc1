//! Our own words for what a statement does; no type of the parser's leaves [`lower`](crate::lower).

use std::fmt;
use std::ops::Range;

/// A name as PostgreSQL resolves it: folded, with its schema.
///
/// ```
/// use onward_analyzer::statement::Name;
///
/// let name = Name { schema: "auth".into(), name: "users".into() };
/// assert_eq!(name.to_string(), "auth.users");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The schema; the module's own when the statement names none.
    pub schema: String,
    /// The name itself.
    pub name: String,
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

/// What kind of thing a name names.
///
/// ```
/// use onward_analyzer::statement::ObjectKind;
///
/// assert_eq!(ObjectKind::MaterializedView.to_string(), "materialized view");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are PostgreSQL's own")]
pub enum ObjectKind {
    Aggregate,
    Attribute,
    Collation,
    Column,
    Constraint,
    Database,
    Domain,
    EnumValue,
    Extension,
    Function,
    Index,
    MaterializedView,
    Operator,
    Policy,
    Procedure,
    Role,
    Rule,
    Schema,
    Sequence,
    Table,
    Trigger,
    Type,
    View,
    /// Everything else: text search objects, event triggers, foreign servers, publications.
    Other,
}

impl ObjectKind {
    /// The name as people write it: databases, extensions, roles and schemas lie in no schema.
    pub(crate) fn show(self, name: &Name) -> String {
        let in_no_schema = matches!(
            self,
            Self::Database | Self::Extension | Self::Role | Self::Schema
        );
        if in_no_schema {
            format!("`{}`", name.name)
        } else {
            name.to_string()
        }
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Aggregate => "aggregate",
            Self::Attribute => "attribute",
            Self::Collation => "collation",
            Self::Column => "column",
            Self::Constraint => "constraint",
            Self::Database => "database",
            Self::Domain => "domain",
            Self::EnumValue => "enum value",
            Self::Extension => "extension",
            Self::Function => "function",
            Self::Index => "index",
            Self::MaterializedView => "materialized view",
            Self::Operator => "operator",
            Self::Policy => "policy",
            Self::Procedure => "procedure",
            Self::Role => "role",
            Self::Rule => "rule",
            Self::Schema => "schema",
            Self::Sequence => "sequence",
            Self::Table => "table",
            Self::Trigger => "trigger",
            Self::Type => "type",
            Self::View => "view",
            Self::Other => "object",
        })
    }
}

/// A column as it is defined.
///
/// ```
/// use onward_analyzer::statement::Column;
///
/// let column = Column { name: "email".into(), data_type: "text".into(), ..Column::default() };
/// assert!(!column.not_null);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The folded name.
    pub name: String,
    /// The bytes of the name in the file.
    pub span: Range<usize>,
    /// The type, in lower case unless it is quoted.
    pub data_type: String,
    /// `NOT NULL` or `PRIMARY KEY`.
    pub not_null: bool,
    /// A value that PostgreSQL fills in by itself: `DEFAULT` other than null, identity, `serial`, generated.
    pub filled: bool,
    /// Constraints that stand in the column's definition.
    pub constraints: Vec<Constraint>,
}

/// A constraint of a table or of a column.
///
/// ```
/// use onward_analyzer::statement::{Constraint, ConstraintKind};
///
/// let constraint = Constraint { name: None, kind: ConstraintKind::Exclude };
/// assert!(constraint.name.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The folded name, when the statement gives one.
    pub name: Option<String>,
    /// What it demands.
    pub kind: ConstraintKind,
}

/// What a constraint demands, and what decides how long its creation blocks.
///
/// ```
/// use onward_analyzer::statement::ConstraintKind;
///
/// assert_eq!(ConstraintKind::Unique { using_index: None }.word(), "UNIQUE");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// `CHECK`.
    Check {
        /// The expression as the parser prints it.
        expression: String,
        /// The columns that cannot be null while the constraint holds.
        not_null: Vec<String>,
        /// `NOT VALID`: existing rows are not looked at.
        not_valid: bool,
    },
    /// `FOREIGN KEY`.
    ForeignKey {
        /// The referencing columns.
        columns: Vec<String>,
        /// The referenced table.
        parent: Name,
        /// The referenced columns; empty for the primary key.
        parent_columns: Vec<String>,
        /// `NOT VALID`.
        not_valid: bool,
    },
    /// `PRIMARY KEY`.
    PrimaryKey {
        /// `USING INDEX`.
        using_index: Option<String>,
    },
    /// `UNIQUE`.
    Unique {
        /// `USING INDEX`.
        using_index: Option<String>,
    },
    /// `EXCLUDE`.
    Exclude,
}

impl ConstraintKind {
    /// The keyword.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Check { .. } => "CHECK",
            Self::ForeignKey { .. } => "FOREIGN KEY",
            Self::PrimaryKey { .. } => "PRIMARY KEY",
            Self::Unique { .. } => "UNIQUE",
            Self::Exclude => "EXCLUDE",
        }
    }
}

/// One thing that a statement does. `ALTER TABLE` with three actions is three changes.
///
/// ```
/// use onward_analyzer::statement::{Change, Name};
///
/// let users = Name { schema: "auth".into(), name: "users".into() };
/// assert!(Change::Update { table: users }.is_dml());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// `CREATE TABLE`.
    CreateTable {
        /// The new table.
        table: Name,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// `TEMPORARY`.
        temporary: bool,
        /// The columns that the statement spells out.
        columns: Vec<Column>,
        /// The table's own constraints.
        constraints: Vec<Constraint>,
    },
    /// `CREATE INDEX`.
    CreateIndex(CreateIndex),
    /// Any other `CREATE`.
    Create {
        /// What is created.
        kind: ObjectKind,
        /// Its name.
        name: Name,
        /// `IF NOT EXISTS` or `OR REPLACE`.
        guarded: bool,
    },
    /// `ALTER TABLE ... ADD COLUMN`.
    AddColumn {
        /// The table.
        table: Name,
        /// The new column.
        column: Column,
    },
    /// `ALTER TABLE ... DROP COLUMN`.
    DropColumn {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
    /// `ALTER TABLE ... ALTER COLUMN ... TYPE`.
    ColumnType {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// The new type, in lower case unless it is quoted.
        data_type: String,
    },
    /// `ALTER TABLE ... ALTER COLUMN ... SET NOT NULL`.
    SetNotNull {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
    /// `ALTER TABLE ... ALTER COLUMN ... DROP NOT NULL`.
    DropNotNull {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
    /// `ALTER TABLE ... ADD CONSTRAINT`.
    AddConstraint {
        /// The table.
        table: Name,
        /// The constraint.
        constraint: Constraint,
    },
    /// `ALTER TABLE ... VALIDATE CONSTRAINT`.
    ValidateConstraint {
        /// The table.
        table: Name,
        /// The constraint.
        constraint: String,
    },
    /// `DROP` of one object; a statement that drops three is three changes.
    Drop {
        /// What is dropped.
        kind: ObjectKind,
        /// Its name; for constraints, triggers, policies and rules the table's.
        name: Name,
        /// The constraint, trigger, policy or rule.
        part: Option<String>,
        /// `CONCURRENTLY`.
        concurrently: bool,
    },
    /// `RENAME` of anything.
    Rename {
        /// What is renamed.
        kind: ObjectKind,
        /// The object, or the table of a column or constraint.
        name: Name,
        /// The old name of a column, constraint, enum value or attribute.
        part: Option<String>,
        /// The new name.
        to: String,
    },
    /// `TRUNCATE` of one table.
    Truncate {
        /// The table.
        table: Name,
    },
    /// `INSERT`.
    Insert {
        /// The table.
        table: Name,
        /// Whether running it again changes nothing: `ON CONFLICT`, or `NOT EXISTS` in its query.
        idempotent: bool,
    },
    /// `UPDATE`.
    Update {
        /// The table.
        table: Name,
    },
    /// `DELETE`.
    Delete {
        /// The table.
        table: Name,
    },
    /// `MERGE`.
    Merge {
        /// The table.
        table: Name,
    },
    /// `SELECT`, `VALUES`, `TABLE`.
    Query,
    /// `BEGIN`, `COMMIT`, `SAVEPOINT` and their like.
    TransactionControl {
        /// The keyword.
        keyword: String,
    },
    /// A psql command such as `\set`.
    Psql {
        /// The command with its backslash.
        command: String,
    },
    /// `COPY ... FROM STDIN`.
    CopyFromStdin,
    /// Code that runs at once and is not looked into: `DO`, `CALL`, `EXECUTE`.
    Opaque {
        /// The keyword.
        keyword: String,
    },
    /// A statement that is understood by kind but has no vocabulary of its own.
    Other {
        /// The statement's keywords.
        keywords: String,
        /// Whether PostgreSQL refuses it inside a transaction block.
        outside_transaction: bool,
        /// Whether it changes the schema.
        ddl: bool,
    },
    /// A statement that nothing understands.
    Unknown {
        /// What the parser expected.
        problem: String,
    },
}

/// `CREATE INDEX`, with the places of its two names in the statement.
///
/// ```
/// use onward_analyzer::statement::{Change, CreateIndex};
///
/// fn builds_quietly(change: &Change) -> bool {
///     matches!(change, Change::CreateIndex(CreateIndex { concurrently: true, .. }))
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateIndex {
    /// The index and the bytes of its name in the file; without one PostgreSQL makes it up.
    pub index: Option<(String, Range<usize>)>,
    /// The table.
    pub table: Name,
    /// The bytes of the table's name in the file.
    pub table_span: Range<usize>,
    /// `UNIQUE`.
    pub unique: bool,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
}

impl Change {
    /// Whether this changes rows.
    #[must_use]
    pub const fn is_dml(&self) -> bool {
        matches!(
            self,
            Self::Insert { .. }
                | Self::Update { .. }
                | Self::Delete { .. }
                | Self::Merge { .. }
                | Self::CopyFromStdin
        )
    }

    /// Whether this changes the schema. `TRUNCATE` changes rows, and has a rule of its own.
    #[must_use]
    pub const fn is_ddl(&self) -> bool {
        match self {
            Self::CreateTable { .. }
            | Self::CreateIndex(_)
            | Self::Create { .. }
            | Self::AddColumn { .. }
            | Self::DropColumn { .. }
            | Self::ColumnType { .. }
            | Self::SetNotNull { .. }
            | Self::DropNotNull { .. }
            | Self::AddConstraint { .. }
            | Self::ValidateConstraint { .. }
            | Self::Drop { .. }
            | Self::Rename { .. } => true,
            Self::Other { ddl, .. } => *ddl,
            Self::Truncate { .. }
            | Self::Insert { .. }
            | Self::Update { .. }
            | Self::Delete { .. }
            | Self::Merge { .. }
            | Self::Query
            | Self::TransactionControl { .. }
            | Self::Psql { .. }
            | Self::CopyFromStdin
            | Self::Opaque { .. }
            | Self::Unknown { .. } => false,
        }
    }
}

/// A change and the bytes of the file that say it.
///
/// ```
/// use onward_analyzer::statement::{Change, Clause};
///
/// let clause = Clause { span: 0..8, change: Change::Query };
/// assert!(!clause.change.is_ddl());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The nearest words: the action's own name, or the statement's first words.
    pub span: Range<usize>,
    /// What it does.
    pub change: Change,
}

/// One statement, understood.
///
/// ```
/// use onward_analyzer::{lower, split};
///
/// let text = "ALTER TABLE users ADD COLUMN a int, DROP COLUMN b";
/// let raw = &split::split(text).statements[0];
/// let statement = lower::lower(text, raw, "auth");
/// assert_eq!(statement.clauses.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The bytes of the file, from the first token to the last, without the semicolon.
    pub span: Range<usize>,
    /// What it does, in order; never empty.
    pub clauses: Vec<Clause>,
}
