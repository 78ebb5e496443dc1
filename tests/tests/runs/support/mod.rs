//! What the tests of runs share.

pub(crate) mod data_worker;
pub(crate) mod folder;
pub(crate) mod job;
pub(crate) mod mallory;
pub(crate) mod relay;
pub(crate) mod starters;
pub(crate) mod witness;
