//! Expressions, types and options: the parts of definitions.

use std::fmt;
use std::ops::Range;

use super::Formula;
use super::Value;

/// A call of a function, as it is written. Which function it calls depends on the arguments, and on
/// `search_path` if no schema is written.
///
/// ```
/// use onward_analyzer::statement::Call;
///
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "SELECT set_config('search_path', x, true)";
/// let call = &lower(text, &split(text).statements[0], "auth").calls[0];
/// assert_eq!((call.constant(0), call.constant(1)), (Some("search_path"), None));
/// assert!(call.takes_column && !call.in_subquery);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The schema, if one is written.
    pub schema: Option<String>,
    /// The folded name; `current_timestamp` and the like count as functions.
    pub name: String,
    /// The byte range of the name and the arguments.
    pub span: Range<usize>,
    /// The arguments: the value of a constant, a string without its quotes; `None` for any other
    /// argument.
    pub constants: Vec<Option<String>>,
    /// Whether the arguments contain a column, or another name that stands for a value.
    pub takes_column: bool,
    /// Whether it is in a subquery of an expression.
    pub in_subquery: bool,
    /// Whether `OVER` follows: a call of a window function.
    pub windowed: bool,
    /// The arguments, if the call is part of a stored expression.
    pub arguments: Vec<Operand>,
}

impl Call {
    /// The `n`th argument from 0, if it is a constant.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "SELECT nextval('a_id_seq')";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// assert_eq!(statement.calls[0].constant(0), Some("a_id_seq"));
    /// ```
    #[must_use]
    pub fn constant(&self, n: usize) -> Option<&str> {
        self.constants.get(n)?.as_deref()
    }
}

/// A value in an expression, as far as its type can be known from the text and the columns.
///
/// ```
/// use onward_analyzer::statement::Operand;
///
/// assert_eq!(Operand::default(), Operand::Other);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Operand {
    /// A column.
    Column(String),
    /// A string or number without a type of its own, or `NULL`, `TRUE` and `FALSE`.
    Constant,
    /// A value of this type, because of a cast or an operator.
    Typed(DataType),
    /// `AT TIME ZONE` of a value.
    AtZone(Box<Operand>),
    /// Any other value.
    #[default]
    Other,
}

/// A cast: `a::date`, `CAST (a AS date)`.
///
/// ```
/// use onward_analyzer::statement::{Cast, DataType, Operand};
///
/// let cast = Cast { from: Operand::Constant, to: DataType::default(), span: 0..4 };
/// assert_eq!(cast.from, Operand::Constant);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// The value.
    pub from: Operand,
    /// The type that it gets.
    pub to: DataType,
    /// The byte range of the type in the file.
    pub span: Range<usize>,
}

/// An operator between two values.
///
/// ```
/// use onward_analyzer::statement::{Operand, Operation};
///
/// let at = Operand::Column("at".into());
/// let less = Operation { left: at, operator: "<".into(), right: Operand::Constant, span: 3..4 };
/// assert_eq!(less.operator, "<");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The value on the left.
    pub left: Operand,
    /// The operator, words in upper case.
    pub operator: String,
    /// The value on the right.
    pub right: Operand,
    /// The byte range of the operator in the file.
    pub span: Range<usize>,
}

/// A string in a statement.
///
/// ```
/// use onward_analyzer::statement::{Literal, Meets};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "SELECT 'it''s'";
/// let literals = lower(text, &split(text).statements[0], "auth").literals;
/// assert_eq!(literals, [Literal { value: "it's".into(), span: 7..14, meets: Meets::Unknown }]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// Its value.
    pub value: String,
    /// The byte range in the file, quotes included.
    pub span: Range<usize>,
    /// What it is compared with or cast to.
    pub meets: Meets,
}

/// What a string is compared with or cast to, as far as the words beside it say that.
///
/// ```
/// use onward_analyzer::statement::Meets;
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "SELECT 'a'::app.mood FROM t WHERE t.b IN ('c') AND d::text = 'e'";
/// let literals = lower(text, &split(text).statements[0], "app").literals;
/// let meets: Vec<&Meets> = literals.iter().map(|literal| &literal.meets).collect();
/// assert_eq!(meets[0], &Meets::Type(Some("app".into()), "mood".into()));
/// assert_eq!(meets[1], &Meets::Column("b".into()));
/// assert_eq!(meets[2], &Meets::Type(None, "text".into()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Meets {
    /// A column, parameter or variable of this name.
    Column(String),
    /// A type, with its schema if one is written, and `[]` behind that of an array: the string, or the
    /// other side, is cast to it.
    Type(Option<String>, String),
    /// Anything else.
    #[default]
    Unknown,
}

/// An expression: its text, and the facts that rules need.
///
/// ```
/// use onward_analyzer::statement::Expression;
///
/// let expression = Expression { text: "42".into(), ..Expression::default() };
/// assert!(expression.calls.is_empty() && expression.columns.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expression {
    /// The text as it is written.
    pub text: String,
    /// The byte range in the file.
    pub span: Range<usize>,
    /// The expression as a tree.
    pub value: Box<Value>,
    /// The functions that are called, in order; those behind operators and casts are not known.
    pub calls: Vec<Call>,
    /// The names that stand for values, mostly columns, in order and each once.
    pub columns: Vec<String>,
    /// Those of `columns` that are outside of every subquery: columns of the table that the expression is
    /// about.
    pub outer: Vec<String>,
    /// The columns that cannot be null where the expression is true: `a IS NOT NULL` as a term of a
    /// top-level `AND`, which `SET NOT NULL` accepts as a proof.
    pub not_null: Vec<String>,
    /// Whether it requires nothing except that these columns are not null.
    pub only_not_null: bool,
    /// `NULL`, with or without a cast.
    pub is_null: bool,
    /// `TRUE`, with or without parentheses.
    pub is_true: bool,
    /// The upper limits that comparisons with a constant put on the length of a column, as in
    /// `octet_length(a) <= 64`, in order.
    pub length_limits: Vec<(String, u64)>,
    /// The same in a form that can be evaluated, for expressions about rows: defaults, checks, keys and
    /// predicates of indexes.
    pub formula: Box<Formula>,
    /// Whether it contains a subquery.
    pub has_subquery: bool,
    /// The casts, in order.
    pub casts: Vec<Cast>,
    /// The operators between two values.
    pub operations: Vec<Operation>,
    /// The names in front of columns, each once: `new` of `NEW.a`.
    pub tables: Vec<String>,
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A type, under PostgreSQL's own name for it.
///
/// It is displayed as by `format_type()`: `int8` is `bigint`, and `varchar(20)[]` is
/// `character varying(20)[]`. Names of other types are folded, with their schema if one is written.
///
/// ```
/// use onward_analyzer::statement::{Change, DataType};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "ALTER TABLE t ADD COLUMN c decimal(10, 2)[]";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::AddColumn { column, .. } = &statement.clauses[0].change else { panic!() };
/// assert_eq!(column.data_type.to_string(), "numeric(10,2)[]");
/// assert_eq!(column.data_type.name, "numeric");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataType {
    /// The schema, if one is written and it is not `pg_catalog`.
    pub schema: Option<String>,
    /// The name without modifiers, such as `timestamp with time zone`.
    pub name: String,
    /// The modifiers in parentheses: a length, or a precision and scale.
    pub modifiers: Vec<String>,
    /// The fields of an interval: `day to second`.
    pub fields: Option<String>,
    /// Whether it is an array, of any number of dimensions.
    pub array: bool,
    /// `SETOF`.
    pub set: bool,
}

impl DataType {
    /// Whether this is the type with that name, or an array of it; a type without a schema matches too.
    pub(crate) fn is_named(&self, name: &super::Name) -> bool {
        let schema = self.schema.as_ref();
        self.name == name.name && schema.is_none_or(|schema| *schema == name.schema)
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.set {
            f.write_str("SETOF ")?;
        }
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        // `timestamp(3) with time zone`: the modifier comes after the first word.
        let split = self.name.split_once(' ');
        let zoned = split.filter(|(name, _)| matches!(*name, "timestamp" | "time"));
        let name = zoned.map_or(self.name.as_str(), |(name, _)| name);
        // Without a length, only the catalog's own name is right.
        let without_length = name == "character" && self.modifiers.is_empty();
        f.write_str(if without_length { "bpchar" } else { name })?;
        if let Some(fields) = &self.fields {
            write!(f, " {fields}")?;
        }
        if !self.modifiers.is_empty() {
            write!(f, "({})", self.modifiers.join(","))?;
        }
        if let Some((_, zone)) = zoned {
            write!(f, " {zone}")?;
        }
        f.write_str(if self.array { "[]" } else { "" })
    }
}

/// `name = value` in a list of options, such as storage parameters.
///
/// ```
/// use onward_analyzer::statement::Parameter;
///
/// let parameter = Parameter { name: "fillfactor".into(), value: Some("70".into()) };
/// assert_eq!(parameter.name, "fillfactor");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The folded name; `toast.name` with its prefix.
    pub name: String,
    /// The value as it is written; `None` if only a name is written.
    pub value: Option<String>,
}
