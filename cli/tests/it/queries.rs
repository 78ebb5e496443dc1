//! `onward queries`, and `onward check --against` the file that it writes.

use std::error::Error;

use crate::Outcome;
use crate::support::page::resembles;
use crate::support::{Folder, onward};

const ITEMS: &str = "CREATE TABLE shop.items (\n    id bigint PRIMARY KEY,\n    name text NOT NULL,\n    note text,\n    \
                     old text,\n    amount integer NOT NULL DEFAULT 0\n);\n";

const CODE: &str = r##"
onward::schema!(SHOP = "shop");

async fn names(client: &Client) -> Result<(), Error> {
    let rows = onward::query!(
        crate::SHOP,
        "SELECT name, note FROM shop.items WHERE id = $1",
        id,
    );
    rows.all(client).await?;
    query!(SHOP, r#"INSERT INTO shop.items (id, name) VALUES ($1, $2)"#, id, name).execute(client).await?;
    sqlx::query!("SELECT old FROM shop.items");
    Ok(())
}
"##;

/// A crate with its queries written, and one more migration.
async fn next(name: &str, sql: &str) -> Result<(Folder, String, Option<i32>), Box<dyn Error>> {
    let folder = Folder::new(&[("shop/001_items.sql", ITEMS), ("src/names.rs", CODE)])?;
    let written = folder
        .run(&["queries", ".", "-o", "onward.queries"])
        .await?;
    assert_eq!(
        written.out, "onward.queries: 2 queries\n",
        "{}",
        written.err
    );
    std::fs::write(folder.root().join("shop").join(name), sql)?;
    let ended = folder
        .run(&["check", "shop", "--against", "onward.queries"])
        .await?;
    Ok((folder, ended.out, ended.status))
}

#[tokio::test]
async fn the_queries_are_written_with_their_places_and_types() -> Outcome {
    let folder = Folder::new(&[("shop/001_items.sql", ITEMS), ("src/names.rs", CODE)])?;
    let ended = folder.run(&["queries", "."]).await?;
    let expected = concat!(
        r#"{"onward_queries":1}"#,
        "\n",
        r#"{"schema":"shop","at":"src/names.rs:11","sql":"INSERT INTO shop.items (id, name) VALUES ($1, $2)","parameters":["bigint","text"],"columns":[]}"#,
        "\n",
        r#"{"schema":"shop","at":"src/names.rs:7","sql":"SELECT name, note FROM shop.items WHERE id = $1","parameters":["bigint"],"columns":["name text","note text null"]}"#,
        "\n",
    );
    assert_eq!(ended.out, expected, "{}", ended.err);
    Ok(())
}

#[tokio::test]
async fn what_no_query_notices_may_go() -> Outcome {
    for sql in [
        "ALTER TABLE shop.items DROP COLUMN old;\n",
        "ALTER TABLE shop.items RENAME COLUMN old TO older;\n",
    ] {
        let (_folder, out, status) = next("002_next.sql", sql).await?;
        assert_eq!(status, Some(0), "{sql}{out}");
    }
    Ok(())
}

#[tokio::test]
async fn what_a_query_needs_is_refused_with_its_place() -> Outcome {
    for (sql, at, why) in [
        (
            "ALTER TABLE shop.items DROP COLUMN note;\n",
            "src/names.rs:7",
            "there is no column `note` here",
        ),
        (
            "ALTER TABLE shop.items RENAME COLUMN name TO title;\n",
            "src/names.rs:7",
            "there is no column `name` here",
        ),
        (
            "ALTER TABLE shop.items ADD COLUMN code text NOT NULL;\n",
            "src/names.rs:11",
            "shop.items.code is NOT NULL",
        ),
        (
            "ALTER TABLE shop.items ALTER COLUMN amount DROP DEFAULT;\n",
            "src/names.rs:11",
            "shop.items.amount is NOT NULL",
        ),
        (
            "ALTER TABLE shop.items ALTER COLUMN id TYPE integer;\n",
            "src/names.rs:7",
            "$1 was bigint and is integer then",
        ),
        (
            "ALTER TABLE shop.items ALTER COLUMN name DROP NOT NULL;\n",
            "src/names.rs:7",
            "its column was `name text` and is `name text null` then",
        ),
    ] {
        let (_folder, out, status) = next("002_next.sql", sql).await?;
        assert_eq!(status, Some(1), "{sql}{out}");
        assert!(out.contains("error[running-query]"), "{sql}{out}");
        assert!(out.contains(at) && out.contains(why), "{sql}{out}");
    }
    Ok(())
}

#[tokio::test]
async fn another_file_is_not_read_as_queries() -> Outcome {
    let folder = Folder::new(&[("shop/001_items.sql", ITEMS), ("onward.queries", "{}\n")])?;
    let ended = folder
        .run(&["check", "shop", "--against", "onward.queries"])
        .await?;
    assert_eq!(ended.status, Some(2));
    assert!(ended.err.contains("onward.queries line 1"), "{}", ended.err);
    Ok(())
}

/// The transcript in docs/types.md, of the example service.
#[tokio::test]
async fn the_queries_of_the_example_service_hold_its_next_migration() -> Outcome {
    let folder = Folder::new(&[("a/.keep", "")])?;
    let file = folder.root().join("onward.queries").display().to_string();
    let written = onward(&["queries", "services/authority", "-o", &file]).await?;
    let printed = written.with(0).out.replace(&file, "onward.queries");
    resembles("types.md", "onward queries services/authority", &printed);
    let module = "services/authority/migrations/evidence";
    let checked = onward(&["check", module, "--against", &file]).await?;
    resembles(
        "types.md",
        "onward check services/authority",
        &checked.with(0).out,
    );
    Ok(())
}
