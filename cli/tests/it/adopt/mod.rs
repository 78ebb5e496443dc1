//! `onward adopt`: folders as other tools' users write them.

use std::fs;
use std::process::Command as Plain;

use crate::Outcome;
use crate::support::page::shows;
use crate::support::{Folder, command, onward_on, run};

mod databases;

type Files = &'static [(&'static str, &'static str)];

const USERS: &str = "CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL);\n";

/// A tool's folder, and its files afterwards: one part of each, and one that must not be there.
pub(crate) struct Case {
    tool: &'static str,
    before: Files,
    after: &'static [(&'static str, &'static str, &'static str)],
}

pub(crate) const CASES: &[Case] = &[
    Case {
        tool: "sqlx",
        before: &[
            (
                "20240102000000_orders.up.sql",
                "BEGIN;\nCREATE TABLE orders (id bigint PRIMARY KEY);\nCOMMIT;\n",
            ),
            ("20240102000000_orders.down.sql", "DROP TABLE orders;\n"),
            ("20240101000000_users.sql", USERS),
            (
                "20240103000000_index.sql",
                "-- no-transaction\nCREATE INDEX CONCURRENTLY orders_id ON orders (id);\n",
            ),
        ],
        after: &[
            ("001_users.sql", "CREATE TABLE users", "BEGIN"),
            ("002_orders.sql", "CREATE TABLE orders", "COMMIT"),
            (
                "003_index.sql",
                "CREATE INDEX CONCURRENTLY",
                "no-transaction",
            ),
        ],
    },
    Case {
        tool: "refinery",
        before: &[
            (
                "V2__Orders.sql",
                "CREATE TABLE orders (id bigint PRIMARY KEY);",
            ),
            ("V1__users.sql", USERS),
        ],
        after: &[
            ("001_users.sql", "users", "orders"),
            ("002_orders.sql", "orders", "users"),
        ],
    },
    Case {
        tool: "diesel",
        before: &[
            ("00000000000000_diesel_initial_setup/up.sql", "-- nothing\n"),
            (
                "00000000000000_diesel_initial_setup/down.sql",
                "-- nothing\n",
            ),
            ("2024-01-31-120000_users/up.sql", USERS),
            ("2024-01-31-120000_users/down.sql", "DROP TABLE users;"),
        ],
        after: &[("001_users.sql", "users", "DROP")],
    },
    Case {
        tool: "flyway",
        before: &[
            (
                "R__all_users.sql",
                "CREATE OR REPLACE VIEW all_users AS SELECT id FROM users;",
            ),
            ("V1.10__b.sql", "CREATE TABLE b (id bigint PRIMARY KEY);"),
            ("V1.9__a.sql", USERS),
            ("U1.9__a.sql", "DROP TABLE users;"),
        ],
        after: &[
            ("001_a.sql", "users", "DROP"),
            ("002_b.sql", "TABLE b", "users"),
            ("003_all_users.sql", "VIEW", "DROP"),
        ],
    },
    Case {
        tool: "goose",
        before: &[(
            "00001_users.sql",
            "-- +goose Up\n-- +goose StatementBegin\nCREATE TABLE users (id bigint PRIMARY KEY);\n-- +goose StatementEnd\n\n\
             -- +goose Down\nDROP TABLE users;\n",
        )],
        after: &[("001_users.sql", "CREATE TABLE users", "goose")],
    },
    Case {
        tool: "golang-migrate",
        before: &[
            ("000001_users.up.sql", USERS),
            ("000001_users.down.sql", "DROP TABLE users;"),
        ],
        after: &[("001_users.sql", "users", "DROP")],
    },
    Case {
        tool: "dbmate",
        before: &[(
            "20240101000000_users.sql",
            "-- migrate:up transaction:false\nCREATE TABLE users (id bigint PRIMARY KEY);\n-- migrate:down\nDROP TABLE users;\n",
        )],
        after: &[("001_users.sql", "CREATE TABLE users", "DROP")],
    },
    Case {
        tool: "ef-core",
        before: &[(
            "ef.sql",
            "CREATE TABLE IF NOT EXISTS \"__EFMigrationsHistory\" (\n    \"MigrationId\" text PRIMARY KEY);\n\n\
             START TRANSACTION;\n\nCREATE TABLE users (id bigint PRIMARY KEY);\n\n\
             INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\")\nVALUES ('20240101_Users', '8.0');\n\nCOMMIT;\n\n\
             START TRANSACTION;\n\nCREATE TABLE orders (id bigint PRIMARY KEY);\n\n\
             INSERT INTO \"__EFMigrationsHistory\" (\"MigrationId\", \"ProductVersion\")\nVALUES ('20240102_AddOrders', '8.0');\n\nCOMMIT;\n",
        )],
        after: &[
            ("001_users.sql", "CREATE TABLE users", "EFMigrations"),
            ("002_add_orders.sql", "CREATE TABLE orders", "TRANSACTION"),
        ],
    },
    Case {
        tool: "rails",
        before: &[(
            "structure.sql",
            "\\restrict x\nSET statement_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n\
             CREATE TABLE public.users (id bigint NOT NULL);\n\
             CREATE TABLE public.schema_migrations (version character varying NOT NULL);\n\
             ALTER TABLE ONLY public.schema_migrations ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);\n\
             SET search_path TO \"$user\", public;\nINSERT INTO \"schema_migrations\" (version) VALUES ('1');\n",
        )],
        after: &[("001_schema.sql", "public.users", "schema_migrations")],
    },
    Case {
        tool: "none",
        before: &[
            (
                "2-orders.sql",
                "CREATE TABLE orders (id bigint PRIMARY KEY);",
            ),
            ("1-users.sql", USERS),
            ("README.md", "x"),
        ],
        after: &[
            ("001_users.sql", "users", "orders"),
            ("002_orders.sql", "orders", "users"),
        ],
    },
];

fn git(folder: &Folder, arguments: &[&str]) -> Outcome {
    let identity = ["-c", "user.name=me", "-c", "user.email=me@example.org"];
    let mut git = Plain::new("git");
    git.current_dir(folder.root())
        .args(identity)
        .args(arguments);
    let output = git.output()?;
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    Ok(())
}

async fn adopt(
    folder: &Folder,
    tool: &str,
    more: &[&str],
) -> Result<crate::support::Ended, Box<dyn std::error::Error>> {
    let mut command = command(&[&["adopt", "app", "--from", tool], more].concat());
    command.current_dir(folder.root());
    run(command).await
}

fn of(files: Files) -> Result<Folder, Box<dyn std::error::Error>> {
    let paths: Vec<String> = files
        .iter()
        .map(|(path, _)| format!("app/{path}"))
        .collect();
    let files: Vec<_> = paths
        .iter()
        .zip(files)
        .map(|(path, (_, text))| (path.as_str(), *text))
        .collect();
    Folder::new(&files)
}

#[tokio::test]
async fn a_folder_of_each_tool_becomes_a_module_that_runs() -> Outcome {
    for case in CASES {
        let folder = of(case.before)?;
        adopt(&folder, case.tool, &[])
            .await?
            .with(0)
            .says(&["Nothing was changed", "--write"]);
        for (path, text) in case.before {
            let now = fs::read_to_string(folder.root().join("app").join(path))?;
            assert_eq!(now, *text, "{}: a dry run changes nothing", case.tool);
        }
        adopt(&folder, case.tool, &["--write"])
            .await?
            .with(0)
            .says(&["Done", ".before"]);
        for (file, part, without) in case.after {
            let text = fs::read_to_string(folder.root().join("app").join(file))?;
            assert!(
                text.contains(part) && !text.contains(without),
                "{} {file}: {text}",
                case.tool
            );
        }
        let module = folder.root().join("app").display().to_string();
        let files = fs::read_dir(&module)?.filter_map(Result::ok);
        let sql = files.filter(|file| file.file_name().to_string_lossy().ends_with(".sql"));
        assert_eq!(sql.count(), case.after.len(), "{}", case.tool);
        folder.check(&["app"]).await?.with(0);
        let database = onward_pg::database().await?;
        onward_on(&database, &["up", &module]).await?.with(0);
    }
    Ok(())
}

#[tokio::test]
async fn git_sees_moves_and_nothing_that_is_not_committed_is_touched() -> Outcome {
    let Some(case) = CASES.first() else {
        return Ok(());
    };
    let folder = of(case.before)?;
    git(&folder, &["init", "-q"])?;
    git(&folder, &["add", "."])?;
    adopt(&folder, case.tool, &["--write"])
        .await?
        .with(1)
        .says(&["not committed"]);
    git(&folder, &["commit", "-q", "-m", "before"])?;
    adopt(&folder, case.tool, &["--write"])
        .await?
        .with(0)
        .says(&["Done. Next"]);
    let mut status = Plain::new("git");
    let status = status
        .current_dir(folder.root())
        .args(["status", "--porcelain", "-z"])
        .output()?;
    let status = String::from_utf8(status.stdout)?;
    assert!(
        status.contains("app/001_users.sql\0app/20240101000000_users.sql"),
        "{status}"
    );
    assert!(
        status.contains("D  app/20240102000000_orders.down.sql"),
        "{status}"
    );
    assert!(!status.contains(".before"), "{status}");
    Ok(())
}

#[tokio::test]
async fn what_a_person_has_to_decide_stops_all_of_it() -> Outcome {
    for (tool, files, part) in [
        (
            "sqlx",
            &[("notes.sql", "SELECT 1;")][..],
            "there is no migration of sqlx",
        ),
        (
            "sqlx",
            &[("1_a.sql", "ROLLBACK;")],
            "1_a.sql: it rolls back",
        ),
        (
            "sqlx",
            &[("1_a.sql", USERS), ("01_b.sql", USERS)],
            "the same version as",
        ),
        (
            "refinery",
            &[("V1__a.rs", "fn main() {}"), ("V2__a.sql", USERS)],
            "written in Rust",
        ),
        ("goose", &[("1_a.go", "package main")], "written in Go"),
        (
            "goose",
            &[("1_a.sql", USERS)],
            "it has no line `-- +goose up`",
        ),
        (
            "goose",
            &[("1_a.sql", "-- +goose Up\n-- +goose ENVSUB ON\nSELECT 1;")],
            "from the environment",
        ),
        (
            "flyway",
            &[("V1__a.sql", "CREATE TABLE ${x} (id int);")],
            "placeholder",
        ),
        (
            "rails",
            &[("20240101_users.rb", "class X; end")],
            "structure.sql",
        ),
        (
            "ef-core",
            &[("readme.md", "")],
            "dotnet ef migrations script",
        ),
    ] {
        let folder = of(files)?;
        let ended = adopt(&folder, tool, &["--write"]).await?;
        ended.with(1).says(&[part, "Nothing was changed"]);
        for (path, text) in files {
            assert_eq!(
                &fs::read_to_string(folder.root().join("app").join(path))?,
                text
            );
        }
        let json = adopt(&folder, tool, &["--format", "json"]).await?;
        assert_eq!(json.with(1).json()?["written"], false);
    }
    let many: Vec<(String, &str)> = (1..=99)
        .map(|n| (format!("app/{n}_t.sql"), USERS))
        .collect();
    let many: Vec<(&str, &str)> = many
        .iter()
        .map(|(path, text)| (path.as_str(), *text))
        .collect();
    let folder = Folder::new(&many)?;
    adopt(&folder, "sqlx", &["--write"])
        .await?
        .with(1)
        .says(&["99 migrations", "pg_dump --schema-only"]);
    Ok(())
}

/// The transcript in docs/adopt.md, of the first case.
#[tokio::test]
async fn the_transcript_in_the_docs_is_what_the_command_prints() -> Outcome {
    let Some(case) = CASES.first() else {
        return Ok(());
    };
    let folder = of(case.before)?;
    let printed = adopt(&folder, case.tool, &[]).await?.out;
    shows("adopt.md", "onward adopt app --from sqlx", &printed);
    Ok(())
}
