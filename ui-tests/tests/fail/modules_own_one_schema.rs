static AUTH: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_twice/auth");
static IDENTITY: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_twice/identity");
static TWO: onward::Modules = onward::modules!(AUTH, IDENTITY);
static ONE: onward::Modules = onward::modules!(AUTH, AUTH);

fn main() {
    let _ = (&TWO, &ONE);
}
