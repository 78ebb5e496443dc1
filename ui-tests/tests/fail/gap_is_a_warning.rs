//! A warning stops the build only where warnings do.
#![deny(warnings)]

static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/gap_is_a_warning");

fn main() {
    let _ = &PLAN;
}
