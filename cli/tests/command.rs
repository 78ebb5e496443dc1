//! The `onward` command as a process, on a real PostgreSQL.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use onward::{Plan, Startup};
use onward_tests::postgres::{Database, database};
use serde_json::Value;
use tokio::process::Command;

static SHOP: Plan = onward::embed_migrations!("tests/fixtures/shop");

const FOLDER: &str = "tests/fixtures/shop";

type Outcome = Result<(), Box<dyn Error>>;

/// How a command ended.
struct Ended {
    status: Option<i32>,
    out: String,
    err: String,
}

/// Runs `onward` as somebody at the workspace root would.
async fn onward(arguments: &[&str]) -> Result<Ended, Box<dyn Error>> {
    run(command(arguments)).await
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_onward"));
    command
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null());
    command
}

async fn run(mut command: Command) -> Result<Ended, Box<dyn Error>> {
    let output = command.output().await?;
    Ok(Ended {
        status: output.status.code(),
        out: String::from_utf8(output.stdout)?,
        err: String::from_utf8(output.stderr)?,
    })
}

impl Ended {
    #[track_caller]
    fn with(&self, status: i32) -> &Ended {
        let Ended { out, err, .. } = self;
        assert_eq!(self.status, Some(status), "\n{out}\n{err}");
        self
    }

    #[track_caller]
    fn says(&self, parts: &[&str]) {
        for part in parts {
            let said = self.out.contains(part) || self.err.contains(part);
            assert!(said, "no `{part}` in\n{}\n{}", self.out, self.err);
        }
    }

    fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_str(&self.out)
    }
}

/// A module in a temporary folder, removed at the end of its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &[u8])]) -> Result<Folder, std::io::Error> {
        let root = std::env::temp_dir().join(format!("onward-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("shop"))?;
        for (file, text) in files {
            fs::write(root.join("shop").join(file), text)?;
        }
        Ok(Folder(root))
    }

    fn path(&self) -> String {
        self.0.join("shop").display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn count(database: &Database, what: &str) -> Result<i64, Box<dyn Error>> {
    let client = database.connect().await?;
    let sql = format!("SELECT count(*) FROM {what}");
    Ok(client.query_one(&sql, &[]).await?.get(0))
}

#[tokio::test]
async fn a_refused_start_is_cured_by_the_command_that_its_error_names() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let refused = Startup::new(&SHOP).run(&mut client).await.err();
    let text = refused.ok_or("the start was not refused")?.to_string();
    let (_, rest) = text.split_once('`').ok_or("there is no command")?;
    let (line, _) = rest.split_once('`').ok_or("the command has no end")?;
    let words: Vec<_> = line
        .split(' ')
        .map(|word| match word {
            "<url>" => database.url(),
            word => word,
        })
        .collect();
    assert_eq!(words[..3], ["onward", "release", FOLDER]);

    let released = onward(&words[1..]).await?;
    released
        .with(0)
        .says(&["applied 1 migration", "100_drop_products_legacy_code.sql"]);
    assert_eq!(released.err, "");
    let report = Startup::new(&SHOP).run(&mut client).await?;
    assert_eq!(report.applied(), []);
    onward(&words[1..])
        .await?
        .with(0)
        .says(&["nothing to apply"]);
    Ok(())
}

#[tokio::test]
async fn status_tells_people_what_is_applied_and_what_is_pending() -> Outcome {
    let database = database().await?;
    let status = ["status", FOLDER, "--url", database.url()];
    let fresh = onward(&status).await?;
    fresh
        .with(1)
        .says(&["shop, no ledger", "001_products.sql", "pending"]);
    assert_eq!(
        count(&database, "pg_namespace WHERE nspname = 'shop'").await?,
        0
    );

    let mut client = database.connect().await?;
    assert!(Startup::new(&SHOP).run(&mut client).await.is_err());
    let started = onward(&status).await?;
    started.with(1);
    let lines: Vec<_> = started.out.lines().map(str::trim).collect();
    let state = |name: &str| {
        let line = lines.iter().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_whitespace().nth(2))
    };
    assert_eq!(state("001_products.sql"), Some("applied"), "{lines:?}");
    assert_eq!(state("S001_categories.sql"), Some("applied"));
    assert_eq!(state("100_drop_products_legacy_code.sql"), Some("pending"));
    assert_eq!(state("DM001_products_slug.sql"), Some("pending"));

    onward(&["release", FOLDER, "--url", database.url()])
        .await?
        .with(0);
    // Data migrations run beside the service: to it the schema is current.
    onward(&status).await?.with(0);
    Ok(())
}

#[tokio::test]
async fn status_tells_machines_the_same_as_json() -> Outcome {
    let database = database().await?;
    let status = [
        "status",
        FOLDER,
        "migrations/auth",
        "--format",
        "json",
        "--url",
        database.url(),
    ];
    let fresh = onward(&status).await?;
    let fresh = fresh.with(1).json()?;
    assert_eq!(fresh[0]["ledger"], Value::Null);
    assert_eq!(fresh[1]["schema"], "auth");

    let release = [
        "release",
        FOLDER,
        "--format",
        "json",
        "--url",
        database.url(),
    ];
    let released = onward(&release).await?.with(0).json()?;
    assert_eq!(released["schema"], "shop");
    assert_eq!(released["applied"].as_array().map(Vec::len), Some(6));
    assert_eq!(released["applied"][5]["version"], "100");
    assert_eq!(released["pending_data"][0], "DM001_products_slug.sql");

    let both = onward(&status).await?.with(1).json()?;
    let shop = &both[0];
    assert_eq!(shop["current"], true);
    assert_eq!(both[1]["current"], false);
    assert_eq!(shop["ledger"], released["ledger"]);
    assert_eq!(shop["tampered"], Value::Null);
    assert_eq!(shop["drift"], Value::Array(Vec::new()));
    let one = &shop["migrations"][0];
    for (key, value) in [
        ("version", "001"),
        ("category", "startup"),
        ("name", "001_products.sql"),
        ("state", "applied"),
    ] {
        assert_eq!(one[key], value);
    }
    assert!(one["applied_at"].is_string() && one["applied_by"].is_string());
    assert!(one["duration_ms"].is_u64());
    Ok(())
}

#[tokio::test]
async fn drift_and_tampering_are_told_with_status_1() -> Outcome {
    let database = database().await?;
    onward(&["release", FOLDER, "--url", database.url()])
        .await?
        .with(0);
    let edited = Folder::new(
        "edited",
        &[("001_products.sql", b"CREATE TABLE shop.products (id int);")],
    )?;
    let folder = edited.path();
    for (arguments, parts) in [
        (["status", &folder], ["modified: 001_products.sql"; 1]),
        (["release", &folder], ["migrations were edited"; 1]),
    ] {
        let arguments = [&arguments[..], &["--url", database.url()]].concat();
        onward(&arguments).await?.with(1).says(&parts);
    }
    let json = [
        "release",
        &folder,
        "--format",
        "json",
        "--url",
        database.url(),
    ];
    let refused = onward(&json).await?.with(1).json()?;
    assert!(
        refused["error"]
            .as_str()
            .is_some_and(|text| text.contains("edited"))
    );
    assert_eq!(refused["applied"], Value::Array(Vec::new()));

    let client = database.connect().await?;
    client
        .batch_execute("UPDATE shop.schema_migration_head SET seq = 5")
        .await?;
    let status = ["status", FOLDER, "--url", database.url()];
    onward(&status)
        .await?
        .with(1)
        .says(&["tampered: the head row says line 5"]);
    Ok(())
}

#[tokio::test]
async fn a_statement_that_fails_is_told_with_its_place_and_why() -> Outcome {
    let database = database().await?;
    let broken = Folder::new(
        "broken",
        &[
            ("001_a.sql", b"CREATE TABLE shop.a (id int);"),
            (
                "100_b.sql",
                b"ALTER TABLE shop.a\n  ADD CONSTRAINT b CHECK (nope > 0) NOT VALID;\n",
            ),
        ],
    )?;
    let folder = broken.path();
    let release = ["release", &folder, "--url", database.url()];
    let failed = onward(&release).await?;
    failed.with(1).says(&[
        &format!("error: shop: {folder}/100_b.sql:"),
        "failed [42703]",
        "this run had applied 001",
        "because: PostgreSQL says: column \"nope\" does not exist (SQLSTATE 42703)",
    ]);
    let json = [&release[..], &["--format", "json"]].concat();
    let failed = onward(&json).await?.with(1).json()?;
    assert_eq!(failed["sqlstate"], "42703");
    Ok(())
}

#[tokio::test]
async fn what_gives_no_answer_ends_with_status_2() -> Outcome {
    let findings = Folder::new(
        "findings",
        &[
            ("001_a.sql", b"DROP TABLE shop.a;"),
            ("2_b.sql", b"SELECT 1;"),
        ],
    )?;
    let binary = Folder::new("binary", &[("001_a.sql", b"SELECT '\xff';")])?;
    let empty = Folder::new("empty", &[])?;
    // Nobody listens on port 1, and nothing below gets that far anyway, but for the last ones.
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
        for command in ["status", "release"] {
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
async fn a_closed_output_is_no_panic() -> Outcome {
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
