//! Why a statement cannot be cut into batches, as facts; a rule gives each of them its words.

use std::ops::Range;

use crate::statement::{Name, ObjectKind, Walk};

/// Why a data migration has no job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// `batch` above several statements, or a `LIMIT` among several; with the place of one of them.
    Several(Range<usize>),
    /// `batch` without columns above a statement that does not limit itself.
    Unlimited,
    /// `batch` above a statement that walks no relation.
    NotCuttable,
    /// None of these relations has all the columns.
    NoColumns {
        /// The relations that the statement can walk.
        tables: Vec<Name>,
        /// The first column that the first of them does not have.
        column: String,
        /// The keys of the first of them.
        usable: Vec<Vec<String>>,
    },
    /// The columns are no key by which the relation can be walked.
    Key {
        /// The relation.
        table: Name,
        /// What is wrong with the columns.
        problem: KeyProblem,
        /// The keys that it has.
        usable: Vec<Vec<String>>,
    },
    /// With a range of this relation the statement does something else.
    Meaning(Box<Walk>),
}

/// What is wrong with the columns of a `batch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyProblem {
    /// The files do not create the relation.
    Unknown,
    /// It is of another kind than a table.
    NotATable(ObjectKind),
    /// Tables that inherit from it are walked too, and have keys of their own.
    Inherited,
    /// The column can be null.
    Nullable(String),
    /// The columns are only a part of a unique index, or in another order.
    PartOf { index: String, columns: Vec<String> },
    /// A unique index over the columns, which leaves rows out.
    Partial(String),
    /// A unique index over the columns that does not have their order, or is not valid.
    Unordered(String),
    /// No unique index has exactly these columns.
    NotUnique,
}
