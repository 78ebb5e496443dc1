//! The modules of the control plane, which are examples to copy, have no findings.

use std::path::Path;

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
