//! A name that means something else on one connection than on others.

use tokio_postgres::error::DbError;

/// A name in a statement that runs outside of a transaction, and what the server finds by it.
///
/// ```
/// fn print(error: &onward::Error) {
///     if let onward::Error::AmbiguousName { found, .. } = error {
///         println!("{} is {} on {}", found.word, found.object, found.path);
///     }
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherMeaning {
    /// The statement's first line, with `?` for every literal.
    pub statement: String,
    /// The name without a schema.
    pub word: String,
    /// What it is by the `search_path` of the connection, or by that of a migration, and not by both.
    pub object: String,
    /// The schemas that the connection looks into.
    pub path: String,
}

impl OtherMeaning {
    /// As `sql/other_meaning.sql` says it.
    pub(crate) fn of(error: &DbError) -> Option<Box<Self>> {
        let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
        (error.code().code() == "ONW10").then(|| {
            Box::new(Self {
                statement: String::new(),
                word: owned(error.column()),
                object: owned(error.datatype()),
                path: owned(error.constraint()),
            })
        })
    }
}
