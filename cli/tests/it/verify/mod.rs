//! `onward verify`: the ledger, and the schema.

mod ledger;
mod schema;
