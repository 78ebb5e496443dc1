//! Who stands in the way.

use std::fmt;

/// A session that holds what a run waits for.
///
/// ```
/// fn end(holder: &onward::Holder) -> String {
///     format!("SELECT pg_terminate_backend({})", holder.pid)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// The server process.
    pub pid: i32,
    /// What the session calls itself.
    pub application_name: String,
    /// The session's role, when ours may see it.
    pub role: Option<String>,
    /// What the run waits for.
    pub holds: Held,
}

/// What a session holds.
///
/// ```
/// fn is_stranger(holder: &onward::Holder) -> bool {
///     holder.holds == onward::Held::Hashtext
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Held {
    /// Onward's own key: another run is at work.
    Onward,
    /// The plain `hashtext('<schema>')`, which any application may lock.
    Hashtext,
    /// The table that an index is built on.
    Table,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {}", self.pid)?;
        if !self.application_name.is_empty() {
            write!(f, " `{}`", self.application_name)?;
        }
        if let Some(role) = &self.role {
            write!(f, " of role `{role}`")?;
        }
        f.write_str(match self.holds {
            Held::Onward => "",
            Held::Hashtext => ", which is no onward: it locked hashtext of the schema's name",
            Held::Table => ", which builds an index or vacuums",
        })
    }
}

pub(crate) fn holding(holders: &[Holder]) -> String {
    if holders.is_empty() {
        return "Nobody holds it at this moment: run again".to_owned();
    }
    let holders: Vec<_> = holders.iter().map(Holder::to_string).collect();
    [
        "It is held by ",
        &holders.join(" and "),
        ": wait for it or end it, then run again",
    ]
    .concat()
}
