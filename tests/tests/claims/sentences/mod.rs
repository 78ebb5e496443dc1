//! Sentences that are made from grammars, and broken statements: PostgreSQL and the analyzer accept the same.
//!
//! Both ways: what the analyzer's grammar makes is asked of servers, and so are statements with one token changed. All
//! is made from a seed, which a failure prints; `ONWARD_SENTENCES` is how many there are of each kind, and
//! `ONWARD_SEED` another seed. With the path of PostgreSQL's own `gram.y` in `ONWARD_GRAM_Y`, what that makes is
//! asked as well; `pl_gram.y` says no more than the servers about bodies, whose SQL it passes over.

mod bodies;
mod form;
mod generator;
mod mutant;
mod notation;
mod referee;
mod spelling;
mod yacc;

use std::collections::BTreeSet;
use std::env;
use std::fmt;
use std::io::Write as _;

use onward_cases::grammar::accepted;
use onward_pg::{Major, Server};
use tokio_postgres::Client;

use self::generator::{Generator, Random};
use self::mutant::{mutate, tokens};
use self::referee::{Reply, accepted_from, reply};
use crate::Outcome;

/// How many texts of each kind are asked.
fn count() -> usize {
    let asked = env::var("ONWARD_SENTENCES")
        .ok()
        .and_then(|count| count.parse().ok());
    asked.unwrap_or(1_500)
}

fn seed() -> u64 {
    let asked = env::var("ONWARD_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    asked.unwrap_or(20_251)
}

/// What was asked, and where the two disagree.
#[derive(Default)]
struct Tally {
    asked: usize,
    accepted: usize,
    wrongly_accepted: Vec<String>,
    wrongly_refused: Vec<String>,
}

impl Tally {
    async fn ask(&mut self, client: &Client, major: Major, sql: &str) -> Outcome {
        let reply = reply(client, sql).await?;
        let from = accepted_from(sql);
        let ours = from.is_some_and(|from| from <= major.number());
        self.asked += 1;
        self.accepted += usize::from(reply == Reply::Accepts);
        match reply {
            // The first releases of 15 and 16 refuse LOGGED of a sequence.
            Reply::Accepts if sql.contains("SEQUENCE") && sql.contains("LOGGED") => {}
            Reply::Accepts if !ours => self
                .wrongly_refused
                .push(format!("{sql}    -- from {from:?}")),
            Reply::Refuses if ours => self.wrongly_accepted.push(sql.to_owned()),
            Reply::Accepts | Reply::Refuses | Reply::Objects => {}
        }
        Ok(())
    }

    /// At most two texts in a thousand may be judged wrongly, each way: what is a name on 15 and a keyword on 17 is one.
    fn assert_close(&self, what: &str) {
        let most = 1 + self.asked / 500;
        let is_close = self.wrongly_accepted.len() <= most && self.wrongly_refused.len() <= most;
        assert!(
            is_close && self.asked > 0,
            "{what}, seed {}: {self}",
            seed()
        );
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} texts, {} accepted by the server",
            self.asked, self.accepted
        )?;
        for (what, texts) in [
            ("accepted", &self.wrongly_accepted),
            ("refused", &self.wrongly_refused),
        ] {
            writeln!(
                f,
                "{} are {what} wrongly:\n{}",
                texts.len(),
                texts.join("\n")
            )?;
        }
        Ok(())
    }
}

const MAJORS: [Major; 4] = [Major::V15, Major::V16, Major::V17, Major::V18];

async fn compare(what: &str, texts: &BTreeSet<String>) -> Outcome {
    for major in MAJORS {
        let server = Server::of(major).await?;
        let database = server.database().await?;
        let client = database.connect().await?;
        let mut tally = Tally::default();
        for text in texts {
            tally.ask(&client, major, text).await?;
        }
        let what = format!("{what} on PostgreSQL {}", major.number());
        // How many were asked is known only with the counts.
        writeln!(std::io::stdout(), "{what}, seed {}: {tally}", seed())?;
        tally.assert_close(&what);
    }
    Ok(())
}

#[tokio::test]
async fn sentences_of_our_grammar() -> Outcome {
    let grammar = notation::sql()?;
    let mut generator = Generator::new(&grammar, seed(), spelling::ours);
    let sentences = (0..count()).map(|_| generator.sentence("statement").join(" "));
    compare("sentences of our grammar", &sentences.collect()).await
}

/// Sentences that PostgreSQL's own grammar makes, if it is at hand.
fn theirs() -> Result<Option<Vec<Vec<String>>>, std::io::Error> {
    let Some(path) = env::var_os("ONWARD_GRAM_Y") else {
        return Ok(None);
    };
    let grammar = yacc::read(&std::fs::read_to_string(path)?);
    let mut generator = Generator::new(&grammar, seed(), spelling::theirs);
    let sentences = (0..count()).map(|_| generator.sentence("stmt"));
    // The body of a DO is a string to the grammar, and must be a block to the analyzer.
    let is_do = |sentence: &Vec<String>| sentence.first().is_some_and(|first| first == "DO");
    Ok(Some(
        sentences.filter(|sentence| !is_do(sentence)).collect(),
    ))
}

#[tokio::test]
async fn sentences_of_postgresqls_grammar() -> Outcome {
    let Some(sentences) = theirs()? else {
        return Ok(());
    };
    let sentences = sentences.iter().map(|sentence| sentence.join(" "));
    compare("sentences of PostgreSQL's grammar", &sentences.collect()).await
}

#[tokio::test]
async fn sentences_of_postgresqls_grammar_with_one_token_changed() -> Outcome {
    let Some(sentences) = theirs()? else {
        return Ok(());
    };
    let mut random = Random(seed());
    let words: Vec<String> = sentences.iter().flatten().cloned().collect();
    let long = sentences.iter().filter(|sentence| sentence.len() > 1);
    let mutants = long.map(|sentence| mutate(sentence, &words, &mut random).join(" "));
    let mutants = mutants.filter(|sql| !sql.starts_with("DO "));
    compare("mutants of PostgreSQL's grammar", &mutants.collect()).await
}

#[tokio::test]
async fn statements_with_one_token_changed() -> Outcome {
    let mut random = Random(seed());
    let statements: Vec<Vec<String>> = accepted().map(|row| tokens(row.sql)).collect();
    let words = statements.iter().flatten().cloned();
    let words: Vec<String> = words
        .chain(spelling::keywords().map(str::to_owned))
        .collect();
    let mut mutants = BTreeSet::new();
    while mutants.len() < count() {
        let statement = random.pick(&statements).cloned().unwrap_or_default();
        let is_body = statement.iter().any(|token| token.starts_with("$$"));
        if statement.len() > 1 && !is_body {
            mutants.insert(mutate(&statement, &words, &mut random).join(" "));
        }
    }
    compare("statements with one token changed", &mutants).await
}
