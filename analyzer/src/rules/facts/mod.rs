//! Facts about a statement and the schema that several rules use.

pub(super) mod assigned;
pub(super) mod constrained_domain;
pub(super) mod falling;
pub(super) mod foreign_keys;
pub(super) mod foreign_object;
pub(super) mod names;
pub(super) mod pinned;
pub(super) mod plain_name;
pub(super) mod rows;
pub(super) mod taken;
pub(super) mod typed;
pub(super) mod view_shape;
pub(super) mod write_restriction;
