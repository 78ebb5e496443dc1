//! The names of objects, as statements write them.

use std::ops::Range;

use super::Name;

/// A name of an object in a statement, both of the objects that it changes and of those that it only
/// mentions.
///
/// Names that no schema decides are left out: columns, aliases, names of `WITH`, constraints, triggers,
/// policies, temporary objects, and the name in `CREATE INDEX`. So are names that belong to `pg_catalog`
/// alone: types, `pg_class`. Functions are listed even if they may be those of `pg_catalog`.
///
/// ```
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "SELECT lower(a) FROM users JOIN audit.entries ON true";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let names: Vec<_> = statement.mentions.iter().map(|m| (m.schema.as_deref(), &*m.name)).collect();
/// assert_eq!(names, [(None, "lower"), (None, "users"), (Some("audit"), "entries")]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// What it is a name of.
    pub kind: Mentioned,
    /// The schema, if one is written.
    pub schema: Option<String>,
    /// The name, folded; empty for a schema.
    pub name: String,
    /// The byte range in the file.
    pub span: Range<usize>,
}

impl Mention {
    /// The name, resolved in a module that owns this schema.
    ///
    /// ```
    /// use onward_analyzer::{lower::lower, split::split};
    ///
    /// let text = "TABLE users";
    /// let statement = lower(text, &split(text).statements[0], "auth");
    /// assert_eq!(statement.mentions[0].resolved("auth").to_string(), "auth.users");
    /// ```
    #[must_use]
    pub fn resolved(&self, own: &str) -> Name {
        Name {
            schema: self.schema.clone().unwrap_or_else(|| own.to_owned()),
            name: self.name.clone(),
        }
    }
}

/// What a name in a statement is a name of.
///
/// ```
/// use onward_analyzer::statement::Mentioned;
///
/// assert_ne!(Mentioned::Routine, Mentioned::Call);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mentioned {
    /// A table, view, index, sequence, or anything that is not listed below.
    Relation,
    /// The table that a foreign key references.
    Parent,
    /// A type or a domain.
    Type,
    /// A routine that is created, altered, granted, or run by a trigger.
    Routine,
    /// A function that is called.
    Call,
    /// A schema.
    Schema,
}
