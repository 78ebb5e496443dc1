//! Routines, triggers, policies, types, rows and settings.

use super::hold;

#[test]
fn code_keeps_its_facts() {
    hold(&[
        (
            "CREATE OR REPLACE FUNCTION f(INOUT a int DEFAULT now(), VARIADIC b text[]) RETURNS SETOF int LANGUAGE SQL IMMUTABLE LEAKPROOF SECURITY DEFINER PARALLEL SAFE COST 5 ROWS 7 RETURNS NULL ON NULL INPUT SET search_path = '' SET work_mem TO '1MB' AS 'SELECT 1'",
            &[
                "or_replace: true",
                "mode: Some(InOut)",
                r#"name: Some("a")"#,
                "default: Some(",
                "array: true",
                "set: true",
                r#"language: Some("sql")"#,
                "Some(Immutable)",
                "leakproof: true",
                "security_definer: true",
                r#"parallel: Some("safe")"#,
                r#"cost: Some("5")"#,
                r#"rows: Some("7")"#,
                "strict: true",
                r#"name: "search_path", value: Some("''")"#,
                r#"name: "work_mem", value: Some("'1MB'")"#,
            ],
        ),
        (
            "CREATE FUNCTION f() RETURNS TABLE (a int, b text) LANGUAGE sql BEGIN ATOMIC DELETE FROM t; END",
            &[
                r#"returns_table: [Attribute { name: "a""#,
                "Delete(Delete { table",
            ],
        ),
        (
            "CREATE CONSTRAINT TRIGGER g AFTER INSERT OR UPDATE OF a, b ON s.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION x.f()",
            &[
                "constraint: true",
                "timing: After",
                "events: [Insert, Update]",
                r#"columns: ["a", "b"]"#,
                "for_each_row: true",
                "condition: Some(",
                r#"function: Name { schema: "x", name: "f" }"#,
                "deferrable: true",
                "initially_deferred: true",
            ],
        ),
        (
            "CREATE TRIGGER g INSTEAD OF DELETE ON v REFERENCING OLD TABLE AS o EXECUTE FUNCTION f()",
            &[
                "timing: InsteadOf",
                r#"transition_tables: ["o"]"#,
                "for_each_row: false",
            ],
        ),
        (
            "CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE TO a, CURRENT_USER USING (x = current_setting('y')) WITH CHECK (true)",
            &[
                "permissive: false",
                "command: Update",
                r#"roles: ["a", "current_user"]"#,
                r#"name: "current_setting""#,
                "check: Some(",
            ],
        ),
        (
            "CREATE TYPE m AS ENUM ('a', 'it''s')",
            &[r#"Enum(["a", "it's"])"#],
        ),
        (
            "CREATE TYPE c AS (a int, b text COLLATE \"C\")",
            &["Composite", r#"collation: Some("#],
        ),
        (
            "ALTER TYPE m ADD VALUE IF NOT EXISTS 'c' BEFORE 'b'",
            &["if_not_exists: true", r#"position: Some(Before("b"))"#],
        ),
        (
            "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint CASCADE",
            &["new: false, cascade: true"],
        ),
        (
            "INSERT INTO t (a, \"B\") SELECT 1 ON CONFLICT DO NOTHING",
            &[r#"column: "a""#, r#"column: "B""#, "on_conflict: Some("],
        ),
        (
            "INSERT INTO t SELECT 1 WHERE NOT EXISTS (SELECT FROM t)",
            &["asks_what_is_there: true"],
        ),
        (
            "SET LOCAL search_path TO a, b",
            &[r#"setting: "search_path", value: Some("a, b"), local: true"#],
        ),
        (
            "SET ROLE a",
            &[r#"setting: "role", value: Some("a"), local: false"#],
        ),
        (
            "CREATE TYPE m AS ENUM ('a'\n'b', E'c\\'d')",
            &[r#"Enum(["ab", "c'd"])"#],
        ),
        (
            "CREATE TYPE c AS (\"my name\" text)",
            &[r#"name: "my name""#],
        ),
        (
            "INSERT INTO t (\"a,b\", c[1], -- d\n e) VALUES (1, 2, 3)",
            &[
                r#"column: "a,b", whole: true"#,
                r#"column: "c", whole: false"#,
                r#"column: "e", whole: true"#,
            ],
        ),
        (
            "INSERT INTO t SELECT 1 WHERE NOT (EXISTS (SELECT FROM t))",
            &["asks_what_is_there: true"],
        ),
        (
            "CREATE TABLE t (a int) WITH (fillfactor /* n */ = 70)",
            &[r#"name: "fillfactor", value: Some("70")"#],
        ),
        (
            "CREATE FOREIGN TABLE t (a int) SERVER s OPTIONS(\"be quoted\"'x')",
            &[r#"name: "be quoted", value: Some("'x'")"#],
        ),
        (
            "SET LOCAL \"response.headers\" = 'x'",
            &[r#"setting: "response.headers", value: Some("'x'"), local: true"#],
        ),
        (
            "COMMENT ON COLUMN s.t.a IS 'x'",
            &[r#"kind: Column, name: Name { schema: "s", name: "t" }, part: Some("a")"#],
        ),
        (
            "EXPLAIN (ANALYZE FALSE) DELETE FROM t",
            &["command: Explain"],
        ),
        (
            "REINDEX(CONCURRENTLY)TABLE t",
            &["outside_transaction: true"],
        ),
        ("RESET work_mem", &[r#"setting: "work_mem", value: None"#]),
        (
            "SELECT pg_advisory_lock(1)",
            &[
                r#"calls: [Call { schema: None, name: "pg_advisory_lock", span: 7..26, constants: [Some("1")], takes_column: false, in_subquery: false, windowed: false, arguments: [] }]"#,
            ],
        ),
        (
            "CREATE OPERATOR CLASS s.o FOR TYPE int USING btree AS STORAGE int",
            &["kind: OperatorClass, name: Name { schema: \"s\""],
        ),
        (
            "GRANT EXECUTE ON FUNCTION f(int), s.g() TO GROUP r, PUBLIC",
            &[
                "revoke: false",
                "kind: Function, names: [Name { schema: \"app\", name: \"f\" }, Name { schema: \"s\", name: \"g\" }]",
                r#"grantees: ["r", "public"], option: false"#,
            ],
        ),
        (
            "REVOKE GRANT OPTION FOR ALL ON ALL TABLES IN SCHEMA x, y FROM a CASCADE",
            &[
                "revoke: true, privileges: []",
                r#"AllIn { schemas: ["x", "y"], kind: Table }"#,
                r#"grantees: ["a"], option: true"#,
            ],
        ),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA x REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
            &[
                r#"revoke: true, privileges: ["EXECUTE"]"#,
                r#"Future { schemas: ["x"], kind: Function }"#,
                r#"grantees: ["public"]"#,
            ],
        ),
        (
            "GRANT a, b TO c WITH ADMIN OPTION",
            &[r#"privileges: ["a", "b"], on: Roles, grantees: ["c"], option: true"#],
        ),
        (
            "CREATE VIEW v AS SELECT DISTINCT t.a, b + 1 AS \"C\", f(d, e) FROM t WHERE x",
            &[
                r#"Output { name: Some("C"), text: "b + 1 AS \"C\"", star: false }"#,
                "source: \"DISTINCT FROM t WHERE x\"",
            ],
        ),
        (
            "ALTER TABLE t ADD CHECK ((a IS NOT NULL) AND b NOTNULL)",
            &["only_not_null: true"],
        ),
        (
            "ALTER TABLE t ADD CHECK (a IS NOT NULL AND a > 0)",
            &["only_not_null: false"],
        ),
        (
            "REINDEX (CONCURRENTLY OFF) SCHEMA s",
            &[
                "Reindex { target: Schema, concurrently: false }",
                "outside_transaction: true",
            ],
        ),
        (
            "CREATE POLICY p ON t USING (a = (SELECT current_setting('x')))",
            &[r#"constants: [Some("x")], takes_column: false, in_subquery: true"#],
        ),
        (
            "SELECT f(g(a), 'it''s'::text, -1, false)",
            &[r#"constants: [None, Some("it's"), None, Some("false")], takes_column: true"#],
        ),
        (
            "ALTER TABLE t ADD CHECK (a IS NULL OR octet_length(\"A\") <= 64 OR length(b) BETWEEN 1 AND 9)",
            &[r#"length_limits: [("A", 64), ("b", 9)]"#],
        ),
        ("UPDATE t SET a = 1, b = (2)", &["alone: true"]),
        ("UPDATE t SET a = 1 RETURNING a", &["alone: false"]),
        ("WITH x AS (SELECT 1) UPDATE t SET a = 1", &["alone: false"]),
        (
            "CREATE FUNCTION f() RETURNS int RETURN 1",
            &["resolved: true"],
        ),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            &["resolved: false"],
        ),
        (
            "ALTER DOMAIN d ADD CHECK ((true))",
            &["of_domain: true", "is_true: true"],
        ),
        (
            "ALTER SEQUENCE s OWNED BY NONE",
            &["options: [], owner: Some(None)"],
        ),
        (
            "DO $$ BEGIN IF x = 'new'::Mood THEN NULL; END IF; END $$",
            &[
                r#"literals: [Literal { value: "new", span: 19..24, meets: Unknown }], words"#,
                "literals: [], uses",
                r#""mood""#,
            ],
        ),
    ]);
}
