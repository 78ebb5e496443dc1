//! How a fault is brought about at a place, and what is asked of the server afterwards.

pub(crate) mod command_stop;
pub(crate) mod sampling;
pub(crate) mod starter;
pub(crate) mod wire_stop;
pub(crate) mod witness;
