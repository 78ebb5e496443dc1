//! The questions of each kind of statement.

use super::{Question, preconditions};
use crate::analyze;
use crate::intake::source::Module;

const BEFORE: &str = "CREATE TABLE shop.makers (id bigint PRIMARY KEY);
CREATE TABLE shop.items (id bigint PRIMARY KEY, \"Maker\" bigint, name text, code varchar(9), price numeric(8, 2), n bigint);
CREATE TABLE shop.loose (a int, b int);
CREATE UNIQUE INDEX loose_a ON shop.loose (a);
ALTER TABLE shop.items ADD CONSTRAINT items_maker FOREIGN KEY (\"Maker\") REFERENCES shop.makers NOT VALID;
ALTER TABLE shop.items ADD CONSTRAINT items_name CHECK (name <> '') NOT VALID;";

fn asked(statement: &str) -> Vec<String> {
    let files = [("001_a.sql", BEFORE), ("002_b.sql", statement)];
    let module = analyze(Module::in_memory("shop", files)).module;
    let all = preconditions(&module);
    let second = all.into_iter().filter(|one| one.source == 1);
    second
        .map(|one| match one.question {
            Question::NoRow(sql) | Question::Converts(sql) => sql,
        })
        .collect()
}

#[test]
fn each_kind_has_its_question() {
    let orphans = "SELECT child.id FROM shop.items AS child WHERE child.\"Maker\" IS NOT NULL AND NOT EXISTS (SELECT FROM \
                   shop.makers AS parent WHERE parent.id = child.\"Maker\")";
    for (statement, questions) in [
        (
            "ALTER TABLE shop.items ALTER name SET NOT NULL, ALTER n SET NOT NULL;",
            &[
                "SELECT id FROM shop.items WHERE name IS NULL",
                "SELECT id FROM shop.items WHERE n IS NULL",
            ][..],
        ),
        (
            "ALTER TABLE shop.loose ADD CHECK (a > b);",
            &["SELECT tableoid::regclass, ctid FROM shop.loose WHERE NOT (a > b)"],
        ),
        ("ALTER TABLE shop.loose ADD CHECK (a > b) NOT VALID;", &[]),
        (
            "ALTER TABLE shop.items VALIDATE CONSTRAINT items_name;",
            &["SELECT id FROM shop.items WHERE NOT (name <> '')"],
        ),
        (
            "ALTER TABLE shop.items VALIDATE CONSTRAINT items_maker;",
            &[orphans],
        ),
        (
            "ALTER TABLE items ADD FOREIGN KEY (\"Maker\") REFERENCES makers (id);",
            &[orphans],
        ),
        (
            "ALTER TABLE shop.items ADD UNIQUE (name, code);",
            &[
                "SELECT name, code, count(*) FROM shop.items WHERE name IS NOT NULL AND code IS NOT NULL GROUP BY name, code \
               HAVING count(*) > 1",
            ],
        ),
        (
            "CREATE UNIQUE INDEX CONCURRENTLY i ON shop.items (lower(name)) NULLS NOT DISTINCT WHERE n > 0;",
            &[
                "SELECT (lower(name)), count(*) FROM shop.items WHERE (n > 0) GROUP BY (lower(name)) HAVING count(*) > 1",
            ],
        ),
        (
            "ALTER TABLE shop.loose ADD PRIMARY KEY (b);",
            &[
                "SELECT tableoid::regclass, ctid FROM shop.loose WHERE b IS NULL",
                "SELECT b, count(*) FROM shop.loose WHERE b IS NOT NULL GROUP BY b HAVING count(*) > 1",
            ],
        ),
        (
            "ALTER TABLE shop.loose ADD PRIMARY KEY USING INDEX loose_a;",
            &["SELECT tableoid::regclass, ctid FROM shop.loose WHERE a IS NULL"],
        ),
        (
            "ALTER TABLE shop.items ADD COLUMN x int NOT NULL;",
            &["SELECT id FROM shop.items"],
        ),
        (
            "ALTER TABLE shop.items ADD COLUMN x int NOT NULL DEFAULT 0;",
            &[],
        ),
        (
            "ALTER TABLE shop.items ADD COLUMN x int DEFAULT 0 UNIQUE;",
            &["SELECT id FROM shop.items OFFSET 1"],
        ),
        (
            "ALTER TABLE shop.items ALTER code TYPE varchar(4);",
            &["SELECT id FROM shop.items WHERE rtrim(substr((code)::text, 5), ' ') <> ''"],
        ),
        ("ALTER TABLE shop.items ALTER code TYPE varchar(12);", &[]),
        ("ALTER TABLE shop.items ALTER code TYPE text;", &[]),
        (
            "ALTER TABLE shop.items ALTER n TYPE int;",
            &[
                "SELECT id FROM shop.items WHERE round(n::numeric) NOT BETWEEN -2147483648 AND 2147483647",
            ],
        ),
        (
            "ALTER TABLE shop.items ALTER price TYPE numeric(6, 2);",
            &[
                "SELECT id FROM shop.items WHERE price <> 'NaN' AND abs(round(price::numeric, 2)) >= 10::numeric ^ (4)",
            ],
        ),
        (
            "ALTER TABLE shop.items ALTER price TYPE numeric(9, 3);",
            &[],
        ),
        (
            "ALTER TABLE shop.items ALTER name TYPE int USING name::int;",
            &["SELECT count((name::int)::integer) FROM shop.items"],
        ),
        (
            "CREATE TABLE shop.more (id int NOT NULL CHECK (id > 0));",
            &[],
        ),
        (
            "ALTER TABLE shop.loose ADD EXCLUDE USING gist (a WITH =);",
            &[
                "SELECT child.tableoid::regclass, child.ctid FROM (SELECT tableoid, ctid, tableoid AS at_table, ctid AS at_place, \
               a AS value_0 FROM shop.loose) AS child WHERE EXISTS (SELECT FROM (SELECT tableoid AS at_table, ctid AS \
               at_place, a AS value_0 FROM shop.loose) AS other WHERE (child.at_table, child.at_place) <> (other.at_table, \
               other.at_place) AND child.value_0 = other.value_0)",
            ],
        ),
    ] {
        assert_eq!(asked(statement), questions, "{statement}");
    }
}

#[test]
fn an_earlier_file_that_changes_rows_is_named() {
    let files = [
        ("001_a.sql", BEFORE),
        (
            "002_b.sql",
            "UPDATE shop.items SET name = '' WHERE name IS NULL;",
        ),
        (
            "003_c.sql",
            "ALTER TABLE shop.items ALTER name SET NOT NULL;",
        ),
    ];
    let all = preconditions(&analyze(Module::in_memory("shop", files)).module);
    let of_the_last = all.iter().filter(|one| one.source == 2);
    let changed_by: Vec<_> = of_the_last.map(|one| one.changed_by.as_slice()).collect();
    assert_eq!(changed_by, [[1]]);
}
