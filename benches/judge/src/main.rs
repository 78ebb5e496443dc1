//! `cargo run --manifest-path benches/judge/Cargo.toml`: for each kind of history its milliseconds at four lengths that
//! double, without optimisation, as a compiler runs the check in its macro, and how much the last doubling costs: 2 where
//! the check is linear. Words limit it to kinds, a number to that length.

use std::time::{Duration, Instant};

use onward_analyzer::analyze;
use onward_benches_judge::{lengths, module};
use onward_cases::growth::{Kind, kinds};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (numbers, names): (Vec<_>, Vec<_>) =
        words.iter().partition(|word| word.parse::<usize>().is_ok());
    let only = numbers.first().and_then(|number| number.parse().ok());
    println!("| | lengths | ms | | | | last doubling | finds |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    let is_named = |kind: &Kind| names.is_empty() || names.iter().any(|name| *name == kind.word);
    for kind in kinds().into_iter().filter(is_named) {
        let lengths = only.map_or(lengths(kind).to_vec(), |length| vec![length]);
        let mut found = String::new();
        let mut times = Vec::new();
        for length in &lengths {
            times.push(best(kind, *length, &mut found));
        }
        let shown: Vec<String> = times.iter().map(|time| time.as_millis().to_string()).collect();
        let ratio = match times.as_slice() {
            [.., half, whole] => format!("{:.1}", whole.as_secs_f64() / half.as_secs_f64()),
            _ => String::new(),
        };
        let ends = [lengths.first(), lengths.last()].map(|end| end.copied().unwrap_or_default());
        println!(
            "| {} | {} to {} | {} | {ratio} | {found} |",
            kind.word,
            ends[0],
            ends[1],
            shown.join(" | "),
        );
    }
}

/// How long this thread was on a processor, where the system counts it: other programs run on the machine.
fn on_processor() -> Option<Duration> {
    let all = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = all.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// The best of two, because other programs share its caches; one, if it takes long.
fn best(kind: Kind, length: usize, found: &mut String) -> Duration {
    let mut once = || {
        let module = module(kind, length);
        let (clock, start) = (Instant::now(), on_processor());
        let analysis = analyze(module);
        let time = match (start, on_processor()) {
            (Some(start), Some(end)) => end.saturating_sub(start),
            _ => clock.elapsed(),
        };
        let mut rules: Vec<&str> = analysis.findings.iter().map(|one| one.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        *found = rules.join(" ");
        time
    };
    let first = once();
    match first > Duration::from_secs(2) {
        true => first,
        false => first.min(once()),
    }
}
