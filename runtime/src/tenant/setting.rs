//! Which setting carries the tenant.

use std::borrow::Cow;
use std::fmt;

/// The name of the setting that policies read with `current_setting`: `app.tenant_id` unless the module has another.
///
/// Words with a dot in between, of letters, digits and `_`: PostgreSQL has settings of its own, which have no dot.
///
/// ```
/// use onward::tenant::Setting;
///
/// assert_eq!(Setting::default().as_str(), "app.tenant_id");
/// assert!(Setting::new("shop.customer").is_ok());
/// assert!(Setting::new("search_path").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Setting(Cow<'static, str>);

/// A text that is not the name of a setting.
///
/// ```
/// let error = onward::tenant::Setting::new("role").unwrap_err();
/// assert!(error.to_string().contains("app.tenant_id"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not the name of a setting for tenants: write words with a dot in between, such as app.tenant_id, of \
     letters, digits and `_`, not beginning with a digit"
)]
pub struct InvalidSetting(String);

impl Setting {
    /// `app.tenant_id`.
    ///
    /// ```
    /// assert_eq!(onward::tenant::Setting::APP_TENANT_ID.as_str(), "app.tenant_id");
    /// ```
    pub const APP_TENANT_ID: Self = Self(Cow::Borrowed("app.tenant_id"));

    /// Checks a name.
    ///
    /// # Errors
    ///
    /// [`InvalidSetting`] for everything that is not words with a dot in between.
    ///
    /// ```
    /// assert!(onward::tenant::Setting::new("app.tenant").is_ok());
    /// ```
    pub fn new(name: &str) -> Result<Self, InvalidSetting> {
        let is_word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        match name.contains('.') && name.split('.').all(is_word) {
            true => Ok(Self(Cow::Owned(name.to_owned()))),
            false => Err(InvalidSetting(name.to_owned())),
        }
    }

    /// The name.
    ///
    /// ```
    /// # let setting = onward::tenant::Setting::default();
    /// assert_eq!(setting.as_str(), "app.tenant_id");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Setting {
    fn default() -> Self {
        Self::APP_TENANT_ID
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Setting {
    type Err = InvalidSetting;

    fn from_str(name: &str) -> Result<Self, InvalidSetting> {
        Self::new(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_of_postgresql_is_refused() {
        for bad in [
            "",
            ".",
            "role",
            "app.",
            ".tenant",
            "app..tenant",
            "app.tenant id",
            "app.1",
            "app.tenant'",
            "äpp.tenant",
        ] {
            assert!(Setting::new(bad).is_err(), "{bad}");
        }
        for good in ["app.tenant_id", "a.b.c", "_a._1"] {
            assert!(Setting::new(good).is_ok(), "{good}");
        }
    }
}
