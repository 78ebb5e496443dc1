use std::fmt::{self, Display};
use std::str::FromStr;

/// A major version of PostgreSQL that Onward supports.
///
/// ```
/// use onward_pg::Major;
///
/// assert_eq!("17".parse(), Ok(Major::V17));
/// assert_eq!(Major::V17.to_string(), "17");
/// assert!("14".parse::<Major>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Major {
    /// PostgreSQL 15.
    V15,
    /// PostgreSQL 16.
    V16,
    /// PostgreSQL 17.
    V17,
    /// PostgreSQL 18.
    V18,
}

impl Major {
    /// All of them, oldest first.
    pub const ALL: [Major; 4] = [Major::V15, Major::V16, Major::V17, Major::V18];

    /// The major that is fetched or pulled by default.
    pub const NEWEST: Major = Major::V18;

    /// 15, 16, 17 or 18.
    pub const fn number(self) -> u32 {
        match self {
            Major::V15 => 15,
            Major::V16 => 16,
            Major::V17 => 17,
            Major::V18 => 18,
        }
    }

    /// The major of a version number such as 17, if it is a supported one.
    pub fn of_number(number: u32) -> Option<Major> {
        Major::ALL
            .into_iter()
            .find(|major| major.number() == number)
    }
}

impl Display for Major {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.number(), f)
    }
}

/// The text is not one of 15, 16, 17, 18.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a supported major version of PostgreSQL; write 15, 16, 17 or 18")]
pub struct UnknownMajor(String);

impl FromStr for Major {
    type Err = UnknownMajor;

    fn from_str(text: &str) -> Result<Major, UnknownMajor> {
        text.parse()
            .ok()
            .and_then(Major::of_number)
            .ok_or_else(|| UnknownMajor(text.to_owned()))
    }
}
