//! What migrations of each kind do.

mod defaults;
mod empty_databases;
mod gates;
mod indexes;
pub(crate) mod majors;
mod new_modules;
mod older_binaries;
mod options;
mod partitions;
mod policies;
mod releases;
mod seeds;
mod sequences;
