//! What the claims are asked about.

pub(crate) mod files;
