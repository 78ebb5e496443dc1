//! The role that owns a module.

use std::fmt;

/// The name of a role, checked: it gets into SQL as an identifier and into nothing else.
///
/// A letter or `_`, then letters, digits, `_`, `-`, `.` or `@`, in ASCII, 63 bytes at most. The case counts:
/// roles that were created without quotes are in lower case. `none`, which resets the role, is none.
///
/// ```
/// let owner = onward::Role::new("shop_owner")?;
/// assert_eq!(owner.as_str(), "shop_owner");
/// assert!(onward::Role::new("shop; DROP TABLE users").is_err());
/// # Ok::<(), onward::InvalidRole>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role(String);

/// A name that no [`Role`] has.
///
/// ```
/// let error = onward::Role::new("").unwrap_err();
/// assert!(error.to_string().starts_with("`` is not the name of a role"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the name of a role: write a letter or `_`, then letters, digits and any of `_-.@`, \
     at most 63 bytes, and not `none`"
)]
pub struct InvalidRole(String);

impl Role {
    /// Checks a name.
    ///
    /// # Errors
    ///
    /// [`InvalidRole`] for everything else.
    ///
    /// ```
    /// assert!(onward::Role::new("vuln-migrator").is_ok());
    /// ```
    pub fn new(name: &str) -> Result<Self, InvalidRole> {
        let first = name
            .chars()
            .next()
            .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        let rest = name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.@".contains(c));
        if first && rest && name.len() <= 63 && !name.eq_ignore_ascii_case("none") {
            Ok(Self(name.to_owned()))
        } else {
            Err(InvalidRole(name.to_owned()))
        }
    }

    /// A name of our own, which is one.
    pub(crate) fn known(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// The name, without quotes.
    ///
    /// ```
    /// # let role = onward::Role::new("a").unwrap();
    /// assert_eq!(role.as_str(), "a");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Role {
    type Err = InvalidRole;

    fn from_str(name: &str) -> Result<Self, InvalidRole> {
        Self::new(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_roles() {
        let long = "a".repeat(64);
        for bad in [
            "", "none", "NONE", "1a", "a b", "a\"b", "a;b", "a'b", "ä", "a\0", "a$b", &long,
        ] {
            assert!(Role::new(bad).is_err(), "{bad}");
        }
        for good in [
            "a",
            "_a",
            "shop_owner",
            "Vuln-Migrator",
            "svc@prod",
            &long[1..],
        ] {
            assert!(Role::new(good).is_ok(), "{good}");
        }
    }
}
