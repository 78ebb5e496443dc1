//! What a rule is, and what it gets to see.

pub(crate) mod absence;
pub(crate) mod context;
pub(crate) mod fix;
pub(crate) mod held_locks;
pub mod rule;
