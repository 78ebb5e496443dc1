//! Each tool migrates a database with its own crate, and `onward adopt` takes the folder and the database over.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser as _;
use onward_pg::{Database, database};

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// As people write them, under a name without a number.
const FILES: &[(&str, &str)] = &[
    (
        "organizations",
        "CREATE TABLE organizations (id bigserial PRIMARY KEY, name text NOT NULL);\n",
    ),
    (
        "users",
        "CREATE TABLE users (\n  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n  organization_id bigint REFERENCES organizations,\n  email varchar(320) UNIQUE\n);\n",
    ),
    (
        "user_names",
        "ALTER TABLE users ADD COLUMN name text DEFAULT '';\nALTER TABLE users ALTER COLUMN email SET NOT NULL;\n",
    ),
    (
        "mood",
        "CREATE TYPE mood AS ENUM ('good', 'bad');\nALTER TABLE users ADD COLUMN mood mood;\n",
    ),
    (
        "active",
        "create view active as select id, email from users where mood = 'good';\n",
    ),
    (
        "touch",
        "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN NEW;\nEND\n$$;\nCREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();\n",
    ),
    (
        "rows",
        "INSERT INTO organizations (name) VALUES ('first');\r\n",
    ),
    (
        "index",
        "CREATE INDEX users_organization ON users (organization_id);\n",
    ),
];

/// A folder that ends with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(tool: &str, name: impl Fn(usize, &str) -> String) -> std::io::Result<Self> {
        let folder =
            Self(std::env::temp_dir().join(format!("onward-movers-{}-{tool}", std::process::id())));
        for (n, (title, text)) in FILES.iter().enumerate() {
            let path = folder.0.join(name(n + 1, title));
            fs::create_dir_all(path.parent().unwrap_or(&folder.0))?;
            fs::write(path, text)?;
        }
        Ok(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn onward(arguments: &[&str]) -> Result<(u8, String), Box<dyn Error + Send + Sync>> {
    let args = onward_cli::Args::try_parse_from([&["onward"], arguments].concat())?;
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = onward_cli::run(&args, &mut out, &mut err).await?;
    let said = [String::from_utf8(out)?, String::from_utf8(err)?].concat();
    Ok((outcome.code(), said))
}

/// Files first, then the database; and then nothing is pending and nothing differs.
async fn take_over(tool: &str, folder: &Path, database: &Database, compared: usize) -> Outcome {
    let path = folder.display().to_string();
    let url = ["--url", database.url()];
    let files = onward(&["adopt", &path, "--from", tool, "--write"]).await?;
    assert_eq!(files.0, 0, "{}", files.1);
    let taken = onward(&[&["adopt", &path, "--write"][..], &url].concat()).await?;
    assert_eq!(taken.0, 0, "{}", taken.1);
    let proof = format!("{} applied, {compared} checksums equal", FILES.len());
    assert!(taken.1.contains(&proof), "{}", taken.1);
    for verb in [&["status", &path][..], &["verify", "--schema", &path]] {
        let answer = onward(&[verb, &url].concat()).await?;
        assert_eq!(answer.0, 0, "{}", answer.1);
    }
    Ok(())
}

#[tokio::test]
async fn sqlx() -> Outcome {
    let folder = Folder::new("sqlx", |n, title| format!("2024010100000{n}_{title}.sql"))?;
    let database = database().await?;
    let pool = sqlx::PgPool::connect(database.url()).await?;
    let migrator = sqlx::migrate::Migrator::new(folder.0.as_path()).await?;
    migrator.run(&pool).await?;
    pool.close().await;
    take_over("sqlx", &folder.0, &database, FILES.len()).await
}

#[tokio::test]
async fn refinery() -> Outcome {
    let folder = Folder::new("refinery", |n, title| format!("V{n}__{title}.sql"))?;
    let database = database().await?;
    let mut client = database.connect().await?;
    let migrations = refinery::load_sql_migrations(&folder.0)?;
    refinery::Runner::new(&migrations)
        .run_async(&mut client)
        .await?;
    take_over("refinery", &folder.0, &database, FILES.len()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn diesel() -> Outcome {
    use diesel::Connection as _;
    use diesel_migrations::MigrationHarness as _;
    let folder = Folder::new("diesel", |n, title| {
        format!("2024-01-0{n}-120000_{title}/up.sql")
    })?;
    let database = database().await?;
    let (path, url) = (folder.0.clone(), database.url().to_owned());
    tokio::task::spawn_blocking(move || -> Outcome {
        let migrations = diesel_migrations::FileBasedMigrations::from_path(path)?;
        let mut connection = diesel::PgConnection::establish(&url)?;
        connection.run_pending_migrations(migrations)?;
        Ok(())
    })
    .await??;
    take_over("diesel", &folder.0, &database, 0).await
}
