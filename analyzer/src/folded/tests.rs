//! What the one file has, and what it has no longer. That it creates the same catalogs is a test of the command, on a server.

use super::script;
use crate::analyze;
use crate::intake::source::Module;

fn folded(files: &[(&str, &str)]) -> String {
    let sql = script(&analyze(Module::in_memory("shop", files.iter().copied())).module);
    let body = sql.split_once("pg_temp;\n").map_or("", |(_, body)| body);
    body.trim().to_owned()
}

#[test]
fn a_table_has_the_columns_of_all_files() {
    let sql = folded(&[
        (
            "001_a.sql",
            "CREATE TABLE shop.a (id bigint PRIMARY KEY, old text, n int DEFAULT 1 CHECK (n > 0));
             CREATE INDEX a_old ON shop.a (old); CREATE VIEW shop.v AS SELECT id FROM shop.a;",
        ),
        (
            "002_b.sql",
            "CREATE TYPE shop.mood AS ENUM ('good'); CREATE TABLE shop.b (id int PRIMARY KEY);
             ALTER TABLE shop.a ADD COLUMN mood shop.mood, ADD COLUMN b int REFERENCES shop.b, DROP COLUMN old;
             CREATE OR REPLACE VIEW shop.v AS SELECT id, n FROM shop.a;",
        ),
        ("003_c.sql", "ALTER TYPE shop.mood ADD VALUE 'bad'; ALTER TABLE shop.a ALTER n SET NOT NULL, ALTER n SET DEFAULT 2;"),
        ("S001_s.sql", "INSERT INTO shop.b VALUES (1) ON CONFLICT DO NOTHING;"),
    ]);
    assert_eq!(
        sql,
        "CREATE TYPE shop.mood AS ENUM ('good', 'bad');

CREATE TABLE shop.b (
    id integer NOT NULL,
    CONSTRAINT b_pkey PRIMARY KEY (id)
);

CREATE TABLE shop.a (
    id bigint NOT NULL,
    n integer NOT NULL DEFAULT 2,
    mood shop.mood,
    b integer,
    CONSTRAINT a_n_check CHECK (n > 0),
    CONSTRAINT a_pkey PRIMARY KEY (id)
);

CREATE OR REPLACE VIEW shop.v AS SELECT id, n FROM shop.a;

ALTER TABLE shop.a ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES shop.b (id);"
    );
}

#[test]
fn a_rename_leaves_the_statements_as_they_are() {
    let sql = folded(&[
        (
            "001_a.sql",
            "CREATE TABLE shop.a (id bigint PRIMARY KEY); INSERT INTO shop.a VALUES (1);",
        ),
        (
            "002_b.sql",
            "ALTER TABLE shop.a RENAME TO c; CREATE INDEX CONCURRENTLY i ON shop.c (id);",
        ),
    ]);
    assert_eq!(
        sql,
        "CREATE TABLE shop.a (id bigint PRIMARY KEY);\n\nALTER TABLE shop.a RENAME TO c;\n\nCREATE INDEX i ON shop.c (id);"
    );
}
