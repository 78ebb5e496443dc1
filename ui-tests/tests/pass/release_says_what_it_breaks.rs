//! An accepted finding is not a warning either.
#![deny(warnings)]

static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/release_says_what_it_breaks");

fn main() {
    assert_eq!(PLAN.release().len(), 1);
}
