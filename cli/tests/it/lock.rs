//! `onward lock`: which files there are, in version control.

use std::fs;

use crate::Outcome;
use crate::support::page::{resembles, shows};
use crate::support::{Folder, onward};

const USERS: (&str, &[u8]) = (
    "001_users.sql",
    b"CREATE TABLE shop.users (id bigint PRIMARY KEY);\n",
);

/// In a repository: `git` runs there, and this commits.
fn git(folder: &Folder, arguments: &[&str]) -> std::io::Result<std::process::Output> {
    let mut git = std::process::Command::new("git");
    let who = ["-c", "user.name=me", "-c", "user.email=me@example.com"];
    git.arg("-C").arg(folder.root()).args(who).args(arguments);
    git.output()
}

#[tokio::test]
async fn a_new_file_a_missing_one_and_an_edit_of_a_sealed_one_are_errors_of_the_build() -> Outcome {
    let folder = Folder::shop(&[USERS])?;
    let path = folder.path();
    let file = |name: &str| folder.root().join("shop").join(name);
    let written = onward(&["lock", &path]).await?;
    written.with(0);
    let printed = written.out.replace(&path, "migrations/shop");
    shows("lock.md", "onward lock migrations/shop", &printed);
    onward(&["lock", &path, "--check"])
        .await?
        .with(0)
        .says(&["up to date"]);
    folder.check(&["shop"]).await?.with(0);

    let second = "CREATE TABLE shop.orders (id bigint PRIMARY KEY);\n";
    fs::write(file("002_orders.sql"), second)?;
    folder
        .check(&["shop"])
        .await?
        .with(1)
        .says(&["lock-file-out-of-date", "onward lock"]);
    onward(&["lock", &path, "--check"]).await?.with(1);
    let sealed = onward(&["lock", &path, "--seal", "001"]).await?;
    sealed.with(0).says(&["2 files, 1 sealed"]);
    let printed = sealed.out.replace(&path, "migrations/shop");
    resembles("lock.md", "onward lock migrations/shop --seal", &printed);
    folder
        .check(&["shop"])
        .await?
        .with(0)
        .says(&["2 files, 0 errors"]);
    onward(&["renumber", &path, "001", "005"])
        .await?
        .with(1)
        .says(&["001_users.sql is sealed"]);

    // What is not sealed may be edited, and a seal stays when the file is written again.
    fs::write(file("002_orders.sql"), [second, "-- edited\n"].concat())?;
    folder.check(&["shop"]).await?.with(0);
    onward(&["lock", &path, "--check"]).await?.with(1);
    onward(&["lock", &path])
        .await?
        .with(0)
        .says(&["2 files, 1 sealed"]);

    let sealed = fs::read_to_string(file("onward.lock"))?;
    fs::write(
        file("001_users.sql"),
        "CREATE TABLE shop.users (id int PRIMARY KEY);\n",
    )?;
    folder
        .check(&["shop"])
        .await?
        .with(1)
        .says(&["sealed-file-changed", "restore the text"]);
    let refused = onward(&["lock", &path, "--format", "json"]).await?;
    assert_eq!(refused.with(1).json()?[0]["lock"], "refused");
    assert_eq!(fs::read_to_string(file("onward.lock"))?, sealed);

    // A seal that lies: the checksum was edited to fit.
    fs::write(file("001_users.sql"), USERS.1)?;
    let (before, after) = sealed.split_once("001_users.sql ").ok_or("a line")?;
    let lies = format!("{before}001_users.sql {}{}", "0".repeat(64), &after[64..]);
    fs::write(file("onward.lock"), lies)?;
    folder
        .check(&["shop"])
        .await?
        .with(1)
        .says(&["lock-file-damaged", "line 2"]);
    for (version, status) in [("003", 1), ("S001", 1), ("x", 2)] {
        onward(&["lock", &path, "--seal", version])
            .await?
            .with(status);
    }
    Ok(())
}

#[tokio::test]
async fn two_branches_that_add_a_file_conflict_in_git() -> Outcome {
    let folder = Folder::shop(&[USERS])?;
    let path = folder.path();
    let add = async |name: &str, table: &str| {
        let text = format!("CREATE TABLE shop.{table} (id bigint PRIMARY KEY);\n");
        fs::write(folder.root().join("shop").join(name), text)?;
        onward(&["lock", &path]).await?.with(0);
        git(&folder, &["add", "."])?;
        git(&folder, &["commit", "-q", "-m", name])?;
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    git(&folder, &["init", "-q", "-b", "main"])?;
    onward(&["lock", &path]).await?.with(0);
    git(&folder, &["add", "."])?;
    git(&folder, &["commit", "-q", "-m", "users"])?;
    git(&folder, &["checkout", "-q", "-b", "alice"])?;
    add("002_alice.sql", "alice").await?;
    git(&folder, &["checkout", "-q", "main"])?;
    // Another number.
    add("003_bob.sql", "bob").await?;
    let merged = git(&folder, &["merge", "-q", "alice"])?;
    assert!(!merged.status.success(), "it merged");
    let conflict = folder.check(&["shop"]).await?;
    conflict.with(1).says(&["lock-file-damaged"]);
    git(&folder, &["checkout", "--theirs", "shop/onward.lock"])?;
    onward(&["lock", &path]).await?.with(0);
    folder.check(&["shop"]).await?.with(0);
    Ok(())
}
