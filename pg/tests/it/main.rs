//! The ways to a server, and that they leave nothing behind.

#[cfg(feature = "docker")]
mod docker;
mod environment;
mod finder;
mod folder;
mod processes;

/// `cargo run -p onward-pg`.
const PROGRAM: &str = env!("CARGO_BIN_EXE_onward-pg");

type Outcome = Result<(), Box<dyn std::error::Error>>;
