//! What a ledger has that no run has put there.

use std::fmt;

/// A part of a ledger that Onward has not created, as the server's catalogs describe it.
///
/// ```
/// fn print(error: &onward::Error) {
///     if let onward::Error::ForeignLedger { part, .. } = error {
///         println!("{} belongs to {}. {}", part.object, part.owner, part.fix);
///     }
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForeignPart {
    /// The object, with its kind: `trigger t on table shop.schema_migration_head`.
    pub object: String,
    /// The role that owns the object. Of a trigger it is the owner of the function that it calls; of a
    /// rule, a policy or a column it is the owner of the table.
    pub owner: String,
    /// What is wrong with it.
    pub defect: String,
    /// SQL to type.
    pub fix: String,
}

impl fmt::Display for ForeignPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            object,
            owner,
            defect,
            fix: _,
        } = self;
        write!(f, "{object}, owned by {owner}, {defect}")
    }
}
