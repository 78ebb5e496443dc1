//! Runs that fail, are killed, or meet a transaction that is not theirs.

pub(crate) mod killed;
mod open_transactions;
mod statements;
mod transaction_control;
