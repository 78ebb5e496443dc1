//! No fact that a rule may need is lost between the text and the analyzer's own form.
//!
//! The form of each statement must contain all of these.

mod code;
mod columns;
mod constraints;
mod indexes;
mod mentions;
mod rows;
mod tables;

use crate::one::statement;

fn hold(rows: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, facts) in rows {
        let words = format!("{:?}", statement(text));
        let missing = facts.iter().filter(|fact| !words.contains(**fact));
        wrong.extend(missing.map(|fact| format!("{text}\n  lacks {fact}\n  {words}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
