//! What the lowering has read, no rule reads again (ADR 12): it asks for the fact.

use std::fs;
use std::path::{Path, PathBuf};

/// Rules that cut up text of which no statement is made yet, each with its reason.
const ALLOWED: [(&str, &str); 2] = [
    ("domain.rs", "writes a domain's check for a column"),
    (
        "new_write_restriction.rs",
        "reads the files that other rules propose",
    ),
];

/// What takes a text apart.
const READERS: [&str; 2] = ["crate::split", "crate::lower"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the sources can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Whether code of this text, documentation left out, takes a text apart.
fn reads(text: &str) -> bool {
    let mut code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.any(|line| READERS.iter().any(|reader| line.contains(reader)))
}

#[test]
fn no_rule_reads_a_statement_a_second_time() {
    assert!(
        reads("use crate::split::tokens;"),
        "a reader would not be found"
    );
    let mut files = Vec::new();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    sources(&rules, &mut files);
    assert!(files.len() > 150, "only {} files", files.len());
    let mut excuses: Vec<&str> = ALLOWED.iter().map(|(file, _)| *file).collect();
    for file in files {
        let text = fs::read_to_string(&file).expect("the sources can be read");
        let name = file.file_name().and_then(|name| name.to_str());
        let excuse = excuses.iter().position(|one| Some(*one) == name);
        match (reads(&text), excuse) {
            (true, None) => panic!("{} takes a text apart", file.display()),
            (true, Some(at)) => {
                excuses.remove(at);
            }
            (false, _) => {}
        }
    }
    assert_eq!(excuses, [""; 0], "these do not take a text apart any more");
}
