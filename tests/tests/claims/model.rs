//! The analyzer's model of a schema equals the server's catalogs, to the last name.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;

use onward_analyzer::schema::{ConstraintKind, Relation, Schema};
use onward_analyzer::source::{self, Module};
use onward_analyzer::split::split;
use onward_analyzer::statement::ObjectKind;
use onward_analyzer::{Analysis, analyze};
use onward_pg::{Database, shared};

use crate::Outcome;

/// The facts in each catalog, one line each, in the words of [`ours`].
const CATALOGS: [&str; 9] = [
    "SELECT format('%s %s %s %s', CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
                                  ELSE 'table' END, relname, relrowsecurity, relforcerowsecurity)
     FROM pg_class WHERE relnamespace = $1::text::regnamespace AND relkind IN ('r', 'p', 'v', 'm')",
    "SELECT format('column %s.%s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull)
     FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE relnamespace = $1::text::regnamespace AND relkind IN ('r', 'p') AND attnum > 0
         AND NOT attisdropped",
    // The NOT NULL constraints of 18 are shown with the columns. Copies that a key of a partition needs
    // are not shown by any catalog.
    "SELECT format('constraint %s.%s %s %s', relname, conname, contype, convalidated)
     FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
     WHERE connamespace = $1::text::regnamespace AND contype IN ('c', 'f', 'p', 'u', 'x')",
    "SELECT format('index %s.%s %s', tables.relname, indexes.relname, indisunique)
     FROM pg_index
     JOIN pg_class AS tables ON tables.oid = indrelid
     JOIN pg_class AS indexes ON indexes.oid = indexrelid
     WHERE tables.relnamespace = $1::text::regnamespace",
    "SELECT format('policy %s.%s', relname, polname)
     FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid
     WHERE relnamespace = $1::text::regnamespace",
    "SELECT format('trigger %s.%s', relname, tgname)
     FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
     WHERE relnamespace = $1::text::regnamespace AND NOT tgisinternal",
    "SELECT format('label %s %s %s', typname, row_number() OVER (PARTITION BY typname ORDER BY enumsortorder),
                   enumlabel)
     FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid
     WHERE typnamespace = $1::text::regnamespace",
    "SELECT format('domain %s %s', typname, conname)
     FROM pg_constraint JOIN pg_type ON pg_type.oid = contypid
     WHERE typnamespace = $1::text::regnamespace AND contype = 'c'",
    "SELECT format('sequence %s of %s.%s', sequences.relname, tables.relname, attname)
     FROM pg_class AS sequences
     LEFT JOIN pg_depend ON objid = sequences.oid AND deptype IN ('a', 'i') AND refobjsubid > 0
     LEFT JOIN pg_class AS tables ON tables.oid = refobjid
     LEFT JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
     WHERE sequences.relnamespace = $1::text::regnamespace AND sequences.relkind = 'S'",
];

const MODULES: [&str; 7] = [
    "audit",
    "auth",
    "notify",
    "policy",
    "scheduler",
    "vex",
    "vuln",
];

#[tokio::test]
async fn of_the_seven_modules() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let database = shared().await?.database().await?;
    for module in MODULES {
        let analysis = analyze(source::read(&root.join(module), module));
        assert!(analysis.findings.is_empty(), "{module} has findings");
        let facts = compare(&database, &analysis).await?;
        assert!(facts > 50, "{module}: only {facts} facts");
    }
    Ok(())
}

/// Each is a history of its own.
const HISTORIES: [&str; 23] = [
    // Names that PostgreSQL generates.
    "CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE, c int CHECK (c > 0), d int REFERENCES t,
                     UNIQUE (b, c), UNIQUE (c, b), CHECK (c < 9), CHECK (c < b), CHECK (b < c), CHECK (true));
     ALTER TABLE t ADD CHECK (c < 8) NOT VALID, ADD FOREIGN KEY (d) REFERENCES t NOT VALID,
                   ADD UNIQUE (b, d) INCLUDE (c), ADD e serial UNIQUE CHECK (e > 0);
     CREATE INDEX ON t (b); CREATE INDEX ON t (b); CREATE INDEX ON t (lower(b::text), b, (b + 1), (b + 2));
     CREATE INDEX ON t (b) INCLUDE (c);",
    "CREATE TABLE a_table_with_a_name_that_is_nearly_as_long_as_can_be_but_not (
         a_column_with_a_name_that_is_nearly_as_long_as_can_be_but_not_so int UNIQUE CHECK
             (a_column_with_a_name_that_is_nearly_as_long_as_can_be_but_not_so > 0),
         short int UNIQUE, ääääääääääääääääääääääääääääää int UNIQUE,
         UNIQUE (short, a_column_with_a_name_that_is_nearly_as_long_as_can_be_but_not_so));
     ALTER TABLE a_table_with_a_name_that_is_nearly_as_long_as_can_be_but_not
         ADD FOREIGN KEY (a_column_with_a_name_that_is_nearly_as_long_as_can_be_but_not_so)
             REFERENCES a_table_with_a_name_that_is_nearly_as_long_as_can_be_but_not (short);
     CREATE INDEX ON a_table_with_a_name_that_is_nearly_as_long_as_can_be_but_not (short);
     CREATE INDEX ON a_table_with_a_name_that_is_nearly_as_long_as_can_be_but_not (short);",
    // A name that another object has already.
    "CREATE TABLE t_a_key (x int); CREATE SEQUENCE t_a_idx; CREATE TABLE t (a int UNIQUE); CREATE INDEX ON t (a);
     CREATE TABLE u (a int, CONSTRAINT w_a_check CHECK (a > 0)); CREATE TABLE w (a int CHECK (a > 0));",
    // Old names stay, and conflict with new ones.
    "CREATE TABLE t (a serial PRIMARY KEY); ALTER TABLE t RENAME TO u; CREATE TABLE t (a serial PRIMARY KEY);
     ALTER TABLE t RENAME a TO b; ALTER TABLE t ADD UNIQUE (b);",
    "CREATE TABLE t (a int UNIQUE, b int, c int); CREATE INDEX i ON t (b) WHERE c > 0;
     CREATE INDEX j ON t (b) INCLUDE (c); CREATE INDEX k ON t ((b + c)); ALTER TABLE t ADD CHECK (b > c);
     ALTER TABLE t DROP COLUMN c; ALTER TABLE t DROP CONSTRAINT t_a_key;",
    "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (a int REFERENCES t, b int);
     CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT b FROM u; DROP TABLE t CASCADE;",
    "CREATE TABLE t (a int, b int); CREATE UNIQUE INDEX i ON t (a); CREATE UNIQUE INDEX j ON t (b);
     ALTER TABLE t ADD PRIMARY KEY USING INDEX i; ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX j;
     ALTER INDEX k RENAME TO l; ALTER TABLE t RENAME CONSTRAINT i TO m;",
    "CREATE TYPE mood AS ENUM ('calm', 'sad'); ALTER TYPE mood ADD VALUE 'glad' BEFORE 'sad';
     ALTER TYPE mood ADD VALUE 'mad'; ALTER TYPE mood RENAME VALUE 'calm' TO 'cool';
     ALTER TYPE mood ADD VALUE IF NOT EXISTS 'it''s' AFTER 'cool';
     CREATE DOMAIN d AS int CHECK (VALUE > 0) CHECK (VALUE < 9); ALTER DOMAIN d ADD CHECK (VALUE <> 5);
     ALTER DOMAIN d DROP CONSTRAINT d_check1;",
    "CREATE TABLE t (a int, b int, c int); CREATE VIEW v AS SELECT x.c FROM t AS x WHERE b > 0;
     CREATE VIEW w AS SELECT b FROM t; CREATE VIEW z AS SELECT 1 AS one FROM w WHERE b IN (SELECT c FROM t);
     ALTER TABLE t DROP COLUMN c CASCADE;",
    "CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE); CREATE TABLE u (a int REFERENCES t (b), b int REFERENCES t);
     ALTER TABLE t DROP COLUMN b CASCADE; ALTER TABLE t DROP CONSTRAINT t_pkey CASCADE;",
    "CREATE TABLE t (a int CONSTRAINT positive CHECK (a > 0), b int CONSTRAINT single UNIQUE, CONSTRAINT named PRIMARY KEY (a, b));
     ALTER TABLE t RENAME TO u; ALTER INDEX single RENAME TO lonely;",
    "CREATE TABLE p (a int, b text) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY LIST (b);
     CREATE TABLE p11 PARTITION OF p1 DEFAULT; CREATE INDEX ON p (lower(b)); ALTER TABLE p ADD CHECK (a > 0);
     CREATE TABLE q (a int PRIMARY KEY); ALTER TABLE p ADD FOREIGN KEY (a) REFERENCES q; CREATE INDEX named ON p (a, b);",
    "CREATE TYPE mood AS ENUM ('calm'); CREATE TYPE pair AS (a int, b text); CREATE TABLE t (a int, b int); ALTER TYPE pair RENAME TO couple;
     CREATE TABLE pair (c int); CREATE TABLE u OF couple; DROP TYPE mood; CREATE TYPE mood AS ENUM ('glad', 'sad');",
    // Partitions have keys and indexes of their own.
    "CREATE TABLE p (a int PRIMARY KEY, b int NOT NULL, CHECK (b > 0)) PARTITION BY RANGE (a);
     CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9); CREATE INDEX ON p (b);
     CREATE TABLE p2 PARTITION OF p DEFAULT; CREATE TABLE p3 (a int NOT NULL, b int NOT NULL, CONSTRAINT p_b_check CHECK (b > 0));
     ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (9) TO (10); ALTER TABLE p ADD c text;
     ALTER TABLE p ADD UNIQUE (a, b); ALTER TABLE p DETACH PARTITION p1; ALTER TABLE p ADD d text;",
    "CREATE TABLE t (a int NOT NULL, CHECK (a > 0)); CREATE TABLE u (b int) INHERITS (t);
     ALTER TABLE t ADD c int, ADD CHECK (c > 0); ALTER TABLE t RENAME a TO d; ALTER TABLE t DROP c;
     ALTER TABLE u NO INHERIT t; ALTER TABLE t ADD e int;",
    "CREATE TABLE t (a int PRIMARY KEY DEFAULT 1, b int UNIQUE CHECK (b > 0)); CREATE INDEX ON t (lower(b::text));
     CREATE TABLE u (LIKE t INCLUDING DEFAULTS, x serial); CREATE TABLE v (LIKE t INCLUDING ALL);
     CREATE TABLE w (LIKE t INCLUDING ALL EXCLUDING INDEXES, c int);",
    "CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t; CREATE POLICY q ON t;
     ALTER POLICY p ON t RENAME TO r; DROP POLICY q ON t; ALTER TABLE t FORCE ROW LEVEL SECURITY;
     ALTER TABLE t DISABLE ROW LEVEL SECURITY;",
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (a int);
     CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
     CREATE TRIGGER y BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
     ALTER TRIGGER x ON t RENAME TO z; DROP TRIGGER y ON t;",
    "CREATE TABLE t (a varchar(9), b numeric(5, 2)[], c timestamptz(3), d int GENERATED BY DEFAULT AS IDENTITY);
     ALTER TABLE t ALTER a TYPE text, ALTER b SET NOT NULL, ALTER d DROP IDENTITY; ALTER TABLE t ALTER d DROP NOT NULL;
     CREATE TABLE IF NOT EXISTS t (z int); ALTER TABLE t ADD COLUMN IF NOT EXISTS a int;
     CREATE SEQUENCE s; CREATE SEQUENCE free; ALTER SEQUENCE s OWNED BY t.a; ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO t;
     ALTER TABLE IF EXISTS nothing ADD x int; DROP TABLE IF EXISTS nothing;",
    "CREATE TABLE t (a int, EXCLUDE USING btree (a WITH =)); ALTER TABLE t ADD EXCLUDE USING btree (a WITH =);
     CREATE MATERIALIZED VIEW m AS SELECT a FROM t; CREATE UNIQUE INDEX ON m (a); ALTER MATERIALIZED VIEW m RENAME TO n;",
    // Names that were freed and are used again, in quotes and without.
    r#"CREATE TABLE t (a serial PRIMARY KEY, b int CHECK (b > 0)); ALTER SEQUENCE t_a_seq RENAME TO s; DROP TABLE t;
       CREATE TABLE t (a serial PRIMARY KEY, b int CHECK (b > 0), "B" int); ALTER TABLE t RENAME b TO c; ALTER TABLE t RENAME "B" TO b;
       CREATE TABLE "T" ("A b" int UNIQUE, CHECK ("A b" > 1)); ALTER TABLE "T" RENAME TO "Say ""T"""; CREATE TABLE "T" (a int REFERENCES t);"#,
    "CREATE TABLE t (a int, b int CHECK (b > 0)); ALTER TABLE t RENAME CONSTRAINT t_b_check TO u_b_check;
     CREATE TABLE u (b int CHECK (b > 0)); ALTER TABLE u DROP CONSTRAINT u_b_check1; ALTER TABLE u ADD CHECK (b > 1);
     DROP TABLE t; ALTER TABLE u ADD CHECK (b > 2);",
    "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (a int REFERENCES t) PARTITION BY LIST (a);
     CREATE TABLE u1 PARTITION OF u DEFAULT; CREATE VIEW v AS SELECT a FROM u; CREATE VIEW w AS SELECT a FROM v;
     DROP TABLE t CASCADE; DROP VIEW v CASCADE;",
];

/// Rules must not report unknown or taken names in statements that the server accepts.
const ACCUSATIONS: [&str; 3] = [
    "duplicate-object",
    "foreign-key-without-unique-key",
    "unknown-object",
];

#[tokio::test]
async fn of_generated_names_and_of_what_is_dropped_with_an_object() -> Outcome {
    let database = shared().await?.database().await?;
    let mut wrong = Vec::new();
    for history in HISTORIES {
        let analysis = analyze(Module::in_memory("app", [("100_all.sql", history)]));
        let accused = analysis.findings.iter();
        let accused = accused.filter(|finding| ACCUSATIONS.contains(&finding.rule));
        wrong.extend(accused.map(|finding| format!("{history}\n{}", finding.message.what)));
        if let Err(error) = compare(&database, &analysis).await {
            wrong.push(format!("{history}\n{error}"));
        }
        let client = database.connect().await?;
        client.batch_execute("DROP SCHEMA app CASCADE").await?;
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
    Ok(())
}

/// Runs all files, and compares the model with the catalogs; returns how many facts there are.
async fn compare(database: &Database, analysis: &Analysis) -> Result<usize, Box<dyn Error>> {
    let schema = &analysis.module.schema;
    let client = database.connect().await?;
    client
        .batch_execute(&format!(
            "CREATE SCHEMA {schema}; SET search_path = {schema}"
        ))
        .await?;
    for source in &analysis.module.sources {
        for raw in split(&source.text).statements {
            let text = &source.text[raw.span];
            let run = client.batch_execute(text).await;
            run.map_err(|error| format!("{}: {text}: {:?}", source.name, error.as_db_error()))?;
        }
    }
    let mut theirs = BTreeSet::new();
    client.batch_execute("SET search_path = pg_catalog").await?;
    for catalog in CATALOGS {
        for row in client.query(catalog, &[schema]).await? {
            theirs.insert(row.get::<_, String>(0));
        }
    }
    let ours = ours(&analysis.schema);
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        one.difference(other).cloned().collect::<Vec<_>>()
    };
    if ours == theirs {
        return Ok(ours.len());
    }
    Err(format!(
        "only in the model:\n  {}\nonly on the server:\n  {}",
        only(&ours, &theirs).join("\n  "),
        only(&theirs, &ours).join("\n  ")
    )
    .into())
}

/// The model's facts.
fn ours(schema: &Schema) -> BTreeSet<String> {
    let mut facts: BTreeSet<String> = schema.relations().flat_map(of_relation).collect();
    for (name, sequence) in schema.sequences() {
        let owner = sequence.owner.and_then(|(table, column)| {
            let table = schema.relations().find(|relation| relation.id == table)?;
            Some((table.name.name.as_str(), table.name_of(column)?))
        });
        let (table, column) = owner.unwrap_or_default();
        facts.insert(format!("sequence {} of {table}.{column}", name.name));
    }
    for (name, known) in schema.types() {
        let labels = known.labels().iter().enumerate();
        facts.extend(labels.map(|(n, label)| format!("label {} {} {label}", name.name, n + 1)));
        if let onward_analyzer::schema::TypeKind::Domain(domain) = &known.kind {
            let names = domain
                .constraints
                .iter()
                .filter_map(|one| one.name.as_ref());
            facts.extend(names.map(|constraint| format!("domain {} {constraint}", name.name)));
        }
    }
    facts
}

fn of_relation(relation: &Relation) -> Vec<String> {
    let table = &relation.name.name;
    let short = |flag: bool| if flag { "t" } else { "f" };
    let (row_security, forced) = (relation.row_security, relation.forced_row_security);
    let kind = relation.kind;
    let mut facts = vec![format!(
        "{kind} {table} {} {}",
        short(row_security),
        short(forced)
    )];
    if kind == ObjectKind::Table {
        facts.extend(relation.columns.iter().map(|column| {
            let data_type = column.data_type.as_ref().map(ToString::to_string);
            let data_type = data_type.unwrap_or_default();
            let not_null = short(column.not_null);
            format!("column {table}.{} {data_type} {not_null}", column.name)
        }));
    }
    for constraint in &relation.constraints {
        let word = match constraint.kind {
            ConstraintKind::Check { .. } => "c",
            ConstraintKind::ForeignKey { .. } => "f",
            ConstraintKind::PrimaryKey => "p",
            ConstraintKind::Unique => "u",
            ConstraintKind::Exclude(_) => "x",
            ConstraintKind::NotNull => continue,
        };
        let valid = short(constraint.valid);
        facts.push(format!(
            "constraint {table}.{} {word} {valid}",
            constraint.name
        ));
    }
    let indexes = relation.indexes.iter();
    facts.extend(indexes.map(|one| format!("index {table}.{} {}", one.name, short(one.unique))));
    let policies = relation.policies.iter();
    facts.extend(policies.map(|one| format!("policy {table}.{}", one.name)));
    let triggers = relation.triggers.iter();
    facts.extend(triggers.map(|one| format!("trigger {table}.{}", one.name)));
    facts
}
