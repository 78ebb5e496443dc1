//! The tables of ARCHITECTURE.md equal the folders, both ways.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::root;

/// The crates that have their rooms in the map.
const MAPPED: [&str; 5] = [
    "analyzer/src/",
    "macros/src/",
    "connect/src/",
    "runtime/src/",
    "cli/src/",
];

/// The rows `` | `folder/` | `file` `folder/` ... | what it is | ``: each folder with its files, or with nothing
/// where the row does not list them.
fn rows(architecture: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let rows = architecture.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [room, files, _] = cells[..] else {
            return None;
        };
        let room = room.strip_prefix('`')?.strip_suffix('`')?;
        let is_mapped = MAPPED.iter().any(|src| room.starts_with(src));
        is_mapped.then(|| (room, files.split('`').skip(1).step_by(2).collect()))
    });
    rows.collect()
}

/// What a folder holds: its files by their names without `.rs`, its folders with a slash.
fn listed(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).into_iter().flatten();
    let names = entries.filter_map(|entry| {
        let entry = entry.expect("the workspace can be read");
        let name = entry.file_name().into_string().expect("names are text");
        let is_folder = entry.file_type().expect("entries have a type").is_dir();
        match (is_folder, name.strip_suffix(".rs")) {
            (true, _) => Some(format!("{name}/")),
            (false, Some("mod") | None) => None,
            (false, Some(file)) => Some(file.to_owned()),
        }
    });
    names.collect()
}

/// What the map and the folders disagree about.
fn differences(architecture: &str) -> Vec<String> {
    let rows = rows(architecture);
    let mut found = Vec::new();
    for (room, files) in &rows {
        let there = listed(room);
        if there.is_empty() && !root().join(room).is_dir() {
            found.push(format!("ARCHITECTURE.md: there is no folder {room}"));
        } else if !files.is_empty() {
            let there: BTreeSet<&str> = there.iter().map(String::as_str).collect();
            let missing = there.difference(files).map(|one| (one, "does not list"));
            let surplus = files
                .difference(&there)
                .map(|one| (one, "lists, and there is no"));
            let both = missing.chain(surplus);
            found.extend(both.map(|(one, what)| format!("ARCHITECTURE.md {what} {room}{one}")));
        }
    }
    let mut folders: Vec<String> = MAPPED.map(str::to_owned).to_vec();
    while let Some(folder) = folders.pop() {
        if !rows.contains_key(folder.as_str()) {
            found.push(format!("ARCHITECTURE.md has no row for {folder}"));
        }
        let inside = listed(&folder);
        let inside = inside.iter().filter(|name| name.ends_with('/'));
        folders.extend(inside.map(|name| format!("{folder}{name}")));
    }
    found
}

#[test]
fn the_map_equals_the_folders() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map can be read");
    let found = differences(&text);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    for (row, seeded, expected) in [
        ("`expand` ", "", "does not list macros/src/expand"),
        (
            "`expand` ",
            "`expand` `attic` ",
            "there is no macros/src/attic",
        ),
        ("| `macros/src/` |", "| macros |", "no row for macros/src/"),
        (
            "`cli/src/output/`",
            "`cli/src/cellar/`",
            "no folder cli/src/cellar/",
        ),
    ] {
        let changed = text.replacen(row, seeded, 1);
        let found = differences(&changed).join("\n");
        assert!(found.contains(expected), "{row}: {found}");
    }
}
