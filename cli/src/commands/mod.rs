//! One file a verb: its arguments and what it does.

pub(crate) mod adopt;
pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod data;
pub(crate) mod explain;
pub(crate) mod graph;
pub(crate) mod history;
pub(crate) mod lock;
pub(crate) mod parse;
pub(crate) mod plan;
mod recorded;
pub(crate) mod rehearse;
pub(crate) mod release;
pub(crate) mod renumber;
pub(crate) mod resolve;
pub(crate) mod restamp;
pub(crate) mod roles;
pub(crate) mod rules;
pub(crate) mod schema;
pub(crate) mod squash;
pub(crate) mod status;
pub(crate) mod tenancy;
pub(crate) mod unlock;
pub(crate) mod up;
pub(crate) mod verify;
