static PLAN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/directives");

fn main() {
    let _ = &PLAN;
}
