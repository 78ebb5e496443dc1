//! Whether row-level security holds the role that a connection has logged in as.

use std::fmt;

use crate::session::element::{element, is_true, unescaped};

/// A role that policies do not hold, and why: with it, one forgotten scope or one injected statement reads the rows of
/// every tenant.
///
/// `onward roles` prints the SQL for roles that policies hold.
///
/// ```
/// fn log(report: &onward::Report) {
///     if let Some(privileged) = report.privileged() {
///         println!("{privileged}");
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Privileged {
    login: String,
    power: Power,
    via: String,
    has_policies: bool,
}

/// Why policies do not hold a role.
///
/// ```
/// fn is_a_mistake(privileged: &onward::Privileged) -> bool {
///     matches!(privileged.power(), onward::Power::Superuser | onward::Power::BypassRls)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Power {
    /// No policy applies to a superuser.
    Superuser,
    /// It has `BYPASSRLS`.
    BypassRls,
    /// It owns tables of the module that have row-level security, and can switch that off.
    Owner,
    /// It reads or writes files of the server, or runs programs there.
    ServerFiles,
    /// It has `CREATEROLE` on PostgreSQL 15, where that is enough to become any role but a superuser.
    CreateRole,
}

impl Power {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "superuser" => Self::Superuser,
            "bypassrls" => Self::BypassRls,
            "owner" => Self::Owner,
            "server_files" => Self::ServerFiles,
            "createrole" => Self::CreateRole,
            _ => return None,
        })
    }

    /// Behind the name of a role and "which".
    const fn words(self) -> &'static str {
        match self {
            Self::Superuser => "is a superuser",
            Self::BypassRls => "has BYPASSRLS",
            Self::Owner => "owns tables with row-level security",
            Self::ServerFiles => "reaches files or programs of the server",
            Self::CreateRole => "has CREATEROLE and can become every other role",
        }
    }
}

impl Privileged {
    /// The answer to the question of `login.sql`, when policies do not hold the role. It may stand in another one.
    pub(crate) fn of(xml: &str) -> Option<Self> {
        Some(Self {
            login: unescaped(xml, "login")?.into_owned(),
            power: Power::parse(element(xml, "why")?)?,
            via: unescaped(xml, "via")?.into_owned(),
            has_policies: is_true(xml, "has_policies"),
        })
    }

    /// The role that has logged in.
    ///
    /// ```
    /// fn name(privileged: &onward::Privileged) -> &str {
    ///     privileged.login()
    /// }
    /// ```
    #[must_use]
    pub fn login(&self) -> &str {
        &self.login
    }

    /// Why policies do not hold it.
    ///
    /// ```
    /// fn is_superuser(privileged: &onward::Privileged) -> bool {
    ///     privileged.power() == onward::Power::Superuser
    /// }
    /// ```
    #[must_use]
    pub const fn power(&self) -> Power {
        self.power
    }

    /// The role that it can become, when it is not by itself that it has this power.
    ///
    /// ```
    /// fn to_revoke(privileged: &onward::Privileged) -> Option<&str> {
    ///     privileged.via()
    /// }
    /// ```
    #[must_use]
    pub fn via(&self) -> Option<&str> {
        (self.via != self.login).then_some(self.via.as_str())
    }

    /// Whether the module has tables with row-level security now.
    ///
    /// ```
    /// fn matters(privileged: &onward::Privileged) -> bool {
    ///     privileged.has_policies()
    /// }
    /// ```
    #[must_use]
    pub const fn has_policies(&self) -> bool {
        self.has_policies
    }
}

impl fmt::Display for Privileged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = self.power.words();
        match self.via() {
            None => write!(f, "role {} {why}", self.login)?,
            Some(via) => write!(f, "role {} can become {via}, which {why}", self.login)?,
        }
        f.write_str(", so row-level security does not hold it")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As docs/roles.md shows it.
    #[test]
    fn the_role_that_it_can_become_is_named() {
        let privileged = Privileged {
            login: "app".to_owned(),
            power: Power::Owner,
            via: "app_owner".to_owned(),
            has_policies: true,
        };
        let shown = "role app can become app_owner, which owns tables with row-level security, so row-level security does not hold it";
        assert_eq!(privileged.to_string(), shown);
    }
}
