//! Indexes, views and sequences.

use super::hold;

#[test]
fn indexes_views_and_sequences_keep_their_facts() {
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
                "check_option: Some(Local)",
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
                r#"owner: Some(Column { table: Name { schema: "app", name: "t" }, column: "a" })"#,
            ],
        ),
    ]);
}
