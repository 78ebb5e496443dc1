//! The transcripts in docs/seeing.md are what the commands print. Numbers and the width of columns may differ.

use std::error::Error;

use onward_pg::database;

use crate::Outcome;
use crate::support::page::{resembles, steps};
use crate::support::{Folder, command, onward_on, run};

const FILES: &[(&str, &[u8])] = &[
    ("001_items.sql", b"CREATE TABLE shop.items (id bigint CONSTRAINT items_pkey PRIMARY KEY, name text);\n"),
    ("002_price.sql", b"ALTER TABLE shop.items ADD COLUMN price integer NOT NULL DEFAULT 0;\n"),
    (
        "100_name.sql",
        b"-- onward: allow not-null-without-proof because \"the table is small\"\nALTER TABLE shop.items ALTER COLUMN name SET NOT NULL;\n",
    ),
];

/// Runs the command of a transcript in the folder, and compares what it prints.
async fn compare(
    folder: &Folder,
    url: &str,
    arguments: &[&str],
    skipped: usize,
) -> Result<(), Box<dyn Error>> {
    let mut command = command(arguments);
    if arguments[0] != "graph" {
        command.args(["--url", url]);
    }
    command.current_dir(folder.root());
    let printed = run(command).await?;
    let lines: Vec<_> = printed.out.lines().skip(skipped).collect();
    assert!(!lines.is_empty(), "{arguments:?}: {}", printed.err);
    let start = ["onward", &arguments.join(" ")].join(" ");
    let steps = steps("seeing.md")?;
    let step = { steps.iter() }.find(|step| step.command.starts_with(&start));
    let shown = step.map_or("", |step| step.printed.as_str());
    // The server of the page has a replica.
    let first = lines.first().copied().unwrap_or_default();
    let at = shown.find(first).filter(|_| skipped > 0).unwrap_or(0);
    let skipped = &shown[..at];
    resembles("seeing.md", &start, &[skipped, &*lines.join("\n")].concat());
    Ok(())
}

#[tokio::test]
async fn each_transcript_is_what_the_command_prints() -> Outcome {
    let folder = Folder::shop(FILES)?;
    let by_hand = database().await?;
    let client = by_hand.connect().await?;
    client
        .batch_execute(
            "CREATE SCHEMA shop; CREATE TABLE shop.items (id bigint PRIMARY KEY, name text, price integer NOT NULL DEFAULT 0)",
        )
        .await?;
    compare(&folder, by_hand.url(), &["baseline", "shop"], 0).await?;

    let first = Folder::shop(&FILES[..2])?;
    let database = database().await?;
    let client = database.connect().await?;
    onward_on(&database, &["up", &first.path()]).await?.with(0);
    client
        .batch_execute("INSERT INTO shop.items VALUES (1, NULL), (2, 'tea')")
        .await?;
    // The first lines are about the server.
    compare(&folder, database.url(), &["plan", "shop"], 2).await?;
    compare(&folder, database.url(), &["history", "shop"], 0).await?;
    client
        .batch_execute("ALTER TABLE shop.items ALTER price SET DEFAULT 1; CREATE INDEX items_name ON shop.items (name)")
        .await?;
    compare(&folder, database.url(), &["verify", "--schema", "shop"], 0).await?;
    compare(&folder, database.url(), &["graph", "shop", "--timeline"], 0).await
}
