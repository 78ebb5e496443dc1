//! A lock on a small table is still a warning.
#![deny(warnings)]

static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/small_table");

fn main() {
    let _ = &PLAN;
}
