//! Several modules that are started together.

mod starts;
