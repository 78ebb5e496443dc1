//! The `onward` command as a process; where it needs a database, on a real PostgreSQL.

mod support;

mod adopt;
mod bad_input;
mod baseline;
mod bridge;
mod check;
mod ci;
mod connecting;
mod data;
mod errors;
mod explain;
mod fleet;
mod graph;
mod guide;
mod help;
mod history;
mod json;
mod lock;
mod lsp;
mod manners;
mod new;
mod operator;
mod parse;
mod pictures;
mod plan;
mod plan_live;
mod queries;
mod rehearse;
mod release;
mod replace;
mod roles;
mod rules;
mod schema;
mod seeing;
mod service;
mod squash;
mod status;
mod tenancy;
mod up;
mod verbs;
mod verify;

/// The result of a test.
type Outcome = Result<(), Box<dyn std::error::Error>>;
