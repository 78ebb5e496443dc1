//! What a statement changes, one change at a time.

use super::{
    Attribute, Body, Column, ColumnAction, Command, Constraint, CreateIndex, CreateRoutine,
    CreateTable, CreateTrigger, CreateView, DataType, Definition, Delete, Expression, Grant,
    Insert, LockMode, Merge, Name, ObjectKind, OpaqueCommand, Parameter, Policy, Publication,
    PublicationAction, Reading, TableAction, TransactionCommand, TypeBody, Update, ValuePosition,
    Volatility,
};

/// One change that a statement does. `ALTER TABLE` with three actions is three changes.
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
        /// What the type consists of.
        body: TypeBody,
    },
    /// `CREATE DOMAIN`.
    CreateDomain {
        /// The domain as a column: type, collation, default and constraints.
        name: Name,
        /// The type and the constraints, as of a column.
        column: Column,
    },
    /// `CREATE SEQUENCE`.
    CreateSequence {
        /// The sequence.
        name: Name,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// The options without `OWNED BY`: `as`, `start` and so on.
        options: Vec<Parameter>,
        /// `OWNED BY`.
        owner: Option<SequenceOwner>,
    },
    /// Any other `CREATE` of an object with a name.
    Create {
        /// What is created.
        kind: ObjectKind,
        /// Its name; for a rule, the name of the table.
        name: Name,
        /// The rule.
        part: Option<String>,
        /// The table of extended statistics.
        of: Option<Name>,
        /// The names in the definition of a rule.
        reading: Box<Reading>,
        /// `IF NOT EXISTS` or `OR REPLACE`.
        guarded: bool,
        /// What depends on the kind.
        definition: Definition,
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
        /// The action.
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
    /// Any other `ALTER TABLE`, also on an index, a view or a sequence.
    AlterTable {
        /// The kind of object that the statement names.
        kind: ObjectKind,
        /// The relation.
        table: Name,
        /// The action.
        action: TableAction,
    },
    /// `ALTER DOMAIN ... SET DEFAULT`, `DROP DEFAULT`, `SET NOT NULL`, `DROP NOT NULL`.
    AlterDomain {
        /// The domain.
        domain: Name,
        /// The action.
        action: DomainAction,
    },
    /// `ALTER SEQUENCE` with the options of a sequence.
    AlterSequence {
        /// The sequence.
        name: Name,
        /// The options, without `OWNED BY`.
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
        /// `BEFORE` or `AFTER` another label.
        position: Option<ValuePosition>,
    },
    /// `ALTER TYPE ... ADD ATTRIBUTE` or `ALTER ATTRIBUTE`.
    SetAttribute {
        /// The type.
        name: Name,
        /// The attribute after the change.
        attribute: Attribute,
        /// `ADD`.
        new: bool,
        /// `CASCADE`: tables of this type are changed too.
        cascade: bool,
    },
    /// `ALTER POLICY`.
    AlterPolicy(Policy),
    /// `ALTER FUNCTION` and the like.
    AlterRoutine {
        /// The kind: function, procedure or routine.
        kind: ObjectKind,
        /// The routine.
        name: Name,
        /// The words that change what it is.
        properties: RoutineProperties,
        /// `SET`; a value of `None` is `FROM CURRENT`.
        settings: Vec<Parameter>,
        /// `RESET`: the names of the settings, or `all`.
        reset: Vec<String>,
    },
    /// `ALTER PUBLICATION`, except a new name or owner.
    AlterPublication {
        /// The publication.
        name: Name,
        /// What happens with the tables, the schemas or, for `SET`, the options.
        action: PublicationAction,
        /// The tables, the schemas or the options.
        publication: Box<Publication>,
    },
    /// `OWNER TO`.
    Owner {
        /// The kind of object.
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
        /// The kind of object.
        kind: ObjectKind,
        /// Its name.
        name: Name,
        /// The new schema.
        schema: String,
    },
    /// `RENAME` of any object or part.
    Rename {
        /// The kind of object or part.
        kind: ObjectKind,
        /// The object; for a column or constraint, its table.
        name: Name,
        /// The old name of a column, constraint, enum label or attribute.
        part: Option<String>,
        /// The new name.
        to: String,
    },
    /// `DROP` of one object; a statement that drops three objects is three changes.
    Drop {
        /// The kind of object.
        kind: ObjectKind,
        /// Its name; for a constraint, trigger, policy, rule or attribute, the name of the table or type.
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
        /// The kind of object.
        kind: ObjectKind,
        /// Its name; for a column, constraint, trigger, policy or rule, the name of the table.
        name: Name,
        /// The column, constraint, trigger, policy or rule.
        part: Option<String>,
        /// The comment; `None` for `NULL`.
        text: Option<String>,
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
        /// The name of the setting, folded: `lock_timeout`, `role`, `constraints`; `all` for `RESET ALL`.
        setting: String,
        /// The value as it is written; `None` for `RESET`.
        value: Option<String>,
        /// Whether it is for this transaction only.
        local: bool,
    },
    /// `BEGIN`, `COMMIT`, `SAVEPOINT` and the like.
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
    /// Code that runs at once and is not analyzed: `CALL`, `EXECUTE`, `EXPLAIN ANALYZE`, `DO` in another
    /// language, and an `EXECUTE` of a text inside a body.
    Opaque {
        /// Which of them.
        command: OpaqueCommand,
    },
    /// A statement that is recognised, and whose details no rule needs.
    Other {
        /// The command.
        command: Command,
        /// The table or view that it is about, if there is one.
        object: Option<Name>,
        /// Whether PostgreSQL refuses it inside a transaction block.
        outside_transaction: bool,
        /// Whether it changes the schema.
        ddl: bool,
    },
    /// A statement that the grammar does not accept.
    Unknown {
        /// What was expected at the place of the error.
        problem: String,
    },
}

/// The words of `ALTER FUNCTION` that change what the function is; `None` where none is written.
///
/// ```
/// use onward_analyzer::statement::RoutineProperties;
///
/// assert_eq!(RoutineProperties::default().leakproof, None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoutineProperties {
    /// `IMMUTABLE`, `STABLE` or `VOLATILE`.
    pub volatility: Option<Volatility>,
    /// `SECURITY DEFINER` or `SECURITY INVOKER`.
    pub security_definer: Option<bool>,
    /// `LEAKPROOF` or `NOT LEAKPROOF`.
    pub leakproof: Option<bool>,
}

/// The owner of a sequence: what the sequence is dropped with.
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
    /// `NONE`: the sequence has no owner.
    None,
    /// A column.
    Column {
        /// The table.
        table: Name,
        /// The column.
        column: String,
    },
}

/// An action of `ALTER DOMAIN` that is not about constraints.
///
/// ```
/// use onward_analyzer::statement::DomainAction;
///
/// assert_ne!(DomainAction::SetNotNull, DomainAction::DropNotNull);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DomainAction {
    /// `SET DEFAULT`.
    SetDefault(Box<Expression>),
    /// `DROP DEFAULT`.
    DropDefault,
    /// `SET NOT NULL`.
    SetNotNull,
    /// `DROP NOT NULL`.
    DropNotNull,
}
