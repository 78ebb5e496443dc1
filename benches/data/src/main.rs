//! The worker of data migrations, measured.
//!
//! `cargo run --release -p onward-benches-data -- <what>` from `benches/`, where `<what>` is `speed`, `load`, `idle` or
//! `kills`; numbers are given as `rows=1000000`. The README of the folder above describes what is measured, and the
//! results.

mod idle;
mod kills;
mod load;
mod processes;
mod speed;
mod table;

use std::error::Error;

use onward::{Plan, embed_migrations};

type Answer<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A column is filled where it is NULL, in batches of 10 000 rows.
static WIDE: Plan = embed_migrations!("migrations/wide");

/// A column is counted up, in batches of 100 rows: a range that runs twice or never shows.
static COUNTED: Plan = embed_migrations!("migrations/counted");

#[tokio::main]
async fn main() -> Answer<()> {
    let what = std::env::args().nth(1).unwrap_or_default();
    match what.as_str() {
        "speed" => speed::measure().await,
        "load" => load::measure().await,
        "idle" => idle::measure().await,
        "kills" => kills::measure().await,
        // What `kills` starts and kills.
        "worker" => kills::work().await,
        _ => Err("say what to measure: speed, load, idle or kills".into()),
    }
}

/// A number of the command line: `rows=1000000`.
fn number(name: &str, usual: u64) -> u64 {
    let given = std::env::args().find_map(|argument| {
        let (key, value) = argument.split_once('=')?;
        (key == name).then(|| value.parse().ok()).flatten()
    });
    given.unwrap_or(usual)
}
