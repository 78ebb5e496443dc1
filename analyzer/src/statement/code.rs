//! Objects that contain queries or code: views, routines, triggers, rules and policies.

use std::collections::BTreeSet;
use std::ops::Range;

use super::spelled::spelled;
use super::{
    DataType, Expression, Literal, Name, Parameter, Persistence, Reading, Statement, Value,
};

/// `CREATE VIEW` and `CREATE MATERIALIZED VIEW`.
///
/// ```
/// assert!(!onward_analyzer::statement::CreateView::default().or_replace);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateView {
    /// The view.
    pub view: Name,
    /// `MATERIALIZED`.
    pub materialized: bool,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `IF NOT EXISTS`, which only a materialized view has.
    pub if_not_exists: bool,
    /// `TEMPORARY`.
    pub persistence: Persistence,
    /// The list of column names, if there is one.
    pub columns: Vec<String>,
    /// `WITH (...)`, such as `security_invoker`.
    pub parameters: Vec<Parameter>,
    /// The query: its text, and the functions that it calls.
    pub query: Expression,
    /// The columns that the first `SELECT` of the query returns, in order.
    pub outputs: Vec<Output>,
    /// The rest of the query, in one line.
    pub source: String,
    /// The relations that the query reads, without the names of its own `WITH`.
    pub reads: Vec<Name>,
    /// The names in the query.
    pub reading: Reading,
    /// `WITH CHECK OPTION`.
    pub check_option: Option<CheckOption>,
    /// Whether the view is filled: false for `WITH NO DATA`.
    pub with_data: bool,
}

spelled! {
    /// The rows that a view's check option applies to.
    ///
    /// ```
    /// use onward_analyzer::statement::CheckOption;
    ///
    /// assert_eq!(CheckOption::Local.to_string(), "LOCAL");
    /// ```
    CheckOption {
        Local "LOCAL",
        Cascaded "CASCADED",
    }
}

/// One item of the list after `SELECT`.
///
/// ```
/// use onward_analyzer::statement::{Change, Output};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "CREATE VIEW v AS SELECT id, lower(name) AS low FROM t";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::CreateView(view) = &statement.clauses[0].change else { panic!() };
/// let low = &view.outputs[1];
/// assert_eq!((low.name.as_deref(), low.text.as_str()), (Some("low"), "lower(name) AS low"));
/// assert_eq!(view.source, "FROM t");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The column's name: the one after `AS`, or that of the column that the item is; `None` for `*` and
    /// other expressions.
    pub name: Option<String>,
    /// The whole item, in one line.
    pub text: String,
    /// `*` or `t.*`: all columns of something.
    pub star: bool,
}

/// `CREATE FUNCTION` and `CREATE PROCEDURE`.
///
/// ```
/// use onward_analyzer::statement::{Change, Volatility};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "CREATE FUNCTION f() RETURNS int LANGUAGE sql STABLE AS $$ SELECT 1 $$";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::CreateRoutine(routine) = &statement.clauses[0].change else { panic!() };
/// assert_eq!(routine.volatility, Some(Volatility::Stable));
/// assert_eq!(routine.body.as_ref().map(|body| body.statements.len()), Some(1));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CreateRoutine {
    /// The routine.
    pub routine: Name,
    /// `PROCEDURE`.
    pub procedure: bool,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `WINDOW`.
    pub window: bool,
    /// The parameters, in order.
    pub parameters: Vec<RoutineParameter>,
    /// `RETURNS`, unless it returns a table.
    pub returns: Option<DataType>,
    /// `RETURNS TABLE`.
    pub returns_table: Vec<Attribute>,
    /// `LANGUAGE`, in lower case.
    pub language: Option<String>,
    /// `IMMUTABLE`, `STABLE` or `VOLATILE`, if it is written.
    pub volatility: Option<Volatility>,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `STRICT`, in either spelling.
    pub strict: bool,
    /// `LEAKPROOF`.
    pub leakproof: bool,
    /// `PARALLEL`, in lower case.
    pub parallel: Option<String>,
    /// `COST`.
    pub cost: Option<String>,
    /// `ROWS`.
    pub rows: Option<String>,
    /// `SET name = value`; the value is as it is written, and `None` for `FROM CURRENT`.
    pub settings: Vec<Parameter>,
    /// The value, if the body is only `RETURN value`.
    pub value: Option<Expression>,
    /// The same as a tree, also with queries in it.
    pub returned: Option<Value>,
    /// Whether the body is standard SQL, `RETURN value` or `BEGIN ATOMIC`: PostgreSQL resolves its names
    /// when the routine is created.
    pub resolved: bool,
    /// The names in such a body.
    pub reading: Reading,
    /// The body, if it is in a language that is analyzed: `sql`, `plpgsql` or standard SQL.
    pub body: Option<Body>,
}

/// A parameter of a routine.
///
/// ```
/// use onward_analyzer::statement::RoutineParameter;
///
/// assert!(RoutineParameter::default().name.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoutineParameter {
    /// `IN`, `OUT`, `INOUT` or `VARIADIC`, if it is written.
    pub mode: Option<ParameterMode>,
    /// The folded name.
    pub name: Option<String>,
    /// The type.
    pub data_type: DataType,
    /// `DEFAULT`.
    pub default: Option<Expression>,
}

spelled! {
    /// The direction of a parameter.
    ///
    /// ```
    /// use onward_analyzer::statement::ParameterMode;
    ///
    /// assert_eq!(ParameterMode::Variadic.to_string(), "VARIADIC");
    /// ```
    ParameterMode {
        In "IN",
        Out "OUT",
        InOut "INOUT",
        Variadic "VARIADIC",
    }
}

/// Whether a function's result depends on anything except its arguments.
///
/// ```
/// use onward_analyzer::statement::Volatility;
///
/// assert!(Volatility::Immutable < Volatility::Volatile);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are PostgreSQL's own")]
pub enum Volatility {
    Immutable,
    Stable,
    Volatile,
}

impl CreateRoutine {
    /// The types of its parameters and results.
    pub(crate) fn types(&self) -> impl Iterator<Item = &DataType> {
        let parameters = self.parameters.iter().map(|one| &one.data_type);
        let columns = self.returns_table.iter().map(|one| &one.data_type);
        parameters.chain(&self.returns).chain(columns)
    }

    /// Whether a call of a function can have so many arguments.
    pub(crate) fn takes(&self, arguments: usize) -> bool {
        let inputs = || self.parameters.iter().filter(|one| !one.is_output());
        let required = inputs().filter(|one| one.default.is_none()).count();
        let is_open = inputs().any(|one| one.mode == Some(ParameterMode::Variadic));
        arguments + usize::from(is_open) >= required && (is_open || arguments <= inputs().count())
    }
}

impl RoutineParameter {
    /// Whether a call leaves the parameter out: `OUT`.
    pub(crate) fn is_output(&self) -> bool {
        self.mode == Some(ParameterMode::Out)
    }
}

/// The statements of a body, with their places in the file.
///
/// An `EXECUTE` of a text that the body builds is a [`Change::Opaque`](super::Change::Opaque).
///
/// ```
/// assert!(onward_analyzer::statement::Body::default().statements.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The byte range of the body in the file, without its quotes.
    pub span: Range<usize>,
    /// The statements in order.
    pub statements: Vec<Statement>,
    /// The strings in the body, inside and outside of its statements.
    pub literals: Vec<Literal>,
    /// The words of the body: names, folded, and keywords.
    pub words: BTreeSet<String>,
    /// Whether some of the statements may not run, or run more than once: `IF`, `LOOP`, `EXCEPTION`,
    /// `RETURN`.
    pub branches: bool,
    /// Whether a `RETURN` of PL/pgSQL has a value.
    pub returns_value: bool,
    /// The relations that expressions of PL/pgSQL read, outside of its statements.
    pub expressions: BTreeSet<Name>,
}

/// `CREATE TRIGGER`.
///
/// ```
/// use onward_analyzer::statement::{Change, TriggerEvent, TriggerTiming};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "CREATE TRIGGER g BEFORE DELETE ON t EXECUTE FUNCTION f()";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::CreateTrigger(trigger) = &statement.clauses[0].change else { panic!() };
/// assert_eq!(trigger.timing, TriggerTiming::Before);
/// assert_eq!(trigger.events, [TriggerEvent::Delete]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTrigger {
    /// The folded name.
    pub trigger: String,
    /// The table or view.
    pub table: Name,
    /// `OR REPLACE`.
    pub or_replace: bool,
    /// `CONSTRAINT`.
    pub constraint: bool,
    /// `BEFORE`, `AFTER` or `INSTEAD OF`.
    pub timing: TriggerTiming,
    /// `INSERT`, `UPDATE`, `DELETE`, `TRUNCATE`, in order.
    pub events: Vec<TriggerEvent>,
    /// The columns of `UPDATE OF`.
    pub columns: Vec<String>,
    /// `FOR EACH ROW`; `STATEMENT` otherwise.
    pub for_each_row: bool,
    /// The names of `REFERENCING`.
    pub transition_tables: Vec<String>,
    /// Whether one of them has the rows as they were: `OLD TABLE`.
    pub transition_of_old: bool,
    /// Whether one of them has the rows as they are: `NEW TABLE`.
    pub transition_of_new: bool,
    /// `WHEN`.
    pub condition: Option<Expression>,
    /// The function.
    pub function: Name,
    /// `FROM`, of a constraint trigger.
    pub from: Option<Name>,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
}

spelled! {
    /// When a trigger fires.
    ///
    /// ```
    /// use onward_analyzer::statement::TriggerTiming;
    ///
    /// assert_eq!(TriggerTiming::InsteadOf.to_string(), "INSTEAD OF");
    /// ```
    TriggerTiming {
        Before "BEFORE",
        After "AFTER",
        InsteadOf "INSTEAD OF",
    }
}

spelled! {
    /// What a trigger fires on.
    ///
    /// ```
    /// use onward_analyzer::statement::TriggerEvent;
    ///
    /// assert_eq!(TriggerEvent::Truncate.to_string(), "TRUNCATE");
    /// ```
    TriggerEvent {
        Insert "INSERT",
        Update "UPDATE",
        Delete "DELETE",
        Truncate "TRUNCATE",
    }
}

spelled! {
    /// The commands that a policy applies to.
    ///
    /// ```
    /// use onward_analyzer::statement::PolicyCommand;
    ///
    /// assert_eq!(PolicyCommand::All.to_string(), "ALL");
    /// ```
    PolicyCommand {
        All "ALL",
        Select "SELECT",
        Insert "INSERT",
        Update "UPDATE",
        Delete "DELETE",
    }
}

/// `CREATE POLICY` and `ALTER POLICY`.
///
/// ```
/// assert!(onward_analyzer::statement::Policy::default().permissive);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The folded name.
    pub policy: String,
    /// The table.
    pub table: Name,
    /// Whether it is permissive: false for `AS RESTRICTIVE`.
    pub permissive: bool,
    /// `FOR`; `ALL` if it is not written.
    pub command: PolicyCommand,
    /// `TO`; for a new policy, empty means `PUBLIC`.
    pub roles: Vec<String>,
    /// `USING`.
    pub using: Option<Expression>,
    /// `WITH CHECK`.
    pub check: Option<Expression>,
    /// The names in `USING` and in `WITH CHECK`.
    pub reading: [Reading; 2],
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            policy: String::new(),
            table: Name::default(),
            permissive: true,
            command: PolicyCommand::All,
            roles: Vec::new(),
            using: None,
            check: None,
            reading: Default::default(),
        }
    }
}

/// What a type created by `CREATE TYPE` consists of.
///
/// ```
/// use onward_analyzer::statement::TypeBody;
///
/// let mood = TypeBody::Enum(vec!["sad".into(), "happy".into()]);
/// assert_ne!(mood, TypeBody::Shell);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeBody {
    /// `AS ENUM`, with its labels.
    Enum(Vec<String>),
    /// `AS (...)`.
    Composite(Vec<Attribute>),
    /// `AS RANGE (...)`.
    Range(Vec<Parameter>),
    /// `(INPUT = ...)`.
    Base(Vec<Parameter>),
    /// Only a name.
    Shell,
}

/// The position of a new enum label.
///
/// ```
/// use onward_analyzer::statement::ValuePosition;
///
/// assert_ne!(ValuePosition::Before("a".into()), ValuePosition::After("a".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValuePosition {
    /// Directly before this label.
    Before(String),
    /// Directly after this label.
    After(String),
}

/// A column of a composite type or of a function's table.
///
/// ```
/// use onward_analyzer::statement::Attribute;
///
/// assert!(Attribute::default().collation.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribute {
    /// The folded name.
    pub name: String,
    /// The type.
    pub data_type: DataType,
    /// `COLLATE`.
    pub collation: Option<Name>,
}
