//! How an operator names a database.

use std::io::Write as _;
use std::process::Stdio;

use onward_pg::{Database, database};

use crate::Outcome;
use crate::support::page::{block, steps};
use crate::support::{Ended, FOLDER, Folder, command, onward, run};

/// The variables that name a database.
fn variables(
    database: &Database,
) -> Result<Vec<(&'static str, String)>, Box<dyn std::error::Error>> {
    let config: tokio_postgres::Config = database.url().parse()?;
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let user = config.get_user().unwrap_or("postgres");
    let mut variables = vec![
        ("PGHOST", "127.0.0.1".to_owned()),
        ("PGPORT", port.to_string()),
        ("PGUSER", user.to_owned()),
        ("PGDATABASE", database.name().to_owned()),
    ];
    if let Some(password) = config.get_password() {
        variables.push(("PGPASSWORD", String::from_utf8(password.to_vec())?));
    }
    Ok(variables)
}

#[tokio::test]
async fn a_database_is_named_by_variables_by_a_file_or_on_standard_input() -> Outcome {
    let database = database().await?;
    let variables = variables(&database)?;
    let lines = variables
        .iter()
        .map(|(name, value)| format!("{name}={value}\n"));
    let lines: String = lines.collect();
    let folder = Folder::new(&[
        ("url", format!("{}\n", database.url())),
        (".env", format!("DATABASE_URL='{}'\n", database.url())),
        ("pg.env", lines),
    ])?;
    let path = |name: &str| folder.root().join(name).display().to_string();
    let words = format!("database {}", database.name());
    for arguments in [
        &["--url-file", &path("url")][..],
        &["--env-file", &path(".env")],
        &["--env-file", &path("pg.env")],
    ] {
        let ended = onward(&[&["status", FOLDER], arguments].concat()).await?;
        ended.with(1).says(&[&words]);
    }
    let mut by_variables = command(&["status", FOLDER]);
    by_variables.envs(variables.clone());
    run(by_variables).await?.with(1).says(&[&words]);
    let mut by_input = command(&["status", FOLDER, "--url-file", "-"]);
    let mut child = by_input.stdin(Stdio::piped()).spawn()?;
    if let Some(input) = child.stdin.take() {
        let mut input = input.into_owned_fd().map(std::fs::File::from)?;
        writeln!(input, "{}", database.url())?;
    }
    Ended::of(child.wait_with_output().await?)?
        .with(1)
        .says(&[&words]);
    let missing = onward(&["status", FOLDER, "--url-file", "no/such/file"]).await?;
    missing.with(2).says(&["`no/such/file` cannot be read"]);
    Ok(())
}

#[tokio::test]
async fn what_is_ignored_and_what_is_exposed_is_reported() -> Outcome {
    let url = "postgres://me:hush@127.0.0.1:1/db?schema=public";
    let exposed = onward(&["status", FOLDER, "--url", url]).await?;
    exposed.with(2).says(&[
        "note: `schema` is a parameter of another driver, and is ignored",
        "note: other users of this machine can read the password in the process list",
    ]);
    assert!(!exposed.err.contains("hush"), "{}", exposed.err);
    let mut hidden = command(&["status", FOLDER]);
    hidden.env("DATABASE_URL", url);
    let hidden = run(hidden).await?;
    assert!(
        !hidden.with(2).err.contains("process list"),
        "{}",
        hidden.err
    );
    let misspelt = onward(&["status", FOLDER, "--url", "postgres://h/db?sslmod=require"]).await?;
    misspelt.with(2).says(&["did you mean `sslmode`?"]);
    Ok(())
}

/// The transcripts in docs/connecting.md that need no server.
#[tokio::test]
async fn the_transcripts_in_the_docs_are_what_the_command_prints() -> Outcome {
    let mut count = 0;
    for step in steps("connecting.md")? {
        let arguments = step.command.replace("migrations/shop", FOLDER);
        let arguments: Vec<_> = { arguments.split(' ').skip(1) }
            .map(|argument| argument.trim_matches('\''))
            .collect();
        let ended = onward(&arguments).await?;
        assert_eq!(
            ended.err.trim_end(),
            step.printed.trim_end(),
            "{arguments:?}"
        );
        count += 1;
    }
    assert!(count >= 3, "{count} transcripts");
    Ok(())
}

/// Each line names what libpq would find by it.
#[test]
fn the_urls_of_the_page_are_read() -> Outcome {
    let lines = block(
        "connecting.md",
        "postgres://app@db.example/shop?sslmode=verify-full",
    );
    assert!(lines.lines().count() >= 5, "{lines}");
    for line in lines.lines() {
        let read = onward::Connector::from_url(line).map(drop);
        let read = read.map_err(|error| error.to_string());
        match line {
            "service=shop" => assert!(read.is_err_and(|error| error.contains("shop")), "{line}"),
            _ => assert_eq!(read, Ok(()), "{line}"),
        }
    }
    Ok(())
}
