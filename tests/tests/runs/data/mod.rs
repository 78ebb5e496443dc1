//! Data migrations: batches, workers, and what operators say to them.

mod bad_inputs;
mod batches;
mod guide;
mod poison;
mod steering;
mod tenants;
mod throttles;
mod ways_to_run;
mod workers;
