//! What statements do to rows, and how they choose them.

use std::ops::Range;

use super::{Expression, IndexKey, Name};

/// `INSERT`, and `COPY ... FROM` a file.
///
/// ```
/// use onward_analyzer::statement::{Change, Rows};
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "INSERT INTO t (a, b) VALUES (1, now()) ON CONFLICT (a) DO NOTHING";
/// let statement = lower(text, &split(text).statements[0], "app");
/// let Change::Insert(insert) = &statement.clauses[0].change else { panic!() };
/// assert!(insert.is_idempotent());
/// assert_eq!(insert.position("b"), Some(1));
/// assert!(matches!(&insert.rows, Rows::Values(rows) if rows[0][1].calls[0].name == "now"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Insert {
    /// The table.
    pub table: Name,
    /// The columns, if the statement lists them.
    pub columns: Vec<Written>,
    /// The rows.
    pub rows: Rows,
    /// `OVERRIDING`.
    pub overriding: Option<Overriding>,
    /// `ON CONFLICT`.
    pub on_conflict: Option<OnConflict>,
    /// Whether its query contains `NOT EXISTS`, usually to skip existing rows.
    pub asks_what_is_there: bool,
}

impl Insert {
    /// Whether running it twice adds nothing the second time: `ON CONFLICT`, or `NOT EXISTS` in its
    /// query.
    ///
    /// ```
    /// use onward_analyzer::statement::Insert;
    ///
    /// assert!(!Insert::default().is_idempotent());
    /// ```
    #[must_use]
    pub const fn is_idempotent(&self) -> bool {
        self.on_conflict.is_some() || self.asks_what_is_there
    }

    /// The position in a row of the value for this column, from 0; `None` if the column is not listed.
    ///
    /// ```
    /// use onward_analyzer::statement::Insert;
    ///
    /// assert_eq!(Insert::default().position("id"), None);
    /// ```
    #[must_use]
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns
            .iter()
            .position(|written| written.column == column)
    }
}

/// A column that a statement writes.
///
/// ```
/// use onward_analyzer::statement::Written;
///
/// assert!(!Written::default().whole);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The folded name.
    pub column: String,
    /// Whether the whole column is written: false for a part of it, such as `a[1]` or `a.b`.
    pub whole: bool,
    /// The byte range in the file.
    pub span: Range<usize>,
}

/// The rows that are inserted.
///
/// ```
/// use onward_analyzer::statement::Rows;
///
/// assert_eq!(Rows::default(), Rows::Default);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// `DEFAULT VALUES`.
    #[default]
    Default,
    /// `VALUES`, row by row.
    Values(Vec<Vec<Expression>>),
    /// The rows of a query, and how it chooses them.
    Query {
        /// What it selects, in order, if it is a single plain `SELECT` without `*`.
        targets: Option<Vec<Expression>>,
        /// The relations that it reads.
        choice: Box<Choice>,
    },
    /// The rows of a file on the server.
    Copied,
}

/// What happens to a value for an identity column.
///
/// ```
/// use onward_analyzer::statement::Overriding;
///
/// assert_ne!(Overriding::System, Overriding::User);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overriding {
    /// `SYSTEM VALUE`: the value is used, also for `GENERATED ALWAYS`.
    System,
    /// `USER VALUE`: the value is ignored.
    User,
}

/// `ON CONFLICT`.
///
/// ```
/// use onward_analyzer::statement::OnConflict;
///
/// assert!(OnConflict::default().update.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnConflict {
    /// The byte range of the target, or else of the keywords.
    pub span: Range<usize>,
    /// The columns and expressions that must be unique.
    pub keys: Vec<IndexKey>,
    /// The `WHERE` after them, for a partial index.
    pub predicate: Option<Expression>,
    /// `ON CONSTRAINT`.
    pub constraint: Option<String>,
    /// `DO UPDATE SET`, with its `WHERE`; `None` for `DO NOTHING`.
    pub update: Option<(Vec<Assignment>, Option<Condition>)>,
}

/// `SET column = value`.
///
/// ```
/// use onward_analyzer::statement::Assignment;
///
/// assert!(!Assignment::default().accumulates);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// The column, or several: `(a, b) = (1, 2)`.
    pub columns: Vec<Written>,
    /// The value.
    pub value: Expression,
    /// Whether an operator, or a function such as `concat`, computes the value from the column's old
    /// value, so that a second run computes a different one: `a = a + 1`.
    pub accumulates: bool,
}

/// `UPDATE`.
///
/// ```
/// use onward_analyzer::statement::Update;
///
/// assert!(Update::default().choice.condition.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// The table.
    pub table: Name,
    /// `SET`.
    pub set: Vec<Assignment>,
    /// How the rows are chosen.
    pub choice: Choice,
    /// Whether the statement is only this and ends with the last value: no `WITH`, no `RETURNING`.
    pub alone: bool,
}

/// `DELETE`.
///
/// ```
/// use onward_analyzer::statement::Delete;
///
/// assert!(Delete::default().choice.limits.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delete {
    /// The table.
    pub table: Name,
    /// How the rows are chosen.
    pub choice: Choice,
}

/// `MERGE`.
///
/// ```
/// use onward_analyzer::statement::Merge;
///
/// assert!(Merge::default().actions.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merge {
    /// The table.
    pub table: Name,
    /// `USING`, with `ON` as the condition.
    pub choice: Choice,
    /// The actions, in order.
    pub actions: Vec<MergeAction>,
}

/// `WHEN ... THEN` of a `MERGE`.
///
/// ```
/// use onward_analyzer::statement::{MergeAction, Merged};
///
/// let action = MergeAction { span: 0..4, by_source: false, merged: Merged::Nothing };
/// assert_eq!(action.merged, Merged::Nothing);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeAction {
    /// The byte range in the file.
    pub span: Range<usize>,
    /// `NOT MATCHED BY SOURCE`: for rows of the table that the source does not have.
    pub by_source: bool,
    /// The action.
    pub merged: Merged,
}

/// What a `MERGE` does with a row.
///
/// ```
/// use onward_analyzer::statement::Merged;
///
/// assert_ne!(Merged::Nothing, Merged::Delete);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// `DO NOTHING`.
    Nothing,
    /// `DELETE`.
    Delete,
    /// `UPDATE SET`.
    Update(Vec<Assignment>),
    /// `INSERT`.
    Insert {
        /// The columns, if they are listed.
        columns: Vec<Written>,
        /// The values; `None` for `DEFAULT VALUES`.
        values: Vec<Expression>,
    },
}

/// How a statement chooses its rows.
///
/// ```
/// use onward_analyzer::statement::Change;
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "DELETE FROM t WHERE ctid IN (SELECT ctid FROM t ORDER BY id LIMIT 10)";
/// let statement = lower(text, &split(text).statements[0], "app");
/// let Change::Delete(delete) = &statement.clauses[0].change else { panic!() };
/// assert_eq!(delete.choice.limits[0].order_by[0].columns, ["id"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// `WHERE`, or `ON` of a `MERGE`.
    pub condition: Option<Condition>,
    /// The other relations that it reads: `FROM`, `USING`.
    pub from: Vec<Name>,
    /// The queries with a `LIMIT` that choose rows: the statement itself, those in `FROM` and `WHERE`,
    /// and those of `WITH` that they name.
    pub limits: Vec<Limit>,
    /// `WHERE CURRENT OF` a cursor: a single row.
    pub current_of: bool,
}

impl Choice {
    /// Whether it chooses all rows: no condition excludes one.
    ///
    /// ```
    /// assert!(onward_analyzer::statement::Choice::default().is_everything());
    /// ```
    #[must_use]
    pub fn is_everything(&self) -> bool {
        let condition = self.condition.as_ref();
        !self.current_of && condition.is_none_or(Condition::is_always_true)
    }
}

/// A query with a limited number of rows.
///
/// ```
/// use onward_analyzer::statement::Limit;
///
/// assert!(!Limit::default().offset);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// The byte range of `LIMIT` and its number.
    pub span: Range<usize>,
    /// The relations that it reads.
    pub from: Vec<Name>,
    /// Its `WHERE`.
    pub condition: Option<Condition>,
    /// `ORDER BY`.
    pub order_by: Vec<Expression>,
    /// Whether it selects only `ctid`.
    pub ctid: bool,
    /// `OFFSET`.
    pub offset: bool,
    /// `FOR UPDATE SKIP LOCKED` and the like, in upper case.
    pub locking: Option<String>,
}

/// A condition on rows: its text and its terms.
///
/// ```
/// use onward_analyzer::statement::Condition;
///
/// assert!(!Condition::default().is_always_true());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// The whole condition.
    pub expression: Expression,
    /// The terms that a top-level `AND` joins; a single term if there is an `OR`.
    pub terms: Vec<Term>,
}

impl Condition {
    /// Whether it is always true: `true`, `1 = 1`.
    ///
    /// ```
    /// assert!(!onward_analyzer::statement::Condition::default().is_always_true());
    /// ```
    #[must_use]
    pub fn is_always_true(&self) -> bool {
        let always = |term: &Term| term.comparison == Comparison::Always;
        !self.terms.is_empty() && self.terms.iter().all(always)
    }

    /// The terms about one column.
    ///
    /// ```
    /// assert_eq!(onward_analyzer::statement::Condition::default().about("id").count(), 0);
    /// ```
    pub fn about<'a>(&'a self, column: &'a str) -> impl Iterator<Item = &'a Term> {
        let about = move |term: &&Term| term.column.as_deref() == Some(column);
        self.terms.iter().filter(about)
    }
}

/// One term of a condition.
///
/// ```
/// use onward_analyzer::statement::{Comparison, Term};
///
/// assert_eq!(Term::default().comparison, Comparison::Other);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// The column that is compared, on either side.
    pub column: Option<String>,
    /// How it is compared.
    pub comparison: Comparison,
    /// Whether it is compared only with constants and parameters.
    pub constant: bool,
}

/// How a term compares its column.
///
/// ```
/// use onward_analyzer::statement::Comparison;
///
/// assert_eq!(Comparison::default(), Comparison::Other);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comparison {
    /// `=`.
    Equal,
    /// `IN` and `= ANY`.
    In,
    /// `>` and `>=`.
    Above,
    /// `<` and `<=`.
    Below,
    /// `BETWEEN`.
    Between,
    /// `IS NULL`.
    Null,
    /// `IS NOT NULL`.
    NotNull,
    /// True for every row.
    Always,
    /// Anything else.
    #[default]
    Other,
}
