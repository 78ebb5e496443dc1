//! What `CHECK`s prove, as PostgreSQL 15 and 18 decide it: with `client_min_messages` at `debug1` they
//! report "existing constraints ... are sufficient" or "... is implied by existing constraints", or scan.

use onward_analyzer::effect::effects;
use onward_analyzer::schema::Schema;
use onward_analyzer::{lower::lower, split::split};

/// Whether the last statement scans nothing.
fn is_proven(before: &str, statement: &str) -> bool {
    let schema = Schema::after("app", &[before]);
    let raw = split(statement);
    let statement = lower(statement, &raw.statements[0], "app");
    effects(&statement, &schema, 15).scans.is_empty()
}

/// Compares each line `proven | columns | check | rest` with the model.
fn compare(lines: &str, sql: impl Fn(&[&str]) -> (String, String)) {
    let mut wrong = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let fields: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let (before, statement) = sql(&fields[1..]);
        let proven = is_proven(&before, &statement);
        if proven != (fields[0] == "proven") {
            wrong.push(line.to_owned());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_check_proves_that_a_column_holds_no_null() {
    let lines = r##"
    proven | n int | NOT (n IS NULL)
    scans  | n int | n > 0
    proven | n int | n IS NOT NULL OR n IS NOT NULL
    proven | n int, b text | (n IS NOT NULL AND b='x') OR (n IS NOT NULL AND b<>'x')
    proven | n int | n IS DISTINCT FROM NULL
    proven | n int | NOT (n IS NOT DISTINCT FROM NULL)
    proven | n int | (n IS NULL) = false
    proven | n int | (n IS NOT NULL) = true
    scans  | n int | (n IS NOT NULL) IS TRUE
    proven | n int | n NOTNULL
    proven | n int | NOT (n ISNULL)
    proven | n int, b int | NOT (n IS NULL OR b IS NULL)
    scans  | n int, b int | NOT (n IS NULL AND b IS NULL)
    scans  | n int | coalesce(n,0) = n
    proven | n int, b int | (n,b) IS NOT NULL
    proven | n int, b int | ROW(n,b) IS NOT NULL
    scans  | n int, b int | num_nulls(n)=0
    scans  | n int | n = n
    proven | n int | t.n IS NOT NULL
    scans  | n int | n::bigint IS NOT NULL
    scans  | n varchar(10) | n::text IS NOT NULL
    proven | n int | true AND n IS NOT NULL
    proven | n int | false OR n IS NOT NULL
    scans  | n int | n IS NOT NULL OR n > 0
    proven | n int | NOT (NOT (n IS NOT NULL))
    proven | n int | NOT n IS NULL
    scans  | n int | (n IS NULL) IS FALSE
    scans  | n int | (n IS NULL) IS NOT TRUE
    proven | n int | (n IS NULL) <> true
    scans  | n int | (n IS NOT NULL) IS NOT FALSE
    scans  | n int, b int | CASE WHEN b > 0 THEN n IS NOT NULL ELSE n IS NOT NULL END
    proven | n int | NOT (n IS NULL) AND n > 0
    scans  | n int, b int | (n IS NOT NULL) = (b IS NOT NULL)
    scans  | n int, b int | n IS NOT NULL OR b IS NOT NULL
    scans  | n text | length(n) > 0
    scans  | n text | n <> ''
    scans  | n text | coalesce(n,'') <> ''
    scans  | n int[] | n[1] IS NOT NULL
    proven | n int | n BETWEEN 1 AND 5 AND n IS NOT NULL
    proven | n int | (n IS NOT NULL AND n > 0) OR (n IS NOT NULL)
    scans  | n int | n IN (1,2)
    scans  | n int | num_nonnulls(n) = 1
    scans  | n int | true
    scans  | n bool | n
    scans  | n bool | n IS NOT UNKNOWN
    scans  | n bool | n IS TRUE
    scans  | n bool | n IN (true,false)
    scans  | n int, b int | (n IS NULL) <> (b IS NULL)
    "##;
    compare(lines, |fields| {
        let before = format!("CREATE TABLE t ({}, CHECK ({}));", fields[0], fields[1]);
        (before, "ALTER TABLE t ALTER n SET NOT NULL".to_owned())
    });
}

#[test]
fn a_check_proves_that_rows_belong_to_a_partition() {
    let lines = r##"
    proven | k int | RANGE (k) | k IS NOT NULL AND k BETWEEN 100 AND 199 | FOR VALUES FROM (100) TO (200)
    proven | k int | RANGE (k) | k IS NOT NULL AND k BETWEEN 100 AND 199 | FOR VALUES FROM (100) TO (300)
    proven | k int | RANGE (k) | k IS NOT NULL AND k >= 100 AND k <= 199 | FOR VALUES FROM (100) TO (200)
    scans  | k int | RANGE (k) | k IS NOT NULL AND k > 99 AND k < 200 | FOR VALUES FROM (100) TO (200)
    proven | k int | RANGE (k) | k IS NOT NULL AND k > 100 AND k < 200 | FOR VALUES FROM (100) TO (200)
    proven | k int | RANGE (k) | k IS NOT NULL AND 100 <= k AND 200 > k | FOR VALUES FROM (100) TO (200)
    proven | k int NOT NULL | RANGE (k) | k = 150 | FOR VALUES FROM (100) TO (200)
    proven | k int NOT NULL | RANGE (k) | k IN (150,160) | FOR VALUES FROM (100) TO (200)
    proven | k int NOT NULL | RANGE (k) | k = ANY(ARRAY[150,160]) | FOR VALUES FROM (100) TO (200)
    proven | k int NOT NULL | RANGE (k) | k = ANY('{150,160}') | FOR VALUES FROM (100) TO (200)
    proven | k int NOT NULL | RANGE (k) | k >= 100 AND k < 200::bigint | FOR VALUES FROM (100) TO (200)
    proven | k bigint NOT NULL | RANGE (k) | k >= 100 AND k < 200 | FOR VALUES FROM (100) TO (200)
    proven | k smallint NOT NULL | RANGE (k) | k >= 100 AND k < 200 | FOR VALUES FROM (100) TO (200)
    scans  | k int NOT NULL | RANGE (k) | k >= 100.0 AND k < 200 | FOR VALUES FROM (100) TO (200)
    proven | k int NOT NULL | RANGE (k) | k >= '100' AND k < '200' | FOR VALUES FROM (100) TO (200)
    proven | k numeric NOT NULL | RANGE (k) | k >= 100 AND k < 200.00 | FOR VALUES FROM (100.0) TO (200)
    proven | k float8 NOT NULL | RANGE (k) | k >= 100 AND k < 200.00 | FOR VALUES FROM (100.0) TO (200)
    proven | k real NOT NULL | RANGE (k) | k >= 100 AND k < 200.00 | FOR VALUES FROM (100.0) TO (200)
    proven | k int NOT NULL | RANGE (k) | NOT (k < 100 OR k >= 200) | FOR VALUES FROM (100) TO (200)
    proven | k int NOT NULL | RANGE (k) | NOT (k < 100) AND NOT k >= 200 | FOR VALUES FROM (100) TO (200)
    proven | k int NOT NULL | RANGE (k) | k >= 100 AND k < 200 OR k = 150 | FOR VALUES FROM (100) TO (200)
    proven | k timestamptz NOT NULL | RANGE (k) | k >= '2026-01-01' AND k < '2026-02-01' | FOR VALUES FROM ('2026-01-01 00:00') TO ('2026-02-01')
    proven | k date NOT NULL | RANGE (k) | k >= '2026-01-01'::timestamp AND k < '2026-02-01'::date | FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')
    proven | k text NOT NULL | LIST (k) | k IN ('a','b') | FOR VALUES IN ('a','b','c')
    proven | k text NOT NULL | LIST (k) | k = 'a' OR k = 'b' | FOR VALUES IN ('a','b','c')
    proven | k text | LIST (k) | k = 'a' OR k IS NULL | FOR VALUES IN ('a',NULL)
    proven | k text | LIST (k) | k = 'a' | FOR VALUES IN ('a',NULL)
    proven | k text | LIST (k) | k IS NULL | FOR VALUES IN (NULL)
    proven | k varchar(9) NOT NULL | LIST (k) | k IN ('a','b') | FOR VALUES IN ('a','b','c')
    proven | k varchar(9) NOT NULL | LIST (k) | k = 'a' | FOR VALUES IN ('a')
    proven | k varchar(9) NOT NULL | LIST (k) | k::text = 'a' | FOR VALUES IN ('a')
    proven | k char(2) NOT NULL | LIST (k) | k = 'a' | FOR VALUES IN ('a')
    proven | k char(2) NOT NULL | LIST (k) | k IN ('a','b ') | FOR VALUES IN ('a','b')
    proven | k bool NOT NULL | LIST (k) | k | FOR VALUES IN (true)
    proven | k bool NOT NULL | LIST (k) | k = true | FOR VALUES IN ('t')
    proven | k bool NOT NULL | LIST (k) | NOT k | FOR VALUES IN (false)
    scans  | k bool NOT NULL | LIST (k) | k IS TRUE | FOR VALUES IN (true)
    scans  | k bool | LIST (k) | k IS TRUE | FOR VALUES IN (true)
    proven | k bool NOT NULL | LIST (k) | k IN (true) | FOR VALUES IN (true)
    proven | k bool NOT NULL | LIST (k) | k IN (true,false) | FOR VALUES IN (true,false)
    scans  | k bool NOT NULL | LIST (k) | true | FOR VALUES IN (true,false)
    proven | k uuid NOT NULL | LIST (k) | k = '7c9e6679-7425-40de-944b-e07fc1f90ae7' | FOR VALUES IN ('7C9E6679-7425-40de-944b-e07fc1f90ae7')
    proven | a text NOT NULL | LIST (lower(a)) | lower(a) IS NOT NULL AND lower(a) IN ('x') | FOR VALUES IN ('x')
    scans  | a text NOT NULL | LIST (lower(a)) | lower(a) IN ('x') | FOR VALUES IN ('x')
    proven | a text NOT NULL | LIST (lower(a)) | LOWER( t.a ) IS NOT NULL AND (lower((a))) = 'x' | FOR VALUES IN ('x')
    proven | a text NOT NULL | LIST ((a || '')) | a||'' IS NOT NULL AND (a || '') = 'x' | FOR VALUES IN ('x')
    proven | a int NOT NULL, b int NOT NULL | RANGE (a,b) | a = 1 AND b >= 5 AND b < 10 | FOR VALUES FROM (1,5) TO (1,10)
    proven | a int NOT NULL, b int NOT NULL | RANGE (a,b) | a >= 1 AND a < 2 | FOR VALUES FROM (1,MINVALUE) TO (2,MINVALUE)
    scans  | a int NOT NULL, b int NOT NULL | RANGE (a,b) | a >= 1 AND a < 2 AND b >= 3 | FOR VALUES FROM (1,3) TO (2,MINVALUE)
    proven | a int NOT NULL, b int NOT NULL | RANGE (a,b) | a > 1 AND a < 2 | FOR VALUES FROM (1,3) TO (2,5)
    proven | a int NOT NULL, b int NOT NULL | RANGE (a,b) | a = 1 | FOR VALUES FROM (1,MINVALUE) TO (1,MAXVALUE)
    scans  | k text NOT NULL | LIST (k) | k = 'a' OR k IN ('b','c') | FOR VALUES IN ('a','b','c')
    proven | k int NOT NULL | LIST (k) | k IN (1,2) AND k <> 3 | FOR VALUES IN (1,2)
    scans  | k int NOT NULL | LIST (k) | k BETWEEN 1 AND 1 | FOR VALUES IN (1)
    scans  | k int NOT NULL | LIST (k) | k IN (1,NULL) | FOR VALUES IN (1)
    proven | k int NOT NULL | RANGE (k) | k BETWEEN SYMMETRIC 150 AND 120 | FOR VALUES FROM (100) TO (200)
    proven | k int NOT NULL | RANGE (k) | k = -5 | FOR VALUES FROM (-10) TO (0)
    proven | k int NOT NULL | RANGE (k) | k>=-10 AND k<0 | FOR VALUES FROM (-10) TO (0)
    proven | k int NOT NULL | RANGE (k) | k >= 0 | FOR VALUES FROM (0) TO (MAXVALUE)
    scans  | k int NOT NULL | RANGE (k) | k + 0 >= 0 | FOR VALUES FROM (0) TO (MAXVALUE)
    scans  | k int | RANGE (k) | k >= 0 | FOR VALUES FROM (0) TO (MAXVALUE)
    proven | k int | RANGE (k) | k IS NOT NULL | FOR VALUES FROM (MINVALUE) TO (MAXVALUE)
    proven | k varchar(9) NOT NULL | LIST (k) | k IN ('a'::varchar, 'b'::text) | FOR VALUES IN ('a','b')
    scans  | k numeric(6,2) NOT NULL | RANGE (k) | k >= 100.004 | FOR VALUES FROM (100.006) TO (MAXVALUE)
    proven | k text NOT NULL | LIST (k) | k = E'a' | FOR VALUES IN ('a')
    proven | k text NOT NULL | LIST (k) | k = ANY ('{a,b}') | FOR VALUES IN ('a','b')
    proven | k text COLLATE "C" NOT NULL | LIST (k) | k = 'a' | FOR VALUES IN ('a')
    scans  | k text NOT NULL | LIST (k) | k = 'a' COLLATE "C" | FOR VALUES IN ('a')
    proven | "K k" int NOT NULL | LIST ("K k") | "K k" IN (1,2) | FOR VALUES IN (1,2)
    scans  | k int NOT NULL, j int | RANGE (k) | (k,j) >= (100,1) AND k < 200 | FOR VALUES FROM (100) TO (200)
    proven | k int NOT NULL, j int | RANGE (k) | k >= 100 AND k < 200 AND (j > 1 OR j IS NULL) | FOR VALUES FROM (100) TO (200)
    scans  | k int NOT NULL, j int | RANGE (k) | CASE WHEN j > 0 THEN k >= 100 AND k < 200 ELSE false END | FOR VALUES FROM (100) TO (200)
    scans  | k int NOT NULL, j int | RANGE (k) | (k >= 100 AND k < 200) IS TRUE | FOR VALUES FROM (100) TO (200)
    scans  | k int NOT NULL | HASH (k) | k > 0 | FOR VALUES WITH (MODULUS 2, REMAINDER 0)
    "##;
    compare(lines, |fields| {
        let [columns, by, check, bound] = fields else {
            panic!("{fields:?}")
        };
        let before = format!(
            "CREATE TABLE p ({columns}) PARTITION BY {by}; CREATE TABLE t ({columns}, CHECK ({check}));"
        );
        (before, format!("ALTER TABLE p ATTACH PARTITION t {bound}"))
    });
}

#[test]
fn a_check_proves_that_no_row_of_the_default_partition_belongs_to_another() {
    let lines = r##"
    proven | k int | RANGE (k) | k < 0 | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | k >= 10 | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | k < 0 OR k >= 10 | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | k < -5 OR k > 10 | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | NOT (k >= 0 AND k < 10) | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | NOT (k >= 0 AND k <= 10) | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | k NOT BETWEEN 0 AND 10 | FOR VALUES FROM (0) TO (10)
    scans  | k int | RANGE (k) | k NOT BETWEEN 0 AND 9 | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | k IS NULL | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | k IS NULL OR k < 0 | FOR VALUES FROM (0) TO (10)
    proven | k text | LIST (k) | k <> 'de' | FOR VALUES IN ('de')
    proven | k text | LIST (k) | k NOT IN ('de','fr') | FOR VALUES IN ('de')
    proven | k text | LIST (k) | k NOT IN ('de','fr') | FOR VALUES IN ('fr','de')
    scans  | k text | LIST (k) | k NOT IN ('de') | FOR VALUES IN ('fr','de')
    proven | k text | LIST (k) | k <> 'de' AND k <> 'fr' | FOR VALUES IN ('fr','de')
    proven | k text | LIST (k) | k <> ALL (ARRAY['de','fr']) | FOR VALUES IN ('fr','de')
    proven | k text | LIST (k) | k IN ('us','uk') | FOR VALUES IN ('fr','de')
    proven | k text | LIST (k) | k = 'us' | FOR VALUES IN ('fr','de')
    proven | k text | LIST (k) | NOT (k = 'fr' OR k = 'de') | FOR VALUES IN ('fr','de')
    scans  | k text | LIST (k) | k IS DISTINCT FROM 'de' | FOR VALUES IN ('de')
    proven | k text | LIST (k) | k IS NOT NULL | FOR VALUES IN (NULL)
    proven | k text | LIST (k) | k IS NOT NULL AND k <> 'de' | FOR VALUES IN ('de',NULL)
    scans  | k text | LIST (k) | k <> 'de' | FOR VALUES IN ('de',NULL)
    proven | k text NOT NULL | LIST (k) | k <> 'de' | FOR VALUES IN ('de',NULL)
    proven | k varchar(3) | LIST (k) | k <> 'de' | FOR VALUES IN ('de')
    proven | k bool | LIST (k) | k | FOR VALUES IN (false)
    proven | k bool | LIST (k) | NOT k | FOR VALUES IN (true)
    scans  | k bool | LIST (k) | k IS NOT TRUE | FOR VALUES IN (true)
    proven | k bool | LIST (k) | k <> true | FOR VALUES IN (true)
    proven | a int, b int | RANGE (a,b) | a < 1 | FOR VALUES FROM (1,3) TO (2,5)
    proven | a int, b int | RANGE (a,b) | a <> 1 | FOR VALUES FROM (1,3) TO (1,5)
    proven | a int, b int | RANGE (a,b) | a > 2 | FOR VALUES FROM (1,3) TO (2,5)
    proven | a int, b int | RANGE (a,b) | a >= 2 | FOR VALUES FROM (1,3) TO (2,MINVALUE)
    proven | k int | RANGE (k) | NOT (k >= 0 AND k < 10 AND k IS NOT NULL) | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | NOT (k >= 0 AND k < 10) OR k IS NULL | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | k IN (20,30) | FOR VALUES FROM (0) TO (10)
    proven | k int | RANGE (k) | k IN (-20,30) | FOR VALUES FROM (0) TO (10)
    scans  | k int | RANGE (k) | k IN (-20,NULL) | FOR VALUES FROM (0) TO (10)
    scans  | k int | LIST (k) | k IN (-20,NULL) | FOR VALUES IN (1)
    proven | k int | LIST (k) | k NOT IN (1,NULL) | FOR VALUES IN (1)
    proven | k int | LIST (k) | k > 5 | FOR VALUES IN (1,2)
    scans  | k int | LIST (k) | k > 1 | FOR VALUES IN (1,2)
    proven | k uuid | LIST (k) | k <> '7c9e6679-7425-40de-944b-e07fc1f90ae7' | FOR VALUES IN ('7C9E6679-7425-40de-944b-e07fc1f90ae7')
    proven | k date | RANGE (k) | k < '2026-01-01' | FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
    scans  | k date | RANGE (k) | k < '2026-01-02' | FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
    scans  | k date | RANGE (k) | k <= '2026-01-01' | FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
    proven | k date | RANGE (k) | k <= '2025-12-31' | FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
    proven | a text | LIST (lower(a)) | lower(a) <> 'x' | FOR VALUES IN ('x')
    scans  | a text | LIST (lower(a)) | a <> 'x' | FOR VALUES IN ('x')
    "##;
    compare(lines, |fields| {
        let [columns, by, check, bound] = fields else {
            panic!("{fields:?}")
        };
        let before = format!(
            "CREATE TABLE p ({columns}) PARTITION BY {by}; \
             CREATE TABLE d PARTITION OF p (CHECK ({check})) DEFAULT;"
        );
        (before, format!("CREATE TABLE t PARTITION OF p {bound}"))
    });
}

#[test]
fn proofs_follow_types_names_and_the_partitions_above() {
    let lines = r##"
proven | CREATE TYPE c AS (a int); CREATE TABLE t (n c[], CHECK (n IS NOT NULL)) | ALTER TABLE t ALTER n SET NOT NULL
scans  | CREATE TYPE c AS (a int); CREATE TABLE t (n c, CHECK (n IS NOT NULL)) | ALTER TABLE t ALTER n SET NOT NULL
proven | CREATE DOMAIN c AS int; CREATE TABLE t (n c, CHECK (n IS NOT NULL)) | ALTER TABLE t ALTER n SET NOT NULL
proven | CREATE TABLE t (a int, CHECK (NOT a IS NULL)); ALTER TABLE t RENAME a TO n | ALTER TABLE t ALTER n SET NOT NULL
scans  | CREATE TABLE t (n int, CHECK (n IS NOT NULL)); ALTER TABLE t RENAME n TO a; ALTER TABLE t ADD n int | ALTER TABLE t ALTER n SET NOT NULL
scans  | CREATE TABLE t (n int, CONSTRAINT k CHECK (n IS NOT NULL)) | ALTER TABLE t ALTER n SET NOT NULL, DROP CONSTRAINT k
scans  | CREATE TABLE t (n int); ALTER TABLE t ADD CONSTRAINT k CHECK (n IS NOT NULL) NOT VALID | ALTER TABLE t VALIDATE CONSTRAINT k, ALTER n SET NOT NULL
proven | CREATE TABLE t (i int, n int) PARTITION BY RANGE (i); CREATE TABLE u PARTITION OF t (CHECK (n IS NOT NULL)) DEFAULT | ALTER TABLE t ALTER n SET NOT NULL
scans  | CREATE TABLE t (i int, n int) PARTITION BY RANGE (i); CREATE TABLE u PARTITION OF t DEFAULT | ALTER TABLE t ALTER n SET NOT NULL
proven | CREATE TABLE t (n int, CHECK (n IS NOT NULL)); CREATE TABLE u () INHERITS (t) | ALTER TABLE t ALTER n SET NOT NULL
scans  | CREATE TABLE t (n int, CHECK (n IS NOT NULL) NO INHERIT); CREATE TABLE u () INHERITS (t) | ALTER TABLE t ALTER n SET NOT NULL
proven | CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE p (k e NOT NULL) PARTITION BY LIST (k); CREATE TABLE t (k e NOT NULL, CHECK (k = 'a')) | ALTER TABLE p ATTACH PARTITION t FOR VALUES IN ('a', 'b')
scans  | CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE p (k e NOT NULL) PARTITION BY LIST (k); CREATE TABLE t (k e NOT NULL, CHECK (k::text = 'a')) | ALTER TABLE p ATTACH PARTITION t FOR VALUES IN ('a', 'b')
proven | CREATE TABLE p (a int NOT NULL) PARTITION BY RANGE (a); ALTER TABLE p RENAME a TO k; CREATE TABLE t (k int NOT NULL, CHECK (k > 0)) | ALTER TABLE p ATTACH PARTITION t FOR VALUES FROM (0) TO (MAXVALUE)
proven | CREATE TABLE p (k int) PARTITION BY RANGE (k); CREATE TABLE t (k int) | ALTER TABLE p ATTACH PARTITION t DEFAULT
proven | CREATE TABLE p (k int) PARTITION BY RANGE (k); CREATE TABLE x PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE TABLE t (k int, CHECK (k < 0)) | ALTER TABLE p ATTACH PARTITION t DEFAULT
proven | CREATE TABLE p (k int) PARTITION BY RANGE (k); CREATE TABLE x PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE TABLE y PARTITION OF p FOR VALUES FROM (10) TO (20); CREATE TABLE t (k int, CHECK (NOT (k >= 0 AND k < 20))) | ALTER TABLE p ATTACH PARTITION t DEFAULT
scans  | CREATE TABLE p (k int) PARTITION BY RANGE (k); CREATE TABLE x PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE TABLE t (k int, CHECK (k > 0)) | ALTER TABLE p ATTACH PARTITION t DEFAULT
proven | CREATE TABLE p (k text) PARTITION BY LIST (k); CREATE TABLE x PARTITION OF p FOR VALUES IN ('a'); CREATE TABLE y PARTITION OF p FOR VALUES IN ('b'); CREATE TABLE t (k text, CHECK (k NOT IN ('a', 'b'))) | ALTER TABLE p ATTACH PARTITION t DEFAULT
scans  | CREATE TABLE p (k int NOT NULL, j int NOT NULL) PARTITION BY RANGE (k); CREATE TABLE x PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (j); CREATE TABLE t (k int NOT NULL, j int NOT NULL, CHECK (j >= 0 AND j < 5)) | ALTER TABLE x ATTACH PARTITION t FOR VALUES FROM (0) TO (5)
proven | CREATE TABLE p (k int NOT NULL, j int NOT NULL) PARTITION BY RANGE (k); CREATE TABLE x PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (j); CREATE TABLE t (k int NOT NULL, j int NOT NULL, CHECK (j >= 0 AND j < 5 AND k >= 0 AND k < 10)) | ALTER TABLE x ATTACH PARTITION t FOR VALUES FROM (0) TO (5)
    "##;
    compare(lines, |fields| (fields[0].to_owned(), fields[1].to_owned()));
}
