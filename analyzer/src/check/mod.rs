//! What a rule is, and what it is given to look at.

pub(crate) mod absence;
pub(crate) mod context;
mod dependents;
pub(crate) mod execution;
pub(crate) mod fix;
pub(crate) mod held_locks;
mod job;
pub(crate) mod parts;
pub(crate) mod pending;
pub(crate) mod resolved;
pub mod rule;
pub(crate) mod subject;
pub(crate) mod suggestion;
