//! One type per category, so that the compiler keeps them apart.

use crate::plan::version::Category;

/// What marks a [`Migration`](crate::plan::Migration)'s category in its type; sealed.
///
/// ```
/// use onward::kind::{Kind, Release};
///
/// assert_eq!(Release::CATEGORY, onward::Category::Release);
/// ```
pub trait Kind: sealed::Sealed + Copy {
    /// The category of the type.
    const CATEGORY: Category;
}

/// Runs at startup. See [`Category::Startup`].
///
/// ```
/// use onward::kind::{Kind, Startup};
///
/// assert_eq!(Startup::CATEGORY, onward::Category::Startup);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Startup;

/// Runs at startup, after [`Startup`]. See [`Category::Seed`].
///
/// ```
/// use onward::kind::{Kind, Seed};
///
/// assert_eq!(Seed::CATEGORY, onward::Category::Seed);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Seed;

/// Run by an operator. See [`Category::Release`].
///
/// ```
/// use onward::kind::{Kind, Release};
///
/// assert_eq!(Release::CATEGORY, onward::Category::Release);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Release;

/// Runs in batches beside the service. See [`Category::Data`].
///
/// ```
/// let data = onward::kind::Data { batch: None };
/// assert!(data.batch.is_none());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Data {
    /// `-- onward: batch 1000 by id`, when the file says so.
    pub batch: Option<Batch>,
}

/// How a data migration is cut.
///
/// ```
/// let batch = onward::kind::Batch { rows: 1000, by: "id" };
/// assert_eq!(batch.by, "id");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Rows in one batch, at least 1.
    pub rows: u32,
    /// The column whose order cuts the table.
    pub by: &'static str,
}

impl Kind for Startup {
    const CATEGORY: Category = Category::Startup;
}

impl Kind for Seed {
    const CATEGORY: Category = Category::Seed;
}

impl Kind for Release {
    const CATEGORY: Category = Category::Release;
}

impl Kind for Data {
    const CATEGORY: Category = Category::Data;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Startup {}
    impl Sealed for super::Seed {}
    impl Sealed for super::Release {}
    impl Sealed for super::Data {}
}
