//! Findings that are allowed on purpose: by directives, and by the settings of a module.

use onward_analyzer::source::Module;
use onward_analyzer::{Analysis, Severity, analyze, settings};

const USERS: &str = "CREATE TABLE app.users (id bigint PRIMARY KEY, phone text, fax text);";

fn judged(files: &[(&str, &str)]) -> Analysis {
    with("", files)
}

/// A module of these files with this `onward.toml`.
fn with(toml: &str, files: &[(&str, &str)]) -> Analysis {
    let mut module = Module::in_memory("app", files.iter().copied());
    module.settings = settings::read(toml).expect("the settings are right");
    analyze(module)
}

fn told(analysis: &Analysis) -> Vec<&str> {
    analysis
        .findings
        .iter()
        .map(|finding| finding.rule)
        .collect()
}

/// The rules and reasons of the findings that are allowed.
fn accepted(analysis: &Analysis) -> Vec<(&str, &str)> {
    let reason = |finding: &'_ onward_analyzer::Finding| finding.allowed_because.clone();
    let noted = analysis.noted.iter();
    noted
        .filter(|finding| reason(finding).is_some())
        .map(|finding| {
            (
                finding.rule,
                finding.allowed_because.as_deref().unwrap_or_default(),
            )
        })
        .collect()
}

#[test]
fn an_allowance_covers_one_statement_whatever_its_place() {
    for text in [
        "-- onward: allow drop-column because no release reads it\nALTER TABLE app.users DROP COLUMN fax;",
        "-- onward: allow drop-column because no release reads it\n\n-- a word\n\nALTER TABLE app.users DROP COLUMN fax;",
        "ALTER TABLE app.users\n    -- onward: allow drop-column because no release reads it\n    DROP COLUMN fax;",
        "ALTER TABLE app.users DROP COLUMN fax; -- onward: allow drop-column because no release reads it",
        "-- ONWARD: no directive\n-- onward: Allow: drop-column BECAUSE \"no release reads it\"\nALTER TABLE app.users DROP COLUMN fax;",
    ] {
        let analysis = judged(&[("001_users.sql", USERS), ("100_drop.sql", text)]);
        assert_eq!(told(&analysis), [""; 0], "{text}");
        assert_eq!(
            accepted(&analysis),
            [("drop-column", "no release reads it")],
            "{text}"
        );
        assert!(analysis.plan.is_some());
    }
}

#[test]
fn an_allowance_does_not_cover_the_next_statement() {
    let text = "-- onward: allow drop-column because no release reads it\n\
                ALTER TABLE app.users DROP COLUMN fax;\nALTER TABLE app.users DROP COLUMN phone;";
    let analysis = judged(&[("001_users.sql", USERS), ("100_drop.sql", text)]);
    assert_eq!(
        told(&analysis)
            .iter()
            .filter(|rule| **rule == "drop-column")
            .count(),
        1
    );
}

#[test]
fn several_rules_can_share_a_reason_and_each_must_find_something() {
    let text = "-- onward: allow drop-column, rename-column because no release reads it\n\
                ALTER TABLE app.users DROP COLUMN fax;";
    let analysis = judged(&[("001_users.sql", USERS), ("100_drop.sql", text)]);
    assert_eq!(told(&analysis), ["wrong-allowance"]);
    let message = &analysis.findings[0].message;
    assert!(
        message.what.contains("`rename-column` finds nothing"),
        "{message:?}"
    );
}

#[test]
fn a_forbidden_rule_names_the_category_where_it_can_be_allowed() {
    let text = "-- onward: allow drop-column because no release reads it\n\
                ALTER TABLE app.users DROP COLUMN fax;";
    let analysis = judged(&[("001_users.sql", USERS), ("002_drop.sql", text)]);
    assert_eq!(told(&analysis), ["wrong-allowance", "drop-column"]);
    let help = &analysis.findings[0].message.help;
    assert!(help.contains("a release migration (100 to 199)"), "{help}");
}

#[test]
fn a_name_from_another_linter_is_answered_with_the_rules_name() {
    let text = "-- onward: allow ban-drop-column because no release reads it\n\
                ALTER TABLE app.users DROP COLUMN fax;";
    let analysis = judged(&[("001_users.sql", USERS), ("100_drop.sql", text)]);
    let help = &analysis.findings[0].message.help;
    assert_eq!(help, "write `drop-column`: onward's name for this rule");
}

#[test]
fn allow_file_works_at_the_top_and_not_for_rules_about_other_sessions() {
    let opaque = "CALL app.one();\nCALL app.two();";
    let top = format!("-- onward: allow-file opaque-sql because both only count rows\n{opaque}");
    let analysis = judged(&[("001_calls.sql", &top)]);
    assert!(
        !told(&analysis).contains(&"opaque-sql"),
        "{:?}",
        told(&analysis)
    );
    assert_eq!(accepted(&analysis).len(), 2);
    let middle = "CALL app.one();\n-- onward: allow-file opaque-sql because it only counts rows\nCALL app.two();";
    let analysis = judged(&[("001_calls.sql", middle)]);
    assert!(told(&analysis).contains(&"wrong-directive"));
    let drop = "-- onward: allow-file drop-column because no release reads it\nALTER TABLE app.users DROP COLUMN fax;";
    let analysis = judged(&[("001_users.sql", USERS), ("100_drop.sql", drop)]);
    assert_eq!(told(&analysis), ["wrong-allowance", "drop-column"]);
}

#[test]
fn breaks_allows_all_compatibility_findings_of_a_release() {
    let drop = "-- onward: breaks the profile page of 2.3\nALTER TABLE app.users DROP COLUMN fax;";
    let analysis = judged(&[("001_users.sql", USERS), ("100_drop.sql", drop)]);
    assert_eq!(told(&analysis), [""; 0]);
    assert_eq!(
        accepted(&analysis),
        [("drop-column", "the profile page of 2.3")]
    );
    let analysis = judged(&[("001_users.sql", USERS), ("002_drop.sql", drop)]);
    assert_eq!(told(&analysis), ["wrong-directive", "drop-column"]);
}

#[test]
fn locks_on_a_small_table_are_warnings() {
    let index = "CREATE INDEX users_fax_idx ON app.users (fax);";
    let small = format!("-- onward: small-table app.users \"at most 50 rows\"\n{index}");
    let severity = |text: &str| {
        let analysis = judged(&[("001_users.sql", USERS), ("002_index.sql", text)]);
        let found = analysis.findings.into_iter();
        let mut found = found.filter(|one| one.rule == "index-without-concurrently");
        found.next().map(|finding| finding.severity)
    };
    assert_eq!(severity(index), Some(Severity::Forbid));
    assert_eq!(severity(&small), Some(Severity::Warn));
    assert_eq!(
        severity(&small.replace("app.users \"", "app.others \"")),
        Some(Severity::Forbid)
    );
}

#[test]
fn files_before_lint_from_are_read_but_not_checked() {
    let files = [
        ("001_users.sql", USERS),
        (
            "002_drop.sql",
            "-- onward: allow opaque-sql because of old times\nALTER TABLE app.users DROP COLUMN fax;",
        ),
        ("003_drop.sql", "ALTER TABLE app.users DROP COLUMN phone;"),
    ];
    assert_eq!(
        told(&judged(&files)),
        ["wrong-allowance", "drop-column", "drop-column"]
    );
    let analysis = with("lint_from = \"003\"", &files);
    assert_eq!(told(&analysis), ["drop-column"]);
    assert_eq!(
        analysis.findings[0].place.path,
        "migrations/app/003_drop.sql"
    );
    assert!(
        analysis.findings[0].message.related.is_some(),
        "the schema knows the old files"
    );
    let analysis = with("lint_from = [\"099\", \"150\"]", &files);
    assert_eq!(told(&analysis), [""; 0]);
    assert_eq!(analysis.plan.map(|plan| plan.startup.len()), Some(3));
}

#[test]
fn what_the_runner_cannot_run_is_reported_in_old_files_too() {
    let text = "CREATE TABLE users (id int); CREATE TYPE app.t AS ENUM ('a');";
    for (rule, sql) in [
        (
            "transaction-control",
            "BEGIN; CREATE TABLE users (id int); COMMIT;",
        ),
        ("transaction-control", "DO $$ BEGIN COMMIT; END $$;"),
        (
            "transaction-control",
            "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;",
        ),
        ("psql-command", "\\i other.sql\nSELECT 1;"),
        ("copy-from-stdin", "COPY users FROM STDIN;"),
        ("copy-from-stdin", "COPY nope FROM STDIN;"),
        ("copy-to", "COPY users TO STDOUT;"),
        ("unknown-statement", "SELEC 1;"),
        ("unclosed-text", "SELECT 'a;"),
        ("empty-file", "-- nothing"),
        ("down-migration", "SELECT 1;\n-- +goose Down\nSELECT 2;"),
        ("statement-not-in-transaction", "VACUUM users; SELECT 1;"),
        (
            "concurrently-in-transaction",
            "CREATE INDEX CONCURRENTLY i ON users (id); SELECT 1;",
        ),
        (
            "unnamed-concurrent-index",
            "CREATE INDEX CONCURRENTLY ON users (id);",
        ),
        (
            "concurrently-multiple-objects",
            "DROP INDEX CONCURRENTLY a, b;",
        ),
        (
            "enum-value-used-in-transaction",
            "ALTER TYPE app.t ADD VALUE 'x'; SELECT 'x'::app.t;",
        ),
    ] {
        let files = [("001_users.sql", text), ("002_more.sql", sql)];
        let analysis = with("lint_from = \"010\"", &files);
        let found = told(&analysis);
        assert!(
            !found.is_empty() && found.iter().all(|one| *one == rule),
            "{sql}: {found:?}"
        );
        assert!(analysis.plan.is_none());
    }
    // An allowance in an old file counts, and one without use is not an error there.
    let read = "-- onward: allow unknown-statement, opaque-sql because \"PostgreSQL 19 reads it\"\nSELEC 1;";
    let analysis = with("lint_from = \"010\"", &[("001_users.sql", read)]);
    assert_eq!(told(&analysis), [""; 0]);
    assert!(analysis.plan.is_some());
}

#[test]
fn a_mistake_is_reported_once_and_not_by_what_follows_from_it() {
    let tables = "CREATE TABLE app.a (id bigint PRIMARY KEY, note text); CREATE TABLE app.b (id bigint PRIMARY KEY, note text);";
    let seed = "INSERT INTO app.a (id) VALUES (1) ON CONFLICT (id) DO NOTHING;
        INSERT INTO app.b (id, note) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET note = excluded.note;";
    let release = "-- onward: breaks releases before 2.4\nALTER TABLE app.a DROP COLUMN note; ALTER TABLE app.b DROP COLUMN note;";
    for (mistake, rules) in [
        ("DROP TABLE app.a;", &["drop-table"][..]),
        (
            "ALTER TABLE app.b RENAME COLUMN note TO n;",
            &["rename-column"],
        ),
        ("ALTER TABLE app.b RENAME TO c;", &["rename-table"]),
        ("ALTER TABLE app.b DROP COLUMN note;", &["drop-column"]),
    ] {
        let files = [
            ("001_a.sql", tables),
            ("002_b.sql", mistake),
            ("100_c.sql", release),
            ("S001_d.sql", seed),
        ];
        let analysis = judged(&files);
        let found: Vec<_> = told(&analysis)
            .into_iter()
            .filter(|one| *one != "wide-lock-window")
            .collect();
        assert_eq!(found, rules, "{mistake}");
    }
    // What a file without a version creates may exist.
    let files = [("1_a.sql", tables), ("S001_d.sql", seed)];
    assert_eq!(told(&judged(&files)), ["file-name"]);
}

#[test]
fn a_module_without_a_free_number_is_not_sent_to_a_taken_one() {
    let table = "CREATE TABLE app.a (id bigint PRIMARY KEY, b int);";
    let addition = "ALTER TABLE app.a ADD COLUMN c int;";
    let index = "CREATE INDEX a_b ON app.a (b); CREATE INDEX a_id_b ON app.a (id, b);";
    let room = [("001_a.sql", table), ("100_c.sql", addition)];
    assert_eq!(told(&judged(&room)), ["additive-in-release"]);
    let full = [
        ("098_a.sql", table),
        ("099_b.sql", index),
        ("100_c.sql", addition),
    ];
    let analysis = judged(&full);
    let rules = ["index-without-concurrently"; 2];
    assert_eq!(
        told(&analysis),
        rules,
        "there is no place but the one that it has"
    );
    for finding in &analysis.findings {
        let fix = finding.message.fix();
        assert!(fix.contains("no startup number is free"), "{fix}");
        assert!(!fix.contains("`099_a"), "{fix}");
    }
    let twice = [("099_a.sql", table), ("099_b.sql", "SELECT 1;")];
    let help = &judged(&twice).findings[0].message.help;
    assert!(help.starts_with("no startup number is free"), "{help}");
}

#[test]
fn a_directive_without_its_colon_or_in_capitals_is_reported() {
    for (comment, is_reported) in [
        (
            "-- onward allow drop-table because \"no code reads it\"",
            true,
        ),
        (
            "-- Onward: allow drop-table because \"no code reads it\"",
            true,
        ),
        ("/* ONWARD: breaks the profile page */", true),
        ("-- onward requires DM001", true),
        ("-- Onward requires PostgreSQL 15", false),
        ("-- onward and upward", false),
        ("-- onwards: nothing", false),
    ] {
        let text = format!("{comment}\nCREATE TABLE app.a (id bigint PRIMARY KEY);");
        let found = judged(&[("001_a.sql", &text)]);
        assert_eq!(
            told(&found) == ["wrong-directive"],
            is_reported,
            "{comment}: {:?}",
            told(&found)
        );
    }
}

#[test]
fn a_module_sets_the_severity_of_a_rule_within_limits() {
    let call = [("001_calls.sql", "CALL app.one();")];
    let severity = |toml: &str| {
        let analysis = with(toml, &call);
        let found = analysis.findings.into_iter().chain(analysis.noted);
        let mut found = found.filter(|one| one.rule == "opaque-sql");
        found.next().map(|finding| finding.severity)
    };
    assert_eq!(severity(""), Some(Severity::Deny));
    assert_eq!(
        severity("[severity]\nopaque-sql = 'warn'"),
        Some(Severity::Warn)
    );
    assert_eq!(
        severity("[severity]\nopaque-sql = 'allow'"),
        Some(Severity::Allow)
    );
    // A rule that is only a line in the report can be made an error.
    let column = [
        (
            "001_users.sql",
            "CREATE TABLE app.users (id bigint PRIMARY KEY);",
        ),
        (
            "002_users.sql",
            "ALTER TABLE app.users ADD COLUMN email text;",
        ),
    ];
    assert_eq!(told(&with("", &column)), [""; 0]);
    let demanded = with("[severity]\nadd-column = 'deny'", &column);
    assert_eq!(told(&demanded), ["add-column"]);
    for (toml, what) in [
        ("[severity]\nopaque-sq = 'warn'", "no rule `opaque-sq`"),
        (
            "[severity]\nopaque-sql = 'loud'",
            "must be `allow`, `warn` or `deny`",
        ),
        ("[severity]\ndrop-column = 'warn'", "cannot be lowered"),
        (
            "[severity]\nfile-name = 'warn'",
            "the severity of `file-name` cannot be changed",
        ),
        ("severity = 1", "must be a table"),
        ("lint_from = '1'", "must be a version"),
        (
            "[externals]\nreads = ['advisories']",
            "a list of names with their schemas",
        ),
        ("[externals]\nread = []", "`read` is not a setting"),
    ] {
        let wrong = match settings::read(toml) {
            Err(wrong) => wrong[0].1.clone(),
            Ok(_) => {
                let findings = with(toml, &call).findings;
                let of_settings = findings.iter().find(|one| one.rule == "settings");
                of_settings.expect(toml).message.clone()
            }
        };
        assert!(wrong.what.contains(what), "{toml}: {wrong:?}");
    }
}

#[test]
fn a_module_sets_the_severity_of_problems_with_file_names() {
    let gap = [
        (
            "001_users.sql",
            "CREATE TABLE app.users (id bigint PRIMARY KEY);",
        ),
        (
            "003_roles.sql",
            "CREATE TABLE app.roles (id bigint PRIMARY KEY);",
        ),
    ];
    let severity = |toml: &str| {
        let analysis = with(toml, &gap);
        let has_plan = analysis.plan.is_some();
        let mut found = analysis.findings.into_iter().chain(analysis.noted);
        let severity = found.find(|one| one.rule == "version-gap");
        (severity.map(|finding| finding.severity), has_plan)
    };
    assert_eq!(severity(""), (Some(Severity::Warn), true));
    assert_eq!(
        severity("[severity]\nversion-gap = 'deny'"),
        (Some(Severity::Deny), false)
    );
    assert_eq!(
        severity("[severity]\nversion-gap = 'allow'"),
        (Some(Severity::Allow), true)
    );
}
