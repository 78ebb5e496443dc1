//! The known disagreements, from `known.md`.

use std::collections::BTreeSet;

/// A statement about which the readers disagree: after the statement, a `-` before each line that only
/// the analyzer reads, and a `+` before each that only sqlparser reads.
pub(super) fn disagreement(statement: &str, ours: &[String], theirs: &[String]) -> Option<String> {
    let only = |these: &[String], those: &[String], sign: &str| {
        let only = these.iter().filter(|line| !those.contains(line));
        let lines: BTreeSet<String> = only
            .map(|line| format!("    {sign} {}\n", line.trim_end()))
            .collect();
        lines.into_iter().collect::<String>()
    };
    let lines = only(ours, theirs, "-") + &only(theirs, ours, "+");
    let statement: Vec<&str> = statement.split_whitespace().collect();
    (!lines.is_empty()).then(|| format!("    {}\n{lines}", statement.join(" ")))
}

/// The blocks of `known.md`: each is below a heading, and below a line about who is right.
pub(super) fn listed() -> BTreeSet<String> {
    let text = include_str!("known.md");
    let mut blocks = BTreeSet::new();
    for section in text.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap_or_default();
        let verdicts = ["Right: the analyzer.", "Right: sqlparser.", "Right: both."];
        let decided = section
            .lines()
            .any(|line| verdicts.iter().any(|who| line.starts_with(who)));
        assert!(decided, "known.md does not say who is right about {title}");
        let mut found = 0;
        for block in section
            .split("\n\n")
            .filter(|block| block.starts_with("    "))
        {
            found += 1;
            let new = blocks.insert(format!("{}\n", block.trim_end()));
            assert!(new, "known.md has this twice:\n{block}");
        }
        assert!(found > 0, "known.md has no statement for {title}");
    }
    blocks
}
