//! What can be wrong around a command, on real servers: each verb that reaches a database, with each of them.

mod ctrl_c;
mod operators;
mod servers;
