//! The environment of the process, as data.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a connection string does not say: the variables of the environment, and where the user's files are.
///
/// ```
/// use onward_connect::{Surroundings, Target};
///
/// let around = Surroundings::none().with("PGHOST", "db.internal").with("PGUSER", "shop");
/// let target = Target::read("", &around)?;
/// assert_eq!(target.to_string(), "on db.internal:5432, database shop (the URL names none, so it is the one named like the role), role shop");
/// # Ok::<(), onward_connect::Unreadable>(())
/// ```
#[derive(Clone, Default)]
pub struct Surroundings {
    variables: BTreeMap<String, String>,
}

impl Surroundings {
    /// Without any variable.
    ///
    /// ```
    /// assert!(!onward_connect::Surroundings::none().name_a_server());
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Those of this process.
    ///
    /// ```
    /// let around = onward_connect::Surroundings::of_the_process();
    /// ```
    #[must_use]
    pub fn of_the_process() -> Self {
        let read = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self {
            variables: std::env::vars_os().filter_map(read).collect(),
        }
    }

    /// With one more variable, or another value for one.
    ///
    /// ```
    /// let around = onward_connect::Surroundings::none().with("PGSERVICE", "shop");
    /// assert!(around.name_a_server());
    /// ```
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With the variables of an `.env` file that are not set already.
    ///
    /// ```
    /// let around = onward_connect::Surroundings::none().with("A", "1").with_env_file("A=2\nexport B='x y' # why\n");
    /// assert_eq!((around.variable("A"), around.variable("B")), (Some("1"), Some("x y")));
    /// ```
    #[must_use]
    pub fn with_env_file(mut self, text: &str) -> Self {
        for (name, value) in text.lines().filter_map(assignment) {
            self.variables.entry(name).or_insert(value);
        }
        self
    }

    /// A variable that is set, and not empty.
    ///
    /// ```
    /// assert_eq!(onward_connect::Surroundings::none().with("PGHOST", "").variable("PGHOST"), None);
    /// ```
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// Whether a connection can do without a URL.
    ///
    /// ```
    /// assert!(onward_connect::Surroundings::none().with("PGHOST", "/tmp").name_a_server());
    /// ```
    #[must_use]
    pub fn name_a_server(&self) -> bool {
        ["PGHOST", "PGHOSTADDR", "PGSERVICE"]
            .iter()
            .any(|name| self.variable(name).is_some())
    }

    /// The user of the operating system.
    pub(crate) fn user(&self) -> Option<&str> {
        ["USER", "LOGNAME", "USERNAME"]
            .iter()
            .find_map(|name| self.variable(name))
    }

    /// A file in the user's folder: `.pgpass`, and what lies in `.postgresql`. On Windows both lie elsewhere.
    pub(crate) fn file_of_user(&self, unix: &str, windows: &str) -> Option<PathBuf> {
        match cfg!(windows) {
            true => Some(
                PathBuf::from(self.variable("APPDATA")?)
                    .join("postgresql")
                    .join(windows),
            ),
            false => Some(PathBuf::from(self.variable("HOME")?).join(unix)),
        }
    }
}

/// Without the values: one of them may be a password.
impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

/// A line `NAME=value` of an `.env` file, with `export` or without.
fn assignment(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let (name, value) = (name.trim_end(), value.trim_start());
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
        _ => value.split(" #").next().unwrap_or_default().trim_end(),
    };
    is_name.then(|| (name.to_owned(), value.to_owned()))
}
