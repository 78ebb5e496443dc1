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

use onward_analyzer::lower::lower;
use onward_analyzer::split::split;
use onward_analyzer::statement::Statement;

fn one(text: &str) -> Statement {
    let split = split(text);
    assert_eq!(split.statements.len(), 1, "{text}");
    lower(text, &split.statements[0], "app")
}

fn hold(rows: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, facts) in rows {
        let words = format!("{:?}", one(text));
        let missing = facts.iter().filter(|fact| !words.contains(**fact));
        wrong.extend(missing.map(|fact| format!("{text}\n  lacks {fact}\n  {words}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
