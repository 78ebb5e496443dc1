//! One file a verb: its arguments and what it does.

pub(crate) mod adopt;
pub(crate) mod baseline;
pub(crate) mod check;
pub(crate) mod data;
pub(crate) mod explain;
pub(crate) mod graph;
pub(crate) mod history;
pub(crate) mod parse;
pub(crate) mod plan;
pub(crate) mod release;
pub(crate) mod roles;
pub(crate) mod rules;
pub(crate) mod schema;
pub(crate) mod status;
pub(crate) mod tenancy;
pub(crate) mod up;
pub(crate) mod verify;
