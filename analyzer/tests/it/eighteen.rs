//! What PostgreSQL 18 does and older ones do not, for a module with `min_pg = 18`.

use onward_analyzer::source::Module;
use onward_analyzer::{Severity, analyze};

/// The rules and first lines of the findings in the last file that are at least warnings.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let mut module = Module::in_memory("app", files.iter().copied());
    module.settings.min_pg = 18;
    let last = files.last().map_or("", |(name, _)| *name);
    let findings = analyze(module).findings.into_iter();
    let of_last = findings.filter(|finding| finding.place.path.ends_with(last));
    let loud = of_last.filter(|finding| finding.severity != Severity::Allow);
    loud.map(|finding| format!("{}: {}", finding.rule, finding.message.what))
        .collect()
}

const TABLE: (&str, &str) = (
    "001_t.sql",
    "CREATE TABLE app.t (id bigint PRIMARY KEY, a text NOT NULL, n bigint, \
     CONSTRAINT k CHECK (n > 0) NOT ENFORCED);",
);

#[test]
fn a_not_null_constraint_has_a_name() {
    let drop = "-- onward: breaks readers of releases before 2.3\n\
                ALTER TABLE app.t DROP CONSTRAINT t_a_not_null;";
    let rules = found(&[TABLE, ("100_drop.sql", drop)]);
    assert!(
        rules.iter().all(|found| found.starts_with("drop-not-null")),
        "{rules:?}"
    );
    let taken = "ALTER TABLE app.t ADD CONSTRAINT t_a_not_null CHECK (n > 0) NOT VALID;";
    let rules = found(&[TABLE, ("002_add.sql", taken)]);
    let expected = "duplicate-object: the constraint `t_a_not_null` of app.t already exists";
    assert!(rules.contains(&expected.to_owned()), "{rules:?}");
    let renamed = "ALTER TABLE app.t RENAME CONSTRAINT t_a_not_null TO a_there;\n\
                   ALTER TABLE app.t RENAME CONSTRAINT a_there TO a_is_there;";
    let rules = found(&[TABLE, ("002_rename.sql", renamed)]);
    let unknown = rules
        .iter()
        .any(|found| found.starts_with("unknown-object"));
    assert!(!unknown, "{rules:?}");
}

#[test]
fn only_a_foreign_key_is_enforced_later() {
    let sql = "ALTER TABLE app.t ALTER CONSTRAINT k ENFORCED;";
    let rules = found(&[TABLE, ("002_enforce.sql", sql)]);
    let expected = "foreign-key-without-not-valid: enforces the CHECK k of app.t, which ALTER \
                    CONSTRAINT cannot do";
    assert_eq!(rules, [expected]);
}
