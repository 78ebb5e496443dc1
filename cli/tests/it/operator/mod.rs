//! What an operator says to a ledger: `resolve`, `renumber`, `restamp`, `unlock`.

mod renumber;
mod resolve;
mod restamp;
mod unlock;

use std::error::Error;
use std::time::Duration;

use onward_pg::Database;
use tokio::process::Child;
use tokio_postgres::Client;

use crate::support::{Ended, Folder, onward_on};

/// The lines of the ledger, each as `event version`.
async fn events(client: &Client) -> Result<Vec<String>, tokio_postgres::Error> {
    let lines = "SELECT event || ' ' || version FROM shop.schema_migration_log ORDER BY seq";
    let rows = client.query(lines, &[]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Why the newest line is there.
async fn reason(client: &Client) -> Result<String, tokio_postgres::Error> {
    let newest = "SELECT build FROM shop.schema_migration_log ORDER BY seq DESC LIMIT 1";
    Ok(client.query_one(newest, &[]).await?.get(0))
}

/// Whatever was added, the ledger stays whole.
async fn is_intact(database: &Database, folder: &Folder) -> Result<(), Box<dyn Error>> {
    onward_on(database, &["verify", &folder.path()])
        .await?
        .with(0);
    Ok(())
}

/// Waits until the server's answer is true.
async fn until(client: &Client, question: &str) -> Result<(), Box<dyn Error>> {
    for _ in 0..600 {
        let row = client.query_opt(question, &[]).await?;
        if row.and_then(|row| row.get::<_, Option<bool>>(0)) == Some(true) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("it never happened: {question}").into())
}

/// As Ctrl-C does.
async fn interrupt(child: &mut Child) -> Result<(), Box<dyn Error>> {
    let pid = child.id().ok_or("it has ended")?.to_string();
    let mut kill = tokio::process::Command::new("kill");
    kill.args(["-INT", &pid]).status().await?;
    child.wait().await?;
    Ok(())
}

/// What a command printed, with what differs from one run to the next in one form.
fn masked(ended: &Ended, folder: &Folder) -> String {
    let text = ended.out.replace(&folder.path(), "migrations/shop");
    let mut masked = String::new();
    for word in text.split_inclusive([' ', '\n', ',', '(', ')']) {
        let bare = word.trim_end_matches([' ', '\n', ',', '(', ')']);
        let end = &word[bare.len()..];
        let is_digest = bare.len() == 64 && bare.chars().all(|c| c.is_ascii_hexdigit());
        let is_time = bare.ends_with('Z') && bare.contains("T") && bare.contains(':');
        masked.push_str(match bare {
            _ if is_digest => "9c4f…",
            _ if is_time => "2026-11-30T09:12:44Z",
            bare => bare,
        });
        masked.push_str(end);
    }
    masked
}
