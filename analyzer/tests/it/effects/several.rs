//! Statements about several objects: each counts, with its lock. Measured on PostgreSQL 15 and 18.

use onward_analyzer::effect::effects;
use onward_analyzer::schema::Schema;
use onward_analyzer::statement::Name;

use crate::one;

const BEFORE: &str = "CREATE TABLE app.t (id bigint PRIMARY KEY, a text, n integer);
    CREATE TABLE app.p (id bigint PRIMARY KEY);
    CREATE TYPE app.e1 AS ENUM ('a');
    CREATE TYPE app.e2 AS ENUM ('a');
    CREATE TABLE app.u (id bigint, k app.e2);
    CREATE VIEW app.v AS SELECT k FROM app.u;";

/// The locks of a statement, and the tables of which it reads all rows for an index.
fn told(text: &str) -> String {
    let statement = one::statement(text);
    let effect = effects(&statement, &Schema::after("app", &[BEFORE]), 18);
    let locks: Vec<String> = effect.locks.iter().map(ToString::to_string).collect();
    let indexed: Vec<String> = effect.indexed.iter().map(Name::to_string).collect();
    format!("{}; {}", locks.join(", "), indexed.join(", "))
}

#[test]
fn each_object_of_a_list_has_its_lock() {
    for (text, expected) in [
        (
            "ANALYZE app.t, app.p",
            "SHARE UPDATE EXCLUSIVE on app.p, SHARE UPDATE EXCLUSIVE on app.t; ",
        ),
        (
            "VACUUM app.t, app.p",
            "SHARE UPDATE EXCLUSIVE on app.p, SHARE UPDATE EXCLUSIVE on app.t; ",
        ),
        (
            "LOCK TABLE app.t, app.p IN SHARE MODE",
            "SHARE on app.p, SHARE on app.t; ",
        ),
        (
            "DROP TYPE app.e1, app.e2 CASCADE",
            "ACCESS EXCLUSIVE on app.u, ACCESS EXCLUSIVE on app.v; ",
        ),
        (
            "CREATE STATISTICS ON a, n FROM app.t",
            "SHARE UPDATE EXCLUSIVE on app.t; ",
        ),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn the_table_of_a_new_index_is_read() {
    for (text, expected) in [
        ("CREATE INDEX CONCURRENTLY t_n ON app.t (n)", "app.t"),
        ("ALTER TABLE app.t ADD UNIQUE (n)", "app.t"),
        ("REINDEX TABLE app.p", "app.p"),
        ("CREATE TABLE app.new (id bigint PRIMARY KEY)", ""),
    ] {
        let told = told(text);
        let (_, indexed) = told.split_once("; ").unwrap_or_default();
        assert_eq!(indexed, expected, "{text}");
    }
}
