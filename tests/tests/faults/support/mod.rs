//! How a fault is injected at a place, and what is checked on the server afterwards.

pub(crate) mod command_stop;
pub(crate) mod sampling;
pub(crate) mod starter;
pub(crate) mod wire_stop;
pub(crate) mod witness;
