//! Connections to real servers, with TLS and without.

mod certificates;
mod logins;
mod modes;
mod servers;
mod support;

/// The result of a test.
type Outcome = Result<(), Box<dyn std::error::Error>>;
