//! A program that has its plans prints what `onward` prints about their folders, and needs none of them.

use std::path::{Path, PathBuf};
use std::process::{Command as Blocking, Stdio};

use onward_pg::{Database, database};
use tokio::process::Command;

use crate::Outcome;
use crate::support::{Ended, FOLDER, onward_on};

const PEOPLE: &str = "tests/fixtures/people";

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

/// The example, which a run of one test binary alone has not built.
fn program() -> Answer<PathBuf> {
    let built = Blocking::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline", "-p", "onward-cli", "--example", "operator"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .status()?;
    assert!(built.success(), "cargo build --example operator failed");
    let command = Path::new(env!("CARGO_BIN_EXE_onward"));
    Ok(command.with_file_name("examples").join("operator"))
}

/// Runs it where no folder is.
async fn operator(arguments: &[&str]) -> Answer<Ended> {
    let mut command = Command::new(program()?);
    command
        .args(arguments)
        .current_dir("/")
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null());
    Ended::of(command.output().await?)
}

async fn operator_on(database: &Database, arguments: &[&str]) -> Answer<Ended> {
    operator(&[arguments, &["--url", database.url()]].concat()).await
}

#[tokio::test]
async fn its_verbs_say_what_those_of_folders_say() -> Outcome {
    let database = database().await?;
    let up = operator_on(&database, &["up"]).await?;
    up.with(0).says(&["shop: applied 7 migrations", "people: applied "]);
    for (verb, of_plans, of_folders) in [
        ("status", &["status"][..], &["status", FOLDER, PEOPLE][..]),
        ("status", &["status", "--module", "people"], &["status", PEOPLE]),
        ("status", &["status", "--format", "json"], &["status", FOLDER, PEOPLE, "--format", "json"]),
        ("verify", &["verify", "--module", "shop"], &["verify", FOLDER]),
        ("data", &["data", "list", "--module", "shop"], &["data", "list", FOLDER]),
        ("data", &["data", "show", "--module", "shop", "DM001"], &["data", "show", FOLDER, "DM001"]),
        ("roles", &["roles", "--module", "shop"], &["roles", FOLDER]),
    ] {
        let (ours, theirs) = match verb {
            "roles" => (operator(of_plans).await?, crate::support::onward(of_folders).await?),
            _ => (operator_on(&database, of_plans).await?, onward_on(&database, of_folders).await?),
        };
        assert_eq!(ours.status, theirs.status, "{of_plans:?}: {}", ours.err);
        assert_eq!(ours.out, theirs.out, "{of_plans:?}");
        assert_eq!(ours.err, theirs.err, "{of_plans:?}");
    }
    let plan = operator(&["plan"]).await?;
    assert_eq!(plan.with(0).out, crate::support::onward(&["plan", FOLDER, PEOPLE]).await?.out);
    let release = operator_on(&database, &["release", "--module", "shop"]).await?;
    release.with(0).says(&["shop: nothing to apply"]);
    Ok(())
}

#[tokio::test]
async fn it_says_which_modules_it_has_and_which_verbs_need_a_folder() -> Outcome {
    let unknown = operator(&["status", "--module", "shpo", "--url", "postgres://h/d"]).await?;
    unknown.with(2).says(&["shpo", "[possible values: shop, people]"]);
    let which = operator(&["release", "--url", "postgres://h/d"]).await?;
    which.with(2).says(&["--module <MODULE>"]);
    let check = operator(&["check", "--help"]).await?;
    check.with(0).says(&["Reads the files of a module, which this program does not have"]);
    operator(&["check"]).await?.with(2).says(&["<FOLDER>"]);
    let help = operator(&["--help"]).await?;
    help.with(0).says(&["Applies the migrations of this program", "operator"]);
    assert!(!help.out.contains("migrations/"), "{}", help.out);
    Ok(())
}
