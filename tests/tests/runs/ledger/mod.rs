//! What a run writes down, and what it does about a ledger that says something else.

mod drift;
mod entries;
mod foreign_and_tampered;
mod foreign_ledgers;
mod functions;
mod renamed;
mod summary;
mod up_to_date;
