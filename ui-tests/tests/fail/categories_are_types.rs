//! A release migration cannot be passed to code that runs startup migrations.
use onward::kind::Startup;
use onward::plan::Migration;

static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/all_categories");

fn run(_: &Migration<Startup>) {}

fn main() {
    PLAN.startup().iter().for_each(run);
    PLAN.release().iter().for_each(run);
}
