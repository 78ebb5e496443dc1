//! Nothing that a rule may ask for is lost on the way from the text to our words.
//!
//! Each statement has to become words in which all of these stand.

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
