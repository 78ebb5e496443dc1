//! `onward verify`: the ledger, and the schema.

mod ledger;
mod majors;
mod schema;
