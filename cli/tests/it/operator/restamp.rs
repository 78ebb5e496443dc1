//! `onward restamp`: an edit that the server does not see.

use std::fs;

use onward_pg::database;

use super::{events, is_intact, masked, reason};
use crate::Outcome;
use crate::support::page::shows;
use crate::support::{Folder, onward_on};

const OLD: &[u8] = b"CREATE TABLE shop.users (id bigint PRIMARY KEY);\n";
const NEW: &[u8] = b"-- Who may log in.\nCREATE TABLE shop.users (\n  id bigint PRIMARY KEY\n);\n";

#[tokio::test]
async fn a_new_comment_is_accepted_and_both_texts_start() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let (old, new) = (
        Folder::shop(&[("001_users.sql", OLD)])?,
        Folder::shop(&[("001_users.sql", OLD)])?,
    );
    let git = |arguments: &[&str]| {
        let mut git = std::process::Command::new("git");
        let who = ["-c", "user.name=me", "-c", "user.email=me@example.com"];
        git.arg("-C")
            .arg(new.root())
            .args(who)
            .args(arguments)
            .output()
    };
    git(&["init", "-q"])?;
    git(&["add", "."])?;
    git(&["commit", "-q", "-m", "users"])?;
    let path = new.path();
    onward_on(&database, &["up", &path]).await?.with(0);
    let restamp = [
        "restamp",
        &path,
        "001",
        "--because",
        "say what the table is for",
    ];
    onward_on(&database, &restamp)
        .await?
        .with(1)
        .says(&["was not edited"]);

    fs::write(new.root().join("shop/001_users.sql"), NEW)?;
    onward_on(&database, &["up", &path])
        .await?
        .with(1)
        .says(&["was edited after it was applied", "onward restamp"]);
    let said = onward_on(&database, &restamp).await?;
    said.with(0);
    let printed = masked(&said, &new);
    shows(
        "operating.md",
        "onward restamp migrations/shop 001 --because ",
        &printed,
    );
    assert_eq!(events(&client).await?, ["applied 001", "restamped 001"]);
    assert_eq!(
        reason(&client).await?,
        "restamped: say what the table is for"
    );
    for folder in [&old, &new] {
        onward_on(&database, &["status", &folder.path()])
            .await?
            .with(0);
        onward_on(&database, &["up", &folder.path()])
            .await?
            .with(0)
            .says(&["nothing to apply"]);
        is_intact(&database, folder).await?;
    }
    Ok(())
}

#[tokio::test]
async fn anything_else_is_refused_with_the_difference() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let folder = Folder::shop(&[("001_users.sql", OLD)])?;
    let path = folder.path();
    onward_on(&database, &["up", &path]).await?.with(0);
    let was = folder.root().join("was.sql");
    fs::write(&was, OLD)?;
    let was = was.display().to_string();
    let file = folder.root().join("shop/001_users.sql");
    let restamp = ["restamp", &path, "001", "--because", "x"];
    fs::write(&file, "CREATE TABLE shop.users (id int PRIMARY KEY);\n")?;
    onward_on(&database, &restamp)
        .await?
        .with(1)
        .says(&["--was"]);
    let said = onward_on(&database, &[&restamp[..], &["--was", &was]].concat()).await?;
    said.with(1);
    let printed = masked(&said, &folder);
    shows(
        "operating.md",
        "onward restamp migrations/shop 001 --because x",
        &printed,
    );
    // The file is not the one that was applied.
    let itself = file.display().to_string();
    let other = [&restamp[..], &["--was", &itself, "--format", "json"]].concat();
    let other = onward_on(&database, &other).await?;
    let problem = other.with(1).json()?["problem"].to_string();
    assert!(problem.contains("is not that of"), "{problem}");
    assert_eq!(events(&client).await?, ["applied 001"]);
    is_intact(&database, &folder).await
}
