//! `cargo run --manifest-path benches/judge/Cargo.toml`: one table with the nanoseconds of each statement, without
//! optimisation, as a compiler runs the check in its macro. A word limits it to a kind, a number to one length.

use std::time::{Duration, Instant};

use onward_analyzer::analyze;
use onward_benches_judge::Kind;

const ITEMS: [usize; 4] = [1000, 2000, 4000, 8000];

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = words.iter().find_map(|word| word.parse().ok());
    let items = number.map_or(ITEMS.to_vec(), |items| vec![items]);
    println!(
        "| | {} |",
        items
            .iter()
            .map(usize::to_string)
            .collect::<Vec<_>>()
            .join(" | ")
    );
    println!("| --- |{}", " --- |".repeat(items.len()));
    let is_named = |word: &str| {
        words
            .iter()
            .all(|one| one.parse::<usize>().is_ok() || one == word)
    };
    for (word, kind) in Kind::ALL.into_iter().filter(|(word, _)| is_named(word)) {
        let times = items.iter().map(|items| {
            let statements = u64::try_from(*items).unwrap_or(u64::MAX) * kind.statements();
            format!(
                " {} ns |",
                best(kind, *items).as_nanos() / u128::from(statements)
            )
        });
        println!("| {word} |{}", times.collect::<String>());
    }
}

/// The best of two, because other programs run on the machine.
fn best(kind: Kind, items: usize) -> Duration {
    let once = || {
        let module = kind.module(items);
        let start = Instant::now();
        let analysis = analyze(module);
        let time = start.elapsed();
        assert!(
            analysis.plan.is_some(),
            "{kind:?} with {items} has an error"
        );
        time
    };
    once().min(once())
}
