//! A server that does not have the database, does not know the password, does not give the rights, or takes no writes.

use std::fs;

use onward_pg::{Binaries, Cluster, Database, Settings, database};

use crate::Outcome;
use crate::support::{Folder, onward, onward_on};

const USERS: (&str, &[u8]) = (
    "001_users.sql",
    b"CREATE TABLE shop.users (id bigint PRIMARY KEY);\n",
);
const RELEASE: (&str, &[u8]) = (
    "100_users_drop.sql",
    b"-- onward: breaks no code, it is never read\nALTER TABLE shop.users DROP COLUMN note;\n",
);

/// Every verb that reaches a database, with what it needs besides.
const ONLINE: &[(&str, &[&str])] = &[
    ("status", &[]),
    ("plan", &[]),
    ("history", &[]),
    ("verify", &[]),
    ("verify", &["--schema"]),
    ("up", &[]),
    ("up", &["--startup"]),
    ("release", &["--yes"]),
    ("rehearse", &[]),
    ("baseline", &[]),
    ("squash", &["--through", "002"]),
    ("resolve", &["001", "--applied", "--because", "x"]),
    ("renumber", &["002", "001", "--because", "x"]),
    ("restamp", &["001", "--because", "x", "--was", "was.sql"]),
    ("unlock", &["--who"]),
    ("data list", &[]),
    ("data run", &[]),
    ("data finish", &[]),
];

/// The command line of a verb for the folder.
fn arguments<'a>(verb: &'a str, folder: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let words = verb.split(' ').chain([folder]);
    words.chain(more.iter().copied()).collect()
}

/// A module with files before and behind what a database has, and another text of the first one.
fn shop() -> Result<Folder, Box<dyn std::error::Error>> {
    let folder = Folder::shop(&[
        USERS,
        (
            "002_orders.sql",
            b"CREATE TABLE shop.orders (id bigint PRIMARY KEY);\n",
        ),
        (
            "DM001_orders.sql",
            b"-- onward: batch 100 by id\nUPDATE shop.orders SET id = id WHERE id < 0;\n",
        ),
    ])?;
    Ok(folder)
}

#[tokio::test]
async fn every_verb_says_what_keeps_it_from_the_database() -> Outcome {
    let cluster = Cluster::start(&Binaries::find().await?, Settings::fast()).await?;
    let admin = onward_pg::connect(&cluster.url()).await?;
    admin
        .batch_execute("CREATE ROLE locked LOGIN PASSWORD 'hush'; CREATE ROLE guest LOGIN")
        .await?;
    admin.batch_execute("CREATE DATABASE closed").await?;
    admin
        .batch_execute("REVOKE ALL ON DATABASE closed FROM public")
        .await?;
    let file: String = admin.query_one("SHOW hba_file", &[]).await?.get(0);
    let rules = fs::read_to_string(&file)?;
    let locked = "host all locked 127.0.0.1/32 scram-sha-256\n";
    fs::write(&file, [locked, &rules].concat())?;
    admin.batch_execute("SELECT pg_reload_conf()").await?;
    let folder = shop()?;
    let path = folder.path();
    let at = |rest: &str| {
        format!(
            "postgres://{rest}",
            rest = rest.replace("HOST", &format!("127.0.0.1:{}", cluster.port()))
        )
    };
    // The server reads its rules a moment later.
    let wrong = at("locked:hushhush@HOST/postgres");
    for _ in 0..100 {
        if onward_pg::connect(&wrong).await.is_err() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    for (url, parts) in [
        (
            at("postgres@HOST/nowhere"),
            &["database nowhere", "the database does not exist"][..],
        ),
        (wrong, &["role locked", "password"]),
        (
            at("guest@HOST/closed"),
            &["database closed", "role guest", "CONNECT"],
        ),
        (at("stranger@HOST/postgres"), &["role stranger"]),
    ] {
        for (verb, more) in ONLINE {
            let arguments = arguments(verb, &path, more);
            let ended = onward(&[&arguments[..], &["--url", &url]].concat()).await?;
            assert_eq!(
                ended.status,
                Some(2),
                "{verb} {url}: {} {}",
                ended.out,
                ended.err
            );
            ended.says(parts);
            ended.says(&["error: cannot connect to the database on 127.0.0.1:"]);
            let all = [ended.out, ended.err].concat();
            let without_note = all.replace("password in the process list", "");
            assert!(!without_note.contains("hush"), "{verb}: {all}");
        }
    }
    Ok(())
}

/// A role that may connect and nothing else, on a database that has the module.
#[tokio::test]
async fn every_verb_names_the_right_that_is_missing() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let first = Folder::shop(&[USERS])?;
    onward_on(&database, &["up", &first.path()]).await?.with(0);
    let role = format!("guest_{}", database.name());
    client
        .batch_execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'x'"))
        .await?;
    let url = as_role(&database, &role)?;
    let folder = shop()?;
    let path = folder.path();
    for (verb, more) in ONLINE {
        let arguments = arguments(verb, &path, more);
        let ended = onward(&[&arguments[..], &["--url", &url]].concat()).await?;
        match *verb {
            // Who holds a lock is no secret.
            "unlock" => ended.with(0).says(&["no session holds a lock"]),
            // They work in databases of their own.
            "squash" | "rehearse" => ended.says(&["CREATEDB"]),
            _ => ended.says(&["privilege"]),
        }
        let is_refused = matches!(ended.status, Some(1 | 2));
        assert!(is_refused || *verb == "unlock", "{verb}: {}", ended.out);
    }
    let lines: i64 = client
        .query_one("SELECT count(*) FROM shop.schema_migration_log", &[])
        .await?
        .get(0);
    assert_eq!(lines, 1);
    client.batch_execute(&format!("DROP ROLE {role}")).await?;
    Ok(())
}

fn as_role(database: &Database, role: &str) -> Result<String, Box<dyn std::error::Error>> {
    let (_, rest) = database.url().split_once('@').ok_or("a URL names a role")?;
    Ok(format!("postgres://{role}:x@{rest}"))
}

/// The database has a module, and not the one that is asked for.
#[tokio::test]
async fn a_database_of_another_module_is_not_taken_for_this_one() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let crm = Folder::new(&[(
        "crm/001_a.sql",
        &b"CREATE TABLE crm.a (id bigint PRIMARY KEY);"[..],
    )])?;
    let crm = crm.root().join("crm").display().to_string();
    onward_on(&database, &["up", &crm]).await?.with(0);
    let folder = shop()?;
    let path = folder.path();
    for (verb, more, status) in [
        ("status", &[][..], 1),
        ("history", &[], 2),
        ("verify", &[], 2),
        ("verify", &["--schema"], 2),
        ("resolve", &["001", "--applied", "--because", "x"], 1),
        ("data list", &[], 1),
    ] {
        let ended = onward_on(&database, &arguments(verb, &path, more)).await?;
        assert_eq!(
            ended.status,
            Some(status),
            "{verb}: {} {}",
            ended.out,
            ended.err
        );
        match verb {
            "data list" => ended.says(&["waits for 001, which a start of the service applies"]),
            _ => ended.says(&["shop", "ledger"]),
        }
    }
    // The same folder under the other module's name has another text.
    let other = Folder::new(&[(
        "crm/001_a.sql",
        &b"CREATE TABLE crm.a (id int PRIMARY KEY, note text);"[..],
    )])?;
    let other = other.root().join("crm").display().to_string();
    for (verb, more) in [("up", &[][..]), ("release", &["--yes"])] {
        onward_on(&database, &arguments(verb, &other, more))
            .await?
            .with(1)
            .says(&["crm: applied migrations were edited", "001_a.sql"]);
    }
    // A schema of this name that no run has made.
    client
        .batch_execute("CREATE SCHEMA shop; CREATE TABLE shop.by_hand (id int)")
        .await?;
    for (verb, more) in [
        ("up", &[][..]),
        ("up", &["--startup"]),
        ("release", &["--yes"]),
    ] {
        onward_on(&database, &arguments(verb, &path, more))
            .await?
            .with(1)
            .says(&[
                "contains objects but no ledger",
                "shop.by_hand",
                "onward adopt",
            ]);
    }
    let lines = "SELECT count(*) FROM crm.schema_migration_log";
    let lines: i64 = client.query_one(lines, &[]).await?.get(0);
    assert_eq!(lines, 1);
    Ok(())
}

/// The database has what this folder does not have: a release migration of a later deploy.
#[tokio::test]
async fn a_newer_ledger_is_left_as_it_is() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let note = (
        "001_users.sql",
        &b"CREATE TABLE shop.users (id bigint PRIMARY KEY, note text);\n"[..],
    );
    let old = Folder::shop(&[note])?;
    let new = Folder::shop(&[
        note,
        RELEASE,
        (
            "101_users_more.sql",
            b"ALTER TABLE shop.users ADD COLUMN more text;\n",
        ),
    ])?;
    let (old, new) = (old.path(), new.path());
    onward_on(&database, &["up", &old]).await?.with(0);
    onward_on(&database, &["release", &new, "--breaks-running", "--yes"])
        .await?
        .with(0);
    let count = "SELECT count(*) FROM shop.schema_migration_log";
    let before: i64 = client.query_one(count, &[]).await?.get(0);
    for (verb, more) in [
        ("status", &[][..]),
        ("up", &[]),
        ("up", &["--startup"]),
        ("release", &["--yes"]),
        ("rehearse", &["--on", database.url()]),
    ] {
        let ended = onward_on(&database, &arguments(verb, &old, more)).await?;
        assert_eq!(ended.status, Some(1), "{verb}: {} {}", ended.out, ended.err);
        ended.says(&["101_users_more.sql"]);
    }
    onward_on(&database, &["verify", &old]).await?.with(0);
    let after: i64 = client.query_one(count, &[]).await?.get(0);
    assert_eq!(after, before);
    Ok(())
}

/// What reads works on a standby, and what writes is refused there.
#[tokio::test]
async fn a_standby_answers_and_takes_nothing() -> Outcome {
    let mut primary = Cluster::start(&Binaries::find().await?, Settings::durable()).await?;
    let database = primary.database().await?;
    let first = Folder::shop(&[USERS])?;
    onward_on(&database, &["up", &first.path()]).await?.with(0);
    let standby = primary.standby().await?;
    let client = database.connect().await?;
    let url = format!(
        "postgres://postgres@127.0.0.1:{}/{}",
        standby.port(),
        database.name()
    );
    let watcher = onward_pg::connect(&url).await?;
    super::ctrl_c::until(
        &watcher,
        "SELECT to_regclass('shop.schema_migration_log') IS NOT NULL",
    )
    .await?;
    let folder = shop()?;
    fs::write(
        folder.root().join("shop/001_users.sql"),
        [&b"-- Who.\n"[..], USERS.1].concat(),
    )?;
    let was = folder.root().join("was.sql");
    fs::write(&was, USERS.1)?;
    let (path, was) = (folder.path(), was.display().to_string());
    let first = first.path();
    for (verb, folder, more, status) in [
        ("status", &first, &[][..], 0),
        ("plan", &first, &[], 0),
        ("history", &first, &[], 0),
        ("verify", &first, &[], 0),
        ("unlock", &first, &["--who"], 0),
        ("data list", &first, &[], 0),
        ("up", &path, &[], 1),
        ("up", &path, &["--startup"], 1),
        ("release", &path, &["--yes"], 1),
        ("rehearse", &path, &[], 1),
        ("squash", &first, &["--through", "001"], 1),
        ("resolve", &path, &["001", "--applied", "--because", "x"], 1),
        ("renumber", &path, &["002", "001", "--because", "x"], 1),
        (
            "restamp",
            &path,
            &["001", "--because", "x", "--was", &was],
            1,
        ),
    ] {
        let arguments = arguments(verb, folder, more);
        // A run waits a minute for a promotion.
        let arguments = [&arguments[..], &["--url", &url]].concat();
        let run = onward(&arguments);
        let ended = match verb {
            "up" | "release" => {
                match tokio::time::timeout(std::time::Duration::from_secs(5), run).await {
                    Ok(ended) => ended?,
                    Err(_) => continue,
                }
            }
            _ => run.await?,
        };
        assert_eq!(
            ended.status,
            Some(status),
            "{verb}: {} {}",
            ended.out,
            ended.err
        );
    }
    let lines: i64 = client
        .query_one("SELECT count(*) FROM shop.schema_migration_log", &[])
        .await?
        .get(0);
    assert_eq!(lines, 1);
    Ok(())
}
