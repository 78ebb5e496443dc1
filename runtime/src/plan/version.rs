//! The four categories of migrations, and the number of a migration, typed by its category.

use std::fmt;
use std::str::FromStr;

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
/// assert_eq!(wrong.to_string(), "`Startup` is not a category: expected startup, seed, release or data");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a category: expected startup, seed, release or data")]
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

/// `001`, `S001`, `100` or `DM001`: the identity of a migration inside its module.
///
/// Versions are ordered by category first (the order of [`Category`]), then by number.
///
/// ```
/// use onward::{Category, Version};
///
/// let version: Version = "DM007".parse()?;
/// assert_eq!(version.category(), Category::Data);
/// assert_eq!(version.number(), 7);
/// assert_eq!(version.to_string(), "DM007");
/// assert!("002".parse::<Version>()? < version);
/// # Ok::<(), onward::InvalidVersion>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    category: Category,
    number: u16,
}

impl Version {
    /// What `embed_migrations!` writes; the numbers were checked when the folder was read.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(category: Category, number: u16) -> Self {
        Self { category, number }
    }

    /// The version that a file name starts with; the rest of the name is checked too.
    ///
    /// # Errors
    ///
    /// [`InvalidVersion`], as for [`Category::of`].
    ///
    /// ```
    /// assert_eq!(onward::Version::of("101_drop_legacy.sql")?.to_string(), "101");
    /// # Ok::<(), onward::InvalidVersion>(())
    /// ```
    pub fn of(file_name: &str) -> Result<Self, InvalidVersion> {
        file_name
            .strip_suffix(".sql")
            .and_then(|stem| stem.split_once('_'))
            .filter(|(_, title)| is_snake_case(title))
            .and_then(|(version, _)| parse(version))
            .ok_or_else(|| InvalidVersion(file_name.to_owned()))
    }

    /// The category, which the range of the number decides.
    ///
    /// ```
    /// # use onward::{Category, Version};
    /// assert_eq!("100".parse::<Version>()?.category(), Category::Release);
    /// # Ok::<(), onward::InvalidVersion>(())
    /// ```
    #[must_use]
    pub const fn category(self) -> Category {
        self.category
    }

    /// The number without its prefix: 1 to 999.
    ///
    /// ```
    /// assert_eq!("S042".parse::<onward::Version>()?.number(), 42);
    /// # Ok::<(), onward::InvalidVersion>(())
    /// ```
    #[must_use]
    pub const fn number(self) -> u16 {
        self.number
    }
}

fn is_snake_case(title: &str) -> bool {
    !title.is_empty()
        && !title.starts_with('_')
        && !title.ends_with('_')
        && title
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

fn parse(text: &str) -> Option<Version> {
    let split = text.find(|c: char| c.is_ascii_digit())?;
    let (prefix, digits) = text.split_at(split);
    if digits.len() != 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u16 = digits.parse().ok()?;
    let category = match (prefix, number) {
        (_, 0) => return None,
        ("", 1..=99) => Category::Startup,
        ("", 100..=199) => Category::Release,
        ("S", _) => Category::Seed,
        ("DM", _) => Category::Data,
        (_, _) => return None,
    };
    Some(Version { category, number })
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.category {
            Category::Startup | Category::Release => "",
            Category::Seed => "S",
            Category::Data => "DM",
        };
        f.pad(&format!("{prefix}{:03}", self.number))
    }
}

/// The text is not a version, or the file name does not start with one.
///
/// ```
/// let wrong = "0001".parse::<onward::Version>().unwrap_err();
/// assert!(wrong.to_string().starts_with("`0001` is not a migration version"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a migration version: expected 001-099 (startup), 100-199 (release), \
     S001-S999 (seed) or DM001-DM999 (data), in a file name followed by `_snake_case.sql`"
)]
pub struct InvalidVersion(String);

impl FromStr for Version {
    type Err = InvalidVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| InvalidVersion(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_of_the_number_decides_the_category() {
        for (name, category) in [
            ("001_x.sql", Category::Startup),
            ("099_x.sql", Category::Startup),
            ("100_x.sql", Category::Release),
            ("199_x.sql", Category::Release),
            ("S001_x.sql", Category::Seed),
            ("S999_x.sql", Category::Seed),
            ("DM001_x.sql", Category::Data),
            ("DM999_a_1.sql", Category::Data),
        ] {
            assert_eq!(Category::of(name), Ok(category), "{name}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for name in [
            "",
            " ",
            "   ",
            "001",
            "001.sql",
            "001_.sql",
            "001_x",
            "001_x.SQL",
            "001__x.sql",
            "001_x_.sql",
            "s001_x.sql",
            "dm001_x.sql",
            "0001_x.sql",
            "1_x.sql",
            "000_x.sql",
            "S000_x.sql",
            "DM000_x.sql",
            "200_x.sql",
            "999_x.sql",
            "S1000_x.sql",
            "V1__x.sql",
            "X001_x.sql",
            "001-x.sql",
            "001_X.sql",
            "20251214_x.sql",
            "create.sql",
            "+01_x.sql",
            "001_ä.sql",
            "٠٠١_x.sql",
            " 001_x.sql",
            "001_x.sql ",
            "001_x y.sql",
            "M001_x.sql",
            "DMS001_x.sql",
        ] {
            assert!(Category::of(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_version_reads_back_what_it_prints() {
        for text in ["001", "099", "100", "199", "S001", "S999", "DM001", "DM999"] {
            assert_eq!(
                text.parse::<Version>().map(|v| v.to_string()),
                Ok(text.to_owned())
            );
        }
    }
}
