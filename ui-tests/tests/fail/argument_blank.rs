static PLAN: onward::Plan = onward::embed_migrations!(" ");

fn main() {
    let _ = &PLAN;
}
