//! Runs on borrowed connections, on their own, and on what stands in between.

pub(crate) mod leases;
mod poolers;
mod pools;
mod reconnects;
mod roles;
mod round_trips;
mod sessions;
mod tls;
