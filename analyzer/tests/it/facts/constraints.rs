//! Constraints of tables, columns and domains.

use super::hold;

#[test]
fn constraints_keep_their_facts() {
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
            "ALTER TABLE t ADD CHECK (a[1] IS NOT NULL)",
            &["not_null: []", r#"columns: ["a"]"#],
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
            &[
                r#"method: "gist", elements: ["a WITH =", "b WITH &&"], keys: [IndexKey { column: Some("a")"#,
                "predicate: Some",
            ],
        ),
        (
            "ALTER TABLE t ALTER CONSTRAINT c NOT DEFERRABLE",
            &["deferrable: Some(false), initially_deferred: Some(false), enforced: None"],
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
