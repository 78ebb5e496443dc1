//! The analyzer's own form of a statement. All stages after parsing use it, and none sees the syntax
//! tree.

mod about;
mod bound;
mod built_in;
pub(crate) mod catalogued;
mod change;
mod code;
mod column;
mod command;
mod creates;
mod definition;
pub(crate) mod describe;
mod expression;
mod formula;
mod lock_mode;
mod mention;
mod name;
mod privilege;
mod query;
mod reading;
pub(crate) mod references;
mod rows;
pub(crate) mod scope;
mod spelled;
mod table;
mod targets;
pub(crate) mod to_sql;
mod types;
mod value;
mod walk;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

pub(crate) use bound::Datum;
pub(crate) use built_in::{is_aggregate, is_changing};
pub use change::{Change, DomainAction, RoutineProperties, SequenceOwner};
pub use code::{
    Attribute, Body, CheckOption, CreateRoutine, CreateTrigger, CreateView, Output, ParameterMode,
    Policy, PolicyCommand, RoutineParameter, TriggerEvent, TriggerTiming, TypeBody, ValuePosition,
    Volatility,
};
pub use column::{
    Column, ColumnValue, Constraint, ConstraintAttribute, ConstraintKind, Declared, ForeignKey,
    Identity, Key, ReferentialAction,
};
pub use command::{Command, CopyDestination, OpaqueCommand, ReindexTarget, TransactionCommand};
pub use definition::{
    Aggregate, CastContext, Definition, Publication, PublicationAction, PublishedTable,
    RewriteRule, RuleEvent,
};
pub use expression::{
    Call, Cast, DataType, Expression, Literal, Meets, Operand, Operation, Parameter,
};
pub(crate) use formula::cast;
pub use formula::{Formula, Known, Sign};
pub use lock_mode::LockMode;
pub use mention::{Mention, Mentioned};
pub use name::{Name, ObjectKind};
pub use privilege::{Grant, Privileged};
pub use query::{Branch, Common, Matched, Outer, Query, Select, Selected, Source, SourceKind};
pub use reading::{NamedColumn, Reading};
pub use rows::{
    Assignment, Choice, Comparison, Condition, Delete, Insert, Limit, Merge, MergeAction, Merged,
    OnConflict, Overriding, Rows, Term, Update, Written,
};
pub use scope::Scope;
pub(crate) use spelled::Spelled;
pub use table::{
    Bound, ColumnAction, ConstraintAttributes, CreateIndex, CreateTable, Detach, Firing, IndexKey,
    LikeOption, OnCommit, PartitionBy, PartitionStrategy, Persistence, ReplicaIdentity,
    TableAction, Triggers,
};
pub use value::{Called, ColumnName, Operator, Test, Value, ValueKind};
pub use walk::{Cuts, Obstacle, Piece, Reread, Slot, Walk};

/// A change, and where it is written.
///
/// ```
/// use onward_analyzer::statement::{Change, Clause};
///
/// let clause = Clause { span: 0..8, change: Change::Query, arguments: None };
/// assert!(!clause.change.is_ddl());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The byte range of the closest words: the name in the action, or the first words of the statement.
    pub span: Range<usize>,
    /// What it changes.
    pub change: Change,
    /// The types by which PostgreSQL finds the function or procedure that it names, if they are written.
    pub arguments: Option<Vec<DataType>>,
}

/// The PostgreSQL version that a statement needs, and the first place that needs it.
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
    /// The major version: 16, 17 or 18.
    pub version: u8,
    /// The byte range in the file.
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
    /// How it is used.
    pub how: How,
}

/// How a query uses a relation.
///
/// ```
/// use onward_analyzer::statement::How;
///
/// assert_ne!(How::Reads, How::LocksRows);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    /// The query reads it.
    Reads,
    /// `FOR UPDATE` and the like.
    LocksRows,
    /// An action of a rewrite rule changes its rows. PostgreSQL locks the table for that when the rule is created.
    Writes,
    /// `ON CONFLICT` with a target, for which PostgreSQL looks up an index of the table.
    Infers,
    /// `nextval` and the like, on a sequence.
    Advances,
}

/// One statement after parsing.
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
    /// The byte range in the file, from the first token to the last, without the semicolon.
    pub span: Range<usize>,
    /// What it does, in order; never empty.
    pub clauses: Vec<Clause>,
    /// `IF EXISTS` before the name of the object that is altered or dropped.
    pub if_exists: bool,
    /// `ONLY` before the name of the table that is altered.
    pub only: bool,
    /// `ALTER DOMAIN`: where its changes name a table, they mean the domain.
    pub of_domain: bool,
    /// What needs a newer PostgreSQL than 15.
    pub needs: Option<Needs>,
    /// The functions that it calls, without those in bodies.
    pub calls: Vec<Call>,
    /// The names of objects in it, without those in bodies, in order.
    pub mentions: Vec<Mention>,
    /// The strings in it, without those in bodies, in order.
    pub literals: Vec<Literal>,
    /// The relations that its queries use, except those that its clauses name, without those in bodies.
    pub uses: Vec<Use>,
    /// What it queries: the statement itself, or the actions of a rule.
    pub queries: Vec<Query>,
    /// How it can be cut into ranges, if it changes rows.
    pub cuts: Option<Box<Cuts>>,
    /// In a block of PL/pgSQL that certainly runs it: the words around the SQL, which may be variables.
    pub variables: Option<Arc<BTreeSet<String>>>,
    /// The expression, if the statement is only `SELECT expression`.
    pub value: Option<Expression>,
    /// The identifiers of more than 63 bytes, which PostgreSQL truncates. All names in this form are
    /// truncated already.
    pub truncated: Vec<Range<usize>>,
}

impl Statement {
    /// A statement with a single change.
    pub(crate) fn alone(span: Range<usize>, change: Change) -> Self {
        Self {
            clauses: vec![Clause {
                span,
                change,
                arguments: None,
            }],
            ..Self::default()
        }
    }
}
