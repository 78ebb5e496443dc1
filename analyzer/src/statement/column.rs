//! Columns and constraints.

use std::ops::Range;

use super::spelled::spelled;
use super::{DataType, Expression, IndexKey, Name, Parameter};

/// A column definition.
///
/// ```
/// use onward_analyzer::statement::{Column, ColumnValue};
///
/// let column = Column { name: "email".into(), ..Column::default() };
/// assert!(!column.not_null && column.value == ColumnValue::None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The folded name.
    pub name: String,
    /// The byte range of the name in the file.
    pub span: Range<usize>,
    /// The type; for `serial`, the integer type that it stands for.
    pub data_type: DataType,
    /// `COLLATE`.
    pub collation: Option<Name>,
    /// Whether it is `NOT NULL`, by itself or by `PRIMARY KEY`, identity or `serial`.
    pub not_null: bool,
    /// The value when an `INSERT` does not give one.
    pub value: ColumnValue,
    /// `STORAGE`.
    pub storage: Option<String>,
    /// `COMPRESSION`.
    pub compression: Option<String>,
    /// `OPTIONS` of a foreign table's column.
    pub options: Vec<Parameter>,
    /// The constraints in the column's definition.
    pub constraints: Vec<Constraint>,
    /// What the definition says about the value, in order: PostgreSQL refuses what contradicts itself.
    pub declared: Vec<Declared>,
    /// A word such as `DEFERRABLE` that stands behind something other than a key.
    pub misplaced: Option<ConstraintAttribute>,
}

impl Column {
    /// Whether PostgreSQL gives it a value other than null.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split, statement::Change};
    ///
    /// let text = "CREATE TABLE a (id serial, note text)";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// let Change::CreateTable(create) = &statement.clauses[0].change else { unreachable!() };
    /// assert_eq!(create.columns.iter().map(|one| one.is_filled()).collect::<Vec<_>>(), [true, false]);
    /// ```
    #[must_use]
    pub fn is_filled(&self) -> bool {
        match &self.value {
            ColumnValue::None => false,
            ColumnValue::Default(value) => !value.is_null,
            ColumnValue::Serial | ColumnValue::Identity(_) | ColumnValue::Generated { .. } => true,
        }
    }
}

/// The value of a column when an `INSERT` does not give one.
///
/// ```
/// use onward_analyzer::statement::ColumnValue;
///
/// assert_eq!(ColumnValue::default(), ColumnValue::None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ColumnValue {
    /// Null.
    #[default]
    None,
    /// `DEFAULT`.
    Default(Expression),
    /// `serial`: a number from a sequence that the column owns.
    Serial,
    /// `GENERATED ... AS IDENTITY`.
    Identity(Identity),
    /// `GENERATED ALWAYS AS (...)`.
    Generated {
        /// The expression.
        expression: Expression,
        /// `STORED`; false for `VIRTUAL`, which needs PostgreSQL 18.
        stored: bool,
    },
}

/// The kind of an identity column.
///
/// ```
/// use onward_analyzer::statement::Identity;
///
/// assert!(!Identity::default().always);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// `ALWAYS`: an `INSERT` with a value is refused; false for `BY DEFAULT`.
    pub always: bool,
    /// The options of its sequence, such as `start with` and `cache`.
    pub options: Vec<Parameter>,
}

/// A constraint of a table, of a column or of a domain.
///
/// ```
/// use onward_analyzer::statement::{Constraint, ConstraintKind};
///
/// let constraint = Constraint::new(ConstraintKind::NotNull { column: "a".into() });
/// assert!(constraint.name.is_none() && constraint.enforced && !constraint.not_valid);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// The folded name, if the statement gives one.
    pub name: Option<String>,
    /// The byte range of the name, or else of the constraint's first word.
    pub span: Range<usize>,
    /// What it requires.
    pub kind: ConstraintKind,
    /// `NOT VALID`: existing rows are not checked.
    pub not_valid: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// `ALTER TABLE ONLY`: the partitions do not get it with their table.
    pub only: bool,
    /// Whether it is enforced: false for `NOT ENFORCED`, which needs PostgreSQL 18.
    pub enforced: bool,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// All of these words as they are written, in order: PostgreSQL refuses some of them together.
    pub attributes: Vec<ConstraintAttribute>,
}

impl Constraint {
    /// A constraint without a name that is checked immediately.
    ///
    /// ```
    /// use onward_analyzer::statement::{Constraint, ConstraintKind, Key};
    ///
    /// let key = Constraint::new(ConstraintKind::Unique(Key::default()));
    /// assert!(key.name.is_none() && !key.deferrable);
    /// ```
    #[must_use]
    pub const fn new(kind: ConstraintKind) -> Self {
        Self {
            name: None,
            span: 0..0,
            kind,
            not_valid: false,
            no_inherit: false,
            only: false,
            enforced: true,
            deferrable: false,
            initially_deferred: false,
            attributes: Vec::new(),
        }
    }
}

spelled! {
    /// What is written behind a constraint.
    ///
    /// ```
    /// use onward_analyzer::statement::ConstraintAttribute;
    ///
    /// assert_eq!(ConstraintAttribute::NotValid.to_string(), "NOT VALID");
    /// ```
    ConstraintAttribute {
        Deferrable "DEFERRABLE",
        NotDeferrable "NOT DEFERRABLE",
        InitiallyDeferred "INITIALLY DEFERRED",
        InitiallyImmediate "INITIALLY IMMEDIATE",
        Enforced "ENFORCED",
        NotEnforced "NOT ENFORCED",
        NotValid "NOT VALID",
        NoInherit "NO INHERIT",
        MatchPartial "MATCH PARTIAL",
    }
}

spelled! {
    /// What a definition says about a column's value.
    ///
    /// ```
    /// use onward_analyzer::statement::Declared;
    ///
    /// assert_eq!(Declared::NotNull.to_string(), "NOT NULL");
    /// ```
    Declared {
        Null "NULL",
        NotNull "NOT NULL",
        Default "DEFAULT",
        Serial "serial",
        Identity "GENERATED AS IDENTITY",
        Generated "GENERATED ALWAYS AS",
    }
}

/// What a constraint requires.
///
/// ```
/// use onward_analyzer::statement::{ConstraintKind, Key};
///
/// assert_eq!(ConstraintKind::Unique(Key::default()).word(), "UNIQUE");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// `CHECK`.
    Check(Expression),
    /// `NOT NULL`.
    NotNull {
        /// The column; empty for a domain.
        column: String,
    },
    /// `FOREIGN KEY`.
    ForeignKey(ForeignKey),
    /// `PRIMARY KEY`.
    PrimaryKey(Key),
    /// `UNIQUE`.
    Unique(Key),
    /// `EXCLUDE`.
    Exclude {
        /// `USING`; `btree` without it.
        method: String,
        /// Each element and its operator, as they are written.
        elements: Vec<String>,
        /// The columns and expressions of the elements.
        keys: Vec<IndexKey>,
        /// `WHERE`.
        predicate: Option<Expression>,
    },
}

impl ConstraintKind {
    /// Whether an index enforces it.
    ///
    /// ```
    /// use onward_analyzer::statement::{ConstraintKind, Key};
    ///
    /// assert!(ConstraintKind::Unique(Key::default()).is_indexed());
    /// ```
    #[must_use]
    pub const fn is_indexed(&self) -> bool {
        match self {
            Self::PrimaryKey(_) | Self::Unique(_) | Self::Exclude { .. } => true,
            Self::Check(_) | Self::NotNull { .. } | Self::ForeignKey(_) => false,
        }
    }

    /// The keyword of the constraint.
    ///
    /// ```
    /// use onward_analyzer::statement::{ConstraintKind, Key};
    ///
    /// assert_eq!(ConstraintKind::Unique(Key::default()).word(), "UNIQUE");
    /// ```
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Check(_) => "CHECK",
            Self::NotNull { .. } => "NOT NULL",
            Self::ForeignKey(_) => "FOREIGN KEY",
            Self::PrimaryKey(_) => "PRIMARY KEY",
            Self::Unique(_) => "UNIQUE",
            Self::Exclude { .. } => "EXCLUDE",
        }
    }
}

/// The columns of a `PRIMARY KEY` or `UNIQUE`, or the index that it uses.
///
/// ```
/// assert!(onward_analyzer::statement::Key::default().using_index.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// The columns in order; empty with `using_index`.
    pub columns: Vec<String>,
    /// `INCLUDE`.
    pub include: Vec<String>,
    /// `USING INDEX`: no index is built.
    pub using_index: Option<String>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` on the last column, which needs PostgreSQL 18.
    pub without_overlaps: bool,
    /// `WITH (...)`.
    pub parameters: Vec<Parameter>,
    /// `USING INDEX TABLESPACE`.
    pub tablespace: Option<String>,
}

/// A foreign key.
///
/// ```
/// use onward_analyzer::statement::{ForeignKey, ReferentialAction};
///
/// assert_eq!(ForeignKey::default().on_delete, ReferentialAction::NoAction);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForeignKey {
    /// The referencing columns.
    pub columns: Vec<String>,
    /// The referenced table.
    pub parent: Name,
    /// The referenced columns; empty for the primary key.
    pub parent_columns: Vec<String>,
    /// `MATCH FULL`.
    pub match_full: bool,
    /// `ON DELETE`.
    pub on_delete: ReferentialAction,
    /// `ON UPDATE`.
    pub on_update: ReferentialAction,
    /// The columns that `ON DELETE SET NULL (a)` or `SET DEFAULT (a)` names.
    pub set_columns: Vec<String>,
    /// `PERIOD` on the last column, which needs PostgreSQL 18.
    pub period: bool,
}

/// What happens to the referencing rows.
///
/// ```
/// use onward_analyzer::statement::ReferentialAction;
///
/// assert_eq!(ReferentialAction::default(), ReferentialAction::NoAction);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are PostgreSQL's own")]
pub enum ReferentialAction {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}
