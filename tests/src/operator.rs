//! The operator binary of a service with two modules: what docs/operator.md describes.

use std::process::ExitCode;

use onward::Plan;

static SHOP: Plan = onward::embed_migrations!("tests/fixtures/shop");
static PEOPLE: Plan = onward::embed_migrations!("tests/fixtures/people");

fn main() -> ExitCode {
    onward_cli::main(&[&SHOP, &PEOPLE])
}
