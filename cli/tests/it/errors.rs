//! Errors of the command line: wrong folders, URLs and arguments; and the password, which is never printed.

use std::process::Stdio;

use onward_pg::database;

use crate::Outcome;
use crate::support::{FOLDER, Folder, command, onward, run};

#[tokio::test]
async fn what_gives_no_answer_ends_with_status_2() -> Outcome {
    let findings = Folder::shop(&[
        ("001_a.sql", b"CREATE TABLE shop.a (id bigint PRIMARY KEY);"),
        ("003_c.sql", b"DROP TABLE shop.a;"),
        ("2_b.sql", b"SELECT 1;"),
    ])?;
    let binary = Folder::shop(&[("001_a.sql", b"SELECT '\xff';")])?;
    let empty = Folder::shop(&[])?;
    // It accepts connections and never answers.
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let mute = listener.local_addr()?;
    let mute = format!("postgres://me:hush@{mute}/db?connect_timeout=1");
    // No server listens on port 1; most cases below end before they connect.
    let nowhere = "postgres://me:hush@127.0.0.1:1/db";
    let folders = [findings.path(), binary.path(), empty.path()];
    for (folder, url, parts) in [
        (
            "no/such/folder",
            nowhere,
            &["no folder `no/such/folder`", "tried:"][..],
        ),
        (
            &folders[0],
            nowhere,
            &[
                "error[drop-table]",
                "error[file-name]",
                "001_a.sql:1:",
                "003_c.sql:1:",
                "002_b.sql",
            ],
        ),
        (&folders[1], nowhere, &["001_a.sql", "UTF-8"]),
        (&folders[2], nowhere, &["shop"]),
        (
            FOLDER,
            nowhere,
            &["cannot connect to the database", "because: ", "refused"],
        ),
        (
            FOLDER,
            &mute,
            &["the database does not answer within 1s", "connect_timeout"],
        ),
        (
            FOLDER,
            "me:hush@nowhere",
            &["the URL cannot be read", "postgres://"],
        ),
        (
            FOLDER,
            "postgres://me:hush@[/db",
            &["the URL cannot be read"],
        ),
        (
            FOLDER,
            "host=127.0.0.1 port=1 user=me password=hush",
            &["cannot connect to the database"],
        ),
        (
            FOLDER,
            "host=127.0.0.1 port=hush password=hush",
            &["the URL cannot be read"],
        ),
    ] {
        for command in ["status", "release", "verify"] {
            for format in ["text", "json"] {
                let ended = onward(&[command, folder, "--format", format, "--url", url]).await?;
                ended.with(2).says(parts);
                let all = ended.out.clone() + &ended.err;
                assert!(!all.contains("hush") && !all.contains("panicked"), "{all}");
            }
        }
    }
    for wrong in [
        &[][..],
        &["status"],
        &["status", FOLDER],
        &["release", FOLDER],
        &["release", FOLDER, FOLDER, "--url", nowhere],
        &["status", FOLDER, "--url", nowhere, "--format", "xml"],
        &["down", FOLDER, "--url", nowhere],
    ] {
        let ended = onward(wrong).await?;
        ended.with(2).says(&["--help"]);
        assert!(!ended.err.contains("hush"), "{}", ended.err);
    }
    Ok(())
}

#[tokio::test]
async fn the_url_can_come_from_the_environment_and_is_never_printed() -> Outcome {
    let database = database().await?;
    for (arguments, status) in [
        (&["status", FOLDER][..], 1),
        (&["-vv", "release", FOLDER], 0),
        (&["status", FOLDER], 0),
        (&["status", "--help"], 0),
        (&["status", "no/such/folder"], 2),
    ] {
        let mut command = command(arguments);
        // A password that a server without passwords never asks for.
        let url = match database.url().split_once("://") {
            Some((scheme, rest)) if !rest.contains(":hush@") => match rest.split_once('@') {
                Some((user, host)) if !user.contains(':') => {
                    format!("{scheme}://{user}:hush@{host}")
                }
                _ => database.url().to_owned(),
            },
            _ => database.url().to_owned(),
        };
        command.env("DATABASE_URL", url);
        let ended = run(command).await?;
        ended.with(status);
        let all = ended.out.clone() + &ended.err;
        assert!(!all.contains("hush"), "{all}");
    }
    Ok(())
}

#[tokio::test]
async fn a_closed_output_does_not_panic() -> Outcome {
    let database = database().await?;
    let mut command = command(&["status", FOLDER, "--url", database.url()]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    drop(child.stdout.take());
    let output = child.wait_with_output().await?;
    let err = String::from_utf8(output.stderr)?;
    assert!(!err.contains("panicked"), "{err}");
    Ok(())
}
