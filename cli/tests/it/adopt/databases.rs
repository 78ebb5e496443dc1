//! The second half of `onward adopt`: databases as the tools leave them, by the tables that they document.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};

use onward_pg::{Database, database};
use tokio_postgres::Client;

use super::{CASES, Case, adopt, of};
use crate::Outcome;
use crate::support::page::shows;
use crate::support::{Ended, Folder, command, onward_on, run};

/// What each tool has in a database that has all of its case.
const TABLES: &[(&str, &str)] = &[
    (
        "sqlx",
        "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, installed_on timestamptz NOT NULL
           DEFAULT now(), success boolean NOT NULL, checksum bytea NOT NULL, execution_time bigint NOT NULL)",
    ),
    (
        "refinery",
        "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name varchar(255), applied_on varchar(255),
           checksum varchar(255))",
    ),
    (
        "diesel",
        "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY, run_on timestamp NOT NULL DEFAULT now());
         INSERT INTO __diesel_schema_migrations VALUES ('00000000000000'), ('20240131120000')",
    ),
    (
        "flyway",
        "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description varchar(200) NOT NULL,
           type varchar(20) NOT NULL, script varchar(1000) NOT NULL, checksum int, installed_by varchar(100) NOT NULL,
           installed_on timestamp NOT NULL DEFAULT now(), execution_time int NOT NULL, success boolean NOT NULL);
         INSERT INTO flyway_schema_history VALUES
           (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '\"public\"', NULL, 'me', now(), 0, true),
           (1, '1.9', 'a', 'SQL', 'V1.9__a.sql', -520108000, 'me', now(), 1, true),
           (2, '1.10', 'b', 'SQL', 'V1.10__b.sql', -1393618182, 'me', now(), 1, true),
           (3, NULL, 'all users', 'SQL', 'R__all_users.sql', 1200440299, 'me', now(), 1, true)",
    ),
    (
        "goose",
        "CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, is_applied boolean NOT NULL,
           tstamp timestamp DEFAULT now());
         INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, true), (1, true), (1, false), (1, true)",
    ),
    (
        "golang-migrate",
        "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
         INSERT INTO schema_migrations VALUES (1, false)",
    ),
    (
        "dbmate",
        "CREATE TABLE schema_migrations (version varchar PRIMARY KEY);
         INSERT INTO schema_migrations VALUES ('20240101000000')",
    ),
    (
        "ef-core",
        "CREATE TABLE \"__EFMigrationsHistory\" (\"MigrationId\" varchar(150) PRIMARY KEY, \"ProductVersion\" varchar(32) NOT NULL);
         INSERT INTO \"__EFMigrationsHistory\" VALUES ('20240101_Users', '8.0'), ('20240102_AddOrders', '8.0')",
    ),
];

/// A database as the tool leaves it, and its folder after the first half.
async fn moved_in(
    case: &Case,
    table: &str,
) -> Result<(Folder, Database, Client), Box<dyn std::error::Error>> {
    let folder = of(case.before)?;
    adopt(&folder, case.tool, &["--write"]).await?.with(0);
    let database = database().await?;
    let client = database.connect().await?;
    for (file, _, _) in case.after {
        let sql = fs::read_to_string(folder.root().join("app").join(file))?;
        client.batch_execute(&sql).await?;
    }
    client.batch_execute(table).await?;
    if case.tool == "sqlx" {
        for (file, text) in case
            .before
            .iter()
            .filter(|(file, _)| !file.contains(".down."))
        {
            let (version, title) = file.split_once('_').unwrap_or((file, ""));
            let version: i64 = version.parse()?;
            let row = "INSERT INTO _sqlx_migrations VALUES ($1, $2, now(), true, sha384(convert_to($3, 'UTF8')), 1)";
            client.execute(row, &[&version, &title, text]).await?;
        }
    }
    if case.tool == "refinery" {
        for (file, text) in case.before {
            let (version, name) = file.split_once("__").unwrap_or((file, ""));
            let version: i32 = version.trim_start_matches('V').parse()?;
            let name = name.trim_end_matches(".sql");
            let checksum = refinery(name, version, text);
            let row = "INSERT INTO refinery_schema_history VALUES ($1, $2, '2024', $3)";
            client.execute(row, &[&version, &name, &checksum]).await?;
        }
    }
    Ok((folder, database, client))
}

/// As refinery computed it before it had a hasher of its own, which is the same one.
fn refinery(name: &str, version: i32, text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    version.hash(&mut hasher);
    text.hash(&mut hasher);
    hasher.finish().to_string()
}

async fn take(
    folder: &Folder,
    database: &Database,
    more: &[&str],
) -> Result<Ended, Box<dyn std::error::Error>> {
    let mut command = command(&[&["adopt", "app", "--url", database.url()], more].concat());
    command.current_dir(folder.root());
    run(command).await
}

#[tokio::test]
async fn what_a_tool_has_applied_is_in_the_ledger_and_its_table_stays() -> Outcome {
    for (tool, table) in TABLES {
        let Some(case) = CASES.iter().find(|case| case.tool == *tool) else {
            return Err("every tool has a case".into());
        };
        let (folder, database, client) = moved_in(case, table).await?;
        let mut more = vec![];
        if *tool == "goose" {
            // It lets its users name the table.
            client
                .batch_execute("ALTER TABLE goose_db_version RENAME TO versions")
                .await?;
            more.extend(["--history", "versions"]);
        }
        let dry = take(&folder, &database, &more).await?;
        dry.with(0).says(&[
            "Nothing was changed",
            case.after.last().map_or("", |(file, ..)| file),
        ]);
        assert!(
            client
                .query_one("SELECT 1 FROM schema_migration_log", &[])
                .await
                .is_err()
        );
        more.push("--write");
        take(&folder, &database, &more)
            .await?
            .with(0)
            .says(&["The ledger is created"]);
        let module = folder.root().join("app").display().to_string();
        onward_on(&database, &["status", &module]).await?.with(0);
        onward_on(&database, &["verify", &module]).await?.with(0);
        onward_on(&database, &["up", &module])
            .await?
            .with(0)
            .says(&["nothing to apply"]);
        let line = client
            .query_one(
                "SELECT event, build FROM schema_migration_log ORDER BY seq LIMIT 1",
                &[],
            )
            .await?;
        let (event, build): (String, String) = (line.get(0), line.get(1));
        assert!(
            event == "adopted" && build.starts_with("adopted from "),
            "{event} {build}"
        );
        // The next migration runs as any other.
        let next = format!("{:03}_next.sql", case.after.len() + 1);
        fs::write(
            folder.root().join("app").join(next),
            "CREATE TABLE public.next (id bigint PRIMARY KEY);\n",
        )?;
        onward_on(&database, &["up", &module])
            .await?
            .with(0)
            .says(&["applied 1 migration"]);
        take(&folder, &database, &more)
            .await?
            .with(1)
            .says(&["has a ledger already"]);
    }
    Ok(())
}

#[tokio::test]
async fn a_history_that_does_not_fit_is_refused_and_nothing_is_written() -> Outcome {
    let (Some(case), Some((_, table))) = (CASES.first(), TABLES.first()) else {
        return Ok(());
    };
    for (change, part) in [
        (
            "UPDATE _sqlx_migrations SET success = false WHERE version = 20240103000000",
            "marked as dirty",
        ),
        (
            "UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 20240101000000",
            "001_users.sql was edited",
        ),
        (
            "DELETE FROM _sqlx_migrations WHERE version = 20240102000000",
            "002_orders.sql was not applied",
        ),
        (
            "INSERT INTO _sqlx_migrations VALUES (9, 'x', now(), true, '', 1)",
            "9 was applied, and there is no file",
        ),
        ("DELETE FROM _sqlx_migrations", "has applied nothing"),
        ("DROP TABLE _sqlx_migrations", "cannot be read"),
    ] {
        let (folder, database, client) = moved_in(case, table).await?;
        client.batch_execute(change).await?;
        take(&folder, &database, &["--write"])
            .await?
            .with(1)
            .says(&[part, "Nothing was changed"]);
        let json = take(&folder, &database, &["--write", "--format", "json"]).await?;
        assert_eq!(json.with(1).json()?["written"], false);
        assert!(
            client
                .query_one("SELECT 1 FROM schema_migration_log", &[])
                .await
                .is_err()
        );
    }
    Ok(())
}

/// The second transcript in docs/adopt.md.
#[tokio::test]
async fn the_transcript_in_the_docs_is_what_the_command_prints() -> Outcome {
    let (Some(case), Some((_, table))) = (CASES.first(), TABLES.first()) else {
        return Ok(());
    };
    let (folder, database, _client) = moved_in(case, table).await?;
    let printed = take(&folder, &database, &[]).await?.out;
    shows("adopt.md", "onward adopt app --url", &printed);
    Ok(())
}

/// A database that is behind: the rest is pending, and runs.
#[tokio::test]
async fn what_the_tool_has_not_applied_yet_is_pending() -> Outcome {
    let (Some(case), Some((_, table))) = (CASES.first(), TABLES.first()) else {
        return Ok(());
    };
    let (folder, database, client) = moved_in(case, table).await?;
    client
        .batch_execute(
            "DELETE FROM _sqlx_migrations WHERE version = 20240103000000; DROP INDEX orders_id",
        )
        .await?;
    take(&folder, &database, &["--write"])
        .await?
        .with(0)
        .says(&["up to 002_orders.sql", "2 checksums equal"]);
    let module = folder.root().join("app").display().to_string();
    onward_on(&database, &["status", &module])
        .await?
        .with(1)
        .says(&["003_index.sql"]);
    onward_on(&database, &["up", &module])
        .await?
        .with(0)
        .says(&["applied 1 migration"]);
    Ok(())
}

/// What a file with statements outside of a transaction leaves, when it fails in between: objects without a line.
#[tokio::test]
async fn what_a_tool_has_left_half_applied_is_found_in_the_catalogs() -> Outcome {
    let (Some(case), Some((_, table))) = (CASES.first(), TABLES.first()) else {
        return Ok(());
    };
    let (folder, database, client) = moved_in(case, table).await?;
    client
        .batch_execute("CREATE TABLE half (id int); DROP INDEX orders_id")
        .await?;
    let answer = take(&folder, &database, &["--write"]).await?;
    answer.with(1).says(&[
        "the schema is not as 003_index.sql leaves it, though the table ends there:",
        "missing: index public.orders_id",
        "extra: table public.half",
    ]);
    let anyway = ["--no-schema-check", "half is ours", "--write"];
    take(&folder, &database, &anyway).await?.with(0).says(&[
        "not compared with the files: half is ours",
        "The ledger is created",
    ]);
    Ok(())
}

/// refinery keeps a checksum, so an edit is found.
#[tokio::test]
async fn an_edit_after_refinery_is_found() -> Outcome {
    let case = CASES.iter().find(|case| case.tool == "refinery");
    let table = TABLES.iter().find(|(tool, _)| *tool == "refinery");
    let (Some(case), Some((_, table))) = (case, table) else {
        return Err("refinery has a case".into());
    };
    let (folder, database, client) = moved_in(case, table).await?;
    take(&folder, &database, &[])
        .await?
        .with(0)
        .says(&["2 applied, 2 checksums equal"]);
    let edit = "UPDATE refinery_schema_history SET checksum = '1' WHERE version = 2";
    client.batch_execute(edit).await?;
    take(&folder, &database, &[])
        .await?
        .with(1)
        .says(&["002_orders.sql was edited after refinery"]);
    Ok(())
}
