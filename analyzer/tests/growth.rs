//! What the check does for a history of twice the length: at most a little more than twice as much.
//!
//! Work is counted in allocations and in their bytes, which do not depend on the machine or on what else runs on it.
//! What allocates nothing, such as a search through a list, is not seen here, but in `benches/judge`. A binary of its own,
//! because the count is of the whole process.

use std::alloc::System;

use onward_analyzer::analyze;
use onward_analyzer::source::Module;
use onward_cases::growth::{Kind, kinds};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many there are the first time.
const FEW: usize = 100;

/// Twice as much, and a tenth for lists that double before they are full.
const MOST: f64 = 2.2;

/// Allocations and bytes.
fn work(kind: Kind, length: usize) -> [f64; 2] {
    let files = kind.files(length);
    let files = files
        .iter()
        .map(|(name, sql)| (name.as_str(), sql.as_str()));
    let module = Module::in_memory("app", files);
    let region = Region::new(ALLOCATOR);
    let analysis = analyze(module);
    let change = region.change();
    let readable = analysis.plan.or(analysis.refused_plan);
    assert!(readable.is_some(), "{}", kind.word);
    let grammatical = |rule: &str| rule != "invalid-sql" && rule != "syntax-error";
    let mut found = analysis.findings.iter();
    assert!(
        found.all(|one| grammatical(one.rule)),
        "{}: PostgreSQL does not read it",
        kind.word
    );
    [change.allocations, change.bytes_allocated].map(|count| count as f64)
}

#[test]
fn twice_as_long_is_twice_the_work() {
    let kinds = kinds();
    // What is put together once for the process.
    for kind in &kinds {
        work(*kind, 2);
    }
    let mut grow = Vec::new();
    for kind in kinds {
        let (few, many) = (work(kind, FEW), work(kind, 2 * FEW));
        let [calls, bytes] = [many[0] / few[0], many[1] / few[1]];
        if calls > MOST || bytes > MOST {
            grow.push(format!(
                "{}: {calls:.2} times the allocations, {bytes:.2} times the bytes",
                kind.word
            ));
        }
    }
    assert!(grow.is_empty(), "{grow:#?}");
}
