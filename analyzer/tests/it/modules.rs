//! The modules of the control plane, which are examples to copy, have no findings.

use std::path::Path;

use onward_analyzer::settings::{Citus, read};
use onward_analyzer::{analyze, report, source};

#[test]
fn the_seven_modules_have_no_findings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut reports = Vec::new();
    for (module, files) in [
        ("auth", 8),
        ("vuln", 8),
        ("scheduler", 8),
        ("vex", 4),
        ("notify", 4),
        ("policy", 4),
        ("audit", 4),
    ] {
        let analysis = analyze(source::read(&root.join(module), module));
        reports.extend(report::by_file(&analysis.findings, &analysis.module.texts));
        let Some(plan) = analysis.plan else {
            continue;
        };
        for migrations in [&plan.startup, &plan.seed, &plan.release, &plan.data] {
            assert!(!migrations.is_empty(), "{module} lacks a category");
        }
        assert!(
            analysis.module.sources.len() >= files,
            "{module} has too few files"
        );
    }
    assert!(reports.is_empty(), "{}", reports.join("\n"));
}

/// Their own settings are those of a cluster that keeps each schema on one server; here the rows are spread by tenant.
#[test]
fn a_citus_cluster_that_spreads_their_rows_refuses_none_of_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut reports = Vec::new();
    for module in [
        "auth",
        "vuln",
        "scheduler",
        "vex",
        "notify",
        "policy",
        "audit",
    ] {
        let own = std::fs::read_to_string(root.join(module).join("onward.toml"))
            .expect("it has settings");
        assert_eq!(
            read(&own).map(|settings| settings.citus),
            Ok(Some(Citus::Schema))
        );
        let (before, _) = own.split_once("[citus]").expect("it has this table");
        let spread = [before, "[citus]\nmode = \"row\"\nunsafe_triggers = true\n"].concat();
        let analysis = analyze(source::read(&root.join(module), module).with_settings(&spread));
        assert_eq!(
            analysis.module.settings.distribution_column(),
            Some("tenant_id")
        );
        reports.extend(report::by_file(&analysis.findings, &analysis.module.texts));
        let without = spread.replace("unsafe_triggers = true", "");
        let analysis = analyze(source::read(&root.join(module), module).with_settings(&without));
        let mut found = analysis.findings.iter();
        let with_triggers = ["auth", "scheduler", "notify", "policy", "audit"];
        let is_told = found.any(|finding| finding.rule == "trigger-on-distributed-table");
        assert_eq!(is_told, with_triggers.contains(&module), "{module}");
    }
    assert!(reports.is_empty(), "{}", reports.join("\n"));
}
