//! How a statement that changes rows can be cut: the relations that it can walk, and where a range of one goes.

use std::ops::Range;

use super::Name;

/// How a statement can be cut into ranges of a relation.
///
/// ```
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "UPDATE a.t AS x SET b = c WHERE b IS NULL";
/// let cuts = lower(text, &split(text).statements[0], "a").cuts;
/// assert_eq!(cuts.map(|cuts| cuts.walks[0].alias.clone()).as_deref(), Some("x"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
    /// The relations that can be walked, the first choice first.
    pub walks: Vec<Walk>,
    /// Where it reads a relation that it changes, besides the place where it changes it.
    pub rereads: Vec<Reread>,
    /// A query that returns true for each row that it would change, in pieces; empty where it has no condition,
    /// or where it cannot be asked without changing anything.
    pub rest: Vec<Piece>,
}

/// A piece of a text that is put together.
///
/// ```
/// use onward_analyzer::statement::Piece;
///
/// assert_ne!(Piece::Words("true"), Piece::Text(0..4));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// What stands in this byte range of the file.
    Text(Range<usize>),
    /// These words.
    Words(&'static str),
}

/// A relation to whose rows a statement can be confined.
///
/// ```
/// assert!(onward_analyzer::statement::Walk::default().obstacles.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// The relation.
    pub table: Name,
    /// The name by which the statement knows it, folded.
    pub alias: String,
    /// The byte range of its name in the file.
    pub span: Range<usize>,
    /// `ONLY`.
    pub only: bool,
    /// Whether the statement changes it.
    pub is_target: bool,
    /// Where its range goes.
    pub slot: Slot,
    /// Why the statement does something else when it is confined to a range.
    pub obstacles: Vec<(Obstacle, Range<usize>)>,
}

/// Where the range of a relation goes.
///
/// ```
/// use onward_analyzer::statement::Slot;
///
/// assert_eq!(Slot::default(), Slot::Where(0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Beside the condition in this byte range.
    Beside(Range<usize>),
    /// Into a `WHERE` of its own at this offset.
    Where(usize),
    /// Into a query that stands for the relation and its alias in this byte range.
    Around(Range<usize>),
}

impl Default for Slot {
    fn default() -> Self {
        Self::Where(0)
    }
}

/// Why a range changes what a statement does.
///
/// ```
/// use onward_analyzer::statement::Obstacle;
///
/// assert_ne!(Obstacle::Grouped, Obstacle::Distinct);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// `GROUP BY` or `HAVING`.
    Grouped,
    /// An aggregate function.
    Aggregated,
    /// `DISTINCT`.
    Distinct,
    /// A window function.
    Windowed,
    /// `LIMIT`, `OFFSET` or `FETCH`.
    Limited,
    /// `UNION`, `INTERSECT` or `EXCEPT`.
    Combined,
    /// The relation is on the side of an outer join that is filled with nulls.
    Nullable,
    /// `TABLESAMPLE`.
    Sampled,
    /// `SKIP LOCKED`: what is locked is left out, and not looked at again.
    SkipsLocked,
    /// A query of `WITH RECURSIVE`.
    Recursive,
    /// A query of `WITH` that is named twice.
    NamedTwice,
    /// Another change of rows in `WITH`, which no range confines.
    Unconfined,
    /// `WHEN NOT MATCHED BY SOURCE`.
    BySource,
    /// `WHERE CURRENT OF`.
    Cursor,
    /// An alias that renames columns or hides the relation, or a column with the schema in front of it.
    Hidden,
}

/// A place where a statement reads a relation that it changes.
///
/// ```
/// assert!(onward_analyzer::statement::Reread::default().columns.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reread {
    /// The relation.
    pub table: Name,
    /// The byte range of its name in the file.
    pub span: Range<usize>,
    /// The columns that are named there, and may be its own.
    pub columns: Vec<String>,
    /// Whether all columns are read: `*`.
    pub all: bool,
    /// Whether it is a part of a value that is written, and not of a condition.
    pub in_value: bool,
}
