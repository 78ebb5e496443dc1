//! Our own words for what a statement does.

mod about;
mod built_in;
mod change;
mod code;
mod column;
mod command;
mod creates;
pub(crate) mod describe;
mod expression;
mod lock_mode;
mod mention;
mod name;
mod privilege;
pub(crate) mod references;
mod rows;
mod spelled;
mod table;
pub(crate) mod to_sql;

use std::ops::Range;

pub use change::{Change, DomainAction, SequenceOwner};
pub use code::{
    Body, CheckOption, CreateRoutine, CreateTrigger, CreateView, Output, ParameterMode, Policy,
    PolicyCommand, RoutineParameter, TriggerEvent, TriggerTiming, TypeBody, ValuePosition,
    Volatility,
};
pub use column::{
    Column, ColumnValue, Constraint, ConstraintKind, ForeignKey, Identity, Key, ReferentialAction,
};
pub use command::{Command, OpaqueCommand, ReindexTarget, TransactionCommand};
pub use expression::{Call, DataType, Expression, Literal, Parameter};
pub use lock_mode::LockMode;
pub use mention::{Mention, Mentioned};
pub use name::{Name, ObjectKind};
pub use privilege::{Grant, Privileged};
pub use rows::{
    Assignment, Choice, Comparison, Condition, Delete, Insert, Limit, Merge, MergeAction, Merged,
    OnConflict, Overriding, Rows, Term, Update, Written,
};
pub(crate) use spelled::Spelled;
pub use table::{
    Attribute, Bound, ColumnAction, ConstraintAttributes, CreateIndex, CreateTable, Detach, Firing,
    IndexKey, LikeOption, OnCommit, PartitionBy, PartitionStrategy, Persistence, ReplicaIdentity,
    TableAction, Triggers,
};

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

/// The version of PostgreSQL that a statement needs, and the first place that needs it.
///
/// ```
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "SELECT SYSTEM_USER";
/// let needs = lower(text, &split(text).statements[0], "auth").needs;
/// assert_eq!(needs.map(|needs| (needs.version, needs.span)), Some((16, 7..18)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// 16, 17 or 18.
    pub version: u8,
    /// The bytes of the file.
    pub span: Range<usize>,
}

/// A relation that a query uses.
///
/// ```
/// use onward_analyzer::{lower::lower, split::split, statement::How};
///
/// let text = "DELETE FROM a USING b WHERE a.id = b.a";
/// let uses = lower(text, &split(text).statements[0], "s").uses;
/// assert_eq!((uses[0].relation.to_string().as_str(), uses[0].how), ("s.b", How::Reads));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Use {
    /// The relation.
    pub relation: Name,
    /// What for.
    pub how: How,
}

/// What a query uses a relation for.
///
/// ```
/// use onward_analyzer::statement::How;
///
/// assert_ne!(How::Reads, How::LocksRows);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// It reads it.
    Reads,
    /// `FOR UPDATE` and its like.
    LocksRows,
    /// `ON CONFLICT` with a target, which is looked for among the table's indexes.
    Infers,
    /// `nextval` and its like, of a sequence.
    Advances,
}

/// One statement, understood.
///
/// ```
/// use onward_analyzer::{lower, split};
///
/// let text = "ALTER TABLE IF EXISTS ONLY users ADD COLUMN a int, DROP COLUMN b";
/// let raw = &split::split(text).statements[0];
/// let statement = lower::lower(text, raw, "auth");
/// assert_eq!(statement.clauses.len(), 2);
/// assert!(statement.if_exists && statement.only);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The bytes of the file, from the first token to the last, without the semicolon.
    pub span: Range<usize>,
    /// What it does, in order; never empty.
    pub clauses: Vec<Clause>,
    /// `IF EXISTS` before the name of what is altered or dropped.
    pub if_exists: bool,
    /// `ONLY` before the name of the table that is altered.
    pub only: bool,
    /// `ALTER DOMAIN`: what its changes call a table is a domain.
    pub of_domain: bool,
    /// What only a newer PostgreSQL than 15 understands.
    pub needs: Option<Needs>,
    /// The functions that it calls, bodies left out.
    pub calls: Vec<Call>,
    /// The names of objects that it writes, bodies left out, in order.
    pub mentions: Vec<Mention>,
    /// The strings that it writes, bodies left out, in order.
    pub literals: Vec<Literal>,
    /// What its queries use beside the relations that its clauses name, bodies left out.
    pub uses: Vec<Use>,
    /// The expression that a query consists of: `SELECT expression` and nothing else.
    pub value: Option<Expression>,
    /// The identifiers of more than 63 bytes, which PostgreSQL cuts off; our words hold them as cut.
    pub truncated: Vec<Range<usize>>,
}

impl Statement {
    /// A statement that does one thing.
    pub(crate) fn alone(span: Range<usize>, change: Change) -> Self {
        Self {
            clauses: vec![Clause { span, change }],
            ..Self::default()
        }
    }
}
