//! Queries: what each part of them can name.

use std::ops::Range;

use super::{DataType, Value};

/// A query with its `WITH`.
///
/// ```
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "WITH a AS (SELECT 1 AS b) SELECT b FROM a UNION SELECT 2 ORDER BY b";
/// let query = &lower(text, &split(text).statements[0], "auth").queries[0];
/// assert_eq!((query.with.len(), query.operands.len(), query.order.len()), (1, 2, 1));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The queries of `WITH`, in order.
    pub with: Vec<Common>,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// What `UNION`, `INTERSECT` and `EXCEPT` combine.
    pub operands: Vec<Branch>,
    /// `ORDER BY` of the whole.
    pub order: Vec<Value>,
    /// The numbers in `LIMIT`, `OFFSET` and `FETCH`.
    pub limits: Vec<Value>,
}

/// A query of `WITH`.
///
/// ```
/// assert!(onward_analyzer::statement::Common::default().columns.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Common {
    /// The folded name.
    pub name: String,
    /// The list of column names, which can be shorter than the columns.
    pub columns: Vec<String>,
    /// The query.
    pub query: Query,
    /// Whether `SEARCH` or `CYCLE` adds columns.
    pub grows: bool,
}

/// One side of a `UNION`, or the whole of a query without one.
///
/// ```
/// use onward_analyzer::statement::Branch;
///
/// assert_ne!(Branch::Values(vec![]), Branch::Query(Box::default()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Branch {
    /// `SELECT`, and a statement that changes rows with its `RETURNING`.
    Select(Box<Select>),
    /// `VALUES`.
    Values(Vec<Vec<Value>>),
    /// `TABLE name`.
    Table(Source),
    /// A query in parentheses.
    Query(Box<Query>),
}

/// `SELECT`, or a statement that changes rows.
///
/// The table that a statement changes is the first of its sources.
///
/// ```
/// assert!(!onward_analyzer::statement::Select::default().changes);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Select {
    /// `FROM`, and the table that is changed.
    pub from: Vec<Source>,
    /// The list after `SELECT` or `RETURNING`.
    pub targets: Vec<Selected>,
    /// The condition of `WHERE`.
    pub filters: Vec<Value>,
    /// The other values that see the sources: `HAVING`, `SET`, windows.
    pub values: Vec<Value>,
    /// `GROUP BY`, and `ORDER BY` of aggregates of the list, where a name may be that of a target.
    pub groups: Vec<Value>,
    /// The queries that see none of the sources: that of an `INSERT`.
    pub apart: Vec<Query>,
    /// `HAVING`.
    pub having: bool,
    /// Whether it is an `INSERT`, `UPDATE`, `DELETE` or `MERGE`.
    pub changes: bool,
    /// Whether some of its values see only some of its sources, as in `MERGE`.
    pub mixed: bool,
}

/// An item of the list after `SELECT`.
///
/// ```
/// assert!(onward_analyzer::statement::Selected::default().value.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// The value; `None` for `*`.
    pub value: Option<Value>,
    /// The name after `AS`.
    pub name: Option<String>,
}

/// An item of `FROM`.
///
/// ```
/// assert!(onward_analyzer::statement::Source::default().alias.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The byte range of its name in the file.
    pub span: Range<usize>,
    /// What it is.
    pub kind: SourceKind,
    /// The name after `AS`.
    pub alias: Option<String>,
    /// The column names behind the alias, which can be fewer than the columns.
    pub columns: Vec<String>,
    /// `LATERAL`.
    pub lateral: bool,
}

/// What an item of `FROM` is.
///
/// ```
/// use onward_analyzer::statement::SourceKind;
///
/// assert_eq!(SourceKind::default(), SourceKind::Other(vec![]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// A table, a view, or a name of `WITH`.
    Relation {
        /// The schema, if one is written.
        schema: Option<String>,
        /// The folded name.
        name: String,
    },
    /// A query in parentheses.
    Query(Box<Query>),
    /// Functions, with the columns of their results if they are written.
    Functions {
        /// The calls; several for `ROWS FROM`.
        calls: Vec<Value>,
        /// The columns in `AS (a int)`.
        columns: Vec<(String, DataType)>,
        /// `WITH ORDINALITY`.
        ordinality: bool,
    },
    /// A join of two items.
    Join {
        /// Both sides.
        sides: Box<(Source, Source)>,
        /// How the rows are matched.
        matched: Matched,
        /// Which side keeps the rows that match none.
        outer: Outer,
    },
    /// Anything else, with the values inside: `XMLTABLE`.
    Other(Vec<Value>),
}

impl Default for SourceKind {
    fn default() -> Self {
        Self::Other(Vec::new())
    }
}

/// Which sides of a join keep the rows that match none.
///
/// ```
/// use onward_analyzer::statement::Outer;
///
/// assert_eq!(Outer::Left.fills(), [false, true]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the keywords of SQL")]
pub enum Outer {
    Inner,
    Left,
    Right,
    Full,
}

impl Outer {
    /// Which sides, the left one and the right one, are filled with nulls for rows of the other.
    ///
    /// ```
    /// use onward_analyzer::statement::Outer;
    ///
    /// assert_eq!((Outer::Left.fills(), Outer::Full.fills()), ([false, true], [true, true]));
    /// ```
    #[must_use]
    pub const fn fills(self) -> [bool; 2] {
        match self {
            Self::Inner => [false, false],
            Self::Left => [false, true],
            Self::Right => [true, false],
            Self::Full => [true, true],
        }
    }
}

/// How a join matches rows.
///
/// ```
/// use onward_analyzer::statement::Matched;
///
/// assert_ne!(Matched::Natural, Matched::Using(vec![], None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matched {
    /// `ON`, or nothing for `CROSS JOIN`.
    On(Option<Value>),
    /// `USING (columns) AS alias`.
    Using(Vec<String>, Option<String>),
    /// `NATURAL`.
    Natural,
}

impl Query {
    /// Its first operand, if that is a `SELECT`.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "SELECT a, b FROM t UNION VALUES (1, 2)";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// let first = statement.queries[0].first().expect("a SELECT comes first");
    /// assert_eq!((first.targets.len(), first.from.len()), (2, 1));
    /// ```
    #[must_use]
    pub fn first(&self) -> Option<&Select> {
        match self.operands.first()? {
            Branch::Select(select) => Some(select),
            Branch::Query(query) => query.first(),
            Branch::Values(_) | Branch::Table(_) => None,
        }
    }
}
