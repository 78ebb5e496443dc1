//! The circle is open when one of its modules is in another program, and nothing is known of that one's schema.

static AUTH: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_circle/auth");
const VULN: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_circle/vuln");
static NOTIFY: onward::Plan = onward::embed_migrations!("ui-tests/migrations/modules_circle/notify");
static MODULES: onward::Modules = onward::modules!(NOTIFY, VULN, AUTH; outside = ["vex"]);

fn main() {
    let schemas: Vec<&str> = MODULES.plans().iter().map(|plan| plan.schema()).collect();
    assert_eq!(schemas, ["auth", "notify", "vuln"]);
    let inside = onward::modules!(AUTH; outside = ["vex"]);
    assert_eq!(inside.plans().len(), 1);
}
