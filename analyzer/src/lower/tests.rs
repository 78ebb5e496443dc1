use super::*;
use crate::split::split;

/// What each statement does, in a few words.
fn words(text: &str) -> Vec<String> {
    split(text)
        .statements
        .iter()
        .flat_map(|raw| lower(text, raw, "auth").clauses)
        .map(|clause| match clause.change {
            Change::CreateTable { table, columns, .. } => {
                format!("table {table} {}", columns.len())
            }
            Change::CreateIndex(create) => format!(
                "index {} on {}{}",
                create.index.map_or_else(
                    || "?".to_owned(),
                    |(name, span)| format!("{name}={}", &text[span])
                ),
                create.table,
                if create.concurrently {
                    " concurrently"
                } else {
                    ""
                }
            ),
            Change::Create {
                kind,
                name,
                guarded,
            } => format!("create {kind} {name} {guarded}"),
            Change::AddColumn { table, column } => format!(
                "add {table}.{} {} {} {}",
                column.name, column.data_type, column.not_null, column.filled
            ),
            Change::DropColumn { table, column } => format!("drop column {table}.{column}"),
            Change::ColumnType {
                table,
                column,
                data_type,
            } => format!("type {table}.{column} {data_type}"),
            Change::SetNotNull { table, column } => format!("not null {table}.{column}"),
            Change::DropNotNull { table, column } => format!("null {table}.{column}"),
            Change::AddConstraint { table, constraint } => {
                format!(
                    "constraint {table} {} {:?}",
                    constraint.kind.word(),
                    constraint.name
                )
            }
            Change::ValidateConstraint { table, constraint } => {
                format!("validate {table}.{constraint}")
            }
            Change::Drop {
                kind,
                name,
                part,
                concurrently,
            } => format!(
                "drop {kind} {name}{}{}",
                part.map(|part| format!(".{part}")).unwrap_or_default(),
                if concurrently { " concurrently" } else { "" }
            ),
            Change::Rename {
                kind,
                name,
                part,
                to,
            } => format!(
                "rename {kind} {name}{} {to}",
                part.map(|part| format!(".{part}")).unwrap_or_default()
            ),
            Change::Truncate { table } => format!("truncate {table}"),
            Change::Insert { table, idempotent } => format!("insert {table} {idempotent}"),
            Change::Update { table } => format!("update {table}"),
            Change::Delete { table } => format!("delete {table}"),
            Change::Merge { table } => format!("merge {table}"),
            Change::Query => "query".to_owned(),
            Change::TransactionControl { keyword } => format!("control {keyword}"),
            Change::Psql { command } => format!("psql {command}"),
            Change::CopyFromStdin => "copy".to_owned(),
            Change::Opaque { keyword } => format!("opaque {keyword}"),
            Change::Other {
                keywords,
                outside_transaction,
                ..
            } => {
                format!(
                    "other {keywords}{}",
                    if outside_transaction { " outside" } else { "" }
                )
            }
            Change::Unknown { problem } => format!("unknown: {problem} @{}", &text[clause.span]),
        })
        .collect()
}

#[test]
fn statements_become_our_words() {
    for (text, expected) in [
        ("CREATE TABLE t (a int, B text)", "table auth.t 2"),
        ("CREATE TABLE Vuln.\"T\" (a int)", "table vuln.T 1"),
        ("CREATE INDEX i ON t (a)", "index i=i on auth.t"),
        (
            "CREATE UNIQUE INDEX CONCURRENTLY \"I\" ON auth.t USING gin (a)",
            "index I=\"I\" on auth.t concurrently",
        ),
        ("CREATE INDEX ON t (a)", "index ? on auth.t"),
        (
            "CREATE OR REPLACE VIEW v AS SELECT 1",
            "create view auth.v true",
        ),
        (
            "CREATE MATERIALIZED VIEW v AS SELECT 1",
            "create materialized view auth.v false",
        ),
        (
            "CREATE TYPE mood AS ENUM ('a')",
            "create type auth.mood false",
        ),
        ("CREATE SEQUENCE s", "create sequence auth.s false"),
        ("CREATE SCHEMA IF NOT EXISTS x", "create schema auth.x true"),
        (
            "CREATE EXTENSION IF NOT EXISTS citext",
            "create extension auth.citext true",
        ),
        (
            "CREATE POLICY p ON t USING (true)",
            "create policy auth.p false",
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql COST 5 AS $$ SELECT 1 $$",
            "create function auth.f false",
        ),
        (
            "CREATE TRIGGER g BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f('x')",
            "create trigger auth.g false",
        ),
        (
            "CREATE DOMAIN d AS text NOT NULL",
            "create domain auth.d false",
        ),
        (
            "ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT 1",
            "add auth.t.a int true true",
        ),
        (
            "ALTER TABLE t ADD COLUMN a int NOT NULL DEFAULT NULL::int",
            "add auth.t.a int true false",
        ),
        (
            "ALTER TABLE t ADD a bigserial",
            "add auth.t.a bigserial true true",
        ),
        (
            "ALTER TABLE t ADD COLUMN a bigint GENERATED ALWAYS AS IDENTITY",
            "add auth.t.a bigint false true",
        ),
        (
            "ALTER TABLE t DROP COLUMN IF EXISTS \"A\" CASCADE",
            "drop column auth.t.A",
        ),
        (
            "ALTER TABLE t ALTER a TYPE bigint USING a::bigint",
            "type auth.t.a bigint",
        ),
        (
            "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
            "not null auth.t.a",
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
            "constraint auth.t CHECK Some(\"c\")",
        ),
        (
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u",
            "constraint auth.t FOREIGN KEY None",
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i",
            "constraint auth.t UNIQUE Some(\"c\")",
        ),
        ("ALTER TABLE t VALIDATE CONSTRAINT c", "validate auth.t.c"),
        (
            "ALTER TABLE t DROP CONSTRAINT c",
            "drop constraint auth.t.c",
        ),
        (
            "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
            "other ALTER TABLE",
        ),
        (
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
            "other ALTER TABLE DETACH PARTITION outside",
        ),
        (
            "ALTER TABLE IF EXISTS ONLY t RENAME TO u",
            "rename table auth.t u",
        ),
        ("ALTER TABLE t RENAME a TO b", "rename column auth.t.a b"),
        (
            "ALTER TABLE t RENAME COLUMN a TO b",
            "rename column auth.t.a b",
        ),
        (
            "ALTER TABLE t RENAME CONSTRAINT a TO b",
            "rename constraint auth.t.a b",
        ),
        (
            "ALTER INDEX IF EXISTS i RENAME TO j",
            "rename index auth.i j",
        ),
        (
            "ALTER TYPE m RENAME VALUE 'a' TO 'b'",
            "rename enum value auth.m.a b",
        ),
        (
            "ALTER TYPE m RENAME ATTRIBUTE a TO b CASCADE",
            "rename attribute auth.m.a b",
        ),
        (
            "ALTER POLICY p ON t RENAME TO q",
            "rename policy auth.t.p q",
        ),
        (
            "ALTER FUNCTION f(int) RENAME TO g",
            "rename function auth.f g",
        ),
        ("ALTER TYPE m ADD VALUE 'c'", "other ALTER TYPE"),
        ("ALTER SEQUENCE s OWNED BY t.a", "other ALTER SEQUENCE"),
        (
            "DROP INDEX CONCURRENTLY IF EXISTS i",
            "drop index auth.i concurrently",
        ),
        ("DROP FUNCTION f(int, text) CASCADE", "drop function auth.f"),
        ("DROP OWNED BY app", "other DROP OWNED"),
        ("DROP POLICY p ON t", "drop policy auth.t.p"),
        (
            "DROP TRIGGER IF EXISTS g ON vuln.t",
            "drop trigger vuln.t.g",
        ),
        ("DROP MATERIALIZED VIEW v", "drop materialized view auth.v"),
        ("TRUNCATE t", "truncate auth.t"),
        ("INSERT INTO t VALUES (1)", "insert auth.t false"),
        (
            "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING",
            "insert auth.t true",
        ),
        (
            "INSERT INTO t SELECT 1 WHERE NOT EXISTS (SELECT 1)",
            "insert auth.t true",
        ),
        ("UPDATE t SET a = 1", "update auth.t"),
        ("DELETE FROM t WHERE a", "delete auth.t"),
        (
            "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE",
            "merge auth.t",
        ),
        ("SELECT f()", "query"),
        ("SELECT a INTO b FROM c", "other SELECT INTO"),
        ("COMMENT ON FUNCTION f(int) IS $$x$$", "other COMMENT ON"),
        ("GRANT SELECT ON t TO app", "other GRANT"),
        ("SET LOCAL lock_timeout = '1s'", "other SET"),
        ("VACUUM (ANALYZE) t", "other VACUUM outside"),
        ("REINDEX TABLE CONCURRENTLY t", "other REINDEX outside"),
        ("REINDEX TABLE t", "other REINDEX"),
        ("CREATE DATABASE d", "other CREATE DATABASE outside"),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", "other REFRESH"),
        ("DO $$ BEGIN END $$", "opaque DO"),
        ("CALL p()", "opaque CALL"),
        ("EXPLAIN ANALYZE DELETE FROM t", "opaque EXPLAIN"),
        ("BEGIN", "control BEGIN"),
        ("START TRANSACTION READ WRITE", "control START TRANSACTION"),
        ("ROLLBACK TO s", "control ROLLBACK"),
        ("\\set x 1", "psql \\set"),
        ("COPY t (a) FROM STDIN WITH (FORMAT csv)", "copy"),
        ("COPY t TO STDOUT", "other COPY"),
        (
            "COPY t (a) FROM '/x' WITH (FORMAT csv)",
            "insert auth.t false",
        ),
        ("COPY t FROM PROGRAM 'x'", "insert auth.t false"),
        ("TABLE t", "query"),
        ("SELECT (a).b.*, c ISNULL", "query"),
        ("UPDATE ONLY t SET a[1] = 2", "update auth.t"),
        ("CREATE TABLE t (LIKE u INCLUDING ALL)", "table auth.t 0"),
        ("CREATE TABLE t (LIKE u, a int, LIKE v)", "table auth.t 1"),
        (
            "CREATE TABLE t (a int, b int, CONSTRAINT c NOT NULL a) USING heap",
            "table auth.t 2",
        ),
        ("CREATE TABLE t AS SELECT 1 WITH NO DATA", "table auth.t 0"),
        (
            "CREATE TABLE t PARTITION OF p FOR VALUES IN (1)",
            "table auth.t 0",
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT c NOT NULL a",
            "not null auth.t.a",
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (a WITH &&)",
            "constraint auth.t EXCLUDE Some(\"c\")",
        ),
        (
            "ALTER TABLE t ALTER a TYPE text COLLATE \"C\"",
            "type auth.t.a text",
        ),
        (
            "ALTER TABLE t ALTER a SET STATISTICS 500",
            "other ALTER TABLE",
        ),
        ("ALTER TABLE t SET SCHEMA x", "other ALTER TABLE"),
        ("CREATE INDEX i ON ONLY t (a)", "index i=i on auth.t"),
        ("CREATE CAST (a AS b) WITHOUT FUNCTION", "other CREATE CAST"),
        ("SET CONSTRAINTS ALL DEFERRED", "other SET"),
        ("CHECKPOINT", "other CHECKPOINT"),
    ] {
        assert_eq!(words(text), [expected], "{text}");
    }
}

#[test]
fn a_statement_can_do_several_things() {
    assert_eq!(
        words("DROP TABLE a, b"),
        ["drop table auth.a", "drop table auth.b"]
    );
    assert_eq!(
        words("ALTER TABLE t ADD a int, DROP COLUMN b, ALTER c SET NOT NULL"),
        [
            "add auth.t.a int false false",
            "drop column auth.t.b",
            "not null auth.t.c"
        ]
    );
    assert_eq!(
        words("COPY (DELETE FROM a RETURNING *) TO STDOUT"),
        ["other COPY", "delete auth.a"]
    );
    assert_eq!(
        words("CREATE TABLE t AS WITH x AS (INSERT INTO a VALUES (1) RETURNING *) SELECT * FROM x"),
        ["table auth.t 0", "insert auth.a false"]
    );
    assert_eq!(
        words("ALTER TABLE t SET LOGGED, ADD a int CHECK ((a).b ISNULL), CLUSTER ON i, DROP b"),
        [
            "other ALTER TABLE",
            "add auth.t.a int false false",
            "other ALTER TABLE",
            "drop column auth.t.b"
        ]
    );
    assert_eq!(
        words("WITH x AS (DELETE FROM a RETURNING (b).*) SELECT (c).* FROM x"),
        ["delete auth.a"]
    );
    assert_eq!(
        words("WITH x AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM x"),
        ["delete auth.a", "insert auth.b false"]
    );
    assert_eq!(
        words("WITH x AS (UPDATE a SET b = 1 RETURNING *) SELECT * FROM x"),
        ["update auth.a", "query"]
    );
}

#[test]
fn what_nothing_understands_is_unknown_at_its_place() {
    for (text, place) in [
        ("SELEC 1", "@SELEC"),
        ("CREATE TABLE t (a int,)", "@)"),
        ("SELECT 1 2", "@2"),
        ("CREATE TABLE t (\n  a int\n  b int)", "@b"),
        ("DROP INDEX i ON t", "@"),
        ("ALTER TABLE t MODIFY COLUMN a int", "@"),
        ("FLUSH TABLES", "@"),
    ] {
        let words = words(text);
        assert!(
            words[0].starts_with("unknown") && words[0].contains(place),
            "{text}: {words:?}"
        );
    }
}

#[test]
fn only_top_level_terms_prove_not_null() {
    let text = "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL AND (b IS NOT NULL) AND (c IS NOT NULL OR d > 0))";
    let statement = lower(text, &split(text).statements[0], "auth");
    let Change::AddConstraint { constraint, .. } = &statement.clauses[0].change else {
        panic!("{statement:?}")
    };
    assert!(
        matches!(&constraint.kind, crate::statement::ConstraintKind::Check { not_null, .. } if not_null == &["a", "b"])
    );
}
