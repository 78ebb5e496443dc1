//! The names of migration files: which names are valid, and what to rename the others to.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;

use crate::finding::Message;

/// The four categories of migrations, in the order in which they run on an empty database.
///
/// ```
/// use onward_analyzer::file_name::Category;
///
/// assert_eq!(Category::Data.name(0), "DM000");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// `001` to `099`: run automatically when the service starts.
    Startup,
    /// `S001` to `S999`: run when the service starts, after the startup migrations.
    Seed,
    /// `100` to `199`: run by an operator.
    Release,
    /// `DM001` to `DM999`: run in the background.
    Data,
}

impl Category {
    /// The version with this number, as file names write it.
    ///
    /// ```
    /// use onward_analyzer::file_name::Category;
    ///
    /// assert_eq!(Category::Data.name(7), "DM007");
    /// ```
    #[must_use]
    pub fn name(self, number: u16) -> String {
        match self {
            Self::Startup | Self::Release => format!("{number:03}"),
            Self::Seed => format!("S{number:03}"),
            Self::Data => format!("DM{number:03}"),
        }
    }

    /// The word for it in messages.
    ///
    /// ```
    /// # use onward_analyzer::file_name::Category;
    /// assert_eq!(Category::Startup.word(), "startup");
    /// ```
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Startup => "startup",
            Self::Seed => "seed",
            Self::Release => "release",
            Self::Data => "data",
        }
    }

    /// What stands for the number in a name when no number is free.
    pub(crate) const fn no_number(self) -> &'static str {
        match self {
            Self::Startup => "0NN",
            Self::Release => "1NN",
            Self::Seed => "SNNN",
            Self::Data => "DMNNN",
        }
    }

    /// What to do when no number is free.
    pub(crate) const fn when_full(self) -> &'static str {
        match self {
            Self::Startup => {
                "no startup number is free: 099 is taken. What an operator may run before the deploy can be a release \
                 migration, 100-199; what is independent of this module can be a module of its own, with its own \
                 folder and schema"
            }
            Self::Release => {
                "no release number is free: 199 is taken. What only adds can be a startup migration; what is \
                 independent of this module can be a module of its own, with its own folder and schema"
            }
            Self::Seed => {
                "no number of a seed is free: S999 is taken. Write the rows into an existing seed: it runs again after \
                 an edit"
            }
            Self::Data => {
                "no number of a data migration is free: DM999 is taken. What is independent of this module can be a \
                 module of its own, with its own folder and schema"
            }
        }
    }

    /// The first and the last number of the category, both inclusive.
    ///
    /// ```
    /// # use onward_analyzer::file_name::Category;
    /// assert_eq!(Category::Release.range(), (100, 199));
    /// ```
    #[must_use]
    pub const fn range(self) -> (u16, u16) {
        match self {
            Self::Startup => (1, 99),
            Self::Release => (100, 199),
            Self::Seed | Self::Data => (1, 999),
        }
    }
}

/// A version: a category and a number in its range.
///
/// ```
/// use onward_analyzer::file_name::Version;
///
/// assert_eq!(Version::parse("S012").map(|version| version.to_string()).as_deref(), Some("S012"));
/// assert_eq!(Version::parse("200"), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The category.
    pub category: Category,
    /// The number without its prefix.
    pub number: u16,
}

impl Version {
    /// The version as one number, in the order in which files run; a plan's constants have it so.
    ///
    /// ```
    /// use onward_analyzer::file_name::Version;
    ///
    /// let code = |text| Version::parse(text).map(Version::code);
    /// assert_eq!([code("001"), code("S042"), code("100")], [Some(1), Some(1042), Some(2100)]);
    /// ```
    #[must_use]
    pub const fn code(self) -> u16 {
        let category = match self.category {
            Category::Startup => 0,
            Category::Seed => 1000,
            Category::Release => 2000,
            Category::Data => 3000,
        };
        category + self.number
    }

    /// Reads `001`, `S001`, `100` or `DM001`; `None` if the text is not a version.
    ///
    /// ```
    /// use onward_analyzer::file_name::{Category, Version};
    ///
    /// assert_eq!(Version::parse("S042").map(|version| version.category), Some(Category::Seed));
    /// assert_eq!(Version::parse("42"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (prefix, digits) = text.split_at(text.find(|c: char| c.is_ascii_digit())?);
        if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number = digits.parse().ok()?;
        let category = match (prefix, number) {
            ("", 1..=99) => Category::Startup,
            ("", 100..=199) => Category::Release,
            ("S", 1..) => Category::Seed,
            ("DM", 1..) => Category::Data,
            (_, _) => return None,
        };
        Some(Self { category, number })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.category.name(self.number))
    }
}

/// The version in a valid file name: `NNN_snake_case.sql`, with the prefix of its category. `None` if the
/// name is not valid.
///
/// ```
/// use onward_analyzer::file_name::version_of;
///
/// assert!(version_of("001_create_users.sql").is_some());
/// assert!(version_of("001-create-users.sql").is_none());
/// ```
#[must_use]
pub fn version_of(file_name: &str) -> Option<Version> {
    let (version, title) = file_name.strip_suffix(".sql")?.split_once('_')?;
    (!title.is_empty() && title == snake_case(title)).then(|| Version::parse(version))?
}

/// Why a name is not valid, and what to do about it.
///
/// ```
/// use std::collections::BTreeSet;
/// use onward_analyzer::file_name::WrongName;
///
/// let wrong = WrongName::explain("0059_add_email.sql", &BTreeSet::new());
/// assert_eq!(wrong.fix, "rename it to `059_add_email.sql`");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongName {
    /// Whether it is the name of a file that reverts a migration.
    pub goes_back: bool,
    /// What is wrong with the name.
    pub what: String,
    /// What to do: in most cases, the name to rename the file to.
    pub fix: String,
    /// The version in that name.
    pub version: Option<Version>,
}

impl WrongName {
    /// Explains a name that [`version_of`] refused. `taken` are the versions of the folder's valid names, so
    /// that the suggested name is free.
    ///
    /// ```
    /// use onward_analyzer::file_name::WrongName;
    ///
    /// let wrong = WrongName::explain("1_users.sql", &Default::default());
    /// assert!(wrong.fix.contains("001_users.sql"));
    /// ```
    #[must_use]
    pub fn explain(file_name: &str, taken: &BTreeSet<Version>) -> Self {
        let lower = file_name.to_ascii_lowercase();
        let stem = file_name
            .get(..file_name.len() - ".sql".len())
            .unwrap_or(file_name);
        let loose = Loose::read(stem);
        let (category, what) = loose.diagnose();
        let number = loose
            .number
            .filter(|&number| {
                let (first, last) = category.range();
                (first..=last).contains(&number)
            })
            .or_else(|| next_free(category, taken));
        let title = title(loose.title);
        let backwards = [".down.sql", ".undo.sql", ".rollback.sql"];
        let is_flyways_undo = loose.prefix == "U" && file_name.contains("__");
        if is_flyways_undo || backwards.iter().any(|ending| lower.ends_with(ending)) {
            return Self {
                goes_back: true,
                what: "migrations only go forward".to_owned(),
                fix: "delete the file; to revert a change, write a new migration".to_owned(),
                version: None,
            };
        }
        Self {
            goes_back: false,
            what: match file_name.ends_with(".sql") {
                true => what,
                false => "the extension must be `.sql` in lower case".to_owned(),
            },
            fix: match number {
                Some(number) => format!("rename it to `{}_{title}.sql`", category.name(number)),
                None => category.when_full().to_owned(),
            },
            version: number.map(|number| Version { category, number }),
        }
    }
}

/// The title that a name with this loose title gets.
///
/// ```
/// assert_eq!(onward_analyzer::file_name::title("Init Db"), "init_db");
/// ```
#[must_use]
pub fn title(loose: &str) -> String {
    match snake_case(loose) {
        title if title.is_empty() => "describe_the_change".to_owned(),
        title => title,
    }
}

impl WrongName {
    /// The message about it.
    pub(crate) fn message(&self, name: &str) -> Message {
        Message::new(
            format!("`{name}` is not a valid migration name: {}", self.what),
            WHY,
            &self.fix,
        )
    }
}

/// What depends on a name.
pub(crate) const WHY: &str = "the name decides when a migration runs: 001-099 at startup, 100-199 by an operator, \
                              S001-S999 as seeds, DM001-DM999 as data migrations";

/// A name split into its parts as leniently as possible.
struct Loose<'a> {
    prefix: &'a str,
    digits: &'a str,
    number: Option<u16>,
    separator: &'a str,
    title: &'a str,
}

impl<'a> Loose<'a> {
    fn read(stem: &'a str) -> Self {
        let is_separator = |c: char| !c.is_alphanumeric();
        let letters = stem.len()
            - stem
                .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                .len();
        let after = &stem[letters..];
        let count = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (prefix, digits, rest) = match count {
            0 => ("", "", stem),
            _ => (&stem[..letters], &after[..count], &after[count..]),
        };
        let title = rest.trim_start_matches(is_separator);
        Self {
            prefix,
            digits,
            number: digits.parse().ok(),
            separator: &rest[..rest.len() - title.len()],
            title,
        }
    }

    /// The category that was most likely meant, and the first mistake in the name.
    fn diagnose(&self) -> (Category, String) {
        let category = match (self.prefix.to_ascii_uppercase().as_str(), self.number) {
            ("S", _) => Category::Seed,
            ("DM" | "D", _) => Category::Data,
            (_, Some(100..=199)) => Category::Release,
            (_, _) => Category::Startup,
        };
        let what = match (self.prefix, self.digits) {
            ("", "") => "the name has no version number".to_owned(),
            ("V" | "R" | "v", _) => format!(
                "`{}{}__` is Flyway's naming scheme",
                self.prefix, self.digits
            ),
            ("s" | "dm" | "Dm" | "dM", _) => {
                format!("the prefix `{}` must be in upper case", self.prefix)
            }
            ("" | "S" | "DM", digits) if digits.len() >= 8 => {
                format!("`{digits}` is a timestamp; versions are numbers of three digits")
            }
            ("" | "S" | "DM", digits) if digits.len() != 3 => {
                format!("the version `{digits}` does not have three digits")
            }
            ("" | "S" | "DM", "000") => "versions start at 001".to_owned(),
            ("", _) if self.number > Some(199) => format!(
                "{} is outside of the ranges: 001-099 run at startup, 100-199 by an operator",
                self.digits
            ),
            ("" | "S" | "DM", _) if self.separator != "_" && !self.title.is_empty() => format!(
                "version and title are separated by `{}` instead of `_`",
                self.separator
            ),
            ("" | "S" | "DM", _) => "the title must be snake_case: a-z, 0-9 and `_`".to_owned(),
            (prefix, _) => format!("`{prefix}` is not the prefix of a category"),
        };
        (category, what)
    }
}

/// The number after the highest taken one of the category; the first of the range if none is taken. `None` when the
/// last of the range is taken: a file with a lower number would be out of order.
///
/// ```
/// use std::collections::BTreeSet;
/// use onward_analyzer::file_name::{Category, Version, next_free};
///
/// let taken: BTreeSet<_> = Version::parse("007").into_iter().collect();
/// assert_eq!(next_free(Category::Startup, &taken), Some(8));
/// ```
#[must_use]
pub fn next_free(category: Category, taken: &BTreeSet<Version>) -> Option<u16> {
    free(category, taken.iter()).next()
}

/// The numbers of a category after those that are taken.
pub(crate) fn free<'a>(
    category: Category,
    taken: impl Iterator<Item = &'a Version>,
) -> RangeInclusive<u16> {
    let (first, last) = category.range();
    let of_category = taken.filter(|version| version.category == category);
    let next = of_category.map(|version| version.number + 1).max();
    next.unwrap_or(first)..=last
}

pub(crate) fn snake_case(title: &str) -> String {
    let mut snake = String::with_capacity(title.len());
    let mut previous = ' ';
    for c in title.chars() {
        match c {
            'A'..='Z' => {
                if previous.is_ascii_lowercase() || previous.is_ascii_digit() {
                    snake.push('_');
                }
                snake.push(c.to_ascii_lowercase());
            }
            'a'..='z' | '0'..='9' => snake.push(c),
            '_' => snake.push('_'),
            _ if snake.ends_with('_') => {}
            _ => snake.push('_'),
        }
        previous = c;
    }
    snake.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_has_its_own_reason_and_a_valid_suggestion() {
        let taken = ["001", "002", "S001"]
            .into_iter()
            .filter_map(Version::parse)
            .collect();
        for (name, what, right) in [
            ("0059_x.sql", "three digits", "059_x.sql"),
            ("1_x.sql", "three digits", "001_x.sql"),
            ("200_x.sql", "200 is outside of the ranges", "003_x.sql"),
            ("000_x.sql", "start at 001", "003_x.sql"),
            ("V1__x.sql", "Flyway", "001_x.sql"),
            ("20251214_x.sql", "timestamp", "003_x.sql"),
            (
                "20251214093000_add_email.sql",
                "timestamp",
                "003_add_email.sql",
            ),
            ("create.sql", "no version number", "003_create.sql"),
            ("s001_x.sql", "upper case", "S001_x.sql"),
            ("dm001_x.sql", "upper case", "DM001_x.sql"),
            ("003-x.sql", "instead of `_`", "003_x.sql"),
            ("003_X.sql", "snake_case", "003_x.sql"),
            ("003_AddEmail.sql", "snake_case", "003_add_email.sql"),
            ("003_add-email.sql", "snake_case", "003_add_email.sql"),
            ("003.sql", "snake_case", "003_describe_the_change.sql"),
            ("003_x.SQL", "lower case", "003_x.sql"),
            ("X001_x.sql", "not the prefix of a category", "001_x.sql"),
            ("S1000_x.sql", "three digits", "S002_x.sql"),
            ("150_Ärger.sql", "snake_case", "150_rger.sql"),
            (".sql", "no version number", "003_describe_the_change.sql"),
            ("ä.sql", "no version number", "003_describe_the_change.sql"),
        ] {
            let wrong = WrongName::explain(name, &taken);
            assert!(wrong.what.contains(what), "{name}: {}", wrong.what);
            assert_eq!(wrong.fix, format!("rename it to `{right}`"), "{name}");
            assert!(version_of(right).is_some(), "{name}: {right} is wrong too");
            assert!(version_of(name).is_none(), "{name}");
        }
    }

    #[test]
    fn the_next_free_number_stays_in_the_range_of_its_category() {
        let taken = ["099", "100"]
            .into_iter()
            .filter_map(Version::parse)
            .collect();
        assert_eq!(next_free(Category::Startup, &taken), None);
        assert_eq!(next_free(Category::Release, &taken), Some(101));
        assert_eq!(next_free(Category::Data, &taken), Some(1));
        let wrong = WrongName::explain("200_x.sql", &taken);
        assert!(
            wrong.fix.starts_with("no startup number is free"),
            "{}",
            wrong.fix
        );
    }
}
