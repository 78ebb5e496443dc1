//! The modules that fault tests migrate.

use onward::Plan;

/// The folder `tests/fixtures/harbor`: tables, functions, indexes that are built concurrently, two of them in one
/// file, and seeds.
pub static HARBOR: Plan = onward::embed_migrations!("tests/fixtures/harbor");

/// The folder `tests/fixtures/counted`: a data migration that counts up, in batches of at most 20 rows.
pub static COUNTED: Plan = onward::embed_migrations!("tests/fixtures/counted");
