//! Runs on borrowed connections, on their own, and on what stands in between.

mod citus;
mod engines;
pub(crate) mod leases;
mod old_servers;
mod pooler_faults;
mod poolers;
mod pools;
mod reconnects;
mod roles;
mod round_trips;
mod search_paths;
mod sessions;
mod tls;
mod verify_only;
