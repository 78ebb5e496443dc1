//! Files before `lint_from` are not checked.
#![deny(warnings)]

static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/applied_long_ago");

fn main() {
    assert_eq!(PLAN.startup().len(), 3);
}
