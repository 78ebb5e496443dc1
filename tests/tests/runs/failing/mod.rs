//! Runs that fail, are killed, or meet a transaction that is not theirs.

mod echoes;
pub(crate) mod killed;
mod lent_transactions;
mod open_transactions;
mod statements;
mod transaction_control;
