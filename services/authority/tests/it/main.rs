//! The service as a process.

mod artifacts;
mod browser;
mod migrations;
mod service;
mod support;
mod tenants;
