static PLAN: onward::Plan = onward::embed_migrations!(migrations / auth);

fn main() {
    let _ = &PLAN;
}
