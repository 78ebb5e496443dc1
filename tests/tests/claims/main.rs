//! What the analyzer claims about PostgreSQL, asked of a real one; and what it and the runtime both know.
//!
//! One binary, because all of it shares one server and is linked once.

mod effects;
mod grammar;
mod model;
mod names;
mod pages;
mod support;
mod types;
mod wire_types;

type Outcome = Result<(), Box<dyn std::error::Error>>;
