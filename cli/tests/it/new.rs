//! `onward new`: the next number, a name that the build accepts, and no file when something is wrong.

use std::fs;

use crate::Outcome;
use crate::support::{Folder, command, onward, run};

#[tokio::test]
async fn each_kind_gets_its_next_number_and_a_head() -> Outcome {
    let folder = Folder::shop(&[
        ("003_a.sql", b"CREATE TABLE shop.a (id bigint PRIMARY KEY);"),
        ("notes.txt", b""),
    ])?;
    let path = folder.path();
    for (kind, file) in [
        (&[][..], "004_add_b.sql"),
        (&["--release"], "100_add_b.sql"),
        (&["--release"], "101_add_b.sql"),
        (&["--seed"], "S001_add_b.sql"),
        (&["--data"], "DM001_add_b.sql"),
        (&[], "005_add_b.sql"),
    ] {
        let ended = onward(&[&["new", &path, "add_b"], kind].concat()).await?;
        let created = format!("{path}/{file}");
        assert_eq!(ended.with(0).out.trim_end(), created);
        let text = fs::read_to_string(&created)?;
        assert!(text.starts_with("-- ") && text.ends_with("\n\n"), "{text}");
    }
    let json = onward(&["new", &path, "add_c.sql", "--format", "json"])
        .await?
        .with(0)
        .json()?;
    assert_eq!(json["version"], "006");
    assert_eq!(json["category"], "startup");
    Ok(())
}

/// The head is a comment, and no directive that nothing uses.
#[tokio::test]
async fn a_statement_behind_the_head_is_all_that_is_missing() -> Outcome {
    let folder = Folder::shop(&[(
        "001_a.sql",
        b"CREATE TABLE shop.a (id bigint PRIMARY KEY, note text);",
    )])?;
    let path = folder.path();
    for (kind, statement) in [
        (&[][..], "CREATE TABLE shop.b (id bigint PRIMARY KEY);"),
        (
            &["--release"],
            "-- onward: breaks code that names the column shop.a.note\nALTER TABLE shop.a DROP COLUMN note;",
        ),
        (
            &["--seed"],
            "INSERT INTO shop.a (id) VALUES (1) ON CONFLICT (id) DO NOTHING;",
        ),
        (
            &["--data"],
            "-- onward: batch 1000 by id\nUPDATE shop.a SET note = 'x' WHERE note IS NULL;",
        ),
    ] {
        let ended = onward(&[&["new", &path, "more"], kind].concat()).await?;
        let file = ended.with(0).out.trim_end().to_owned();
        let text = fs::read_to_string(&file)? + statement;
        fs::write(&file, text)?;
    }
    // The seed and the data migration would run behind the column's end, so they are judged without the release.
    fs::remove_file(format!("{path}/100_more.sql"))?;
    onward(&["check", &path, "--deny", "warnings"])
        .await?
        .with(0);
    Ok(())
}

#[tokio::test]
async fn a_bad_name_or_a_full_category_creates_nothing() -> Outcome {
    let folder = Folder::shop(&[("099_last.sql", b"")])?;
    let path = folder.path();
    for (name, kind, says) in [
        ("AddEmail", &[][..], "write `add_email`"),
        ("add email", &[], "write `add_email`"),
        ("../evil", &[], "is not the name of a migration"),
        ("007_add_email", &[], "is part of a file's name already"),
        (
            "add_email",
            &[],
            "no number is free for another startup migration",
        ),
        ("add_email", &["--seed", "--data"], "cannot be used with"),
    ] {
        let ended = onward(&[&["new", &path, name], kind].concat()).await?;
        ended.with(2).says(&[says]);
    }
    assert_eq!(fs::read_dir(&path)?.count(), 1);
    let nowhere = folder.root().join("no/such").display().to_string();
    onward(&["new", &nowhere, "a"])
        .await?
        .with(2)
        .says(&["create it first"]);
    // The first file of a module.
    let mut first = command(&["new", "crm", "people"]);
    first.current_dir(folder.root());
    assert_eq!(run(first).await?.with(0).out, "crm/001_people.sql\n");
    Ok(())
}
