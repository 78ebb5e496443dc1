//! What a stored query or expression reads.

use super::Name;

/// The names in the definition of a view, a policy, a rule or a routine in standard SQL, which PostgreSQL
/// resolves when it creates the object: from then on the object depends on what they stand for.
///
/// ```
/// use onward_analyzer::statement::Change;
/// use onward_analyzer::{lower::lower, split::split};
///
/// let text = "CREATE VIEW v AS SELECT u.email FROM users u, posts";
/// let statement = lower(text, &split(text).statements[0], "auth");
/// let Change::CreateView(view) = &statement.clauses[0].change else { panic!() };
/// assert_eq!(view.reading.relations.len(), 2);
/// assert_eq!(view.reading.columns[0].among[0].len(), 1, "`u` is users");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The relations, without the names of its own `WITH`.
    pub relations: Vec<Name>,
    /// The columns.
    pub columns: Vec<NamedColumn>,
    /// The relations of which it reads all columns: `*`.
    pub stars: Vec<Name>,
    /// The types of its casts, without those of PostgreSQL.
    pub types: Vec<Name>,
    /// The functions that it calls, each with the schema if one is written.
    pub calls: Vec<(Option<String>, String)>,
}

/// A column as a query names it.
///
/// ```
/// use onward_analyzer::statement::NamedColumn;
///
/// assert!(NamedColumn::default().among.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedColumn {
    /// The folded name.
    pub column: String,
    /// The relations that can have it: those of the query that names it, then those of the queries around
    /// that. `None` stands for a subquery, a function or a name of `WITH`.
    pub among: Vec<Vec<Option<Name>>>,
}
