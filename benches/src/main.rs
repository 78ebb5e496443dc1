//! Onward beside sqlx, refinery, diesel and sea-orm, in one run, over connections with a known delay.
//!
//! `cargo run --release` prints every table except the longest; `-- all` prints that one too, and
//! `current`, `one`, `many` or `fresh` print only the one they name, and `write` writes all that was printed to
//! `docs/benchmarks.md`. `files=1000`, `delay=20` and `rounds=1` limit the
//! fresh databases to one number of migrations, one delay and so many rounds. The README describes what
//! is measured, and the results.

mod contender;
mod hand;
mod history;
mod page;
mod peers;
mod round;
mod table;

use std::error::Error;
use std::time::Duration;

use onward_pg::{Binaries, Cluster, Settings};

use crate::contender::Contender;
use crate::history::History;
use crate::page::Page;
use crate::round::{Round, Times};
use crate::table::Table;

type Answer<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The delay of each byte, in each direction.
const DELAYS: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_millis(1),
    Duration::from_millis(20),
];

/// Instances that start at once.
const STARTERS: usize = 50;

#[tokio::main]
async fn main() -> Answer<()> {
    let is_long = std::env::args().any(|argument| argument == "all");
    let binaries = Binaries::find().await?;
    let cluster = Cluster::start(&binaries, Settings::durable()).await?;
    let mut page = Page::new();
    page.add(&format!(
        "PostgreSQL {}, fsync on, a database of its own for every run, the best of a few\n",
        binaries.major()
    ));
    let ten = History::write(10)?;
    let hundred = History::write(100)?;
    let thousand = History::write(1000)?;
    let histories = [&ten, &hundred, &thousand].into_iter();
    let histories = histories.filter(|one| number("files").is_none_or(|only| one.len() == only));
    if is_asked_for("current") {
        for history in histories.clone() {
            up_to_date(&mut page, &cluster, history).await?;
        }
    }
    if is_asked_for("one") {
        for history in histories {
            one_new(&mut page, &cluster, history).await?;
        }
    }
    if is_asked_for("many") {
        many(&mut page, &cluster, &hundred).await?;
    }
    if is_asked_for("fresh") {
        let is_narrow = number("delay").is_some();
        for (history, rounds) in [(&ten, 6), (&hundred, 4), (&thousand, 2)] {
            let is_too_long = history.len() == 1000 && !is_long && !is_narrow;
            let delays: Vec<_> = DELAYS
                .into_iter()
                .filter(|delay| !is_too_long || *delay < DELAYS[2])
                .filter(|delay| {
                    number("delay").is_none_or(|only| delay.as_millis() == only as u128)
                })
                .collect();
            if number("files").is_none_or(|only| history.len() == only) {
                let rounds = number("rounds").unwrap_or(rounds);
                fresh(&mut page, &cluster, history, &delays, rounds).await?;
            }
        }
    }
    if std::env::args().any(|argument| argument == "write") {
        page.write()?;
    }
    Ok(())
}

/// The number after `name=`.
fn number(name: &str) -> Option<usize> {
    std::env::args().find_map(|argument| {
        let (known, number) = argument.split_once('=')?;
        (known == name).then(|| number.parse().ok())?
    })
}

/// Whether a table is asked for: without a name, or with `all`, every table is.
fn is_asked_for(table: &str) -> bool {
    let mut names = std::env::args()
        .skip(1)
        .filter(|argument| !argument.contains('=') && argument != "write")
        .peekable();
    names.peek().is_none() || names.any(|name| name == table || name == "all")
}

/// Nothing is pending: round trips on an open connection, and how long they take.
async fn up_to_date(page: &mut Page, cluster: &Cluster, history: &History) -> Answer<()> {
    let table = Table::new(
        &format!("Up to date, {} migrations", history.len()),
        &["round trips", "0 ms", "1 ms", "20 ms"],
    );
    let mut best = vec![vec![Times::worst(); DELAYS.len()]; Contender::TOOLS.len()];
    for (column, delay) in delays() {
        let mut rounds = Vec::new();
        for contender in Contender::TOOLS {
            let round = Round::on(cluster, history, delay).await?;
            round.prepare(contender).await?;
            rounds.push((contender, round));
        }
        // In turn, so that other load on the machine affects all of them.
        for _ in 0..number("rounds").unwrap_or(15) {
            for (row, (contender, round)) in rounds.iter().enumerate() {
                best[row][column] = best[row][column].min(round.run(*contender).await?);
            }
        }
    }
    page.add(&with_trips(table, &best).text());
    Ok(())
}

/// One more migration than the database has.
async fn one_new(page: &mut Page, cluster: &Cluster, history: &History) -> Answer<()> {
    let table = Table::new(
        &format!("One new migration behind {}", history.len()),
        &["round trips", "0 ms", "1 ms", "20 ms"],
    );
    let longer =
        (1..=number("rounds").unwrap_or(6)).map(|more| History::write(history.len() + more));
    let longer: Vec<_> = longer.collect::<Answer<_>>()?;
    let mut best = vec![vec![Times::worst(); DELAYS.len()]; Contender::TOOLS.len()];
    for (column, delay) in delays() {
        let mut rounds = Vec::new();
        for contender in Contender::TOOLS {
            let round = Round::on(cluster, history, delay).await?;
            round.prepare(contender).await?;
            rounds.push((contender, round));
        }
        for history in &longer {
            for (row, (contender, round)) in rounds.iter().enumerate() {
                let round = round.with(history);
                best[row][column] = best[row][column].min(round.run(*contender).await?);
            }
        }
    }
    page.add(&with_trips(table, &best).text());
    Ok(())
}

fn delays() -> impl Iterator<Item = (usize, Duration)> {
    let delays = DELAYS.into_iter().enumerate();
    delays.filter(|(_, delay)| number("delay").is_none_or(|only| delay.as_millis() == only as u128))
}

fn with_trips(mut table: Table, best: &[Vec<Times>]) -> Table {
    for (contender, times) in Contender::TOOLS.into_iter().zip(best) {
        let trips = times.iter().map(|times| times.turns).min();
        let walls: Vec<_> = times.iter().map(|times| times.wall).collect();
        table.row(contender, trips, &walls);
    }
    table
}

/// Everything is pending, on an empty database.
async fn fresh(
    page: &mut Page,
    cluster: &Cluster,
    history: &History,
    delays: &[Duration],
    tries: usize,
) -> Answer<()> {
    let names: Vec<_> = delays
        .iter()
        .map(|delay| format!("{} ms", delay.as_millis()))
        .collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let mut table = Table::new(
        &format!("Fresh database, {} migrations", history.len()),
        &names,
    );
    let mut best = vec![vec![Duration::MAX; delays.len()]; Contender::ALL.len()];
    for (column, delay) in delays.iter().enumerate() {
        // The peers need up to minutes with this delay, because each needs five round trips a migration.
        let is_slow = *delay * history.len() as u32 > Duration::from_millis(500);
        for attempt in 0..tries {
            // In turn, so that other load on the machine affects all of them.
            for (row, contender) in Contender::ALL.into_iter().enumerate() {
                if is_slow && attempt > 0 && contender.is_a_peer() {
                    continue;
                }
                let round = Round::on(cluster, history, *delay).await?;
                round.clear(contender).await?;
                let wall = round.run(contender).await?.wall;
                best[row][column] = best[row][column].min(wall);
            }
        }
    }
    for (contender, times) in Contender::ALL.into_iter().zip(&best) {
        table.row(contender, None, times);
    }
    page.add(&table.text());
    Ok(())
}

/// Many instances at once.
async fn many(page: &mut Page, cluster: &Cluster, history: &History) -> Answer<()> {
    let title = format!("{STARTERS} starters at once, {} migrations", history.len());
    page.add(&format!("### {title}\n"));
    page.add(
        "| | failed, on an empty database | until the last is ready | failed, on a database that is up to date | until the last is ready |",
    );
    page.add("| --- | --- | --- | --- | --- |");
    for contender in Contender::TOOLS {
        let empty = Round::on(cluster, history, Duration::ZERO).await?;
        empty.clear(contender).await?;
        let (failed, wall) = empty.herd(contender, STARTERS).await?;
        let current = Round::on(cluster, history, Duration::ZERO).await?;
        current.prepare(contender).await?;
        let (failed_again, wall_again) = current.herd(contender, STARTERS).await?;
        page.add(&format!(
            "| {contender} | {failed} | {} | {failed_again} | {} |",
            table::milliseconds(wall),
            table::milliseconds(wall_again)
        ));
    }
    page.add("");
    Ok(())
}
