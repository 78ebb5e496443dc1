//! `onward up`: a database of development, empty or not; and the line that says where a command works.

use onward_pg::database;

use crate::Outcome;
use crate::support::{FOLDER, Folder, MODULES, onward, onward_on};

#[tokio::test]
async fn all_modules_come_up_in_an_empty_database() -> Outcome {
    let database = database().await?;
    let up = [&["up", FOLDER][..], MODULES].concat();
    let first = onward_on(&database, &up).await?;
    first.with(0).says(&[
        "shop: applied 7 migrations",
        "100_drop_products_legacy_code.sql",
        "DM001_products_slug.sql",
        "auth: applied ",
        "vuln: applied ",
    ]);
    assert!(!first.out.contains("pending"), "{}", first.out);
    let status = [&["status", FOLDER][..], MODULES].concat();
    let status = onward_on(&database, &status).await?;
    status.with(0);
    assert!(!status.out.contains("pending"), "{}", status.out);

    let again = [&up[..], &["--format", "json"]].concat();
    let again = onward_on(&database, &again).await?.with(0).json()?;
    let modules = again.as_array().ok_or("it is no array")?;
    assert_eq!(modules.len(), MODULES.len() + 1);
    assert!(
        modules
            .iter()
            .all(|one| one["applied"] == serde_json::json!([]))
    );
    Ok(())
}

#[tokio::test]
async fn a_database_of_development_gets_what_is_pending() -> Outcome {
    let database = database().await?;
    let first = (
        "001_a.sql",
        &b"CREATE TABLE shop.a (id bigint PRIMARY KEY, note text);"[..],
    );
    let folder = Folder::shop(&[first])?;
    onward_on(&database, &["up", &folder.path()]).await?.with(0);
    let drop_note = (
        "100_drop_note.sql",
        &b"-- onward: breaks code that names the column shop.a.note\nALTER TABLE shop.a DROP COLUMN note;"[..],
    );
    let broken = (
        "101_b.sql",
        &b"-- onward: breaks all code\nDROP TABLE shop.nope;"[..],
    );
    let folder = Folder::shop(&[
        ("onward.toml", onward_tests::UNJUDGED.as_bytes()),
        first,
        drop_note,
        broken,
    ])?;
    let path = folder.path();
    onward_on(&database, &["up", &path])
        .await?
        .with(1)
        .says(&["101_b.sql:2:1 failed", "this run had applied 100"]);
    // What stands behind a module that failed is not tried.
    let both = ["up", &path, FOLDER, "--format", "json"];
    let both = onward_on(&database, &both).await?.with(1).json()?;
    assert_eq!(both.as_array().map(Vec::len), Some(1));
    assert!(both[0]["error"].is_string());
    Ok(())
}

/// The password is never printed, whatever the URL looks like, and JSON stays alone on standard output.
#[tokio::test]
async fn the_first_line_says_where_the_command_works() -> Outcome {
    for (url, line) in [
        (
            "postgres://me:hush@127.0.0.1:1/shop",
            "on 127.0.0.1:1, database shop, role me",
        ),
        (
            "postgres://me:hush@127.0.0.1:1",
            "on 127.0.0.1:1, database me (the URL names none, so it is the one named like the role), role me",
        ),
        (
            "host=127.0.0.1,127.0.0.2 port=1,2 user=me password=hush dbname=shop",
            "on 127.0.0.1:1 or 127.0.0.2:2, database shop, role me",
        ),
        (
            "postgres://me:hush@[::1]:1/shop",
            "on [::1]:1, database shop, role me",
        ),
        (
            "host=/nowhere port=1 user=me password=hush dbname=shop",
            "on socket /nowhere, port 1, database shop, role me",
        ),
    ] {
        for verb in ["status", "up", "release", "verify"] {
            let ended = onward(&[verb, FOLDER, "--url", url, "--format", "json"]).await?;
            ended.with(2);
            assert_eq!(ended.err.lines().next(), Some(line));
            assert!(!ended.err.contains("hush"), "{}", ended.err);
        }
    }
    let works_as = ["release", FOLDER, "--role", "owner", "--url"];
    let ended = onward(&[&works_as[..], &["postgres://me@127.0.0.1:1/shop"]].concat()).await?;
    assert!(
        ended
            .err
            .starts_with("on 127.0.0.1:1, database shop, role me, works as owner\n")
    );
    Ok(())
}
