//! One statement with a long list of names, rows, labels, queries or statements.

use super::{Kind, each, keyed, kind, list, startup, tables};

pub(super) const KINDS: &[Kind] = &[
    kind("publication", 2000, |n| {
        let sql = format!("CREATE PUBLICATION p FOR TABLE {};\n", names(n));
        startup(tables(n), sql)
    }),
    kind("grant", 2000, |n| {
        let sql = format!("GRANT SELECT ON {} TO app;\n", names(n));
        startup(tables(n), sql)
    }),
    kind("drop", 2000, |n| {
        startup(tables(n), format!("DROP TABLE {};\n", names(n)))
    }),
    kind("truncate", 2000, |n| {
        startup(tables(n), format!("TRUNCATE {};\n", names(n)))
    }),
    kind("rows", 10_000, |n| {
        let rows = list(n, ",\n  ", |at| format!("({at}, 'x')"));
        let insert =
            format!("INSERT INTO app.t (id, a) VALUES\n  {rows}\nON CONFLICT (id) DO NOTHING;\n");
        vec![
            ("001_a.sql".to_owned(), keyed()),
            ("S001_a.sql".to_owned(), insert),
        ]
    }),
    kind("labels", 5000, |n| {
        let labels = list(n, ",\n  ", |at| format!("'l{at}'"));
        startup(
            format!("CREATE TYPE app.e AS ENUM (\n  {labels}\n);\n"),
            String::new(),
        )
    }),
    kind("body", 5000, |n| {
        let body = each(n, |at| {
            format!("  UPDATE app.t SET a = 'x' WHERE id = {at};\n")
        });
        startup(
            keyed(),
            format!(
                "CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n{body}END;\n$$;\n"
            ),
        )
    }),
    kind("do", 2000, |n| {
        let body = each(n, |at| {
            format!("  UPDATE app.t SET a = 'x' WHERE id = {at};\n")
        });
        startup(keyed(), format!("DO $$\nBEGIN\n{body}END;\n$$;\n"))
    }),
    kind("ctes", 500, |n| {
        let ctes = list(n, ",\n  ", |at| format!("w{at} AS (SELECT id FROM app.t)"));
        startup(
            keyed(),
            format!("CREATE VIEW app.v AS WITH\n  {ctes}\nSELECT id FROM w0;\n"),
        )
    }),
    kind("ctes-in-a-chain", 500, |n| {
        let ctes = each(n, |at| {
            format!(",\n  w{} AS (SELECT id FROM w{at})", at + 1)
        });
        startup(
            keyed(),
            format!(
                "CREATE VIEW app.v AS WITH\n  w0 AS (SELECT id FROM app.t){ctes}\nSELECT id FROM w{n};\n"
            ),
        )
    }),
    kind("unions", 2000, |n| {
        let all = list(n, "\nUNION ALL ", |_| "SELECT id FROM app.t".to_owned());
        startup(keyed(), format!("CREATE VIEW app.v AS {all};\n"))
    }),
    kind("in-list", 5000, |n| {
        let values = list(n, ", ", |at| at.to_string());
        startup(
            keyed(),
            format!("CREATE VIEW app.v AS SELECT id FROM app.t WHERE id IN ({values});\n"),
        )
    }),
    kind("in-list-of-check", 5000, |n| {
        let values = list(n, ", ", |at| at.to_string());
        startup(
            format!("CREATE TABLE app.t (a bigint CHECK (a IN ({values})));\n"),
            String::new(),
        )
    }),
    kind("disjunction", 2000, |n| {
        let terms = list(n, " OR ", |at| format!("id = {at}"));
        startup(
            keyed(),
            format!("CREATE VIEW app.v AS SELECT id FROM app.t WHERE {terms};\n"),
        )
    }),
    kind("selected", 1600, |n| {
        let columns = list(n, ", ", |at| format!("id AS c{at}"));
        startup(
            keyed(),
            format!("CREATE VIEW app.v AS SELECT {columns} FROM app.t;\n"),
        )
    }),
    kind("comment", 10_000, |n| {
        startup(
            format!("{}{}", each(n, |at| format!("-- line {at}\n")), keyed()),
            String::new(),
        )
    }),
];

fn names(length: usize) -> String {
    list(length, ", ", |at| format!("app.p{at}"))
}
