//! At how many places a fault is injected.

use std::env;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::task::JoinSet;

use crate::{Outcome, Way};

/// Whether every place is asked for, and not only some.
pub(crate) fn is_thorough() -> bool {
    env::var("ONWARD_FAULTS").is_ok_and(|pace| pace == "all")
}

/// Printed even when the test passes: what a person has to know about how it passed.
pub(crate) fn tell(text: &str) {
    // If stderr is closed, there is no reader.
    let _ = writeln!(io::stderr(), "{text}");
}

/// The run ended before the requested place, so no later place exists either.
#[derive(Debug)]
pub(crate) struct NoSuchPlace;

impl fmt::Display for NoSuchPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the run was over before that place")
    }
}

impl Error for NoSuchPlace {}

/// For a fault of which only the end of a run shows whether it struck.
pub(crate) fn is_a_place(struck: bool) -> Outcome {
    match struck {
        true => Ok(()),
        false => Err(NoSuchPlace.into()),
    }
}

/// Injects a fault at place 1, 2, 3 ... until the answer is [`NoSuchPlace`].
///
/// `cargo test` skips `stride - 1` places each time. This holds for each way to connect.
pub(crate) async fn at_every_place<F>(
    what: &str,
    stride: usize,
    at_once: usize,
    fault: impl Fn(Way, usize) -> F + Clone + Send + Sync + 'static,
) -> Outcome
where
    F: Future<Output = Outcome> + Send,
{
    for (way, first, stride) in ways(stride) {
        at_every_place_of(way, first, what, stride, at_once, fault.clone()).await?;
    }
    Ok(())
}

/// Both ways to connect. Unless every place is asked for, the second way has other places, and fewer.
fn ways(stride: usize) -> [(Way, usize, usize); 2] {
    match is_thorough() {
        true => [(Way::Borrowed, 1, 1), (Way::Own, 1, 1)],
        false => [
            (Way::Borrowed, 1, stride),
            (Way::Own, 1 + stride / 2, stride * 2),
        ],
    }
}

async fn at_every_place_of<F>(
    way: Way,
    first: usize,
    what: &str,
    stride: usize,
    at_once: usize,
    fault: impl Fn(Way, usize) -> F + Clone + Send + Sync + 'static,
) -> Outcome
where
    F: Future<Output = Outcome> + Send,
{
    let what = format!("{what}, {way:?} connection");
    let (next, is_over) = (
        Arc::new(AtomicUsize::new(first)),
        Arc::new(AtomicBool::new(false)),
    );
    let tried = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..at_once {
        let (next, is_over, tried) = (next.clone(), is_over.clone(), tried.clone());
        let (what, fault) = (what.clone(), fault.clone());
        workers.spawn(async move {
            while !is_over.load(Ordering::Relaxed) {
                let place = next.fetch_add(stride, Ordering::Relaxed);
                match fault(way, place).await {
                    Ok(()) => drop(tried.fetch_add(1, Ordering::Relaxed)),
                    Err(end) if end.is::<NoSuchPlace>() => is_over.store(true, Ordering::Relaxed),
                    Err(error) => return Err(format!("{what}, place {place}: {error:#}").into()),
                }
            }
            Outcome::Ok(())
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker??;
    }
    let tried = tried.load(Ordering::Relaxed);
    assert!(tried > 0, "{what}: it never struck");
    tell(&format!("{what}: at {tried} places"));
    Ok(())
}

/// The same for faults in a server of the test's own, one after the other.
pub(crate) async fn in_turn(
    what: &str,
    stride: usize,
    mut fault: impl AsyncFnMut(Way, usize) -> Outcome,
) -> Outcome {
    for (way, first, stride) in ways(stride) {
        let what = format!("{what}, {way:?} connection");
        let mut tried = 0;
        for place in (first..).step_by(stride) {
            match fault(way, place).await {
                Ok(()) => tried += 1,
                Err(end) if end.is::<NoSuchPlace>() => break,
                Err(error) => {
                    return Err(format!("{what}, place {place}: {error:#}").into());
                }
            }
        }
        assert!(tried > 0, "{what}: it never struck");
        tell(&format!("{what}: at {tried} places"));
    }
    Ok(())
}
