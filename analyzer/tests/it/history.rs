//! Histories that are long, wrong or strange: nothing is reported that is not certain, and nothing takes
//! too long.

use std::fmt::Write as _;

use onward_analyzer::file_name::{Category, Version};
use onward_analyzer::source::{Module, Source};
use onward_analyzer::{Analysis, analyze};

/// The rules about names that do not exist, or exist already.
const RULES: [&str; 5] = [
    "duplicate-object",
    "foreign-key-type-mismatch",
    "foreign-key-without-unique-key",
    "redundant-if-not-exists",
    "unknown-object",
];

/// The files, as startup migrations of the module `a`.
fn judge<S: Into<String>>(files: impl IntoIterator<Item = S>) -> Analysis {
    let mut module = Module::in_memory("a", []);
    for (file, text) in (1_u16..).zip(files) {
        let name = format!("{file:03}_file.sql");
        let source = Source {
            version: Version {
                category: Category::Startup,
                number: file,
            },
            path: format!("migrations/a/{name}"),
            name,
            text: text.into(),
        };
        module
            .texts
            .insert(source.path.clone(), source.text.clone());
        module.sources.push(source);
    }
    analyze(module)
}

/// The findings of these rules, in short.
fn accused<S: Into<String>>(files: impl IntoIterator<Item = S>) -> Vec<String> {
    let findings = judge(files).findings.into_iter();
    let said = findings.filter(|finding| RULES.contains(&finding.rule));
    said.map(|finding| format!("{}: {}", finding.rule, finding.message.what))
        .collect()
}

#[track_caller]
fn silent(files: &[&str]) {
    assert_eq!(
        accused(files.iter().copied()),
        Vec::<String>::new(),
        "{files:?}"
    );
}

#[track_caller]
fn says(files: &[&str], expected: &[&str]) {
    assert_eq!(accused(files.iter().copied()), expected, "{files:?}");
}

const T: &str = "CREATE TABLE t (id bigint PRIMARY KEY, b text)";

#[test]
fn a_name_that_was_dropped_or_renamed_can_be_used_again() {
    silent(&[T, "DROP TABLE t", T, "CREATE INDEX t_b_idx ON t (b)"]);
    silent(&[
        T,
        "ALTER TABLE t RENAME TO u",
        T,
        "ALTER TABLE u DROP COLUMN b",
    ]);
    silent(&[
        T,
        "ALTER TABLE t RENAME b TO c, ADD COLUMN b text",
        "ALTER TABLE t DROP c",
    ]);
    silent(&[
        "CREATE TABLE t (a bigint, b bigint)",
        "ALTER TABLE t RENAME a TO x; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME x TO b",
        "ALTER TABLE t ADD CONSTRAINT k CHECK (a > b)",
    ]);
    silent(&[
        T,
        "ALTER TABLE t DROP COLUMN b; ALTER TABLE t ADD COLUMN b bigint",
    ]);
    silent(&["CREATE VIEW v AS SELECT 1 AS a; DROP VIEW v; CREATE TABLE v (a bigint)"]);
    silent(&["CREATE TYPE m AS ENUM ('a'); DROP TYPE m; CREATE DOMAIN m AS text"]);
    silent(&[
        T,
        "ALTER TABLE t RENAME CONSTRAINT t_pkey TO k; CREATE TABLE t_pkey (a bigint)",
    ]);
    silent(&[
        "CREATE SEQUENCE s; ALTER SEQUENCE s RENAME TO r; CREATE SEQUENCE s; DROP SEQUENCE r, s",
    ]);
    silent(&[
        "CREATE FUNCTION f(bigint) RETURNS bigint LANGUAGE sql RETURN 1",
        "CREATE FUNCTION f(text) RETURNS bigint LANGUAGE sql RETURN 1",
        "DROP FUNCTION f(bigint); DROP FUNCTION f(text)",
        "CREATE FUNCTION f(bigint) RETURNS bigint LANGUAGE sql RETURN 1",
    ]);
}

#[test]
fn a_name_that_no_longer_exists_is_reported() {
    says(
        &[
            T,
            "ALTER TABLE t RENAME TO u",
            "ALTER TABLE t ADD COLUMN c text",
        ],
        &["unknown-object: there is no table a.t"],
    );
    says(
        &[T, "ALTER TABLE t RENAME b TO c", "CREATE INDEX i ON t (b)"],
        &["unknown-object: a.t has no column `b`"],
    );
    says(
        &[T, "DROP TABLE t", "DROP TABLE t", "DROP TABLE IF EXISTS t"],
        &["unknown-object: there is no table a.t"],
    );
    says(
        &[
            T,
            "ALTER TABLE t DROP COLUMN b, DROP COLUMN IF EXISTS b",
            "ALTER TABLE t DROP b",
        ],
        &["unknown-object: a.t has no column `b`"],
    );
    says(
        &[
            T,
            "CREATE VIEW v AS TABLE t; DROP TABLE t CASCADE",
            "DROP VIEW v",
        ],
        &["unknown-object: there is no view a.v"],
    );
    says(
        &[T, "ALTER TABLE t ADD COLUMN c bigint REFERENCES t (b)"],
        &[
            "foreign-key-type-mismatch: a.t.c is bigint, but it references a.t.b, which is text",
            "foreign-key-without-unique-key: no unique key of a.t covers exactly (b)",
        ],
    );
}

#[test]
fn a_quoted_name_is_the_text_between_the_quotes() {
    let made = r#"CREATE TABLE "T" (id bigint PRIMARY KEY, "B" text, "say ""b""" text)"#;
    silent(&[
        made,
        T,
        r#"ALTER TABLE "T" ADD CONSTRAINT k CHECK ("B" <> "say ""b""")"#,
    ]);
    silent(&[
        T,
        "ALTER TABLE T ADD CONSTRAINT K CHECK (B <> '')",
        "ALTER TABLE \"t\" DROP \"b\"",
    ]);
    says(
        &[made, "CREATE INDEX i ON \"T\" (b)"],
        &["unknown-object: a.T has no column `b`"],
    );
    says(
        &[made, "DROP TABLE t"],
        &["unknown-object: there is no table a.t"],
    );
}

#[test]
fn text_that_cannot_be_read_makes_the_schema_uncertain() {
    let broken = "ALTER TABEL t RENAME b TO c";
    silent(&[
        T,
        broken,
        "ALTER TABLE t DROP COLUMN c; ALTER TABLE u ADD COLUMN d text",
    ]);
    silent(&[T, broken, T]);
    silent(&[
        "SELECT 'never closed; CREATE TABLE u (a bigint)",
        "ALTER TABLE u ADD COLUMN b text",
    ]);
    // What is created after it is certain again.
    says(
        &[broken, T, T, "ALTER TABLE t DROP COLUMN c"],
        &[
            "duplicate-object: the table a.t already exists",
            "unknown-object: a.t has no column `c`",
        ],
    );
}

#[test]
fn nothing_is_reported_that_is_not_certain() {
    for unsure in [
        "DO $$ BEGIN EXECUTE 'CREATE TABLE ' || 'u (a bigint)'; END $$",
        "CALL make()",
        "CREATE EXTENSION acme",
        "SET LOCAL search_path = z",
        "SELECT partman.create_parent('a.t')",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'CREATE TABLE u (a bigint)'; SELECT f()",
        "CREATE FUNCTION a.f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'x' || 'y'; END $$; SELECT a.f()",
    ] {
        silent(&[unsure, "ALTER TABLE u ADD COLUMN b text"]);
    }
    silent(&[
        T,
        "DO $$ BEGIN IF now() > now() THEN DROP TABLE t; END IF; END $$",
        "ALTER TABLE t DROP b",
    ]);
    silent(&[
        T,
        "DO $$ BEGIN IF now() > now() THEN DROP TABLE t; END IF; END $$",
        T,
    ]);
    silent(&[
        "ALTER TABLE z.t ADD COLUMN a text",
        "DROP TABLE z.u",
        "CREATE TABLE t (a bigint REFERENCES z.t)",
    ]);
    silent(&["SELECT 1 AS one INTO t", "ALTER TABLE t DROP COLUMN two"]);
    silent(&["CREATE VIEW v AS SELECT relname FROM pg_class, pg_catalog.pg_type"]);
    silent(&[
        "CREATE TEMPORARY TABLE x (a bigint) ON COMMIT DROP",
        "CREATE TABLE x (b bigint)",
        "DROP TABLE x",
    ]);
    silent(&["CREATE TABLE t (a bigint, CHECK (t.a > 0 AND a IS NOT NULL AND ctid IS NOT NULL))"]);
    silent(&["CREATE TABLE p (a bigint); CREATE TABLE c (b bigint, CHECK (a > b)) INHERITS (p)"]);
    silent(&["CREATE TABLE p (a bigint); CREATE TABLE c (LIKE p, b bigint, UNIQUE (a, b))"]);
    silent(&[
        "CREATE DOMAIN d AS bigint; ALTER DOMAIN d ADD CONSTRAINT k CHECK (value > 0); ALTER DOMAIN d DROP CONSTRAINT k",
    ]);
    silent(&[
        "CREATE TYPE c AS (a bigint); COMMENT ON COLUMN c.a IS 'x'; ALTER TYPE c RENAME ATTRIBUTE a TO b",
    ]);
    silent(&[
        "CREATE VIEW v AS SELECT 1 AS a; COMMENT ON COLUMN v.a IS 'x'; ALTER VIEW v RENAME COLUMN a TO b",
    ]);
    // A routine that only changes rows creates no table.
    says(
        &[
            "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1'; SELECT f(), now()",
            "DROP TABLE t",
        ],
        &["unknown-object: there is no table a.t"],
    );
    // A block without branches runs all its statements.
    says(
        &[
            T,
            "DO $$ BEGIN DROP TABLE t; END $$",
            "ALTER TABLE t DROP b",
        ],
        &["unknown-object: there is no table a.t"],
    );
}

#[test]
fn circles_end() {
    silent(&[
        "CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW w AS SELECT a FROM v",
        "CREATE OR REPLACE VIEW v AS SELECT a FROM w",
        "DROP VIEW v CASCADE",
    ]);
    silent(&[
        "CREATE TABLE t (a bigint); CREATE TABLE u (b bigint)",
        "ALTER TABLE t INHERIT u; ALTER TABLE u INHERIT t; ALTER TABLE t INHERIT t",
        "ALTER TABLE t ADD COLUMN c text; ALTER TABLE u DROP COLUMN c",
        "DROP TABLE t CASCADE",
    ]);
    accused([
        "CREATE DOMAIN d AS e; CREATE DOMAIN e AS d; CREATE TABLE t (a d PRIMARY KEY, b d REFERENCES t)",
    ]);
    silent(&[
        "CREATE TABLE t (a bigint PRIMARY KEY REFERENCES t); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t",
    ]);
}

#[test]
fn ten_thousand_columns_do_not_hang() {
    let mut table = "CREATE TABLE t (c0 bigint PRIMARY KEY".to_owned();
    let mut alter = "ALTER TABLE t ADD COLUMN d0 bigint".to_owned();
    for n in 1..10_000 {
        let check = if n % 10 == 0 { " CHECK (c0 > 0)" } else { "" };
        let _ = write!(table, ", c{n} bigint{check}");
    }
    for n in 1..1_000 {
        let _ = write!(alter, ", ADD COLUMN d{n} bigint");
    }
    says(
        &[
            &(table + ")"),
            &alter,
            "CREATE INDEX i ON t (c9999, d999, e)",
        ],
        &["unknown-object: a.t has no column `e`"],
    );
}

#[test]
fn five_thousand_files_do_not_hang() {
    let file = |n: usize| match n % 3 {
        0 => format!("CREATE TABLE t{n} (id bigint PRIMARY KEY, b text CHECK (b <> ''))"),
        1 => format!("ALTER TABLE t{} ADD COLUMN c bigint REFERENCES t0", n - 1),
        _ => format!("DROP TABLE t{}", n - 2),
    };
    let said = accused((0..5_000).map(file).chain(["DROP TABLE t1".to_owned()]));
    // The first table is dropped in the first round, and the others reference it.
    assert!(
        said.iter()
            .all(|said| said.contains("a.t0") || said.contains("a.t1")),
        "{:?}",
        &said[..3]
    );
    assert_eq!(said.len(), 1 + 4_999 / 3, "{:?}", &said[..3]);
}

/// PostgreSQL takes such views, and refuses the statements that use them: infinite recursion detected
/// (42P17).
#[test]
fn views_that_read_each_other_are_followed_once() {
    let text = "CREATE VIEW app.a WITH (security_invoker) AS SELECT 1 AS n;\n\
                CREATE VIEW app.b WITH (security_invoker) AS SELECT n FROM app.a;\n\
                CREATE OR REPLACE VIEW app.a WITH (security_invoker) AS SELECT n FROM app.b;\n\
                LOCK TABLE app.a IN EXCLUSIVE MODE;\n\
                SELECT n FROM app.b;\n\
                DELETE FROM app.a WHERE n = 1;\n";
    let analysis = analyze(Module::in_memory("app", [("001_views.sql", text)]));
    assert_eq!(analysis.statements.len(), 6);
}
