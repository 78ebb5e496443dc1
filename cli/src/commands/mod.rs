//! One file a verb: its arguments and what it does.

pub(crate) mod adopt;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod data;
pub(crate) mod explain;
pub(crate) mod fleets;
pub(crate) mod man;
pub(crate) mod new;
pub(crate) mod parse;
pub(crate) mod plan;
pub(crate) mod release;
pub(crate) mod roles;
pub(crate) mod rules;
pub(crate) mod status;
pub(crate) mod tenancy;
pub(crate) mod up;
pub(crate) mod verify;
