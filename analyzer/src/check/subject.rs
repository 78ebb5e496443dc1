//! What a clause is about: a rule says of which subjects it is, and is not asked about clauses with none of them.
//!
//! Most rules are about one kind of change. Asking each of the others about every statement costs more than what they
//! find: the code of all rules is larger than what a processor keeps at hand.

use crate::schema::resolve::SYSTEM_COLUMNS;
use crate::statement::{
    Change, Column, ColumnAction, ColumnValue, Constraint, ConstraintKind, CreateTable,
    DomainAction, IndexKey, Parameter, Statement,
};

/// A kind of change, or something that changes of several kinds can have in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    CreateTable,
    CreateIndex,
    CreateView,
    CreateRoutine,
    CreateTrigger,
    CreatePolicy,
    CreateType,
    CreateDomain,
    CreateSequence,
    Create,
    AddColumn,
    DropColumn,
    ColumnType,
    SetNotNull,
    DropNotNull,
    AlterColumn,
    AddConstraint,
    ValidateConstraint,
    AlterTable,
    AlterDomain,
    AlterSequence,
    AddEnumValue,
    SetAttribute,
    AlterPolicy,
    AlterRoutine,
    AlterPublication,
    Owner,
    Grant,
    SetSchema,
    Rename,
    Drop,
    Comment,
    Truncate,
    Insert,
    Update,
    Delete,
    Merge,
    Query,
    RefreshView,
    Lock,
    Set,
    TransactionControl,
    Psql,
    CopyFromStdin,
    Do,
    Opaque,
    Other,
    Unknown,
    /// The definition of a constraint, also inside that of a table, column or domain.
    Constraint,
    /// That of a foreign key.
    ForeignKey,
    /// An index, or a constraint that builds one.
    Index,
    /// An index with an operator class, or of a method for which extensions have classes.
    OperatorClass,
    /// A storage parameter of a new table, index or view.
    Parameter,
    /// A serial column, or an identity with options.
    Sequence,
    /// An expression that is stored, also a view's query, or a column of the system in its place.
    Expression,
    /// A call of a function, anywhere in the statement.
    Call,
    /// A query, anywhere in the statement.
    Read,
}

/// A set of subjects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subjects(u64);

impl Subjects {
    pub(crate) const ALL: Self = Self(u64::MAX);
    /// Those of clauses in which names are resolved as in queries.
    pub(crate) const NAMED: Self = Self(
        1 << Subject::Read as u64
            | 1 << Subject::Expression as u64
            | 1 << Subject::Insert as u64
            | 1 << Subject::Update as u64,
    );

    pub(crate) fn these(subjects: &[Subject]) -> Self {
        let mut all = Self::default();
        for subject in subjects {
            all.insert(*subject);
        }
        all
    }

    /// Those of a clause.
    pub(crate) fn of(statement: &Statement, change: &Change) -> Self {
        let mut all = Self::default();
        all.insert(kind(change));
        if !statement.calls.is_empty() {
            all.insert(Subject::Call);
        }
        if !statement.queries.is_empty() {
            all.insert(Subject::Read);
        }
        all.insert_parts(change);
        all
    }

    /// Whether the sets have a subject in common.
    pub(crate) const fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    const fn insert(&mut self, subject: Subject) {
        self.0 |= 1 << subject as u64;
    }

    fn insert_parts(&mut self, change: &Change) {
        match change {
            Change::CreateTable(create) => self.insert_table(create),
            Change::CreateIndex(create) => {
                self.insert(Subject::Index);
                let is_plain = |key: &IndexKey| {
                    let column = key.column.as_deref();
                    column.is_some_and(|column| !SYSTEM_COLUMNS.contains(&column))
                };
                if create.predicate.is_some() || !create.keys.iter().all(is_plain) {
                    self.insert(Subject::Expression);
                }
                let is_extended = !matches!(create.method.as_str(), "btree" | "hash");
                if is_extended || create.keys.iter().any(|key| key.class.is_some()) {
                    self.insert(Subject::OperatorClass);
                }
                self.insert_parameters(&create.parameters);
            }
            Change::CreateView(create) => {
                self.insert(Subject::Expression);
                self.insert_parameters(&create.parameters);
            }
            Change::AddColumn { column, .. } => self.insert_column(column),
            Change::CreateDomain { column, .. } => self.insert_column(column),
            Change::AddConstraint { constraint, .. } => self.insert_constraint(constraint),
            Change::AlterColumn {
                action: ColumnAction::SetDefault(_) | ColumnAction::SetExpression(_),
                ..
            }
            | Change::AlterDomain {
                action: DomainAction::SetDefault(_),
                ..
            }
            | Change::ColumnType { using: Some(_), .. }
            | Change::CreateTrigger(_)
            | Change::CreateRoutine(_)
            | Change::CreatePolicy(_)
            | Change::AlterPolicy(_) => self.insert(Subject::Expression),
            _ => {}
        }
    }

    const fn insert_parameters(&mut self, parameters: &[Parameter]) {
        if !parameters.is_empty() {
            self.insert(Subject::Parameter);
        }
    }

    fn insert_table(&mut self, create: &CreateTable) {
        self.insert_parameters(&create.parameters);
        for column in &create.columns {
            self.insert_column(column);
        }
        for constraint in &create.constraints {
            self.insert_constraint(constraint);
        }
        if create.partition_by.is_some() {
            self.insert(Subject::Expression);
        }
    }

    fn insert_column(&mut self, column: &Column) {
        match &column.value {
            ColumnValue::Default(_) | ColumnValue::Generated { .. } => {
                self.insert(Subject::Expression);
            }
            ColumnValue::Serial => self.insert(Subject::Sequence),
            ColumnValue::Identity(identity) if !identity.options.is_empty() => {
                self.insert(Subject::Sequence);
            }
            ColumnValue::None | ColumnValue::Identity(_) => {}
        }
        for constraint in &column.constraints {
            self.insert_constraint(constraint);
        }
    }

    fn insert_constraint(&mut self, constraint: &Constraint) {
        self.insert(Subject::Constraint);
        match constraint.kind {
            ConstraintKind::ForeignKey(_) => self.insert(Subject::ForeignKey),
            ConstraintKind::PrimaryKey(_) | ConstraintKind::Unique(_) => {
                self.insert(Subject::Index);
            }
            ConstraintKind::Check(_) => self.insert(Subject::Expression),
            ConstraintKind::Exclude { .. } => {
                self.insert(Subject::Index);
                self.insert(Subject::OperatorClass);
                self.insert(Subject::Expression);
            }
            ConstraintKind::NotNull { .. } => {}
        }
    }
}

const fn kind(change: &Change) -> Subject {
    match change {
        Change::CreateTable(_) => Subject::CreateTable,
        Change::CreateIndex(_) => Subject::CreateIndex,
        Change::CreateView(_) => Subject::CreateView,
        Change::CreateRoutine(_) => Subject::CreateRoutine,
        Change::CreateTrigger(_) => Subject::CreateTrigger,
        Change::CreatePolicy(_) => Subject::CreatePolicy,
        Change::CreateType { .. } => Subject::CreateType,
        Change::CreateDomain { .. } => Subject::CreateDomain,
        Change::CreateSequence { .. } => Subject::CreateSequence,
        Change::Create { .. } => Subject::Create,
        Change::AddColumn { .. } => Subject::AddColumn,
        Change::DropColumn { .. } => Subject::DropColumn,
        Change::ColumnType { .. } => Subject::ColumnType,
        Change::SetNotNull { .. } => Subject::SetNotNull,
        Change::DropNotNull { .. } => Subject::DropNotNull,
        Change::AlterColumn { .. } => Subject::AlterColumn,
        Change::AddConstraint { .. } => Subject::AddConstraint,
        Change::ValidateConstraint { .. } => Subject::ValidateConstraint,
        Change::AlterTable { .. } => Subject::AlterTable,
        Change::AlterDomain { .. } => Subject::AlterDomain,
        Change::AlterSequence { .. } => Subject::AlterSequence,
        Change::AddEnumValue { .. } => Subject::AddEnumValue,
        Change::SetAttribute { .. } => Subject::SetAttribute,
        Change::AlterPolicy(_) => Subject::AlterPolicy,
        Change::AlterRoutine { .. } => Subject::AlterRoutine,
        Change::AlterPublication { .. } => Subject::AlterPublication,
        Change::Owner { .. } => Subject::Owner,
        Change::Grant(_) => Subject::Grant,
        Change::SetSchema { .. } => Subject::SetSchema,
        Change::Rename { .. } => Subject::Rename,
        Change::Drop { .. } => Subject::Drop,
        Change::Comment { .. } => Subject::Comment,
        Change::Truncate { .. } => Subject::Truncate,
        Change::Insert(_) => Subject::Insert,
        Change::Update(_) => Subject::Update,
        Change::Delete(_) => Subject::Delete,
        Change::Merge(_) => Subject::Merge,
        Change::Query => Subject::Query,
        Change::RefreshView { .. } => Subject::RefreshView,
        Change::Lock { .. } => Subject::Lock,
        Change::Set { .. } => Subject::Set,
        Change::TransactionControl { .. } => Subject::TransactionControl,
        Change::Psql { .. } => Subject::Psql,
        Change::CopyFromStdin => Subject::CopyFromStdin,
        Change::Do { .. } => Subject::Do,
        Change::Opaque { .. } => Subject::Opaque,
        Change::Other { .. } => Subject::Other,
        Change::Unknown { .. } => Subject::Unknown,
    }
}
