//! One type per category, so that the compiler keeps them apart.

use crate::plan::Job;
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
/// use onward::kind::Data;
/// use onward::plan::Job;
///
/// fn needs_code(data: &Data) -> bool {
///     matches!(data.job, Job::Code)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Data {
    /// How its statements run.
    pub job: Job,
    /// A query of one boolean column, true for each row that is not migrated yet
    /// (`-- onward: done when`, or derived from the statement). Asked before the migration counts as done.
    pub unfinished: Option<&'static str>,
    /// How many rows that fail it may leave out and report (`-- onward: skip at most 20 rows`). Beyond them it stops.
    pub skip: u32,
    /// Whether an operator has to approve it before it starts (`-- onward: approve`).
    pub approve: bool,
    /// Queries of one boolean; the worker waits unless each of them is true (`-- onward: healthy when`).
    pub healthy: &'static [&'static str],
}

impl Data {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        job: Job,
        unfinished: Option<&'static str>,
        skip: u32,
        approve: bool,
        healthy: &'static [&'static str],
    ) -> Self {
        Self {
            job,
            unfinished,
            skip,
            approve,
            healthy,
        }
    }
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
