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
            &["no folder or file `no/such/folder`", "tried:"][..],
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

/// On standard output, in one shape, and the words also on standard error.
#[tokio::test]
async fn a_failure_is_a_json_object_where_json_is_asked_for() -> Outcome {
    let unread = Folder::shop(&[("1_a.sql", b"SELECT 1;")])?;
    let (unread, nowhere) = (unread.path(), "postgres://me:hush@127.0.0.1:1/db");
    let up = ["up", FOLDER, "--url", nowhere];
    for (arguments, kind) in [
        (&["check", "nowhere"][..], "file"),
        (&["plan", "nowhere"], "file"),
        (&["plan", &unread], "findings"),
        (&["parse", "nowhere.sql"], "file"),
        (&["explain", "drop-colum"], "arguments"),
        (&["rules", "--nope"], "arguments"),
        (&["status"], "arguments"),
        (&up[1..], "arguments"),
        (&up, "database"),
        (&["status", FOLDER, "--url", nowhere], "database"),
        (&["verify", FOLDER, "--url", nowhere], "database"),
        (&["release", FOLDER, "--url", nowhere], "database"),
        (&["release", &unread, "--url", nowhere], "findings"),
        (&["status", &unread, "--url", nowhere], "findings"),
    ] {
        for format in [&["--format", "json"][..], &["--format=json"]] {
            let ended = onward(&[arguments, format].concat()).await?;
            let json = ended.with(2).json()?;
            assert_eq!(json["kind"], kind, "{arguments:?}: {}", ended.out);
            assert_eq!(
                (&json["format_version"], &json["exit_status"]),
                (&1.into(), &2.into())
            );
            assert!(json["error"].is_string() && !ended.err.is_empty());
            assert!(
                json["because"].is_string() || kind != "database",
                "{}",
                ended.out
            );
            let reports = json["reports"].as_array().map_or(0, Vec::len);
            assert_eq!(reports > 0, kind == "findings", "{}", ended.out);
        }
    }
    Ok(())
}

/// The driver takes everything behind the first `@` for a host, and the first line shows the host.
#[tokio::test]
async fn a_url_that_leads_nowhere_is_explained_without_its_password() -> Outcome {
    for (url, part) in [
        ("postgres://me:hu@sh@127.0.0.1:1/db", "write `@` as %40"),
        ("postgres://me:hush@@127.0.0.1:1/db", "write `@` as %40"),
        ("", "the URL is empty"),
        (" ", "the URL is empty"),
        ("postgres:///db", "names no host"),
        ("dbname=db", "names no host"),
    ] {
        for verb in ["status", "up", "release", "verify"] {
            let ended = onward(&[verb, FOLDER, "--url", url]).await?;
            ended.with(2).says(&[part, "error: "]);
            assert!(
                !ended.err.contains("sh@") && !ended.err.contains("hush"),
                "{}",
                ended.err
            );
        }
    }
    let nowhere = onward(&[
        "status",
        FOLDER,
        "--url",
        "postgres://me@nowhere.invalid/db",
    ])
    .await?;
    nowhere.with(2).says(&[
        "cannot connect to the database on nowhere.invalid:5432, database db, role me: check the host",
        "because: failed to lookup",
    ]);
    Ok(())
}

#[tokio::test]
async fn what_applies_a_folder_does_not_take_a_file_for_it() -> Outcome {
    let folder = Folder::shop(&[("001_a.sql", b"CREATE TABLE shop.a (id bigint PRIMARY KEY);")])?;
    let file = format!("{}/001_a.sql", folder.path());
    for verb in ["up", "release"] {
        let ended = onward(&[verb, &file, "--url", "postgres://me@127.0.0.1:1/db"]).await?;
        ended
            .with(2)
            .says(&["is a file", "everything that is pending", &folder.path()]);
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
