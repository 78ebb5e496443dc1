//! What statements do, one at a time.

use super::{
    Attribute, Body, Column, ColumnAction, Command, Constraint, CreateIndex, CreateRoutine,
    CreateTable, CreateTrigger, CreateView, DataType, Delete, Expression, Grant, Insert, LockMode,
    Merge, Name, ObjectKind, OpaqueCommand, Parameter, Policy, TableAction, TransactionCommand,
    TypeBody, Update, ValuePosition, Volatility,
};

/// One thing that a statement does. `ALTER TABLE` with three actions is three changes.
///
/// ```
/// use onward_analyzer::statement::{Change, Name};
///
/// let users = Name { schema: "auth".into(), name: "users".into() };
/// let truncate = Change::Truncate { table: users.clone(), restart: false, cascade: false };
/// assert_eq!(truncate.table(), Some(&users));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// `CREATE TABLE`, `CREATE FOREIGN TABLE` and `SELECT INTO`.
    CreateTable(Box<CreateTable>),
    /// `CREATE INDEX`.
    CreateIndex(Box<CreateIndex>),
    /// `CREATE VIEW`, `CREATE MATERIALIZED VIEW`.
    CreateView(Box<CreateView>),
    /// `CREATE FUNCTION`, `CREATE PROCEDURE`.
    CreateRoutine(Box<CreateRoutine>),
    /// `CREATE TRIGGER`.
    CreateTrigger(Box<CreateTrigger>),
    /// `CREATE POLICY`.
    CreatePolicy(Policy),
    /// `CREATE TYPE`.
    CreateType {
        /// The type.
        name: Name,
        /// What it is made of.
        body: TypeBody,
    },
    /// `CREATE DOMAIN`.
    CreateDomain {
        /// The domain, as the column that it is like: type, collation, default, constraints.
        name: Name,
        /// Its type and constraints.
        column: Column,
    },
    /// `CREATE SEQUENCE`.
    CreateSequence {
        /// The sequence.
        name: Name,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// Its options, without `OWNED BY`: `as`, `start`.
        options: Vec<Parameter>,
        /// `OWNED BY`.
        owner: Option<SequenceOwner>,
    },
    /// Any other `CREATE` of something that has a name.
    Create {
        /// What is created.
        kind: ObjectKind,
        /// Its name; for a rule the table's.
        name: Name,
        /// The rule.
        part: Option<String>,
        /// The table that statistics are about.
        of: Option<Name>,
        /// `IF NOT EXISTS` or `OR REPLACE`.
        guarded: bool,
    },
    /// `ALTER TABLE ... ADD COLUMN`.
    AddColumn {
        /// The table.
        table: Name,
        /// The new column.
        column: Box<Column>,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `ALTER TABLE ... DROP COLUMN`.
    DropColumn {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `ALTER TABLE ... ALTER COLUMN ... TYPE`.
    ColumnType {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// The new type.
        data_type: DataType,
        /// `COLLATE`.
        collation: Option<Name>,
        /// `USING`.
        using: Option<Expression>,
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
    /// Any other `ALTER TABLE ... ALTER COLUMN`.
    AlterColumn {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// What becomes of it.
        action: ColumnAction,
    },
    /// `ALTER TABLE ... ADD CONSTRAINT`, and `ALTER DOMAIN ... ADD`.
    AddConstraint {
        /// The table or domain.
        table: Name,
        /// The constraint.
        constraint: Box<Constraint>,
    },
    /// `VALIDATE CONSTRAINT` of a table or domain.
    ValidateConstraint {
        /// The table or domain.
        table: Name,
        /// The constraint.
        constraint: String,
    },
    /// Any other `ALTER TABLE`, also of an index, a view or a sequence.
    AlterTable {
        /// What the statement says that it alters.
        kind: ObjectKind,
        /// The relation.
        table: Name,
        /// What becomes of it.
        action: TableAction,
    },
    /// `ALTER DOMAIN ... SET DEFAULT`, `DROP DEFAULT`, `SET NOT NULL`, `DROP NOT NULL`.
    AlterDomain {
        /// The domain.
        domain: Name,
        /// What becomes of it.
        action: DomainAction,
    },
    /// `ALTER SEQUENCE` with the options of a sequence.
    AlterSequence {
        /// The sequence.
        name: Name,
        /// What is set, without `OWNED BY`.
        options: Vec<Parameter>,
        /// `OWNED BY`.
        owner: Option<SequenceOwner>,
    },
    /// `ALTER TYPE ... ADD VALUE`.
    AddEnumValue {
        /// The type.
        name: Name,
        /// The new label.
        value: String,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// `BEFORE` or `AFTER` another one.
        position: Option<ValuePosition>,
    },
    /// `ALTER TYPE ... ADD ATTRIBUTE` or `ALTER ATTRIBUTE`.
    SetAttribute {
        /// The type.
        name: Name,
        /// The attribute as it will be.
        attribute: Attribute,
        /// `ADD`.
        new: bool,
        /// `CASCADE`: tables of this type are changed too.
        cascade: bool,
    },
    /// `ALTER POLICY`.
    AlterPolicy(Policy),
    /// `ALTER FUNCTION` and its like.
    AlterRoutine {
        /// Function, procedure or routine.
        kind: ObjectKind,
        /// The routine.
        name: Name,
        /// `IMMUTABLE`, `STABLE` or `VOLATILE`, if it says.
        volatility: Option<Volatility>,
        /// `SECURITY DEFINER`, or `SECURITY INVOKER`, if it says.
        security_definer: Option<bool>,
        /// `SET`; a value of none is `FROM CURRENT`.
        settings: Vec<Parameter>,
        /// `RESET`: the settings' names, or `all`.
        reset: Vec<String>,
    },
    /// `OWNER TO`.
    Owner {
        /// What is given away.
        kind: ObjectKind,
        /// Its name.
        name: Name,
        /// The new owner.
        role: String,
    },
    /// `GRANT`, `REVOKE`, `ALTER DEFAULT PRIVILEGES`.
    Grant(Box<Grant>),
    /// `SET SCHEMA`.
    SetSchema {
        /// What is moved.
        kind: ObjectKind,
        /// Its name.
        name: Name,
        /// The new schema.
        schema: String,
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
    /// `DROP` of one object; a statement that drops three is three changes.
    Drop {
        /// What is dropped.
        kind: ObjectKind,
        /// Its name; for constraints, triggers, policies, rules and attributes the table's or type's.
        name: Name,
        /// The constraint, trigger, policy, rule or attribute.
        part: Option<String>,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CONCURRENTLY`.
        concurrently: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `COMMENT ON`.
    Comment {
        /// What is spoken of.
        kind: ObjectKind,
        /// Its name; for columns, constraints, triggers, policies and rules the table's.
        name: Name,
        /// The column, constraint, trigger, policy or rule.
        part: Option<String>,
    },
    /// `TRUNCATE` of one table.
    Truncate {
        /// The table.
        table: Name,
        /// `RESTART IDENTITY`.
        restart: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `INSERT`, and `COPY ... FROM` a file.
    Insert(Box<Insert>),
    /// `UPDATE`.
    Update(Box<Update>),
    /// `DELETE`.
    Delete(Box<Delete>),
    /// `MERGE`.
    Merge(Box<Merge>),
    /// `SELECT`, `VALUES`, `TABLE`.
    Query,
    /// `REFRESH MATERIALIZED VIEW`.
    RefreshView {
        /// The view.
        view: Name,
        /// `CONCURRENTLY`.
        concurrently: bool,
    },
    /// `LOCK TABLE` of one table.
    Lock {
        /// The table.
        table: Name,
        /// The mode.
        mode: LockMode,
    },
    /// `SET` and `RESET` of a setting, `SET ROLE`, `SET CONSTRAINTS`, `DISCARD`.
    Set {
        /// What is set, folded: `lock_timeout`, `role`, `constraints`; `all` for `RESET ALL`.
        setting: String,
        /// The value as it is written; none for `RESET`.
        value: Option<String>,
        /// Whether it ends with the transaction.
        local: bool,
    },
    /// `BEGIN`, `COMMIT`, `SAVEPOINT` and their like.
    TransactionControl {
        /// Which of them.
        command: TransactionCommand,
    },
    /// A psql command such as `\set`.
    Psql {
        /// The command with its backslash.
        command: String,
    },
    /// `COPY ... FROM STDIN`.
    CopyFromStdin,
    /// `DO`, whose statements run at once.
    Do {
        /// The language, in lower case.
        language: String,
        /// Its statements.
        body: Body,
    },
    /// Code that runs at once and is not looked into: `CALL`, `EXECUTE`, `EXPLAIN ANALYZE`, `DO` in
    /// another language, and an `EXECUTE` of text in a body.
    Opaque {
        /// Which of them.
        command: OpaqueCommand,
    },
    /// A statement that is recognised, and of which no rule needs to know more.
    Other {
        /// What it is.
        command: Command,
        /// What it is about.
        object: Option<Name>,
        /// Whether PostgreSQL refuses it inside a transaction block.
        outside_transaction: bool,
        /// Whether it changes the schema.
        ddl: bool,
    },
    /// A statement that nothing understands.
    Unknown {
        /// What was expected.
        problem: String,
    },
}

/// With what a sequence is dropped.
///
/// ```
/// use onward_analyzer::statement::{Change, SequenceOwner};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "ALTER SEQUENCE s OWNED BY NONE";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::AlterSequence { owner, .. } = &statement.clauses[0].change else { panic!() };
/// assert_eq!(*owner, Some(SequenceOwner::None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SequenceOwner {
    /// `NONE`: only by itself.
    None,
    /// A column.
    Column {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
}

/// What `ALTER DOMAIN` does beside its constraints.
///
/// ```
/// use onward_analyzer::statement::DomainAction;
///
/// assert_ne!(DomainAction::SetNotNull, DomainAction::DropNotNull);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainAction {
    /// `SET DEFAULT`.
    SetDefault(Expression),
    /// `DROP DEFAULT`.
    DropDefault,
    /// `SET NOT NULL`.
    SetNotNull,
    /// `DROP NOT NULL`.
    DropNotNull,
}
