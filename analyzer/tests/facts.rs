//! Nothing that a rule may ask for is lost on the way from the text to our words.
//!
//! Each statement has to become words in which all of these stand.

use onward_analyzer::lower::lower;
use onward_analyzer::split::split;
use onward_analyzer::statement::Statement;

fn one(text: &str) -> Statement {
    let split = split(text);
    assert_eq!(split.statements.len(), 1, "{text}");
    lower(text, &split.statements[0], "app")
}

fn hold(rows: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, facts) in rows {
        let words = format!("{:?}", one(text));
        let missing = facts.iter().filter(|fact| !words.contains(**fact));
        wrong.extend(missing.map(|fact| format!("{text}\n  lacks {fact}\n  {words}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn tables() {
    hold(&[
        (
            "ALTER TABLE IF EXISTS ONLY t ADD a int",
            &["if_exists: true", "only: true"],
        ),
        (
            "ALTER TABLE t ADD IF NOT EXISTS a int",
            &["if_not_exists: true", "if_exists: false"],
        ),
        (
            "ALTER TABLE t DROP IF EXISTS a CASCADE",
            &["DropColumn", "if_exists: true, cascade: true"],
        ),
        (
            "DROP TABLE IF EXISTS t CASCADE",
            &["kind: Table", "cascade: true", "if_exists: true"],
        ),
        (
            "DROP INDEX CONCURRENTLY i",
            &["kind: Index", "concurrently: true"],
        ),
        (
            "CREATE UNLOGGED TABLE t (a int) WITH (fillfactor = 70, toast.autovacuum_enabled = off)",
            &[
                "persistence: Unlogged",
                r#"name: "fillfactor", value: Some("70")"#,
                r#"name: "toast.autovacuum_enabled", value: Some("off")"#,
            ],
        ),
        (
            "CREATE TEMP TABLE t (a int) ON COMMIT DELETE ROWS",
            &["Temporary", "Some(DeleteRows)"],
        ),
        (
            "CREATE TABLE t (LIKE s.u INCLUDING ALL EXCLUDING INDEXES) INHERITS (v)",
            &[
                r#"(Name { schema: "s", name: "u" }, ["INCLUDING ALL", "EXCLUDING INDEXES"])"#,
                r#"inherits: [Name { schema: "app", name: "v" }]"#,
            ],
        ),
        (
            "CREATE TABLE t (a int) PARTITION BY RANGE (a, lower(b) COLLATE \"C\")",
            &[
                r#"strategy: "range""#,
                r#"keys: ["a", "lower(b) COLLATE \"C\""]"#,
            ],
        ),
        (
            "CREATE TABLE t PARTITION OF p FOR VALUES FROM (1, MINVALUE) TO (2, MAXVALUE)",
            &[r#"name: "p" }, Range { from: "1, MINVALUE", to: "2, MAXVALUE" }"#],
        ),
        (
            "CREATE TABLE t PARTITION OF p FOR VALUES IN (1, NULL)",
            &[r#"In("1, NULL")"#],
        ),
        (
            "CREATE TABLE t PARTITION OF p FOR VALUES WITH (MODULUS 4, REMAINDER 1)",
            &[r#"Hash("MODULUS 4, REMAINDER 1")"#],
        ),
        ("CREATE TABLE t PARTITION OF p DEFAULT", &["Default))"]),
        (
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
            &["mode: Concurrently"],
        ),
        (
            "ALTER TABLE t SET (fillfactor = 70)",
            &["SetParameters", "fillfactor"],
        ),
        (
            "ALTER TABLE t DISABLE TRIGGER ALL",
            &["triggers: All, firing: Disabled"],
        ),
        (
            "ALTER TABLE t ENABLE ALWAYS TRIGGER g",
            &[r#"One("g"), firing: Always"#],
        ),
        (
            "ALTER TABLE t REPLICA IDENTITY FULL",
            &["ReplicaIdentity(Full)"],
        ),
        (
            "SELECT 1 INTO UNLOGGED t",
            &["CreateTable", "Unlogged", "from_query: true"],
        ),
        ("TRUNCATE t CASCADE", &["cascade: true"]),
        ("LOCK t IN SHARE MODE", &[r#"mode: "SHARE""#]),
        ("LOCK t", &[r#"mode: "ACCESS EXCLUSIVE""#]),
    ]);
}

#[test]
fn columns() {
    hold(&[
        (
            "CREATE TABLE t (a int DEFAULT s.next(b) + now() NOT NULL)",
            &[
                r#"Default(Expression { text: "s.next(b) + now()""#,
                r#"Call { schema: Some("s"), name: "next""#,
                r#"Call { schema: None, name: "now""#,
                "not_null: true",
            ],
        ),
        (
            "CREATE TABLE t (a timestamptz DEFAULT CURRENT_TIMESTAMP(3))",
            &[r#"name: "current_timestamp""#],
        ),
        (
            "CREATE TABLE t (a date DEFAULT date '2020-01-01')",
            &["calls: []"],
        ),
        (
            "ALTER TABLE t ADD a int DEFAULT (NULL)::int",
            &["is_null: true"],
        ),
        (
            "ALTER TABLE t ADD a int DEFAULT f(NULL)",
            &["is_null: false"],
        ),
        (
            "CREATE TABLE t (a bigserial)",
            &["value: Serial", r#"name: "bigint""#, "not_null: true"],
        ),
        (
            "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START 5 CACHE 2))",
            &[
                "Identity(Identity { always: true",
                r#"name: "start", value: Some("5")"#,
                r#"name: "cache", value: Some("2")"#,
            ],
        ),
        (
            "CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY)",
            &["always: false"],
        ),
        (
            "CREATE TABLE t (a int GENERATED ALWAYS AS (b * 2) STORED)",
            &["stored: true", r#"text: "b * 2""#],
        ),
        (
            "CREATE TABLE t (a int GENERATED ALWAYS AS (b * 2) VIRTUAL)",
            &["stored: false"],
        ),
        (
            "CREATE FOREIGN TABLE t (a int OPTIONS (name 'b')) SERVER s",
            &[r#"value: Some("'b'")"#, r#"server: Some("s")"#],
        ),
        (
            "ALTER TABLE t ALTER a TYPE varchar(20) COLLATE \"de\" USING trim(a)",
            &[
                r#"name: "character varying""#,
                r#"modifiers: ["20"]"#,
                r#"name: "de""#,
                r#"using: Some(Expression { text: "trim(a)""#,
            ],
        ),
        (
            "ALTER TABLE t ALTER a SET DEFAULT random()",
            &["SetDefault", r#"name: "random""#],
        ),
        (
            "ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY",
            &["AddIdentity(Identity { always: true"],
        ),
        (
            "ALTER TABLE t ALTER a SET GENERATED BY DEFAULT RESTART WITH 5 SET CACHE 3",
            &["always: Some(false)", r#"name: "cache", value: Some("3")"#],
        ),
        (
            "ALTER TABLE t ALTER a SET (n_distinct = 5)",
            &[r#"SetParameters([Parameter { name: "n_distinct""#],
        ),
        (
            "ALTER TABLE t ALTER a SET STATISTICS 500",
            &[r#"Statistics(Some("500"))"#],
        ),
        (
            "ALTER TABLE t ALTER a SET STATISTICS DEFAULT",
            &["Statistics(None)"],
        ),
    ]);
}

#[test]
fn constraints() {
    hold(&[
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NO INHERIT NOT VALID",
            &[
                r#"name: Some("c")"#,
                "not_valid: true",
                "no_inherit: true",
                r#"columns: ["a"]"#,
            ],
        ),
        (
            "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED",
            &["enforced: false"],
        ),
        (
            "ALTER TABLE t ADD CHECK (a IS NOT NULL AND (b NOTNULL) AND (c IS NOT NULL OR d > 0))",
            &[r#"not_null: ["a", "b"]"#],
        ),
        (
            "ALTER TABLE t ADD CHECK (a IS NOT NULL OR b IS NOT NULL)",
            &["not_null: []"],
        ),
        (
            "ALTER TABLE t ADD CHECK (f(x AND a IS NOT NULL AND y))",
            &["not_null: []"],
        ),
        (
            "ALTER TABLE t ADD CHECK (a BETWEEN 1 AND 2 AND b IS NOT NULL)",
            &[r#"not_null: ["b"]"#],
        ),
        (
            "ALTER TABLE t ADD CHECK (CASE WHEN x THEN y AND a IS NOT NULL AND z END)",
            &["not_null: []"],
        ),
        (
            "ALTER TABLE t ADD CHECK (NOT a IS NOT NULL)",
            &["not_null: []"],
        ),
        (
            "ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES s.u (c, d) MATCH FULL ON DELETE SET NULL (b) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID",
            &[
                r#"columns: ["a", "b"]"#,
                r#"schema: "s", name: "u""#,
                r#"parent_columns: ["c", "d"]"#,
                "match_full: true",
                "on_delete: SetNull",
                r#"set_columns: ["b"]"#,
                "on_update: Cascade",
                "deferrable: true",
                "initially_deferred: true",
                "not_valid: true",
            ],
        ),
        (
            "CREATE TABLE t (a int REFERENCES u ON DELETE CASCADE INITIALLY DEFERRED)",
            &[
                r#"columns: ["a"]"#,
                "on_delete: Cascade",
                "deferrable: true, initially_deferred: true",
            ],
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i",
            &[r#"using_index: Some("i")"#],
        ),
        (
            "ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (c) WITH (fillfactor = 70) USING INDEX TABLESPACE x",
            &[
                r#"Unique(Key { columns: ["a", "b"], include: ["c"]"#,
                "nulls_not_distinct: true",
                "fillfactor",
                r#"tablespace: Some("x")"#,
            ],
        ),
        (
            "CREATE TABLE t (a int PRIMARY KEY)",
            &[r#"PrimaryKey(Key { columns: ["a"]"#, "not_null: true"],
        ),
        (
            "CREATE TABLE t (a int, PRIMARY KEY (a WITHOUT OVERLAPS))",
            &["without_overlaps: true"],
        ),
        (
            "CREATE TABLE t (a int CONSTRAINT c NOT NULL)",
            &[r#"name: Some("c")"#, "NotNull"],
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID",
            &[r#"NotNull { column: "a" }"#, "not_valid: true"],
        ),
        (
            "ALTER TABLE t ADD EXCLUDE USING gist (a WITH =, b WITH &&) WHERE (c > 0)",
            &[r#"method: "gist", elements: ["a WITH =", "b WITH &&"], predicate: Some"#],
        ),
        (
            "ALTER TABLE t ALTER CONSTRAINT c NOT DEFERRABLE",
            &[r#"attributes: "NOT DEFERRABLE""#],
        ),
        (
            "CREATE DOMAIN d AS int DEFAULT 1 CONSTRAINT c CHECK (VALUE > 0) NOT NULL",
            &["Default(", "Check(", "not_null: true"],
        ),
        (
            "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID",
            &["AddConstraint", "not_valid: true"],
        ),
    ]);
}

#[test]
fn indexes_views_and_sequences() {
    hold(&[
        (
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY s.t USING gin (a COLLATE \"C\" s.ops DESC NULLS LAST, lower(b)) INCLUDE (c, d) NULLS NOT DISTINCT WITH (fillfactor = 70) TABLESPACE x WHERE e IS NOT NULL",
            &[
                "unique: true",
                "concurrently: true",
                "if_not_exists: true",
                "only: true",
                r#"method: "gin""#,
                r#"column: Some("a")"#,
                r#"collation: Some(Name { schema: "app", name: "C" })"#,
                r#"class: Some(Name { schema: "s", name: "ops" })"#,
                "descending: true",
                "nulls_first: Some(false)",
                r#"column: None"#,
                r#"name: "lower""#,
                r#"include: ["c", "d"]"#,
                "nulls_not_distinct: true",
                r#"tablespace: Some("x")"#,
                r#"not_null: ["e"]"#,
            ],
        ),
        (
            "CREATE OR REPLACE VIEW v (a) WITH (security_invoker = true) AS WITH x AS (SELECT 1) SELECT * FROM x, s.y JOIN z ON f(z.a) WITH LOCAL CHECK OPTION",
            &[
                "or_replace: true",
                "security_invoker",
                r#"columns: ["a"]"#,
                r#"check_option: Some("LOCAL")"#,
                r#"reads: [Name { schema: "s", name: "y" }, Name { schema: "app", name: "z" }]"#,
                r#"name: "f""#,
            ],
        ),
        (
            "CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1 WITH NO DATA",
            &[
                "materialized: true",
                "if_not_exists: true",
                "with_data: false",
            ],
        ),
        (
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            &["concurrently: true"],
        ),
        (
            "CREATE SEQUENCE IF NOT EXISTS s AS bigint INCREMENT BY 2 NO CYCLE OWNED BY t.a",
            &[
                r#"name: "as", value: Some("bigint")"#,
                r#"name: "increment", value: Some("2")"#,
                r#"name: "no cycle", value: None"#,
                r#"name: "owned", value: Some("t.a")"#,
            ],
        ),
    ]);
}

#[test]
fn code() {
    hold(&[
        (
            "CREATE OR REPLACE FUNCTION f(INOUT a int DEFAULT now(), VARIADIC b text[]) RETURNS SETOF int LANGUAGE SQL IMMUTABLE LEAKPROOF SECURITY DEFINER PARALLEL SAFE COST 5 ROWS 7 RETURNS NULL ON NULL INPUT SET search_path = '' SET work_mem TO '1MB' AS 'SELECT 1'",
            &[
                "or_replace: true",
                r#"mode: Some("INOUT")"#,
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
            &[r#"returns_table: [Attribute { name: "a""#, "Delete { table"],
        ),
        (
            "CREATE CONSTRAINT TRIGGER g AFTER INSERT OR UPDATE OF a, b ON s.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION x.f()",
            &[
                "constraint: true",
                r#"timing: "AFTER""#,
                r#"events: ["INSERT", "UPDATE"]"#,
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
                r#"timing: "INSTEAD OF""#,
                r#"transition_tables: ["o"]"#,
                "for_each_row: false",
            ],
        ),
        (
            "CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE TO a, CURRENT_USER USING (x = current_setting('y')) WITH CHECK (true)",
            &[
                "permissive: false",
                r#"command: "UPDATE""#,
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
            &["if_not_exists: true", r#"place: Some("BEFORE 'b'")"#],
        ),
        (
            "ALTER TYPE c ALTER ATTRIBUTE a TYPE bigint CASCADE",
            &["new: false, cascade: true"],
        ),
        (
            "INSERT INTO t (a, \"B\") SELECT 1 ON CONFLICT DO NOTHING",
            &[r#"columns: ["a", "B"], idempotent: true"#],
        ),
        (
            "INSERT INTO t SELECT 1 WHERE NOT EXISTS (SELECT FROM t)",
            &["idempotent: true"],
        ),
        (
            "SET LOCAL search_path TO a, b",
            &[r#"setting: "search_path", value: Some("a, b"), local: true"#],
        ),
        (
            "SET ROLE a",
            &[r#"setting: "role", value: Some("a"), local: false"#],
        ),
        ("RESET work_mem", &[r#"setting: "work_mem", value: None"#]),
        (
            "SELECT pg_advisory_lock(1)",
            &[r#"calls: [Call { schema: None, name: "pg_advisory_lock", span: 7..26 }]"#],
        ),
        (
            "CREATE OPERATOR CLASS s.o FOR TYPE int USING btree AS STORAGE int",
            &["kind: OperatorClass, name: Name { schema: \"s\""],
        ),
    ]);
}
