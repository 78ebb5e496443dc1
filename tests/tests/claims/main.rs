//! The analyzer's claims about PostgreSQL, checked on a real one; and that analyzer and runtime agree.
//!
//! One binary, so that all tests share one server and are linked once.

mod cures;
mod effects;
mod grammar;
mod mistakes;
mod model;
mod names;
mod pages;
mod policies;
mod preconditions;
mod queries;
mod rows;
mod sentences;
mod splices;
mod support;
mod types;
mod wire_types;

type Outcome = Result<(), Box<dyn std::error::Error>>;
