//! Objects that the files do not create: the lock is known, and where the effect depends on the table,
//! the worst case counts.

use onward_analyzer::effect::{Effect, effects};
use onward_analyzer::schema::Schema;
use onward_analyzer::statement::Name;

use crate::one;

fn effect(before: &str, text: &str) -> Effect {
    let statement = one::statement(text);
    effects(&statement, &Schema::after("app", &[before]), 18)
}

/// `locks; rewrites; scans; joins; builds`, without empty parts at the end.
fn told(effect: &Effect) -> String {
    let names = |names: &[Name]| {
        names
            .iter()
            .map(Name::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let all = effect.locks.iter().chain(&effect.index_locks);
    let locks: Vec<String> = all.map(ToString::to_string).collect();
    let joins: Vec<&str> = effect.joins.iter().map(|join| join.key.as_str()).collect();
    let parts = [
        locks.join(", "),
        names(&effect.rewrites),
        names(&effect.scans),
        joins.join(", "),
        names(&effect.builds),
    ];
    parts.join("; ").trim_end_matches("; ").to_owned()
}

#[test]
fn the_lock_is_known_and_the_worst_case_is_assumed() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        (
            "ALTER TABLE o.t ADD COLUMN a int",
            "ACCESS EXCLUSIVE on o.t",
        ),
        (
            "ALTER TABLE o.t ADD COLUMN a int DEFAULT o.f()",
            "ACCESS EXCLUSIVE on o.t; o.t",
        ),
        (
            "ALTER TABLE o.t ADD COLUMN a o.d",
            "ACCESS EXCLUSIVE on o.t; o.t",
        ),
        (
            "ALTER TABLE o.t ALTER COLUMN a TYPE text",
            "ACCESS EXCLUSIVE on o.t; o.t",
        ),
        (
            "ALTER TABLE o.t ALTER COLUMN a SET NOT NULL",
            "ACCESS EXCLUSIVE on o.t; ; o.t",
        ),
        (
            "ALTER TABLE o.t ADD CHECK (a > 0)",
            "ACCESS EXCLUSIVE on o.t; ; o.t",
        ),
        (
            "ALTER TABLE o.t VALIDATE CONSTRAINT c",
            "SHARE UPDATE EXCLUSIVE on o.t; ; o.t",
        ),
        (
            "ALTER TABLE o.t SET UNLOGGED",
            "ACCESS EXCLUSIVE on o.t; o.t",
        ),
        (
            "ALTER TABLE IF EXISTS o.t ADD COLUMN a int",
            "ACCESS EXCLUSIVE on o.t",
        ),
        ("CREATE INDEX i ON o.t (a)", "SHARE on o.t; ; ; ; o.i"),
        ("DROP INDEX o.i", "ACCESS EXCLUSIVE on o.i"),
        ("DROP TABLE o.t", "ACCESS EXCLUSIVE on o.t"),
        ("TRUNCATE o.t", "ACCESS EXCLUSIVE on o.t; o.t"),
        (
            "INSERT INTO o.t SELECT * FROM o.u",
            "ROW EXCLUSIVE on o.t, ACCESS SHARE on o.u",
        ),
        (
            "REFRESH MATERIALIZED VIEW o.m",
            "ACCESS EXCLUSIVE on o.m; o.m",
        ),
        (
            "CREATE TABLE n (a int REFERENCES o.t)",
            "SHARE ROW EXCLUSIVE on o.t",
        ),
        ("ALTER TABLE IF EXISTS t ADD COLUMN a int", ""),
        ("REINDEX SCHEMA o", ""),
        (
            "REINDEX TABLE CONCURRENTLY o.t",
            "SHARE UPDATE EXCLUSIVE on o.t",
        ),
    ] {
        let got = told(&effect("", text));
        if got != expected {
            wrong.push(format!("{text}\n  {got}\n  instead of {expected}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn locks_are_known_even_when_the_schema_is_not() {
    let before = "CREATE TABLE t (a varchar(10)); CALL anything();";
    let text = "ALTER TABLE IF EXISTS u ADD COLUMN b uuid DEFAULT anything()";
    assert_eq!(
        told(&effect(before, text)),
        "ACCESS EXCLUSIVE on app.u; app.u"
    );
    assert!(effect("", "CALL anything()").opaque);
    assert!(effect("", "SELECT anything()").opaque);
    assert!(!effect("", "SELECT now()").opaque);
}
