//! The service as a process.

mod browser;
mod migrations;
mod service;
mod support;
mod tenants;
