//! What several rules suggest instead of a statement.

pub(super) mod allowance;
pub(super) mod attach;
pub(super) mod column;
pub(super) mod domain;
pub(super) mod free_number;
pub(super) mod key;
pub(super) mod own_file;
pub(super) mod partition;
pub(super) mod proof;
pub(super) mod replace;
