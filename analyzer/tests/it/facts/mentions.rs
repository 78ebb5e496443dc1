//! Names of objects: which are listed, and as what.

use onward_analyzer::statement::Mention;

use crate::one;

fn told(mention: &Mention) -> String {
    let schema = mention.schema.as_deref().unwrap_or("?");
    format!("{:?} {schema}.{}", mention.kind, mention.name)
}

#[test]
fn names_of_objects_are_listed_and_other_names_are_not() {
    for (text, names) in [
        (
            "CREATE TABLE t (a int, b s.mood, c mood[], d text COLLATE \"C\" REFERENCES u (a), CHECK (f(a) > date '2020-01-01'))",
            &[
                "Relation ?.t",
                "Type s.mood",
                "Type ?.mood",
                "Parent ?.u",
                "Call ?.f",
            ][..],
        ),
        (
            "CREATE TEMP TABLE t AS SELECT 1 FROM s.t",
            &["Relation s.t"],
        ),
        (
            "CREATE INDEX i ON t (lower(a) text_ops)",
            &["Relation ?.t", "Call ?.lower"],
        ),
        ("DROP INDEX i, s.j", &["Relation ?.i", "Relation s.j"]),
        (
            "ALTER TABLE s.t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES o.u",
            &["Relation s.t", "Parent o.u"],
        ),
        (
            "WITH x AS (SELECT * FROM s.a AS y) SELECT * FROM x, pg_class, generate_series(1, 2) AS g FOR UPDATE OF g",
            &["Relation s.a", "Call ?.generate_series"],
        ),
        (
            "CREATE RECURSIVE VIEW v (a) AS SELECT 1 UNION SELECT a FROM v",
            &["Relation ?.v"],
        ),
        ("COMMENT ON COLUMN t.a IS 'x'", &["Relation ?.t"]),
        ("COMMENT ON COLUMN s.t.a IS 'x'", &["Relation s.t"]),
        (
            "COMMENT ON FUNCTION f(mood) IS 'x'",
            &["Routine ?.f", "Type ?.mood"],
        ),
        (
            "CREATE TRIGGER g AFTER INSERT ON t EXECUTE FUNCTION f()",
            &["Relation ?.t", "Routine ?.f"],
        ),
        (
            "CREATE POLICY p ON t USING (a = s.f())",
            &["Relation ?.t", "Call s.f"],
        ),
        (
            "GRANT SELECT ON t, s.u TO r",
            &["Relation ?.t", "Relation s.u"],
        ),
        (
            "GRANT SELECT ON ALL TABLES IN SCHEMA x TO r",
            &["Schema x."],
        ),
        ("GRANT USAGE ON TYPE m TO r", &["Type ?.m"]),
        (
            "ALTER SEQUENCE s.q OWNED BY t.a",
            &["Relation s.q", "Relation ?.t"],
        ),
        (
            "CREATE FUNCTION f(a t.b%TYPE) RETURNS trigger LANGUAGE sql AS 'SELECT 1 FROM x'",
            &["Routine ?.f", "Relation ?.t"],
        ),
        (
            "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 FROM x; END",
            &["Routine ?.f", "Relation ?.x"],
        ),
        ("CREATE DOMAIN d AS s.e", &["Type ?.d", "Type s.e"]),
        ("DROP TYPE m", &["Type ?.m"]),
        ("SET CONSTRAINTS a DEFERRED", &[]),
        (
            "SELECT 1 FROM pg_class, pg_orders",
            &["Relation ?.pg_orders"],
        ),
        (
            "DROP FUNCTION substring, s.f",
            &["Routine ?.substring", "Routine s.f"],
        ),
        ("SELECT 1 FROM t TABLESAMPLE system (10)", &["Relation ?.t"]),
        ("CREATE EXTENSION x", &[]),
        (
            "CREATE AGGREGATE s.a (bigint) (SFUNC = pg_catalog.int8pl, STYPE = bigint)",
            &["Routine s.a"],
        ),
        (
            "CREATE AGGREGATE s.a (\"basetype\" = s.d, SFUNC = s.f, STYPE = numeric)",
            &["Routine s.a", "Type s.d"],
        ),
        ("SELECT 1::double precision, 2::serial8, 'a'::\"char\"", &[]),
    ] {
        let statement = one::statement(text);
        let told: Vec<String> = statement.mentions.iter().map(told).collect();
        assert_eq!(told, names, "{text}");
    }
}

#[test]
fn a_name_of_the_catalogue_is_the_catalogues() {
    for (text, relation) in [
        (
            "CREATE VIEW v AS SELECT 1 FROM pg_class",
            "pg_catalog.pg_class",
        ),
        ("SELECT 1 FROM s.pg_class", "s.pg_class"),
        ("SELECT 1 FROM pg_orders", "app.pg_orders"),
        ("DELETE FROM a USING pg_stat_io", "pg_catalog.pg_stat_io"),
        ("EXPLAIN DELETE FROM a", "app.a"),
        ("PREPARE p AS INSERT INTO a VALUES (1)", "app.a"),
    ] {
        let uses = one::statement(text).uses;
        let names: Vec<String> = uses.iter().map(|one| one.relation.to_string()).collect();
        assert_eq!(names, [relation], "{text}");
    }
}
