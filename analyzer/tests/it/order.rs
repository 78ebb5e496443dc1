//! Files are checked in the order in which they run.

use onward_analyzer::analyze;
use onward_analyzer::source::Module;

fn order(files: &[(&str, &str)]) -> Vec<String> {
    let analysis = analyze(Module::in_memory("app", files.iter().copied()));
    let sources = analysis.module.sources.iter();
    sources.map(|source| source.version.to_string()).collect()
}

#[test]
fn a_data_migration_runs_before_the_release_that_requires_it() {
    let files = [
        ("001_a.sql", "SELECT 1;"),
        ("100_b.sql", "SELECT 1;"),
        ("101_c.sql", "-- onward: requires DM002\nSELECT 1;"),
        ("102_d.sql", "SELECT 1;"),
        ("DM001_e.sql", "SELECT 1;"),
        ("DM002_f.sql", "SELECT 1;"),
        ("DM003_g.sql", "SELECT 1;"),
        ("S001_h.sql", "SELECT 1;"),
    ];
    let expected = [
        "001", "S001", "100", "DM001", "DM002", "101", "102", "DM003",
    ];
    assert_eq!(order(&files), expected);
}

#[test]
fn a_data_migration_runs_before_the_startup_migration_that_requires_it() {
    let files = [
        ("001_a.sql", "SELECT 1;"),
        ("002_b.sql", "-- onward: requires DM002\nSELECT 1;"),
        ("003_c.sql", "SELECT 1;"),
        ("100_d.sql", "-- onward: requires DM001\nSELECT 1;"),
        ("101_e.sql", "-- onward: requires DM003\nSELECT 1;"),
        ("DM001_f.sql", "SELECT 1;"),
        ("DM002_g.sql", "-- onward: requires DM001\nSELECT 1;"),
        ("DM003_h.sql", "SELECT 1;"),
        ("DM004_i.sql", "SELECT 1;"),
        ("S001_j.sql", "SELECT 1;"),
    ];
    let expected = [
        "001", "DM001", "DM002", "002", "003", "S001", "100", "DM003", "101", "DM004",
    ];
    assert_eq!(order(&files), expected);
}
