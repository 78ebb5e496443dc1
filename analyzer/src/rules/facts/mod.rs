//! Facts about a statement and the schema that several rules use.

pub(super) mod again;
pub(super) mod assigned;
pub(super) mod attached;
pub(super) mod base_type;
pub(super) mod belongings;
pub(super) mod citus;
pub(super) mod constrained_domain;
pub(super) mod dependents;
pub(super) mod foreign_keys;
pub(super) mod foreign_object;
pub(super) mod labels;
pub(super) mod names;
pub(super) mod pinned;
pub(super) mod placed;
pub(super) mod plain_name;
pub(super) mod refusal;
pub(super) mod refused_write;
pub(super) mod replacement;
pub(super) mod rows;
pub(super) mod signature;
pub(super) mod taken;
pub(super) mod tenant;
pub(super) mod typed;
pub(super) mod unwritten;
pub(super) mod view_shape;
pub(super) mod write_restriction;
