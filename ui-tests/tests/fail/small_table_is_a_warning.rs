//! What is small still deserves a word.
#![deny(warnings)]

static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/small_table");

fn main() {
    let _ = &PLAN;
}
