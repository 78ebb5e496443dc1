//! Values: expressions as trees, as far as the names and types in them need it.

use std::ops::Range;

use super::{DataType, Query};

/// An expression as a tree.
///
/// ```
/// use onward_analyzer::statement::{Change, ColumnValue, ValueKind};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "ALTER TABLE t ADD COLUMN c date DEFAULT 'nope'";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::AddColumn { column, .. } = &statement.clauses[0].change else { panic!() };
/// let ColumnValue::Default(default) = &column.value else { panic!() };
/// assert_eq!(default.value.kind, ValueKind::Text("nope".into()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// The byte range in the file.
    pub span: Range<usize>,
    /// What it is.
    pub kind: ValueKind,
}

/// What a value is.
///
/// ```
/// use onward_analyzer::statement::ValueKind;
///
/// assert_eq!(ValueKind::default(), ValueKind::Other(vec![]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A string without a type: its context decides which type it has.
    Text(String),
    /// A number as it is written.
    Number(String),
    /// `TRUE` and `FALSE`.
    Boolean(bool),
    /// `NULL`.
    Null,
    /// `DEFAULT` in a row of values.
    Default,
    /// A column, or another name that stands for a value.
    Column(ColumnName),
    /// `$1`.
    Parameter(u32),
    /// A cast in any spelling.
    Cast(Box<Value>, DataType),
    /// A call of a function.
    Called(Box<Called>),
    /// `CASE`, `COALESCE`, `GREATEST`, `LEAST`: the values of which the result is one.
    Choice {
        /// The conditions, and the value that they compare.
        conditions: Vec<Value>,
        /// The results.
        results: Vec<Value>,
        /// The name of a column with this value.
        name: &'static str,
        /// Whether the last result is that of `ELSE`, whose name a column takes.
        has_else: bool,
    },
    /// A query with one column and one row.
    Query(Box<Query>),
    /// Operators of the same precedence with their operands.
    Operation {
        /// The leftmost operand; `None` for a prefix operator.
        first: Option<Box<Value>>,
        /// The operators with their right operands.
        rest: Vec<(Operator, Value)>,
    },
    /// A value that is compared with each of the others: `IN`, `BETWEEN`, `LIKE`.
    Compared(Box<Value>, Vec<(Operator, Value)>),
    /// True or false, with the values that decide it.
    Test(Test, Vec<Value>),
    /// Anything else, with the values inside.
    Other(Vec<Value>),
}

impl Default for ValueKind {
    fn default() -> Self {
        Self::Other(Vec::new())
    }
}

/// What a test asks of its values.
///
/// ```
/// use onward_analyzer::statement::{Change, Test, ValueKind};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "CREATE POLICY p ON t USING (a IS NOT NULL)";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::CreatePolicy(policy) = &statement.clauses[0].change else { panic!() };
/// let using = policy.using.as_ref().map(|using| &using.value.kind);
/// let is_null = |negated| Test::Null { negated };
/// assert!(matches!(using, Some(ValueKind::Test(test, _)) if *test == is_null(true)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// `AND`.
    And,
    /// `OR`.
    Or,
    /// `NOT`.
    Not,
    /// `IS NULL`, `ISNULL`, and with `negated` `IS NOT NULL`, `NOTNULL`.
    Null {
        /// `NOT`.
        negated: bool,
    },
    /// `IS TRUE`, `IS NOT FALSE`.
    Truth {
        /// `TRUE` or `FALSE`.
        of: bool,
        /// `NOT`.
        negated: bool,
    },
    /// `IS DISTINCT FROM`.
    Distinct {
        /// `NOT`.
        negated: bool,
    },
    /// Any other test, such as `IS DOCUMENT` or the condition of a join.
    Other,
}

/// A name that stands for a value.
///
/// ```
/// assert!(!onward_analyzer::statement::ColumnName::default().all);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnName {
    /// The parts between the dots, folded.
    pub parts: Vec<String>,
    /// `t.*`.
    pub all: bool,
    /// What is in the subscripts behind it, or else the value that `field` or `.*` is taken of.
    pub inside: Vec<Value>,
    /// Whether there are subscripts: an element of it is meant.
    pub element: bool,
    /// The field of a row.
    pub field: Option<String>,
}

impl ColumnName {
    /// Whether a part of its value is meant, whose type is another one.
    ///
    /// ```
    /// use onward_analyzer::statement::ColumnName;
    ///
    /// let column = ColumnName { parts: vec!["a".into()], ..ColumnName::default() };
    /// assert!(!column.is_part() && ColumnName { element: true, ..column }.is_part());
    /// ```
    #[must_use]
    pub fn is_part(&self) -> bool {
        self.element || self.field.is_some() || self.parts.is_empty()
    }
}

/// A call of a function, with its arguments.
///
/// ```
/// assert!(!onward_analyzer::statement::Called::default().open);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// The schema, if one is written.
    pub schema: Option<String>,
    /// The folded name.
    pub name: String,
    /// Whether it has a syntax of its own: `CURRENT_DATE`, `EXTRACT (...)`.
    pub special: bool,
    /// The arguments in order.
    pub arguments: Vec<Value>,
    /// Whether their number does not say which function it is: `VARIADIC`, `WITHIN GROUP`, named arguments.
    pub open: bool,
    /// The values in `FILTER`, `OVER` and `WITHIN GROUP`.
    pub around: Vec<Value>,
    /// `OVER`.
    pub windowed: bool,
}

/// An operator.
///
/// ```
/// use onward_analyzer::statement::Operator;
///
/// assert!(Operator { schema: None, name: "=".into() }.compares());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operator {
    /// The schema in `OPERATOR (schema.=)`.
    pub schema: Option<String>,
    /// The operator itself.
    pub name: String,
}

impl Operator {
    /// Whether it is a comparison or `LIKE`, whose result is true or false.
    ///
    /// ```
    /// use onward_analyzer::statement::Operator;
    ///
    /// assert!(!Operator { schema: None, name: "+".into() }.compares());
    /// ```
    #[must_use]
    pub fn compares(&self) -> bool {
        let compare = ["=", "<", ">", "<=", ">=", "<>", "!="];
        let match_pattern = ["~~", "!~~", "~~*", "!~~*", "~", "!~", "~*", "!~*"];
        compare.contains(&self.name.as_str()) || match_pattern.contains(&self.name.as_str())
    }
}

impl Value {
    /// The values directly inside of it; those of a query are not among them.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "SELECT coalesce(a, b + 1, (SELECT 2))";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// let select = statement.queries[0].first().expect("it is a SELECT");
    /// let value = select.targets[0].value.as_ref().expect("it is not `*`");
    /// assert_eq!(value.inner().len(), 3);
    /// assert!(value.inner()[2].inner().is_empty(), "what is inside of a query is not its own");
    /// ```
    #[must_use]
    pub fn inner(&self) -> Vec<&Value> {
        match &self.kind {
            ValueKind::Text(_)
            | ValueKind::Number(_)
            | ValueKind::Boolean(_)
            | ValueKind::Null
            | ValueKind::Default
            | ValueKind::Parameter(_)
            | ValueKind::Query(_) => Vec::new(),
            ValueKind::Column(column) => column.inside.iter().collect(),
            ValueKind::Cast(value, _) => vec![value.as_ref()],
            ValueKind::Called(called) => called.arguments.iter().chain(&called.around).collect(),
            ValueKind::Choice {
                conditions,
                results,
                ..
            } => conditions.iter().chain(results).collect(),
            ValueKind::Operation { first, rest } => {
                let first = first.iter().map(Box::as_ref);
                first.chain(rest.iter().map(|(_, value)| value)).collect()
            }
            ValueKind::Compared(value, others) => {
                let others = others.iter().map(|(_, value)| value);
                std::iter::once(value.as_ref()).chain(others).collect()
            }
            ValueKind::Test(_, values) | ValueKind::Other(values) => values.iter().collect(),
        }
    }
}
