//! Tables and views, with their columns, constraints, indexes and other parts.

use super::resolve::Shape;
use super::{Origin, Placement, Uses};
use crate::statement::{
    Bound, ColumnValue, CreateTrigger, CreateView, DataType, Expression, Firing, Name, ObjectKind,
    PartitionBy, Persistence, Policy, ReferentialAction, ReplicaIdentity,
};

/// The identity of a relation, which a rename does not change.
///
/// ```
/// use onward_analyzer::schema::Schema;
///
/// let schema = Schema::after("a", &["CREATE TABLE t (b int);", "ALTER TABLE t RENAME TO u;"]);
/// assert_eq!(schema.relations().map(|u| u.name.name.as_str()).collect::<Vec<_>>(), ["u"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(pub(super) usize);

/// The identity of a column, which a rename does not change.
///
/// ```
/// use onward_analyzer::schema::Schema;
/// use onward_analyzer::statement::Name;
///
/// let table = Name { schema: "a".into(), name: "t".into() };
/// let made = "CREATE TABLE t (b int);";
/// let before = Schema::after("a", &[made]);
/// let after = Schema::after("a", &[made, "ALTER TABLE t RENAME b TO c;"]);
/// assert_eq!(before.column(&table, "b").map(|b| b.id), after.column(&table, "c").map(|c| c.id));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnId(pub(super) usize);

/// A relation that another object refers to.
///
/// ```
/// use onward_analyzer::{schema::Reference, statement::Name};
///
/// let foreign = Reference { id: None, name: Name { schema: "b".into(), name: "t".into() } };
/// assert!(foreign.id.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its identity, if the files create it.
    pub id: Option<RelationId>,
    /// Its name at the time of the reference.
    pub name: Name,
}

/// A table or a view.
///
/// ```
/// use onward_analyzer::schema::Schema;
///
/// let schema = Schema::after("a", &["CREATE TABLE t (b int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"]);
/// assert!(schema.relations().all(|relation| relation.row_security));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Its identity.
    pub id: RelationId,
    /// Its current name.
    pub name: Name,
    /// Table, foreign table, view or materialized view.
    pub kind: ObjectKind,
    /// Where it was created.
    pub origin: Origin,
    /// `TEMPORARY`, `UNLOGGED`.
    pub persistence: Persistence,
    /// Its columns in order.
    pub columns: Vec<Column>,
    /// Whether all columns are known: false for the result of a query, and for copies of tables that the
    /// files do not create.
    pub columns_known: bool,
    /// Its constraints.
    pub constraints: Vec<Constraint>,
    /// Its indexes.
    pub indexes: Vec<Index>,
    /// How it is partitioned.
    pub partition_by: Option<PartitionBy>,
    /// The table of which it is a partition, and its bound.
    pub partition_of: Option<(Reference, Bound)>,
    /// The tables that it inherits from, for a partition including its partitioned table.
    pub parents: Vec<Reference>,
    /// The type of `CREATE TABLE ... OF`.
    pub of_type: Option<Name>,
    /// The tables that inherit from it.
    pub children: Vec<RelationId>,
    /// `REPLICA IDENTITY`.
    pub replica_identity: ReplicaIdentity,
    /// `ENABLE ROW LEVEL SECURITY`.
    pub row_security: bool,
    /// `FORCE ROW LEVEL SECURITY`.
    pub forced_row_security: bool,
    /// Its policies.
    pub policies: Vec<Part<Policy>>,
    /// Its triggers.
    pub triggers: Vec<Part<CreateTrigger>>,
    /// Its rules.
    pub rules: Vec<Part<()>>,
    /// The relations that a view reads.
    pub reads: Vec<Reference>,
    /// A view's query.
    pub query: Option<Expression>,
    /// The columns of a view with their types, as they were when it was created.
    pub(crate) shape: Option<Shape>,
    /// The statement that created the view, or replaced it last.
    pub view: Option<Box<CreateView>>,
    /// What the view uses.
    pub uses: Uses,
    /// Where a Citus cluster keeps its rows, if a file says so.
    pub placement: Option<Placement>,
}

impl Relation {
    /// The columns of its primary key, in order; empty if it has none.
    pub(crate) fn primary_key(&self) -> &[ColumnId] {
        let mut constraints = self.constraints.iter();
        let key = constraints.find(|one| one.kind == ConstraintKind::PrimaryKey);
        key.map_or(&[], |key| &key.columns)
    }

    /// Whether the column is `NOT NULL` and PostgreSQL knows that without a scan. PostgreSQL 18 marks a
    /// column at once, even if its `NOT NULL` is not valid yet.
    pub(crate) fn is_surely_not_null(&self, column: &str) -> bool {
        let Some(column) = self.column(column) else {
            return false;
        };
        let is_doubtful = self.constraints.iter().any(|one| {
            one.kind == ConstraintKind::NotNull && !one.valid && one.columns.contains(&column.id)
        });
        column.not_null && !is_doubtful
    }

    pub(super) fn new(id: RelationId, name: &Name, kind: ObjectKind, origin: &Origin) -> Self {
        Self {
            id,
            name: name.clone(),
            kind,
            origin: origin.clone(),
            persistence: Persistence::Permanent,
            columns: Vec::new(),
            columns_known: true,
            constraints: Vec::new(),
            indexes: Vec::new(),
            partition_by: None,
            partition_of: None,
            parents: Vec::new(),
            of_type: None,
            children: Vec::new(),
            replica_identity: ReplicaIdentity::Default,
            row_security: false,
            forced_row_security: false,
            policies: Vec::new(),
            triggers: Vec::new(),
            rules: Vec::new(),
            reads: Vec::new(),
            query: None,
            shape: None,
            view: None,
            uses: Uses::default(),
            placement: None,
        }
    }

    /// The column of this name.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int);"]);
    /// assert!(schema.relations().all(|t| t.column("b").is_some() && t.column("c").is_none()));
    /// ```
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    pub(super) fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    /// The columns with these names; names without a column are left out.
    pub(super) fn ids(&self, names: &[String]) -> Vec<ColumnId> {
        let mut ids = Vec::with_capacity(names.len());
        for name in names {
            ids.extend(self.column(name).map(|column| column.id));
        }
        ids
    }

    /// The current name of a column.
    ///
    /// ```
    /// # use onward_analyzer::schema::Schema;
    /// let schema = Schema::after("a", &["CREATE TABLE t (b int UNIQUE); ALTER TABLE t RENAME b TO c;"]);
    /// let t = schema.relations().next().expect("t is there");
    /// let key = &t.constraints[0];
    /// assert_eq!((t.name_of(key.columns[0]), key.name.as_str()), (Some("c"), "t_b_key"));
    /// ```
    #[must_use]
    pub fn name_of(&self, id: ColumnId) -> Option<&str> {
        let column = self.columns.iter().find(|column| column.id == id);
        column.map(|column| column.name.as_str())
    }
}

/// A column as it is now.
///
/// ```
/// # use onward_analyzer::schema::Schema;
/// let schema = Schema::after("a", &["CREATE TABLE t (b int PRIMARY KEY);"]);
/// assert!(schema.relations().all(|t| t.columns[0].not_null));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its identity.
    pub id: ColumnId,
    /// Its current name.
    pub name: String,
    /// Its type; not known for a column of a view.
    pub data_type: Option<DataType>,
    /// `COLLATE`.
    pub collation: Option<Name>,
    /// Whether it is `NOT NULL`, by its own constraint or by the primary key.
    pub not_null: bool,
    /// Its default, identity or generated value.
    pub value: ColumnValue,
    /// Where it was created.
    pub origin: Origin,
}

impl Column {
    /// Whether an `INSERT` that leaves it out gives it another value than null.
    pub(crate) const fn is_filled(&self) -> bool {
        match &self.value {
            ColumnValue::None => false,
            ColumnValue::Default(value) => !value.is_null,
            ColumnValue::Serial | ColumnValue::Identity(_) | ColumnValue::Generated { .. } => true,
        }
    }
}

/// A constraint of a table.
///
/// ```
/// # use onward_analyzer::schema::Schema;
/// let schema = Schema::after("a", &["CREATE TABLE t (b int); ALTER TABLE t ADD CHECK (b > 0) NOT VALID;"]);
/// let check = &schema.relations().next().expect("t is there").constraints[0];
/// assert_eq!((check.name.as_str(), check.valid), ("t_b_check", false));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Its name, written or generated by PostgreSQL.
    pub name: String,
    /// What it requires.
    pub kind: ConstraintKind,
    /// The columns that it uses.
    pub columns: Vec<ColumnId>,
    /// Whether all rows are known to satisfy it.
    pub valid: bool,
    /// Whether it is enforced: false for `NOT ENFORCED`.
    pub enforced: bool,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// Where it was created.
    pub origin: Origin,
}

/// What a constraint requires.
///
/// A key is enforced by an index with the constraint's name.
///
/// ```
/// use onward_analyzer::schema::ConstraintKind;
///
/// assert!(ConstraintKind::PrimaryKey.is_indexed());
/// assert!(!ConstraintKind::NotNull.is_indexed());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// `CHECK`.
    Check {
        /// The expression, as it is written.
        expression: Box<Expression>,
    },
    /// A `NOT NULL` constraint with a name.
    NotNull,
    /// `FOREIGN KEY`.
    ForeignKey {
        /// The referenced table.
        parent: Reference,
        /// The referenced columns, if the files create them.
        parent_columns: Vec<ColumnId>,
        /// `MATCH FULL`.
        match_full: bool,
        /// `ON DELETE`.
        on_delete: ReferentialAction,
        /// The columns that `ON DELETE SET NULL (a)` or `SET DEFAULT (a)` names.
        set_columns: Vec<String>,
        /// `ON UPDATE`.
        on_update: ReferentialAction,
    },
    /// `PRIMARY KEY`.
    PrimaryKey,
    /// `UNIQUE`.
    Unique,
    /// `EXCLUDE`, with its elements as they are written.
    Exclude(Vec<String>),
}

impl ConstraintKind {
    /// Whether an index with the same name enforces it.
    ///
    /// ```
    /// use onward_analyzer::schema::ConstraintKind;
    ///
    /// assert!(ConstraintKind::Exclude(vec!["room".into()]).is_indexed());
    /// ```
    #[must_use]
    pub const fn is_indexed(&self) -> bool {
        match self {
            Self::PrimaryKey | Self::Unique | Self::Exclude(_) => true,
            Self::Check { .. } | Self::NotNull | Self::ForeignKey { .. } => false,
        }
    }

    /// The keyword of the constraint.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Check { .. } => "CHECK",
            Self::NotNull => "NOT NULL",
            Self::ForeignKey { .. } => "FOREIGN KEY",
            Self::PrimaryKey => "PRIMARY KEY",
            Self::Unique => "UNIQUE",
            Self::Exclude(_) => "EXCLUDE",
        }
    }
}

/// An index.
///
/// ```
/// # use onward_analyzer::schema::Schema;
/// let schema = Schema::after("a", &["CREATE TABLE t (b text); CREATE INDEX ON t (lower(b));"]);
/// let t = schema.relations().next().expect("t is there");
/// assert_eq!(t.indexes[0].name, "t_lower_idx");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its name; its schema is that of the table.
    pub name: String,
    /// `btree`, `gin` and so on.
    pub method: String,
    /// The indexed columns and expressions, in order.
    pub keys: Vec<IndexKey>,
    /// `INCLUDE`.
    pub include: Vec<ColumnId>,
    /// `WHERE`.
    pub predicate: Option<Expression>,
    /// All columns that it uses: in keys, expressions, `INCLUDE` and `WHERE`.
    pub columns: Vec<ColumnId>,
    /// `UNIQUE`.
    pub unique: bool,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// Whether it is valid: false for an index `ON ONLY` a partitioned table until all partitions have
    /// theirs.
    pub valid: bool,
    /// Where it was created.
    pub origin: Origin,
}

/// One column or expression of an index.
///
/// ```
/// use onward_analyzer::schema::IndexKey;
///
/// assert!(IndexKey::default().column.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexKey {
    /// The column, unless it is an expression.
    pub column: Option<ColumnId>,
    /// The expression, as it is written.
    pub expression: Expression,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` or `NULLS LAST`, if it is written.
    pub nulls_first: Option<bool>,
    /// The operator class, if it is written.
    pub class: Option<Name>,
    /// `COLLATE`.
    pub collation: Option<Name>,
}

/// A trigger, policy or rule.
///
/// ```
/// use onward_analyzer::schema::Schema;
///
/// let schema = Schema::after("a", &["CREATE TABLE t (b int); CREATE POLICY p ON t;"]);
/// let t = schema.relations().next().expect("t is there");
/// assert_eq!(t.policies[0].name, "p");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T> {
    /// Its current name.
    pub name: String,
    /// The statement that created it.
    pub definition: T,
    /// When a trigger or rule fires: `ENABLE`, `DISABLE` and their kinds.
    pub firing: Firing,
    /// What it uses; for a policy, in `USING` and in `WITH CHECK`.
    pub uses: [Uses; 2],
    /// Where it was created.
    pub origin: Origin,
}
