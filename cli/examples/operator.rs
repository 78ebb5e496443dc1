//! The operator binary of a service: `onward`'s verbs, for the plans that are compiled into it.
//!
//!     cargo run -p onward-cli --example operator -- status --url postgres://localhost/app
//!     cargo run -p onward-cli --example operator -- release --module shop --url postgres://localhost/app

use std::process::ExitCode;

use onward::Plan;

static SHOP: Plan = onward::embed_migrations!("tests/fixtures/shop");
static PEOPLE: Plan = onward::embed_migrations!("tests/fixtures/people");

fn main() -> ExitCode {
    onward_cli::main(&[&SHOP, &PEOPLE])
}
