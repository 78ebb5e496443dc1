//! Bodies of PL/pgSQL with one token changed: the analyzer refuses what PostgreSQL does not compile.

use onward_pg::{Major, Server};

use super::generator::Random;
use super::mutant::{mutate, tokens};
use super::referee::{accepts_body, compiles};
use super::{count, seed, spelling};
use crate::Outcome;

/// What people write in blocks, each statement of PL/pgSQL at least once.
const BODIES: &str = include_str!("bodies.sql");

fn bodies() -> impl Iterator<Item = &'static str> {
    BODIES
        .split("\n-- \n")
        .map(str::trim)
        .filter(|body| !body.is_empty())
}

#[tokio::test]
async fn bodies_are_compiled_as_they_are() -> Outcome {
    let server = Server::of(Major::V15).await?;
    let database = server.database().await?;
    let client = database.connect().await?;
    for body in bodies() {
        assert_eq!(compiles(&client, body).await?, Some(true), "{body}");
        assert!(accepts_body(body), "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn bodies_with_one_token_changed() -> Outcome {
    let server = Server::of(Major::V15).await?;
    let database = server.database().await?;
    let client = database.connect().await?;
    let mut random = Random(seed());
    let bodies: Vec<Vec<String>> = bodies().map(tokens).collect();
    let words = bodies.iter().flatten().cloned();
    let words: Vec<String> = words
        .chain(spelling::keywords().map(str::to_owned))
        .collect();
    let (mut broken, mut accepted, mut refused) = (0, Vec::new(), Vec::new());
    for _ in 0..count() {
        let body = random.pick(&bodies).cloned().unwrap_or_default();
        let mutant = mutate(&body, &words, &mut random).join(" ");
        let ours = accepts_body(&mutant);
        match compiles(&client, &mutant).await? {
            Some(true) if !ours => refused.push(mutant),
            Some(false) => {
                broken += 1;
                accepted.extend(ours.then_some(mutant));
            }
            Some(true) | None => {}
        }
    }
    let figures = format!(
        "seed {}: of {broken} broken bodies {} are accepted:\n{}\n{} are refused wrongly:\n{}",
        seed(),
        accepted.len(),
        accepted.join("\n"),
        refused.len(),
        refused.join("\n")
    );
    assert!(
        broken > 0 && accepted.len() * 20 <= broken && refused.len() * 1_000 <= broken,
        "{figures}"
    );
    Ok(())
}
