//! A warning stops the build only if warnings are denied.
#![deny(warnings)]

static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/gap_is_a_warning");

fn main() {
    let _ = &PLAN;
}
