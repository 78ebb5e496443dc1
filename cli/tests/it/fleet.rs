//! One verb on many databases: waves, a canary, a dead host, one that fails in the middle, and a second run.

use std::collections::BTreeSet;
use std::time::Duration;

use onward_pg::{Database, database};
use tokio::process::Command;

use crate::Outcome;
use crate::support::page::{block, steps};
use crate::support::{Ended, FOLDER, Folder, command, onward, run};

const DEAD: &str = "dead postgres://me:hush@127.0.0.1:1/shop";

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

/// So many databases of one server.
async fn databases(n: usize) -> Answer<Vec<Database>> {
    let mut all = Vec::new();
    for _ in 0..n {
        all.push(database().await?);
    }
    Ok(all)
}

/// `db-00` and so on.
fn lines(databases: &[Database]) -> Vec<String> {
    let named = databases.iter().enumerate();
    let line = |(n, one): (usize, &Database)| format!("db-{n:02} {}", one.url());
    named.map(line).collect()
}

fn targets(lines: &[String]) -> Answer<(Folder, String)> {
    let folder = Folder::new(&[("fleet.txt", lines.join("\n"))])?;
    let file = folder.root().join("fleet.txt").display().to_string();
    Ok((folder, file))
}

/// The targets that ended so, from the JSON of a run.
fn ended_so(ended: &Ended, word: &str) -> Answer<BTreeSet<String>> {
    let document = ended.json()?;
    let targets = document["targets"].as_array().ok_or("no targets")?;
    let of_word = targets.iter().filter(|one| one["outcome"] == word);
    let names: BTreeSet<_> = of_word
        .map(|one| one["target"].as_str().unwrap_or_default().to_owned())
        .collect();
    let counted = document["counts"][word].as_u64().unwrap_or(0);
    assert_eq!(names.len() as u64, counted, "{word}");
    Ok(names)
}

fn names(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|name| (*name).to_owned()).collect()
}

/// The most sessions in these databases at a time, as long as the command runs.
async fn watched(mut command: Command, databases: &[Database]) -> Answer<(Ended, i64)> {
    let watcher = databases[0].connect().await?;
    let known: Vec<_> = databases
        .iter()
        .map(|one| format!("'{}'", one.name()))
        .collect();
    let count = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name LIKE 'onward%' AND datname IN ({})",
        known.join(", ")
    );
    let mut output = std::pin::pin!(command.output());
    let mut most = 0;
    loop {
        tokio::select! {
            output = &mut output => return Ok((Ended::of(output?)?, most)),
            () = tokio::time::sleep(Duration::from_millis(10)) => {
                most = most.max(watcher.query_one(&count, &[]).await?.get(0));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_databases_a_dead_host_and_one_that_fails_in_the_middle() -> Outcome {
    let all = databases(30).await?;
    let foreign = all[14].connect().await?;
    foreign
        .batch_execute("CREATE SCHEMA shop; CREATE TABLE shop.products (id int)")
        .await?;
    let mut text = lines(&all);
    text.insert(3, DEAD.to_owned());
    let (_folder, file) = targets(&text)?;
    let release = |more: &[&str]| {
        let fixed = [
            "release",
            FOLDER,
            "--yes",
            "--targets",
            &file,
            "--format",
            "json",
            "--width",
            "5",
        ];
        command(&[&fixed[..], more].concat())
    };
    // The canary, and a wave in which one host is dead.
    let first = run(release(&["--canary", "db-20"])).await?;
    let five = names(&["db-20", "db-00", "db-01", "db-02", "db-03"]);
    assert_eq!(ended_so(first.with(2), "done")?, five);
    assert_eq!(ended_so(&first, "no answer")?, names(&["dead"]));
    assert_eq!(ended_so(&first, "not tried")?.len(), 25);
    assert!(
        first
            .err
            .starts_with("on 31 databases, 5 at a time, db-20 first\n"),
        "{}",
        first.err
    );

    // What is done is done: the ledgers know it.
    let (second, most) = watched(release(&["--quota", "3"]), &all).await?;
    assert_eq!(ended_so(second.with(1), "done")?.len(), 29);
    assert_eq!(ended_so(&second, "failed")?, names(&["db-14"]));
    assert_eq!(ended_so(&second, "no answer")?, names(&["dead"]));
    assert!((1..=10).contains(&most), "{most} sessions at a time");
    let document = second.json()?;
    let targets = document["targets"].as_array().ok_or("no targets")?;
    let again = targets
        .iter()
        .filter(|one| one["answer"]["applied"] == serde_json::json!([]));
    let again: BTreeSet<_> = again
        .filter_map(|one| one["target"].as_str())
        .map(str::to_owned)
        .collect();
    assert!(five.is_subset(&again) && again.len() == 5 + 2, "{again:?}");
    second.says(&[
        "db-14: failed after",
        "the schema contains objects but no ledger",
    ]);

    foreign.batch_execute("DROP SCHEMA shop CASCADE").await?;
    let third = run(release(&["--quota", "3"])).await?;
    assert_eq!(ended_so(third.with(2), "done")?.len(), 30);
    for ended in [&first, &second, &third] {
        assert!(!ended.out.contains("hush") && !ended.err.contains("hush"));
    }

    // A quota of one ends behind the wave in which the dead host is.
    let status = ["status", FOLDER, "--targets", &file, "--width", "2"];
    let status = onward(&status).await?;
    status.with(2).says(&[
        "db-29  current    shop: current",
        "dead   no answer  cannot connect to the database on 127.0.0.1:1",
        "31 databases: 30 current, 1 no answer",
    ]);
    let verify = [
        "verify",
        FOLDER,
        "--targets",
        &file,
        "--quota",
        "1",
        "--width",
        "2",
    ];
    let verify = onward(&verify).await?;
    verify.with(2).says(&[
        "db-00  intact     shop: the ledger is intact, #",
        "27 not tried",
    ]);
    let data = ["data", "list", FOLDER, "--targets", &file];
    onward(&data)
        .await?
        .with(1)
        .says(&["db-00  not done   DM001 pending", "30 not done"]);
    Ok(())
}

/// The canary's failure ends it, whatever the quota.
#[tokio::test]
async fn behind_a_canary_that_fails_nothing_is_tried() -> Outcome {
    let all = databases(2).await?;
    let text = [lines(&all), vec![DEAD.to_owned()]].concat();
    let (_folder, file) = targets(&text)?;
    let up = [
        "up",
        FOLDER,
        "--targets",
        &file,
        "--quota",
        "9",
        "--canary",
        "dead",
    ];
    onward(&up)
        .await?
        .with(2)
        .says(&["3 databases: 1 no answer, 2 not tried"]);
    let up = [
        "up",
        FOLDER,
        "--targets",
        &file,
        "--quota",
        "9",
        "--canary",
        "db-01",
    ];
    onward(&up)
        .await?
        .with(2)
        .says(&["db-01  done       shop: applied 7 migrations"]);
    let unknown = ["up", FOLDER, "--targets", &file, "--canary", "db-99"];
    onward(&unknown)
        .await?
        .with(2)
        .says(&["there is no target `db-99` for --canary; the targets are db-00, db-01, dead"]);
    Ok(())
}

#[tokio::test]
async fn a_command_may_print_the_targets() -> Outcome {
    let all = databases(2).await?;
    let (_folder, file) = targets(&lines(&all))?;
    let cat = format!("cat '{file}'");
    let mut up = command(&["up", FOLDER, "--targets-from", &cat]);
    // What an operator has set for one database does not count.
    up.env("DATABASE_URL", "postgres://me:hush@127.0.0.1:1/shop");
    up.env("ONWARD_DIRECT_URL", "postgres://me:hush@127.0.0.1:1/shop");
    run(up).await?.with(0).says(&["2 databases: 2 done"]);
    let failing = [
        "up",
        FOLDER,
        "--targets-from",
        "echo 'a postgres://x:hush@y/z'; exit 3",
    ];
    let failing = onward(&failing).await?;
    failing
        .with(2)
        .says(&["the command of --targets-from failed (exit status: 3)"]);
    assert!(!failing.err.contains("hush"));
    Ok(())
}

#[tokio::test]
async fn targets_that_cannot_be_meant_are_refused_before_anything_is_done() -> Outcome {
    let (_folder, file) =
        targets(&["a postgres://u:hush@h/d", "postgres://u:hush@h/d"].map(str::to_owned))?;
    let wrong = onward(&["status", FOLDER, "--targets", &file]).await?;
    wrong
        .with(2)
        .says(&["line 2 of the targets begins with a URL"]);
    assert!(!wrong.err.contains("hush"), "{}", wrong.err);
    let missing = onward(&["status", FOLDER, "--targets", "no/such/file"]).await?;
    missing.with(2).says(&["`no/such/file` cannot be read"]);
    let json = onward(&[
        "status",
        FOLDER,
        "--targets",
        "no/such/file",
        "--format",
        "json",
    ])
    .await?;
    assert_eq!(json.with(2).json()?["kind"], "file");
    for (arguments, says) in [
        (&["--width", "3"][..], "--targets"),
        (
            &["--targets", "a", "--targets-from", "b"][..],
            "cannot be used with",
        ),
        (
            &["--targets", "a", "--width", "0"][..],
            "0 is not in 1..=1000",
        ),
    ] {
        let ended = onward(&[&["status", FOLDER][..], arguments].concat()).await?;
        ended.with(2).says(&[says]);
    }
    let (_folder, file) = targets(&["a postgres://u@127.0.0.1:1/d".to_owned()])?;
    let breaks = ["release", FOLDER, "--targets", &file, "--format", "json"];
    onward(&breaks)
        .await?
        .with(2)
        .says(&["has to be confirmed"]);
    Ok(())
}

/// Folders with errors stop it once, and not once for each database.
#[tokio::test]
async fn a_folder_is_read_once() -> Outcome {
    let shop = Folder::shop(&[("001_a.sql", b"CREATE TABEL shop.a (id bigint);")])?;
    let (_folder, file) = targets(
        &[
            "a postgres://u@127.0.0.1:1/d",
            "b postgres://u@127.0.0.1:1/d",
        ]
        .map(str::to_owned),
    )?;
    let up = onward(&["up", &shop.path(), "--targets", &file]).await?;
    up.with(2).says(&["has errors"]);
    assert!(!up.err.contains("on 2 databases"), "{}", up.err);
    let status = onward(&["status", &shop.path(), "--targets", &file]).await?;
    assert_eq!(status.with(2).err.matches("note: errors in").count(), 1);
    Ok(())
}

/// The transcript in docs/fleets.md, with other times and another port.
#[tokio::test]
async fn the_transcript_in_the_docs_is_what_the_command_prints() -> Outcome {
    let all = databases(3).await?;
    let client = all[2].connect().await?;
    client
        .batch_execute("CREATE SCHEMA shop; CREATE TABLE shop.products (id int)")
        .await?;
    let named = ["eu-1", "eu-2", "us-1"].iter().zip(&all);
    let mut text: Vec<_> = named
        .map(|(name, one)| format!("{name} {}", one.url()))
        .collect();
    text.insert(
        2,
        "eu-3 postgres://shop_owner:hush@127.0.0.1:1/shop".to_owned(),
    );
    let (_folder, file) = targets(&text)?;
    let mut count = 0;
    for step in steps("fleets.md")? {
        let arguments = step.command.trim_start_matches("onward ");
        let arguments = arguments
            .replace("migrations/shop", FOLDER)
            .replace("fleet.txt", &file);
        let ended = onward(&arguments.split(' ').collect::<Vec<_>>()).await?;
        let printed = [ended.err.trim_end(), ended.out.trim_end()].join("\n");
        assert_eq!(
            timeless(&printed),
            timeless(step.printed.trim_end()),
            "{arguments}"
        );
        count += 1;
    }
    assert!(count >= 2, "{count} transcripts");
    Ok(())
}

/// Without times; those of one wave come in any order.
fn timeless(text: &str) -> Vec<String> {
    let line = |line: &str| match line.split_once(" after ") {
        Some((before, rest)) => {
            let rest = rest.split_once(": ").map_or("", |(_, rest)| rest);
            format!("{before}: {rest}")
        }
        None => line.to_owned(),
    };
    let (news, rest): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.contains(" after "));
    let mut news: Vec<_> = news.into_iter().map(line).collect();
    news.sort();
    news.extend(rest.into_iter().map(str::to_owned));
    news
}

/// The file of the page: a comment, names and URLs.
#[tokio::test]
async fn the_file_in_the_docs_names_two_databases() -> Outcome {
    let text = block("fleets.md", "# name   URL");
    let hosts = ["db1.eu.example", "db2.eu.example"];
    assert!(hosts.iter().all(|host| text.contains(host)), "{text}");
    let nowhere = text
        .replace(hosts[0], "127.0.0.1:1")
        .replace(hosts[1], "127.0.0.1 port=1");
    let lines: Vec<_> = nowhere.lines().map(str::to_owned).collect();
    let (_folder, file) = targets(&lines)?;
    let status = onward(&["status", FOLDER, "--targets", &file]).await?;
    status.with(2).says(&["on 2 databases", "eu-1", "eu-2"]);
    Ok(())
}
