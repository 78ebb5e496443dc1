static AUTH: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_need/auth");
static VULN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_need/vuln");
static MODULES: onward::Modules = onward::modules!(VULN, AUTH);

fn main() {
    let _ = &MODULES;
}
