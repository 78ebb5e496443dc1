//! A program that has its plans prints what `onward` prints about their folders, and needs none of them.

use std::process::Stdio;

use clap::Parser as _;
use onward_pg::{Database, database};
use tokio::process::Command;

use crate::Outcome;

const SHOP: &str = "tests/fixtures/shop";
const PEOPLE: &str = "tests/fixtures/people";

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

/// Exit status, standard output and standard error.
type Ended = (Option<i32>, String, String);

/// Runs it where no folder is.
async fn operator(arguments: &[&str]) -> Answer<Ended> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onward-operator"));
    command
        .args(arguments)
        .current_dir("/")
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null());
    let output = command.output().await?;
    let (out, err) = (
        String::from_utf8(output.stdout)?,
        String::from_utf8(output.stderr)?,
    );
    Ok((output.status.code(), out, err))
}

async fn operator_on(database: &Database, arguments: &[&str]) -> Answer<Ended> {
    operator(&[arguments, &["--url", database.url()]].concat()).await
}

/// What `onward` does with folders, at the root of the workspace or below it.
async fn onward(arguments: &[&str]) -> Answer<Ended> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = onward_cli::Args::try_parse_from([&["onward"], arguments].concat())?;
    let outcome = onward_cli::run(&args, &mut out, &mut err).await?;
    let status = Some(i32::from(outcome.code()));
    Ok((status, String::from_utf8(out)?, String::from_utf8(err)?))
}

#[track_caller]
fn says((status, out, err): &Ended, wanted: i32, parts: &[&str]) {
    assert_eq!(*status, Some(wanted), "\n{out}\n{err}");
    for part in parts {
        assert!(
            out.contains(part) || err.contains(part),
            "no `{part}` in\n{out}\n{err}"
        );
    }
}

#[tokio::test]
async fn its_verbs_say_what_those_of_folders_say() -> Outcome {
    let database = database().await?;
    let up = operator_on(&database, &["up"]).await?;
    says(&up, 0, &["shop: applied 7 migrations", "people: applied "]);
    let on = ["--url", database.url()];
    for (of_plans, of_folders) in [
        (&["status"][..], &["status", SHOP, PEOPLE][..]),
        (&["status", "--module", "people"], &["status", PEOPLE]),
        (
            &["status", "--format", "json"],
            &["status", SHOP, PEOPLE, "--format", "json"],
        ),
        (&["verify", "--module", "shop"], &["verify", SHOP]),
        (
            &["data", "list", "--module", "shop"],
            &["data", "list", SHOP],
        ),
        (
            &["data", "show", "--module", "shop", "DM001"],
            &["data", "show", SHOP, "DM001"],
        ),
    ] {
        let ours = operator(&[of_plans, &on].concat()).await?;
        // The process list shows the password of the one that has a process.
        let note = ours
            .2
            .lines()
            .find(|line| line.starts_with("note: other users"))
            .map(|line| format!("{line}\n"));
        let err = ours.2.replace(&note.unwrap_or_default(), "");
        let theirs = onward(&[of_folders, &on].concat()).await?;
        assert_eq!((ours.0, ours.1, err), theirs, "{of_plans:?}");
    }
    for (of_plans, of_folders) in [
        (&["plan"][..], &["plan", SHOP, PEOPLE][..]),
        (&["roles", "--module", "shop"], &["roles", SHOP]),
        (&["explain", "drop-column"], &["explain", "drop-column"]),
    ] {
        assert_eq!(
            operator(of_plans).await?,
            onward(of_folders).await?,
            "{of_plans:?}"
        );
    }
    let release = operator_on(&database, &["release", "--module", "shop"]).await?;
    says(&release, 0, &["shop: nothing to apply"]);
    Ok(())
}

#[tokio::test]
async fn it_says_which_modules_it_has_and_which_verbs_need_a_folder() -> Outcome {
    let unknown = operator(&["status", "--module", "shpo", "--url", "postgres://h/d"]).await?;
    says(&unknown, 2, &["shpo", "[possible values: shop, people]"]);
    let which = operator(&["release", "--url", "postgres://h/d"]).await?;
    says(&which, 2, &["--module <MODULE>"]);
    let check = operator(&["check", "--help"]).await?;
    says(
        &check,
        0,
        &["Reads the files of a module, which this program does not have"],
    );
    says(&operator(&["check"]).await?, 2, &["<FOLDER>"]);
    let help = operator(&["--help"]).await?;
    says(
        &help,
        0,
        &["Applies the migrations of this program", "onward-operator"],
    );
    assert!(!help.1.contains("migrations/"), "{}", help.1);
    Ok(())
}
