//! A statement that fails: the error has its place, and nothing of its file is applied.

use onward::Error;
use onward_pg::database;

use crate::support::folder::Folder;
use crate::support::witness::{events, is_sound, rows};
use crate::{Outcome, applied, release, start};

/// The objects in the schema, apart from the ledger.
const OBJECTS: &str = "SELECT relname FROM pg_class
    WHERE relnamespace = to_regnamespace('shop') AND relname NOT LIKE 'schema_migration%'
    UNION ALL SELECT proname FROM pg_proc
    WHERE pronamespace = to_regnamespace('shop') AND proname NOT LIKE 'schema_migration%' ORDER BY 1";

/// Runs the shop with this file and expects it to fail at the place, with nothing left behind. Then runs
/// the corrected text, and expects that to go on from there.
async fn fails_at(
    name: &'static str,
    text: &str,
    place: &str,
    sqlstate: &str,
    statement: &str,
) -> Outcome {
    let broken = Folder::shop().with(name, text).plan()?;
    let corrected = match name.starts_with('S') {
        true => {
            "INSERT INTO shop.categories (code, title) VALUES ('pot', 'Pots') ON CONFLICT DO NOTHING;"
        }
        false => "CREATE TABLE shop.corrected (id bigint PRIMARY KEY);",
    };
    let corrected = Folder::shop().with(name, corrected).plan()?;
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&Folder::shop().plan()?, &mut client).await?;
    let (objects, lines) = (rows(&client, OBJECTS).await?, events(&client).await?);
    let is_release = name.starts_with('1');

    let refused = match is_release {
        true => release(&broken, &mut client).await,
        false => start(&broken, &mut client).await,
    };
    let error = refused.err().ok_or("it did not fail")?;
    let Error::Failed { failed, .. } = &error else {
        return Err(error.into());
    };
    assert_eq!(
        format!(
            "{}:{} {} {}",
            failed.name, failed.location, failed.sqlstate, failed.statement
        ),
        format!("{name}:{place} {sqlstate} {statement}")
    );
    assert_eq!(error.sqlstate(), Some(sqlstate));
    let text = error.to_string();
    let shown = format!(
        "{}/{name}:{place} failed [{sqlstate}] at `{statement}`",
        broken.folder()
    );
    assert!(text.contains(&shown), "{text}");

    assert_eq!(rows(&client, OBJECTS).await?, objects);
    let left: Vec<_> = events(&client).await?.split_off(lines.len());
    assert!(
        left.iter().all(|line| !line.starts_with("applied 005")),
        "{left:?}"
    );
    is_sound(&client).await?;

    let report = match is_release {
        true => release(&corrected, &mut client).await?,
        false => start(&corrected, &mut client).await?,
    };
    assert_eq!(applied(&report), [name]);
    is_sound(&client).await
}

#[tokio::test]
async fn a_syntax_error_is_placed_at_its_word() -> Outcome {
    fails_at(
        "005_next.sql",
        "CREATE TABLE shop.before (id bigint PRIMARY KEY);\n\
         \n\
         -- onward: allow unknown-statement because \"it is there to fail\"\n\
         -- Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.\n\
         \x20 CREATE TABEL shop.next (id bigint PRIMARY KEY);\n",
        "5:10",
        "42601",
        "CREATE TABEL shop.next (id bigint PRIMARY KEY)",
    )
    .await
}

#[tokio::test]
async fn an_unknown_column_is_placed_at_its_name() -> Outcome {
    fails_at(
        "005_next.sql",
        "CREATE TABLE shop.before (id bigint PRIMARY KEY);\n\
         CREATE VIEW shop.next AS\n    SELECT 'ä' AS umlaut,\n        nope FROM shop.products;\n",
        "4:9",
        "42703",
        "CREATE VIEW shop.next AS",
    )
    .await
}

#[tokio::test]
async fn a_place_counts_the_same_with_other_line_endings() -> Outcome {
    fails_at(
        "005_next.sql",
        "\u{feff}CREATE TABLE shop.before (id bigint PRIMARY KEY);\r\nCREATE VIEW shop.next AS\r\n    SELECT nope\r\n    FROM shop.products;\r\n",
        "3:12",
        "42703",
        "CREATE VIEW shop.next AS",
    )
    .await
}

#[tokio::test]
async fn a_failure_without_a_position_is_placed_at_its_statement() -> Outcome {
    fails_at(
        "S002_next.sql",
        "INSERT INTO shop.categories (code, title) VALUES ('pot', 'Pots') ON CONFLICT DO NOTHING;\n\
         -- The first line is fine.\n\
         INSERT INTO shop.categories (code, title)\n    VALUES ('pan', 'Pans'), ('lid', NULL) ON CONFLICT DO NOTHING;\n",
        "3:1",
        "23502",
        "INSERT INTO shop.categories (code, title)",
    )
    .await
}

#[tokio::test]
async fn a_second_statement_that_violates_a_unique_key_undoes_the_first() -> Outcome {
    fails_at(
        "005_next.sql",
        "CREATE TABLE shop.next (id int PRIMARY KEY);\nINSERT INTO shop.next VALUES (1), (1);\n",
        "2:1",
        "23505",
        "INSERT INTO shop.next VALUES (?), (?)",
    )
    .await
}

#[tokio::test]
async fn an_exception_in_a_function_is_placed_at_the_statement_that_called_it() -> Outcome {
    fails_at(
        "005_next.sql",
        "CREATE FUNCTION shop.fail() RETURNS void LANGUAGE plpgsql AS $$\n\
         BEGIN\n  RAISE EXCEPTION 'no' USING ERRCODE = 'XY123';\nEND\n$$;\n\
         DO $$ BEGIN\n  PERFORM shop.fail();\nEND $$;\n",
        "6:1",
        "XY123",
        "DO ?",
    )
    .await
}

#[tokio::test]
async fn an_error_inside_a_block_is_placed_at_the_block() -> Outcome {
    fails_at(
        "005_next.sql",
        "CREATE TABLE shop.next (id bigint PRIMARY KEY);\nDO $$ BEGIN\n\n  PERFORM nope FROM shop.next;\nEND $$;\n",
        "2:1",
        "42703",
        "DO ?",
    )
    .await
}

#[tokio::test]
async fn a_deferred_constraint_fails_its_own_file() -> Outcome {
    fails_at(
        "005_next.sql",
        "CREATE TABLE shop.next (\n  id bigint PRIMARY KEY REFERENCES shop.products DEFERRABLE INITIALLY DEFERRED\n);\n\
         INSERT INTO shop.next VALUES (1);\n",
        "1:1",
        "23503",
        "CREATE TABLE shop.next (",
    )
    .await
}

#[tokio::test]
async fn a_deferred_trigger_still_sees_the_schema_of_its_module() -> Outcome {
    let folder = Folder::shop().with(
        "005_next.sql",
        "-- onward: allow-file unqualified-name because \"what the search_path finds is the question\"
         CREATE TABLE next (id bigint PRIMARY KEY);
         CREATE FUNCTION count_categories() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN PERFORM count(*) FROM categories; RETURN NULL; END $$;
         CREATE CONSTRAINT TRIGGER deferred AFTER INSERT ON next DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW EXECUTE FUNCTION count_categories();
         INSERT INTO next VALUES (1);",
    );
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&folder.plan()?, &mut client).await?;
    assert_eq!(rows(&client, "TABLE shop.next").await?, ["1"]);
    is_sound(&client).await
}

#[tokio::test]
async fn an_index_on_an_unknown_column_is_placed_in_the_file_as_written() -> Outcome {
    fails_at(
        "005_next.sql",
        "-- Built under another name than the one that stands here.\n\
         CREATE INDEX CONCURRENTLY products_nope_idx\n    ON shop.products (lower(nope));\n",
        "3:29",
        "42703",
        "CREATE INDEX CONCURRENTLY products_nope_idx",
    )
    .await
}

#[tokio::test]
async fn a_failed_release_leaves_nothing_of_its_file() -> Outcome {
    fails_at(
        "101_next.sql",
        "ALTER TABLE shop.products DROP COLUMN slug;\nALTER TABLE shop.products DROP COLUMN nope;\n",
        "2:1",
        "42703",
        "ALTER TABLE shop.products DROP COLUMN nope",
    )
    .await
}

#[tokio::test]
async fn files_before_the_failed_one_stay_applied() -> Outcome {
    let folder = Folder::shop().with(
        "003_products_name_idx.sql",
        "CREATE VIEW shop.v AS SELECT nope;",
    );
    let database = database().await?;
    let mut client = database.connect().await?;
    let error = start(&folder.plan()?, &mut client)
        .await
        .err()
        .ok_or("it did not fail")?;
    let done: Vec<_> = error
        .progress()
        .applied
        .iter()
        .map(|one| one.name)
        .collect();
    assert_eq!(done, ["001_products.sql", "002_categories.sql"]);
    assert_eq!(events(&client).await?, ["applied 001 1", "applied 002 1"]);
    let report = start(&Folder::shop().plan()?, &mut client).await?;
    assert_eq!(applied(&report).len(), 3);
    is_sound(&client).await
}
