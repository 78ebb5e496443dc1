static AUTH: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_circle/auth");
static VULN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_circle/vuln");
static VEX: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_circle/vex");
static NOTIFY: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_circle/notify");
static MODULES: onward::Modules = onward::modules!(NOTIFY, AUTH, VULN, VEX);

fn main() {
    let _ = &MODULES;
}
