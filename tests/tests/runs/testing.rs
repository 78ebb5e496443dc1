//! Databases of tests: cloned from a template that is never stale, dropped with their values, swept when their process was
//! killed.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use onward::testing::{TestingError, database_at};
use onward_pg::{Binaries, Cluster, Database, Settings, connect, database};
use tokio::task::JoinSet;

use crate::support::folder::Folder;
use crate::support::witness::{row, rows, until};
use crate::{Outcome, SHOP};

/// Templates of this test's server: what another database's tests have is another template.
async fn templates(server: &Database) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let sql = "SELECT datname FROM pg_database WHERE starts_with(datname, 'onward_template_' || (SELECT oid FROM
        pg_database WHERE datname = current_database())) ORDER BY 1";
    rows(&server.connect().await?, sql).await
}

async fn exists(server: &Database, name: &str) -> Result<bool, Box<dyn std::error::Error>> {
    let sql = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    Ok(row(&server.connect().await?, &sql).await? == "1")
}

/// Removes the templates, which would stay for the next process.
async fn clean(server: &Database) -> Outcome {
    let client = server.connect().await?;
    for name in templates(server).await? {
        let open = format!("ALTER DATABASE {name} IS_TEMPLATE false");
        client.batch_execute(&open).await?;
        client
            .batch_execute(&format!("DROP DATABASE {name}"))
            .await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_side_by_side_have_databases_of_their_own_from_one_template() -> Outcome {
    let server = database().await?;
    let mut tests = JoinSet::new();
    for number in 0..12_i64 {
        let url = server.url().to_owned();
        tests.spawn(async move {
            let database = database_at(&url, &[&SHOP])
                .await
                .map_err(|error| error.to_string())?;
            let client = database
                .connect()
                .await
                .map_err(|error| error.to_string())?;
            let insert =
                "INSERT INTO shop.products (id, name) OVERRIDING SYSTEM VALUE VALUES ($1, 'x')";
            let known = client
                .query_one("SELECT count(*) FROM shop.products", &[])
                .await;
            client
                .execute(insert, &[&(number + 1000)])
                .await
                .map_err(|error| format!("{error:?}"))?;
            let after = client
                .query_one("SELECT count(*) FROM shop.products", &[])
                .await;
            let count =
                |row: Result<tokio_postgres::Row, _>| row.map_or(-1, |row| row.get::<_, i64>(0));
            assert_eq!(count(known) + 1, count(after));
            Ok::<_, String>(database.name().to_owned())
        });
    }
    let mut names = Vec::new();
    for name in tests.join_all().await {
        names.push(name?);
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 12);
    assert_eq!(templates(&server).await?.len(), 1);
    for name in names {
        assert!(!exists(&server, &name).await?, "{name} was not dropped");
    }
    clean(&server).await
}

/// The schema is the one of the plan, whatever an earlier plan has left.
#[tokio::test]
async fn another_text_is_another_template() -> Outcome {
    let server = database().await?;
    let first = database_at(server.url(), &[&SHOP]).await?;
    let other = Folder::shop()
        .with("090_more.sql", "CREATE TABLE shop.more (id bigint);")
        .plan()?;
    let second = database_at(server.url(), &[&other]).await?;
    let has = "SELECT to_regclass('shop.more') IS NOT NULL";
    assert_eq!(row(&first.connect().await?, has).await?, "f");
    assert_eq!(row(&second.connect().await?, has).await?, "t");
    assert_eq!(templates(&server).await?.len(), 2);
    // It is whole: release and data migrations too, so that a start has nothing to do.
    let report = onward::Startup::new(&SHOP)
        .verify_only()
        .run_with(&first.connector())
        .await?;
    assert_eq!(report.pending_data(), []);
    // A template that no test has used for a week goes when the next process begins.
    let client = server.connect().await?;
    for name in templates(&server).await? {
        let used = format!("COMMENT ON DATABASE {name} IS 'a template of tests, used 2020-01-01'");
        client.batch_execute(&used).await?;
    }
    let (mut child, name) = tester(&server)?;
    assert_eq!(templates(&server).await?.len(), 1);
    drop(child.stdin.take());
    child.wait()?;
    assert!(!exists(&server, &name).await?);
    clean(&server).await
}

fn tester(server: &Database) -> Result<(Child, String), Box<dyn std::error::Error>> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_onward-starter"))
        .args(["test", server.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut name = String::new();
    let out = child.stdout.take().ok_or("it has an output")?;
    BufReader::new(out).read_line(&mut name)?;
    Ok((child, name.trim().to_owned()))
}

#[tokio::test]
async fn what_a_killed_process_leaves_is_dropped_by_the_next_one() -> Outcome {
    let server = database().await?;
    let (mut killed, left) = tester(&server)?;
    assert!(exists(&server, &left).await?, "{left}");
    let (mut other, kept) = tester(&server)?;
    // One that is alive is left alone.
    assert!(exists(&server, &left).await? && exists(&server, &kept).await?);
    killed.kill()?;
    killed.wait()?;
    let client = server.connect().await?;
    // As a process leaves it that was killed while it built: it is not closed.
    let oid = row(
        &client,
        "SELECT oid FROM pg_database WHERE datname = current_database()",
    )
    .await?;
    let half = format!("onward_template_{oid}_0123456789abcdef0123456789abcdef");
    client
        .batch_execute(&format!("CREATE DATABASE {half}"))
        .await?;
    until(
        &client,
        "SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid
        FROM pg_database WHERE datname = current_database())",
    )
    .await?;
    let _mine = database_at(server.url(), &[&SHOP]).await?;
    assert!(!exists(&server, &left).await?, "{left} is still there");
    assert!(!exists(&server, &half).await?, "{half} is still there");
    assert!(exists(&server, &kept).await?, "{kept} was in use");
    drop(other.stdin.take());
    other.wait()?;
    assert!(!exists(&server, &kept).await?);
    clean(&server).await
}

#[tokio::test]
async fn an_error_says_what_is_to_do() -> Outcome {
    let server = database().await?;
    let broken = Folder::shop()
        .with("090_broken.sql", "SELECT 1 / 0;")
        .plan()?;
    let error = database_at(server.url(), &[&broken]).await.err();
    assert!(matches!(&error, Some(TestingError::Module(_))), "{error:?}");
    // Nothing of it is taken for a template by the next one.
    let again = database_at(server.url(), &[&broken]).await.err();
    assert!(matches!(&again, Some(TestingError::Module(_))), "{again:?}");

    let admin = server.connect().await?;
    let role = format!("tester_{}", server.name());
    admin
        .batch_execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'x'"))
        .await?;
    let mut url = server.url().to_owned();
    let at = url.find('@').ok_or("the URL names a role")?;
    url.replace_range(
        .."postgres://".len().max(at),
        &format!("postgres://{role}:x"),
    );
    let error = database_at(&url, &[&SHOP]).await.err();
    admin.batch_execute(&format!("DROP ROLE {role}")).await?;
    let text = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(
        text.contains("42501") && text.contains("CREATEDB"),
        "{text}"
    );
    clean(&server).await
}

/// The lock of a process ends with a restart of the server; the next database takes it again.
#[tokio::test]
async fn a_server_may_be_restarted_between_two_tests() -> Outcome {
    let mut cluster = Cluster::start(&Binaries::find().await?, Settings::durable()).await?;
    let url = cluster.url();
    let first = database_at(&url, &[&SHOP]).await?;
    cluster.kill()?;
    cluster.restart().await?;
    let second = database_at(&url, &[&SHOP]).await?;
    assert_ne!(first.name(), second.name());
    let held = "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory'";
    until(&connect(&url).await?, held).await?;
    Ok(())
}
