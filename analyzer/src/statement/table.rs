//! Tables and indexes.

use std::ops::Range;

use super::spelled::spelled;
use super::{Column, Constraint, Expression, Identity, Name, Parameter};
use crate::text::quote::quote_ident;
use crate::text::split::tokens;

/// `CREATE TABLE` in all of its forms.
///
/// ```
/// use onward_analyzer::statement::{CreateTable, Persistence};
///
/// assert_eq!(CreateTable::default().persistence, Persistence::Permanent);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateTable {
    /// The new table.
    pub table: Name,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `TEMPORARY` and `UNLOGGED`.
    pub persistence: Persistence,
    /// The columns that the statement defines.
    pub columns: Vec<Column>,
    /// The table's own constraints.
    pub constraints: Vec<Constraint>,
    /// `LIKE`, each with what it copies.
    pub like: Vec<(Name, Vec<LikeOption>)>,
    /// `INHERITS`.
    pub inherits: Vec<Name>,
    /// `OF`.
    pub of_type: Option<Name>,
    /// `PARTITION OF` and its bound.
    pub partition_of: Option<(Name, Bound)>,
    /// `PARTITION BY`.
    pub partition_by: Option<PartitionBy>,
    /// `AS`: the rows of a query.
    pub from_query: bool,
    /// The relations that the query reads, without the names of its own `WITH`.
    pub reads: Vec<Name>,
    /// `WITH NO DATA`.
    pub without_data: bool,
    /// `USING`, the access method.
    pub method: Option<String>,
    /// `WITH (...)`, and the `OPTIONS (...)` of a foreign table.
    pub parameters: Vec<Parameter>,
    /// `ON COMMIT`.
    pub on_commit: Option<OnCommit>,
    /// `TABLESPACE`.
    pub tablespace: Option<String>,
    /// `SERVER`, of a foreign table.
    pub server: Option<String>,
}

/// Whether a relation survives crashes and sessions.
///
/// ```
/// use onward_analyzer::statement::Persistence;
///
/// assert_eq!(Persistence::default(), Persistence::Permanent);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Persistence {
    /// Permanent: neither `TEMPORARY` nor `UNLOGGED`.
    #[default]
    Permanent,
    /// `TEMPORARY`: dropped at the end of the session.
    Temporary,
    /// `UNLOGGED`: emptied by a crash.
    Unlogged,
}

/// What a temporary table does when its transaction ends.
///
/// ```
/// use onward_analyzer::statement::OnCommit;
///
/// assert_ne!(OnCommit::Drop, OnCommit::DeleteRows);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are PostgreSQL's own")]
pub enum OnCommit {
    Drop,
    DeleteRows,
    PreserveRows,
}

/// How a table is partitioned.
///
/// ```
/// use onward_analyzer::statement::PartitionBy;
///
/// use onward_analyzer::statement::PartitionStrategy;
///
/// let by = PartitionBy {
///     strategy: PartitionStrategy::Range,
///     keys: vec!["created_at".into()],
///     parts: Vec::new(),
/// };
/// assert_eq!(by.strategy.to_string(), "range");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionBy {
    /// Range, list or hash.
    pub strategy: PartitionStrategy,
    /// The columns and expressions, as they are written.
    pub keys: Vec<String>,
    /// The same, as keys of an index.
    pub parts: Vec<IndexKey>,
}

impl PartitionBy {
    /// Writes the new name of a column where its old one was.
    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        for key in &mut self.keys {
            let spans: Vec<Range<usize>> = tokens(key).iter().map(|token| token.span()).collect();
            for span in spans.into_iter().rev() {
                let word = key.get(span.clone()).unwrap_or_default();
                let is_old = match word.strip_prefix('"') {
                    Some(quoted) => quoted.trim_end_matches('"').replace("\"\"", "\"") == from,
                    None => word.to_ascii_lowercase() == from,
                };
                if is_old {
                    key.replace_range(span, &quote_ident(to));
                }
            }
        }
    }
}

spelled! {
    /// How rows are distributed to partitions.
    ///
    /// ```
    /// use onward_analyzer::statement::PartitionStrategy;
    ///
    /// assert_eq!(PartitionStrategy::Hash.to_string(), "hash");
    /// ```
    PartitionStrategy {
        Range "range",
        List "list",
        Hash "hash",
    }
}

spelled! {
    /// What `LIKE` copies in addition to columns, types and `NOT NULL`.
    ///
    /// ```
    /// use onward_analyzer::statement::LikeOption;
    ///
    /// assert_eq!(LikeOption::Indexes.to_string(), "INDEXES");
    /// ```
    LikeOption {
        Comments "COMMENTS",
        Compression "COMPRESSION",
        Constraints "CONSTRAINTS",
        Defaults "DEFAULTS",
        Generated "GENERATED",
        Identity "IDENTITY",
        Indexes "INDEXES",
        Statistics "STATISTICS",
        Storage "STORAGE",
    }
}

/// The rows that belong to a partition.
///
/// ```
/// use onward_analyzer::statement::Bound;
///
/// assert_ne!(Bound::Default, Bound::In("1, 2".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `DEFAULT`.
    Default,
    /// `FOR VALUES IN (...)`, the values as they are written.
    In(String),
    /// `FOR VALUES FROM (...) TO (...)`.
    Range {
        /// The lower bound, inclusive.
        from: String,
        /// The upper bound, exclusive.
        to: String,
    },
    /// `FOR VALUES WITH (MODULUS m, REMAINDER r)`, as it is written.
    Hash(String),
}

/// `CREATE INDEX`, with the byte ranges of its two names.
///
/// ```
/// use onward_analyzer::statement::Change;
///
/// fn builds_quietly(change: &Change) -> bool {
///     matches!(change, Change::CreateIndex(create) if create.concurrently)
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateIndex {
    /// The index and the byte range of its name in the file; `None` if PostgreSQL generates the name.
    pub index: Option<(String, Range<usize>)>,
    /// The table.
    pub table: Name,
    /// The byte range of the table's name in the file.
    pub table_span: Range<usize>,
    /// `UNIQUE`.
    pub unique: bool,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `ON ONLY`: without the partitions.
    pub only: bool,
    /// `USING`; `btree` without it.
    pub method: String,
    /// The indexed columns and expressions, in order.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE`.
    pub include: Vec<String>,
    /// The same, as keys: PostgreSQL refuses everything but a column here.
    pub included: Vec<IndexKey>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `WITH (...)`.
    pub parameters: Vec<Parameter>,
    /// `TABLESPACE`.
    pub tablespace: Option<String>,
    /// `WHERE`.
    pub predicate: Option<Expression>,
}

/// One column or expression of an index.
///
/// ```
/// use onward_analyzer::statement::IndexKey;
///
/// assert!(!IndexKey::default().descending);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexKey {
    /// The column, unless it is an expression.
    pub column: Option<String>,
    /// The column or expression, with the functions that it calls.
    pub expression: Expression,
    /// `COLLATE`.
    pub collation: Option<Name>,
    /// The operator class.
    pub class: Option<Name>,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` or `NULLS LAST`; the default depends on the direction.
    pub nulls_first: Option<bool>,
}

/// An action of `ALTER TABLE ... ALTER COLUMN` that has no [`Change`](super::Change) of its own.
///
/// ```
/// use onward_analyzer::statement::ColumnAction;
///
/// assert_ne!(ColumnAction::DropDefault, ColumnAction::Options);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnAction {
    /// `SET DEFAULT`.
    SetDefault(Expression),
    /// `DROP DEFAULT`.
    DropDefault,
    /// `SET EXPRESSION`.
    SetExpression(Expression),
    /// `DROP EXPRESSION`.
    DropExpression {
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `ADD GENERATED ... AS IDENTITY`.
    AddIdentity(Identity),
    /// `SET GENERATED`, `RESTART` and the options of an identity column's sequence.
    SetIdentity {
        /// `ALWAYS` or `BY DEFAULT`, if it is written.
        always: Option<bool>,
        /// The other options.
        options: Vec<Parameter>,
    },
    /// `DROP IDENTITY`.
    DropIdentity {
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `SET STATISTICS`; `None` is the default.
    Statistics(Option<String>),
    /// `SET STORAGE`.
    Storage(String),
    /// `SET COMPRESSION`.
    Compression(String),
    /// `SET (...)`.
    SetParameters(Vec<Parameter>),
    /// `RESET (...)`.
    ResetParameters(Vec<Parameter>),
    /// `OPTIONS (...)` of a foreign table's column.
    Options,
}

/// An action of `ALTER TABLE` on the table itself.
///
/// ```
/// use onward_analyzer::statement::TableAction;
///
/// assert_ne!(TableAction::EnableRowSecurity, TableAction::ForceRowSecurity);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableAction {
    /// `ALTER CONSTRAINT`.
    AlterConstraint {
        /// The constraint.
        constraint: String,
        /// What is set.
        attributes: ConstraintAttributes,
    },
    /// `ATTACH PARTITION` of a table, or of an index, which has no bound.
    AttachPartition {
        /// The partition.
        partition: Name,
        /// Its bound.
        bound: Option<Bound>,
    },
    /// `DETACH PARTITION`.
    DetachPartition {
        /// The partition.
        partition: Name,
        /// How it is detached.
        mode: Detach,
    },
    /// `INHERIT`.
    Inherit(Name),
    /// `NO INHERIT`.
    NoInherit(Name),
    /// `OF`.
    OfType(Name),
    /// `NOT OF`.
    NotOfType,
    /// `ENABLE ROW LEVEL SECURITY`.
    EnableRowSecurity,
    /// `DISABLE ROW LEVEL SECURITY`.
    DisableRowSecurity,
    /// `FORCE ROW LEVEL SECURITY`.
    ForceRowSecurity,
    /// `NO FORCE ROW LEVEL SECURITY`.
    NoForceRowSecurity,
    /// `ENABLE` or `DISABLE` of triggers.
    Trigger {
        /// Which of them.
        triggers: Triggers,
        /// When it fires.
        firing: Firing,
    },
    /// `ENABLE` or `DISABLE` of a rule.
    Rule {
        /// The rule.
        rule: String,
        /// When it fires.
        firing: Firing,
    },
    /// `CLUSTER ON`.
    ClusterOn(String),
    /// `SET WITHOUT CLUSTER`.
    WithoutCluster,
    /// `SET WITHOUT OIDS`, which does nothing.
    WithoutOids,
    /// `SET LOGGED`.
    SetLogged,
    /// `SET UNLOGGED`.
    SetUnlogged,
    /// `SET ACCESS METHOD`; `None` is the default.
    SetAccessMethod(Option<String>),
    /// `SET TABLESPACE`.
    SetTablespace(String),
    /// `SET (...)`.
    SetParameters(Vec<Parameter>),
    /// `RESET (...)`.
    ResetParameters(Vec<Parameter>),
    /// `REPLICA IDENTITY`.
    ReplicaIdentity(ReplicaIdentity),
    /// `OPTIONS (...)` of a foreign table.
    Options,
    /// `ALTER COLUMN n SET STATISTICS` of an index, by the column's number.
    ColumnStatistics {
        /// The number, from 1.
        column: String,
        /// The target; `None` is the default.
        target: Option<String>,
    },
}

/// What `ALTER CONSTRAINT` sets; `None` is what it does not mention.
///
/// ```
/// use onward_analyzer::statement::ConstraintAttributes;
///
/// assert_eq!(ConstraintAttributes::default().enforced, None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConstraintAttributes {
    /// `DEFERRABLE` or `NOT DEFERRABLE`; `INITIALLY DEFERRED` implies the first.
    pub deferrable: Option<bool>,
    /// `INITIALLY DEFERRED` or `INITIALLY IMMEDIATE`; `NOT DEFERRABLE` implies the second.
    pub initially_deferred: Option<bool>,
    /// `ENFORCED` or `NOT ENFORCED`.
    pub enforced: Option<bool>,
    /// `NO INHERIT`, or `INHERIT`.
    pub no_inherit: Option<bool>,
}

/// The triggers that are enabled or disabled.
///
/// ```
/// use onward_analyzer::statement::Triggers;
///
/// assert_ne!(Triggers::All, Triggers::One("all".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Triggers {
    /// `ALL`, those of foreign keys included.
    All,
    /// `USER`: all except those of constraints.
    User,
    /// The trigger with this name.
    One(String),
}

/// How a replica identifies a changed row.
///
/// ```
/// use onward_analyzer::statement::ReplicaIdentity;
///
/// assert_ne!(ReplicaIdentity::Full, ReplicaIdentity::Index("full".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicaIdentity {
    /// The primary key.
    Default,
    /// The whole row.
    Full,
    /// Nothing.
    Nothing,
    /// A unique index.
    Index(String),
}

/// How a partition is detached.
///
/// ```
/// use onward_analyzer::statement::Detach;
///
/// assert_ne!(Detach::Plain, Detach::Concurrently);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are PostgreSQL's own")]
pub enum Detach {
    Plain,
    Concurrently,
    Finalize,
}

/// When a trigger or a rule fires.
///
/// ```
/// use onward_analyzer::statement::Firing;
///
/// assert_ne!(Firing::Enabled, Firing::Disabled);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firing {
    /// `ENABLE`.
    Enabled,
    /// `DISABLE`.
    Disabled,
    /// `ENABLE ALWAYS`.
    Always,
    /// `ENABLE REPLICA`.
    Replica,
}
