//! The four categories of migrations.

use std::fmt;
use std::str::FromStr;

use crate::version::{InvalidVersion, Version};

/// When a migration runs and who runs it.
///
/// The order is the order in which a fresh database is built: what starts the service, then its
/// reference data, then what an operator runs, then what the background worker runs.
///
/// ```
/// use onward::Category;
///
/// assert_eq!(Category::of("001_create_users.sql")?, Category::Startup);
/// assert!(Category::Startup < Category::Release);
/// # Ok::<(), onward::InvalidVersion>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Category {
    /// `001` to `099`: runs by itself when the service starts; additive, non-blocking DDL.
    Startup,
    /// `S001` to `S999`: idempotent reference data, runs at startup after the Startup migrations.
    Seed,
    /// `100` to `199`: breaking changes, run by an operator before the deploy that needs them.
    Release,
    /// `DM001` to `DM999`: batched changes of data, run in the background beside the service.
    Data,
}

impl Category {
    /// Every category, in the order in which a fresh database is built.
    ///
    /// ```
    /// assert_eq!(onward::Category::ALL.len(), 4);
    /// ```
    pub const ALL: [Self; 4] = [Self::Startup, Self::Seed, Self::Release, Self::Data];

    /// The category of a migration file, by its name alone.
    ///
    /// # Errors
    ///
    /// [`InvalidVersion`] when the name is none of `NNN_snake_case.sql`, `SNNN_snake_case.sql` and
    /// `DMNNN_snake_case.sql`, or its number is in no category's range.
    ///
    /// ```
    /// use onward::Category;
    ///
    /// assert_eq!(Category::of("S001_roles.sql")?, Category::Seed);
    /// assert!(Category::of("s001_roles.sql").is_err());
    /// assert!(Category::of("0001_users.sql").is_err());
    /// assert!(Category::of("200_users.sql").is_err());
    /// # Ok::<(), onward::InvalidVersion>(())
    /// ```
    pub fn of(file_name: &str) -> Result<Self, InvalidVersion> {
        Version::of(file_name).map(Version::category)
    }

    /// The word the ledger stores: `startup`, `seed`, `release` or `data`.
    ///
    /// ```
    /// assert_eq!(onward::Category::Data.as_str(), "data");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Startup => "startup",
            Self::Seed => "seed",
            Self::Release => "release",
            Self::Data => "data",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is none of `startup`, `seed`, `release` and `data`.
///
/// ```
/// let wrong = "Startup".parse::<onward::Category>().unwrap_err();
/// assert_eq!(wrong.to_string(), "`Startup` is no category: expected startup, seed, release or data");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no category: expected startup, seed, release or data")]
pub struct UnknownCategory(String);

impl FromStr for Category {
    type Err = UnknownCategory;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|category| category.as_str() == text)
            .ok_or_else(|| UnknownCategory(text.to_owned()))
    }
}
