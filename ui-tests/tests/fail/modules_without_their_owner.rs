static AUTH: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_circle/auth");
static VULN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_circle/vuln");
static FORGOTTEN: onward::Modules = onward::modules!(VULN, AUTH);
static NOT_OUTSIDE: onward::Modules = onward::modules!(VULN, AUTH; outside = ["vex", "auth", "billing"]);

fn main() {
    let _ = (&FORGOTTEN, &NOT_OUTSIDE);
}
