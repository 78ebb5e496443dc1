//! Rows: what is written, and how they are chosen.

use super::hold;

#[test]
fn rows_keep_their_facts() {
    hold(&[
        (
            "INSERT INTO t (a, b) OVERRIDING SYSTEM VALUE VALUES (1, now()), (2, DEFAULT) ON CONFLICT (a, lower(b)) WHERE c > 0 DO UPDATE SET b = t.b || excluded.b WHERE t.b IS NOT NULL",
            &[
                "rows: Values([[Expression { text: \"1\"",
                "overriding: Some(System)",
                "keys: [IndexKey { column: Some(\"a\")",
                "text: \"lower(b)\"",
                "predicate: Some(Expression { text: \"c > 0\"",
                "accumulates: true",
                "column: Some(\"b\"), comparison: NotNull",
            ],
        ),
        ("INSERT INTO t ON CONFLICT", &["Unknown"]),
        (
            "INSERT INTO t (a) SELECT x + 1 AS y FROM s, (SELECT 1) AS q WHERE x > 5 LIMIT 10",
            &[
                "targets: Some([Expression { text: \"x + 1\"",
                "from: [Name { schema: \"app\", name: \"s\" }]",
                "column: Some(\"x\"), comparison: Above, constant: true",
                "limits: [Limit {",
            ],
        ),
        ("INSERT INTO t SELECT s.* FROM s", &["targets: None"]),
        (
            "INSERT INTO t SELECT a FROM s UNION SELECT 1",
            &["targets: None"],
        ),
        ("INSERT INTO t (VALUES (1))", &["rows: Values("]),
        (
            "INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT c DO NOTHING",
            &["constraint: Some(\"c\"), update: None"],
        ),
        (
            "UPDATE t SET a = a + 1, (b, c) = (SELECT 1, 2 LIMIT 1), d[1] = 3 FROM s WHERE s.id = t.id AND (t.x BETWEEN 1 AND 2 AND 7 < y)",
            &[
                "accumulates: true",
                "columns: [Written { column: \"b\", whole: true",
                "Written { column: \"d\", whole: false",
                "from: [Name { schema: \"app\", name: \"s\" }]",
                "column: Some(\"id\"), comparison: Equal, constant: false",
                "column: Some(\"x\"), comparison: Between, constant: true",
                "column: Some(\"y\"), comparison: Above, constant: true",
                "limits: []",
            ],
        ),
        (
            "WITH p AS (SELECT id FROM s WHERE a IS NULL ORDER BY id LIMIT 10 OFFSET 5 FOR UPDATE SKIP LOCKED) UPDATE t SET a = 1 FROM p WHERE p.id = t.id OR b",
            &[
                "limits: [Limit {",
                "from: [Name { schema: \"app\", name: \"s\" }]",
                "order_by: [Expression { text: \"id\"",
                "offset: true",
                "locking: Some(\"FOR UPDATE SKIP LOCKED\")",
                "terms: [Term { column: None, comparison: Other",
            ],
        ),
        (
            "DELETE FROM t WHERE ctid = ANY (ARRAY(SELECT ctid FROM t LIMIT 10)) AND NOT a = 1 AND b NOT IN (1)",
            &[
                "ctid: true",
                "comparison: In, constant: false",
                "comparison: Other",
            ],
        ),
        (
            "DELETE FROM t WHERE true AND 1 = 1",
            &["comparison: Always", "current_of: false"],
        ),
        ("DELETE FROM t WHERE CURRENT OF c", &["current_of: true"]),
        (
            "DELETE FROM t WHERE a IN (SELECT a FROM s LIMIT ALL)",
            &["limits: []"],
        ),
        (
            "UPDATE t SET a = (SELECT b FROM s LIMIT 1) WHERE c = ANY ($1)",
            &[
                "limits: []",
                "column: Some(\"c\"), comparison: In, constant: true",
            ],
        ),
        (
            "MERGE INTO t USING (VALUES (1)) AS s (a) ON t.a = s.a WHEN MATCHED AND t.b THEN DELETE WHEN MATCHED THEN UPDATE SET b = 1 WHEN NOT MATCHED THEN INSERT (a, b) VALUES (s.a, now()) WHEN NOT MATCHED BY SOURCE THEN DELETE",
            &[
                "column: Some(\"a\"), comparison: Equal",
                "by_source: false, merged: Delete",
                "merged: Update([Assignment",
                "merged: Insert { columns: [Written { column: \"a\"",
                "by_source: true, merged: Delete",
            ],
        ),
    ]);
}
