//! A second reader: sqlparser reads our statements and must find the same facts in them.
//!
//! The analyzer has its own grammar and readers; sqlparser shares no code with them. `known.md` lists
//! what the two disagree about, with who is right and why.

mod corpus;
mod known;
mod lines;
mod ours;
mod theirs;

use std::collections::BTreeSet;

use onward_analyzer::lower::lower;
use onward_analyzer::split::{Raw, split};
use onward_analyzer::statement::{Change, Statement};

use self::corpus::Text;
use crate::one;

/// Counts of what was compared.
#[derive(Debug, Default)]
struct Tally {
    /// Distinct statements.
    statements: usize,
    /// Statements that sqlparser accepts too.
    read: usize,
    /// Statements whose facts are compared.
    compared: usize,
    /// Statements in bodies of functions that are compared.
    in_bodies: usize,
    /// Facts that both readers find.
    facts: usize,
    /// The disagreements, in the form of `known.md`.
    disagreements: BTreeSet<String>,
}

impl Tally {
    /// The minimum, so that the comparison cannot become empty unnoticed; raise it when there is more to
    /// compare.
    fn is_enough(&self) -> bool {
        self.compared >= 1800 && self.in_bodies >= 25 && self.facts >= 5600
    }

    fn figures(&self) -> String {
        format!(
            "{} statements, {} read by both, {} compared and {} more in bodies, {} facts alike, {} statements with a disagreement",
            self.statements,
            self.read,
            self.compared,
            self.in_bodies,
            self.facts,
            self.disagreements.len()
        )
    }

    fn text(&mut self, text: &Text, seen: &mut BTreeSet<String>) {
        let raws = split(&text.text).statements;
        if let Some(theirs) = theirs::read(&text.text) {
            let count = |statements: usize| vec![format!("{statements} statements")];
            let differ = known::disagreement(&text.place, &count(raws.len()), &count(theirs.len()));
            self.disagreements.extend(differ);
        }
        for raw in raws {
            let statement = &text.text[raw.span.clone()];
            if seen.insert(statement.to_owned()) {
                self.statement(&text.text, &raw);
            }
        }
    }

    fn statement(&mut self, text: &str, raw: &Raw) {
        self.statements += 1;
        let written = &text[raw.span.clone()];
        let theirs = theirs::read(written);
        let Some([theirs]) = theirs.as_deref() else {
            return;
        };
        self.read += 1;
        let ours = lower(text, raw, theirs::SCHEMA);
        self.compared += usize::from(self.compare(written, &ours, theirs));
        self.body(&ours, theirs);
    }

    /// False if there is nothing to compare.
    fn compare(&mut self, written: &str, ours: &Statement, theirs: &theirs::Statement) -> bool {
        let Some(theirs) = theirs::facts(theirs) else {
            return false;
        };
        let ours = ours::facts(ours);
        self.facts += ours.iter().filter(|line| theirs.contains(line)).count();
        self.disagreements
            .extend(known::disagreement(written, &ours, &theirs));
        true
    }

    /// The statements of an SQL function, if sqlparser reads its body.
    fn body(&mut self, ours: &Statement, theirs: &theirs::Statement) {
        let Some((text, theirs)) = theirs::body(theirs) else {
            return;
        };
        let bodies = ours
            .clauses
            .iter()
            .filter_map(|clause| match &clause.change {
                Change::CreateRoutine(routine) => routine.body.as_ref(),
                _ => None,
            });
        let ours: Vec<&Statement> = bodies.flat_map(|body| &body.statements).collect();
        assert_eq!(ours.len(), theirs.len(), "statements of {text}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            self.in_bodies += usize::from(self.compare(&text, ours, theirs));
        }
    }
}

fn tally() -> Tally {
    let mut tally = Tally::default();
    let mut seen = BTreeSet::new();
    for text in corpus::all() {
        tally.text(&text, &mut seen);
    }
    tally
}

#[test]
#[expect(clippy::print_stdout, reason = "`--nocapture` shows the figures")]
fn both_readers_find_the_same_facts() {
    let tally = tally();
    println!("{}", tally.figures());
    let listed = known::listed();
    let found = &tally.disagreements;
    let new: String = found
        .difference(&listed)
        .map(|block| format!("{block}\n"))
        .collect();
    assert!(new.is_empty(), "not in known.md:\n\n{new}");
    let gone: String = listed
        .difference(found)
        .map(|block| format!("{block}\n"))
        .collect();
    assert!(
        gone.is_empty(),
        "in known.md and not found any more:\n\n{gone}"
    );
    assert!(
        tally.is_enough(),
        "too little was compared: {}",
        tally.figures()
    );
}

/// A mistake of either reader must be noticed: each of these is one line of facts, lost or changed.
#[test]
fn a_lost_fact_is_a_disagreement() {
    for (text, fact, instead) in [
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
            " not valid",
            "",
        ),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", " unique", ""),
        ("CREATE TABLE t (a bigint)", "bigint", "integer"),
        (
            "CREATE TABLE t (a int REFERENCES u (b))",
            "app.u (b)",
            "app.u",
        ),
        (
            "INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING",
            "nothing",
            "update",
        ),
        ("DELETE FROM t WHERE a = now()", " calling (now)", ""),
    ] {
        let ours = ours::facts(&one::statement(text));
        let theirs = theirs::read(text).and_then(|read| theirs::facts(&read[0]));
        let theirs = theirs.expect("sqlparser reads it");
        assert_eq!(known::disagreement(text, &ours, &theirs), None);
        let seeded: Vec<String> = ours.iter().map(|l| l.replace(fact, instead)).collect();
        assert_ne!(seeded, ours, "{text} has no `{fact}`");
        let found = known::disagreement(text, &seeded, &theirs);
        assert!(
            found.is_some(),
            "would not be found: {text} without `{fact}`"
        );
    }
}
