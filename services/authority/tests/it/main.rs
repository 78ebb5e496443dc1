//! The service as a process.

mod artifacts;
mod browser;
mod migrations;
mod operator;
mod service;
mod subjects;
mod support;
mod tenants;
