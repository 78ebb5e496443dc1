//! `onward schema`: the result as one file. The SQL of the modules that people copy creates the same catalogs as they do.

use std::fs;

use onward_pg::database;

use crate::Outcome;
use crate::support::{FOLDER, Folder, MODULES, onward, onward_on};

/// The catalogs of a schema that was created by the one file are those that the migrations create.
#[tokio::test]
async fn the_sql_creates_what_the_migrations_create() -> Outcome {
    for module in [&[FOLDER], MODULES].concat() {
        let sql = onward(&["schema", module]).await?;
        let database = database().await?;
        let client = database.connect().await?;
        let created = client.batch_execute(&sql.with(0).out).await;
        created.map_err(|error| format!("{module}: {error:?}\n{}", sql.out))?;
        // The newest state of the folder fits, and nothing differs.
        let fits = onward_on(&database, &["baseline", module, "--format", "json"]).await?;
        let fits = fits.with(0).json()?;
        let newest = newest(module)?;
        assert_eq!(fits["through"].as_str(), Some(newest.as_str()), "{module}");
        database.close().await?;
    }
    Ok(())
}

/// The last startup or release migration of a folder.
fn newest(module: &str) -> Result<String, Box<dyn std::error::Error>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(module);
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(
            name.starts_with(|c: char| c.is_ascii_digit())
                .then_some(name),
        );
    }
    names.sort();
    Ok(names.pop().ok_or("no migration")?)
}

/// What the model folds, what it writes as it is, and what stands in another order than the files.
const KINDS: &[(&str, &[u8])] = &[
    ("onward.toml", onward_tests::UNJUDGED.as_bytes()),
    (
        "001_all.sql",
        b"CREATE TYPE shop.mood AS ENUM ('good');
CREATE DOMAIN shop.code AS text CHECK (VALUE <> '');
CREATE TYPE shop.pair AS (a int, b text);
CREATE SEQUENCE shop.numbers INCREMENT 5;
CREATE FUNCTION shop.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE RETURN n * 2;
CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TABLE shop.parents (id bigint GENERATED ALWAYS AS IDENTITY (START 10) PRIMARY KEY, \"Order\" text NOT NULL);
CREATE TABLE shop.children (
    id bigserial PRIMARY KEY,
    parent_id bigint NOT NULL REFERENCES shop.parents ON DELETE CASCADE,
    mood shop.mood NOT NULL DEFAULT 'good',
    code shop.code,
    pair shop.pair,
    number bigint DEFAULT nextval('shop.numbers'),
    twice int GENERATED ALWAYS AS (shop.twice(1)) STORED,
    gone text,
    price numeric(8, 2) CHECK (price >= 0),
    UNIQUE NULLS NOT DISTINCT (parent_id, code),
    CONSTRAINT later FOREIGN KEY (parent_id) REFERENCES shop.parents DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 70);
CREATE TABLE shop.days (day date NOT NULL, n int, PRIMARY KEY (day)) PARTITION BY RANGE (day);
CREATE TABLE shop.day_1 PARTITION OF shop.days FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE INDEX children_gone ON shop.children (gone);
CREATE UNIQUE INDEX parents_order ON shop.parents (lower(\"Order\")) INCLUDE (id) WHERE id > 0;
CREATE VIEW shop.names AS SELECT id, \"Order\" FROM shop.parents;
CREATE TRIGGER touch BEFORE UPDATE ON shop.parents FOR EACH ROW EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.parents ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON shop.parents FOR SELECT TO public USING (id > 0);
CREATE STATISTICS shop.both ON parent_id, code FROM shop.children;
REVOKE EXECUTE ON FUNCTION shop.twice FROM PUBLIC;
GRANT SELECT ON shop.parents TO PUBLIC;
COMMENT ON TABLE shop.parents IS 'first';
",
    ),
    (
        "002_more.sql",
        b"ALTER TYPE shop.mood ADD VALUE 'bad' BEFORE 'good';
CREATE TABLE shop.makers (id bigint PRIMARY KEY);
ALTER TABLE shop.children
    DROP COLUMN gone,
    ADD COLUMN maker_id bigint REFERENCES shop.makers,
    ALTER COLUMN price SET DEFAULT 1,
    ALTER COLUMN price TYPE numeric(10, 2),
    ALTER COLUMN code SET STATISTICS 200,
    ADD CONSTRAINT dear CHECK (price < 100) NOT VALID;
ALTER TABLE shop.days ADD COLUMN extra text DEFAULT 'x';
CREATE OR REPLACE VIEW shop.names AS SELECT id, \"Order\", id + 1 AS next FROM shop.parents;
CREATE OR REPLACE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := OLD.id; RETURN NEW; END $$;
ALTER FUNCTION shop.touch() SET search_path = pg_catalog;
ALTER POLICY own ON shop.parents USING (id > 1);
ALTER TABLE shop.parents FORCE ROW LEVEL SECURITY, DISABLE TRIGGER touch;
COMMENT ON TABLE shop.parents IS 'second';
CREATE TABLE shop.dead (id int);
CREATE VIEW shop.of_dead AS SELECT id FROM shop.dead;
DROP TABLE shop.dead CASCADE;
",
    ),
];

#[tokio::test]
async fn each_kind_of_object_is_created_as_the_files_leave_it() -> Outcome {
    let renamed: &[(&str, &[u8])] = &[("003_renamed.sql", b"ALTER TABLE shop.children RENAME TO kids;\nALTER TABLE shop.kids RENAME COLUMN price TO cost;\nDO $$ BEGIN ALTER TABLE shop.kids ADD CHECK (cost <> 7); END $$;\n")];
    for files in [KINDS.to_vec(), [KINDS, renamed].concat()] {
        let folder = Folder::shop(&files)?;
        let path = folder.path();
        let sql = onward(&["schema", &path]).await?;
        let database = database().await?;
        let client = database.connect().await?;
        let created = client.batch_execute(&sql.with(0).out).await;
        created.map_err(|error| format!("{error:?}\n{}", sql.out))?;
        let fits = onward_on(&database, &["baseline", &path]).await?;
        let last = files.last().map_or("", |(name, _)| name);
        fits.with(0).says(&[&format!("as {last} leaves it")]);
        database.close().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_checked_in_is_compared() -> Outcome {
    let folder = Folder::shop(&[(
        "001_a.sql",
        b"CREATE TABLE shop.a (id bigint PRIMARY KEY);\n",
    )])?;
    let path = folder.path();
    let file = folder.root().join("schema.sql");
    let shown = file.display().to_string();
    for format in ["sql", "diesel", "dbml"] {
        let printed = onward(&["schema", &path, "--format", format]).await?;
        fs::write(&file, &printed.with(0).out)?;
        let check = ["schema", &path, "--format", format, "--check", &shown];
        onward(&check)
            .await?
            .with(0)
            .says(&["is as the files leave the schema"]);
        fs::write(&file, printed.out.replace("id", "key"))?;
        let differs = onward(&check).await?;
        differs.with(1).says(&[
            "differs from the schema that the files leave",
            "Write it again: onward schema ",
        ]);
    }
    onward(&["schema", &path, "--check", "no/such/file"])
        .await?
        .with(2);
    onward(&["schema", "no/such/folder"]).await?.with(2);
    Ok(())
}

#[tokio::test]
async fn diesel_and_dbml_have_the_tables() -> Outcome {
    let folder = Folder::shop(KINDS)?;
    let path = folder.path();
    let diesel = onward(&["schema", &path, "--format", "diesel"]).await?;
    diesel.with(0).says(&[
        "postgres_type(name = \"mood\", schema = \"shop\")",
        "    shop.parents (id) {\n        id -> Int8,\n        Order -> Text,",
        "        mood -> Mood,\n",
        "        price -> Nullable<Numeric>,\n",
        "diesel::joinable!(children -> makers (maker_id));",
    ]);
    assert!(
        !diesel.out.contains("joinable!(children -> parents"),
        "two keys lead there"
    );
    let dbml = onward(&["schema", &path, "--format", "dbml"]).await?;
    dbml.with(0).says(&[
        "Enum shop.mood {\n  bad\n  good\n}",
        "Table shop.makers {\n  id bigint [pk, not null]\n",
        "shop.children.(maker_id) > shop.makers.(id)",
    ]);
    Ok(())
}
