//! The statements that the claims are about.

pub(crate) mod files;
