//! Which objects depend on which, as PostgreSQL records it: what prevents a drop or a change of type, and
//! what `CASCADE` drops.
//!
//! `uses` are the names of a definition, resolved when the object is created. `direct` finds the objects
//! that depend on another one, `falls` those that depend on these too. Only what is certain counts: if
//! the files do not show to which table a column of a view belongs, the view depends on neither.

mod direct;
mod falls;
mod object;
mod uses;

pub(crate) use object::Object;
pub use uses::Uses;
