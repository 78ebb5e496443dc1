//! The module that fault tests migrate: tables, functions, indexes that are built concurrently, two of them in one
//! file, and seeds.

use onward::Plan;

/// The folder `tests/fixtures/harbor`.
pub static HARBOR: Plan = onward::embed_migrations!("tests/fixtures/harbor");
