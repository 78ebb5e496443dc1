//! Tests of the schema model: a history of files in, the resulting schema out.

use super::{Answer, ConstraintKind, Relation, Schema, TypeKind};
use crate::statement::{ColumnValue, Firing, Name, ObjectKind};

fn name(name: &str) -> Name {
    Name {
        schema: "a".to_owned(),
        name: name.to_owned(),
    }
}

fn after(files: &[&str]) -> Schema {
    Schema::after("a", files)
}

/// Prints a schema: `table(columns) constraints | indexes`, the relations by name, then sequences and
/// types.
fn show(schema: &Schema) -> String {
    let mut lines: Vec<String> = schema.relations().map(relation).collect();
    lines.extend(
        schema
            .sequences
            .keys()
            .map(|name| format!("sequence {}", name.name)),
    );
    lines.extend(schema.types().map(|(name, known)| match &known.kind {
        TypeKind::Enum(labels) => format!("{} enum {}", name.name, labels.join(" ")),
        TypeKind::Composite(attributes) => {
            let attributes = attributes.iter().map(|one| one.name.as_str());
            format!(
                "{} row {}",
                name.name,
                attributes.collect::<Vec<_>>().join(" ")
            )
        }
        TypeKind::Domain(column) => {
            let names = column.constraints.iter().filter_map(|one| one.name.clone());
            format!(
                "{} domain {}",
                name.name,
                names.collect::<Vec<_>>().join(" ")
            )
        }
        TypeKind::Other => name.name.clone(),
    }));
    lines.sort();
    lines.join("; ")
}

fn relation(relation: &Relation) -> String {
    let columns = relation.columns.iter().map(|column| {
        let data_type = column.data_type.as_ref();
        let shown = data_type.map_or_else(|| "?".to_owned(), ToString::to_string);
        let bang = if column.not_null { "!" } else { "" };
        format!("{} {shown}{bang}", column.name)
    });
    let columns: Vec<String> = columns.collect();
    let mut text = format!("{}({})", relation.name.name, columns.join(", "));
    for constraint in &relation.constraints {
        let mark = if constraint.valid { "" } else { "?" };
        text += &format!(" {}{mark}", constraint.name);
    }
    if !relation.indexes.is_empty() {
        text += " |";
    }
    for index in &relation.indexes {
        text += &format!(" {}", index.name);
    }
    text
}

/// A history of files, separated by `--`, and the schema after it.
const HISTORIES: &[(&str, &str)] = &[
    (
        "CREATE TABLE t (b int PRIMARY KEY, c text UNIQUE)",
        "t(b integer!, c text) t_pkey t_c_key | t_pkey t_c_key",
    ),
    (
        "CREATE TABLE t (b int) -- CREATE TABLE IF NOT EXISTS t (c int)",
        "t(b integer)",
    ),
    (
        "CREATE TABLE t (b int) -- ALTER TABLE t ADD COLUMN IF NOT EXISTS b text",
        "t(b integer)",
    ),
    (
        "CREATE TABLE t (b int) -- ALTER TABLE t RENAME TO u -- CREATE TABLE t (c int)",
        "t(c integer); u(b integer)",
    ),
    (
        "CREATE TABLE t (b int); CREATE INDEX i ON t (b) -- ALTER TABLE t ADD c int -- ALTER TABLE t DROP c",
        "t(b integer) | i",
    ),
    (
        "CREATE TABLE t (b int); CREATE INDEX i ON t (b) -- ALTER TABLE t RENAME b TO c -- ALTER TABLE t DROP c",
        "t()",
    ),
    (
        "CREATE TABLE t (b int, c int, UNIQUE (b, c), CHECK (b > c)) -- ALTER TABLE t DROP b",
        "t(c integer)",
    ),
    ("CREATE TABLE t (b serial) -- ALTER TABLE t DROP b", "t()"),
    ("CREATE TABLE t (b serial) -- DROP TABLE t", ""),
    (
        "CREATE TABLE t (b int GENERATED ALWAYS AS IDENTITY)",
        "sequence t_b_seq; t(b integer!)",
    ),
    (
        "CREATE TABLE t (b int); CREATE UNIQUE INDEX i ON t (b) -- ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX i",
        "t(b integer!) k | k",
    ),
    (
        "CREATE TABLE t (b int UNIQUE) -- ALTER TABLE t RENAME CONSTRAINT t_b_key TO k -- ALTER INDEX k RENAME TO l",
        "t(b integer) l | l",
    ),
    (
        "CREATE TABLE t (b int UNIQUE) -- ALTER TABLE t DROP CONSTRAINT t_b_key",
        "t(b integer)",
    ),
    (
        "CREATE TABLE t (b int) -- ALTER TABLE t ADD CHECK (b > 0) NOT VALID, ADD CHECK (b < 9) NOT VALID -- ALTER TABLE t VALIDATE CONSTRAINT t_b_check1",
        "t(b integer) t_b_check? t_b_check1",
    ),
    (
        "CREATE TABLE t (b int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t) -- DROP TABLE t CASCADE",
        "u(b integer)",
    ),
    (
        "CREATE TABLE t (b int PRIMARY KEY); CREATE TABLE u (c int REFERENCES t) -- ALTER TABLE u ALTER c TYPE bigint, ALTER c SET NOT NULL",
        "t(b integer!) t_pkey | t_pkey; u(c bigint!) u_c_fkey",
    ),
    (
        "CREATE TABLE t (b int); CREATE VIEW v AS SELECT b FROM t; CREATE VIEW w AS SELECT b FROM v -- DROP TABLE t CASCADE",
        "",
    ),
    (
        "CREATE TABLE t (b int, c int NOT NULL DEFAULT 1) -- CREATE TABLE u (LIKE t, d int)",
        "t(b integer, c integer!); u(b integer, c integer!, d integer)",
    ),
    (
        "CREATE TABLE t (b int); CREATE TABLE u (c int) INHERITS (t) -- ALTER TABLE t ADD d int, ADD CHECK (b > 0)",
        "t(b integer, d integer) t_b_check; u(b integer, c integer, d integer) t_b_check",
    ),
    (
        "CREATE TABLE t (b int PRIMARY KEY) PARTITION BY RANGE (b) -- CREATE TABLE p PARTITION OF t DEFAULT -- ALTER TABLE t DETACH PARTITION p -- ALTER TABLE t ADD c int",
        "p(b integer!) p_pkey | p_pkey; t(b integer!, c integer) t_pkey | t_pkey",
    ),
    (
        "CREATE TABLE t (b int) PARTITION BY RANGE (b); CREATE TABLE p PARTITION OF t DEFAULT -- CREATE INDEX ON t (b) -- DROP TABLE t",
        "",
    ),
    (
        "CREATE TYPE m AS ENUM ('x', 'z') -- ALTER TYPE m ADD VALUE 'y' BEFORE 'z' -- ALTER TYPE m RENAME VALUE 'x' TO 'w'",
        "m enum w y z",
    ),
    (
        "CREATE TYPE m AS ENUM ('x', 'z') -- ALTER TYPE m ADD VALUE 'y' AFTER 'x' -- ALTER TYPE m ADD VALUE IF NOT EXISTS 'y'",
        "m enum x y z",
    ),
    (
        "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (b m, c int) -- ALTER TYPE m RENAME TO n",
        "n enum x; t(b n, c integer)",
    ),
    (
        "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (b m, c int) -- DROP TYPE m CASCADE",
        "t(c integer)",
    ),
    (
        "CREATE TYPE r AS (b int) -- ALTER TYPE r ADD ATTRIBUTE c text, DROP ATTRIBUTE b",
        "r row c",
    ),
    (
        "CREATE DOMAIN d AS int CHECK (VALUE > 0) -- ALTER DOMAIN d ADD CHECK (VALUE < 9) -- ALTER DOMAIN d DROP CONSTRAINT d_check",
        "d domain d_check1",
    ),
    (
        "CREATE TABLE t (b int); CREATE INDEX i ON t (b) -- ALTER TABLE t SET SCHEMA z -- CREATE TABLE t (i int); CREATE INDEX i ON t (i)",
        "t(b integer) | i; t(i integer) | i",
    ),
    (
        "CREATE SEQUENCE s; CREATE TABLE t (b int) -- ALTER SEQUENCE s OWNED BY t.b -- DROP TABLE t",
        "",
    ),
    ("DO $$ BEGIN CREATE TABLE t (b int); END $$", "t(b integer)"),
    (
        "CREATE VIEW v AS SELECT 1; CREATE OR REPLACE VIEW w AS SELECT * FROM v; CREATE OR REPLACE VIEW v AS SELECT * FROM w -- DROP VIEW v CASCADE",
        "",
    ),
    (
        "CREATE TABLE \"T\" (\"B\" int) -- ALTER TABLE \"T\" RENAME \"B\" TO b",
        "T(b integer)",
    ),
];

#[test]
fn each_history_results_in_its_schema() {
    let mut wrong = Vec::new();
    for (history, expected) in HISTORIES {
        let files: Vec<&str> = history.split(" -- ").collect();
        let got = show(&after(&files));
        if got != *expected {
            wrong.push(format!("{history}\n    is {got}\n    not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_is_not_known_is_unknown_and_not_no() {
    let table = ObjectKind::Table;
    let column = ObjectKind::Column;
    let made = "CREATE TABLE t (b int)";
    for (files, kind, of, part, expected) in [
        (&[made][..], table, "t", None, Answer::Yes),
        (&[made], table, "u", None, Answer::No),
        (&[made], column, "t", Some("c"), Answer::No),
        (&[made, "CALL f()"], table, "u", None, Answer::Unknown),
        (&[made, "CALL f()"], table, "t", None, Answer::Unknown),
        (&["CALL f()", made], table, "t", None, Answer::Yes),
        (&["TABEL t"], table, "u", None, Answer::Unknown),
        (
            &["DO $$ BEGIN EXECUTE 'x' || y; END $$"],
            table,
            "u",
            None,
            Answer::Unknown,
        ),
        (
            &["CREATE EXTENSION acme"],
            table,
            "u",
            None,
            Answer::Unknown,
        ),
        (
            &["CREATE EXTENSION postgis"],
            table,
            "spatial_ref_sys",
            None,
            Answer::Unknown,
        ),
        (&["CREATE EXTENSION postgis"], table, "u", None, Answer::No),
        (
            &[made, "CREATE EXTENSION postgis"],
            column,
            "t",
            Some("c"),
            Answer::No,
        ),
        (
            &["CREATE TABLE t AS SELECT 1 AS b"],
            column,
            "t",
            Some("b"),
            Answer::Unknown,
        ),
        (
            &["CREATE TABLE t (LIKE z.z)"],
            column,
            "t",
            Some("b"),
            Answer::Unknown,
        ),
        (
            &["CREATE VIEW t AS SELECT 1 AS b"],
            column,
            "t",
            Some("b"),
            Answer::Unknown,
        ),
    ] {
        let got = after(files).exists(kind, &name(of), part);
        assert_eq!(got, expected, "{files:?} {of} {part:?}");
    }
    let elsewhere = Name {
        schema: "z".to_owned(),
        name: "t".to_owned(),
    };
    let schema = after(&[made]);
    assert_eq!(schema.exists(table, &elsewhere, None), Answer::Unknown);
    assert_eq!(schema.is_older_than(&elsewhere, 1), Answer::Unknown);
}

#[test]
fn proofs_of_not_null_follow_a_renamed_column() {
    let made = "CREATE TABLE t (b int, c int)";
    let check = "ALTER TABLE t ADD CONSTRAINT k CHECK (b IS NOT NULL AND c > 0) NOT VALID";
    let valid = "ALTER TABLE t VALIDATE CONSTRAINT k";
    for (files, column, expected) in [
        (&[made, check][..], "b", false),
        (&[made, check, valid], "b", true),
        (&[made, check, valid], "c", false),
        (
            &[made, check, valid, "ALTER TABLE t RENAME b TO d"],
            "d",
            true,
        ),
        (
            &[
                made,
                check,
                valid,
                "ALTER TABLE t RENAME b TO d; ALTER TABLE t ADD b int",
            ],
            "b",
            false,
        ),
        (
            &[made, check, valid, "ALTER TABLE t DROP CONSTRAINT k"],
            "b",
            false,
        ),
        (
            &[
                made,
                check,
                "ALTER TABLE t RENAME CONSTRAINT k TO l; ALTER TABLE t VALIDATE CONSTRAINT l",
            ],
            "b",
            true,
        ),
        (
            &[
                made,
                check,
                valid,
                "ALTER TABLE t DROP c; ALTER TABLE t DROP b; ALTER TABLE t ADD b int",
            ],
            "b",
            false,
        ),
    ] {
        let schema = after(files);
        assert_eq!(
            schema.proves_not_null(&name("t"), column),
            expected,
            "{files:?}"
        );
    }
}

#[test]
fn values_and_references_follow_a_rename() {
    let schema = after(&[
        "CREATE TABLE t (b int PRIMARY KEY, c int DEFAULT 1)",
        "CREATE TABLE u (d int REFERENCES t ON DELETE CASCADE)",
        "ALTER TABLE t RENAME TO s; ALTER TABLE s RENAME b TO e; ALTER TABLE s ALTER c DROP DEFAULT",
        "CREATE TRIGGER g BEFORE INSERT ON s EXECUTE FUNCTION f(); ALTER TRIGGER g ON s RENAME TO h",
        "CREATE POLICY p ON s; ALTER TABLE s ENABLE ROW LEVEL SECURITY",
        "CREATE VIEW v AS SELECT e FROM s",
    ]);
    let s = name("s");
    assert_eq!(
        schema.column(&s, "c").map(|c| &c.value),
        Some(&ColumnValue::None)
    );
    let keys: Vec<_> = schema.foreign_keys_to(&s).collect();
    let [(from, key)] = keys.as_slice() else {
        panic!("{keys:?}")
    };
    assert_eq!(from.name, name("u"));
    let ConstraintKind::ForeignKey { parent_columns, .. } = &key.kind else {
        panic!("{key:?}")
    };
    let e = schema.column(&s, "e").map(|column| column.id);
    assert_eq!(parent_columns.first().copied(), e);
    assert_eq!(schema.views_over(&s).count(), 1);
    assert_eq!(schema.indexes_over(&s, "e").count(), 1);
    assert!(schema.origin(ObjectKind::Trigger, &s, Some("h")).is_some());
    assert!(schema.origin(ObjectKind::Policy, &s, Some("p")).is_some());
    assert!(
        schema
            .relation(&s)
            .is_some_and(|s| s.row_security && !s.forced_row_security)
    );
}

#[test]
fn triggers_and_rules_are_enabled_and_disabled() {
    let made = "CREATE TABLE t (b int); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
        CREATE TRIGGER g BEFORE INSERT ON t EXECUTE FUNCTION f();
        CREATE TRIGGER h BEFORE INSERT ON t EXECUTE FUNCTION f();";
    let (on, off) = (Firing::Enabled, Firing::Disabled);
    for (change, expected) in [
        ("", [on, on, on]),
        ("ALTER TABLE t DISABLE TRIGGER g", [off, on, on]),
        ("ALTER TABLE t DISABLE TRIGGER ALL", [off, off, on]),
        (
            "ALTER TABLE t DISABLE TRIGGER USER, ENABLE TRIGGER g",
            [on, off, on],
        ),
        (
            "ALTER TABLE t ENABLE ALWAYS TRIGGER h",
            [on, Firing::Always, on],
        ),
        ("ALTER TABLE t DISABLE RULE r", [on, on, off]),
        (
            "ALTER TABLE t ENABLE REPLICA RULE r",
            [on, on, Firing::Replica],
        ),
    ] {
        let schema = after(&[made, change]);
        let t = schema.relation(&name("t"));
        let triggers = t.into_iter().flat_map(|t| &t.triggers);
        let firing = triggers.map(|one| one.firing);
        let rules = t.into_iter().flat_map(|t| &t.rules);
        let firing: Vec<Firing> = firing.chain(rules.map(|one| one.firing)).collect();
        assert_eq!(firing, expected, "{change}");
    }
}

#[test]
fn routines_and_domains_keep_their_settings() {
    let made = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = '' SET work_mem = '1MB' RETURN 1;
        CREATE DOMAIN d AS int DEFAULT 1;";
    for (change, settings, default) in [
        ("", "search_path='' work_mem='1MB'", Some("1")),
        (
            "ALTER FUNCTION f() SET search_path TO pg_catalog",
            "work_mem='1MB' search_path=pg_catalog",
            Some("1"),
        ),
        (
            "ALTER FUNCTION f() RESET work_mem STABLE",
            "search_path=''",
            Some("1"),
        ),
        ("ALTER FUNCTION f() RESET ALL", "", Some("1")),
        (
            "ALTER DOMAIN d SET DEFAULT 2",
            "search_path='' work_mem='1MB'",
            Some("2"),
        ),
        (
            "ALTER DOMAIN d DROP DEFAULT; ALTER DOMAIN d SET NOT NULL",
            "search_path='' work_mem='1MB'",
            None,
        ),
    ] {
        let schema = after(&[made, change]);
        let routines = schema.routines(&name("f")).iter();
        let parameters = routines.flat_map(|routine| &routine.settings);
        let shown =
            parameters.map(|one| format!("{}={}", one.name, one.value.as_deref().unwrap_or("?")));
        assert_eq!(shown.collect::<Vec<_>>().join(" "), settings, "{change}");
        let domain = schema.type_of(&name("d")).map(|known| &known.kind);
        let Some(TypeKind::Domain(domain)) = domain else {
            panic!("{domain:?}")
        };
        let value = match &domain.value {
            ColumnValue::Default(value) => Some(value.text.as_str()),
            ColumnValue::None | ColumnValue::Serial => None,
            ColumnValue::Identity(_) | ColumnValue::Generated { .. } => panic!("{domain:?}"),
        };
        assert_eq!(value, default, "{change}");
        assert_eq!(domain.not_null, change.contains("NOT NULL"), "{change}");
    }
}

/// The lookup agrees with the objects, also after renames and moves.
#[test]
fn the_lookup_follows_renames_and_drops() {
    let made = "CREATE TABLE t (b serial PRIMARY KEY, c int CHECK (c > 0))";
    for (changes, expected) in [
        (
            "ALTER TABLE t RENAME CONSTRAINT t_c_check TO u_c_check; CREATE TABLE u (c int CHECK (c > 0))",
            "sequence t_b_seq; t(b integer!, c integer) u_c_check t_pkey | t_pkey; u(c integer) u_c_check1",
        ),
        ("ALTER SEQUENCE t_b_seq RENAME TO s; DROP TABLE t", ""),
        (
            "CREATE SEQUENCE s OWNED BY t.c; ALTER TABLE t DROP COLUMN b; ALTER TABLE t DROP COLUMN c",
            "t()",
        ),
        (
            "CREATE TABLE u (c int REFERENCES t); CREATE VIEW v AS TABLE t; DROP TABLE t CASCADE",
            "u(c integer)",
        ),
        (
            "CREATE TABLE u () INHERITS (t); ALTER TABLE u NO INHERIT t; DROP TABLE t CASCADE",
            "u(b integer!, c integer) t_c_check",
        ),
    ] {
        assert_eq!(show(&after(&[made, changes])), expected, "{changes}");
    }
}
