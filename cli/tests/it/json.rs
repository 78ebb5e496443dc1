//! docs/json.md: every verb with `--format json` is in it, with the keys that it prints, and the exit statuses.

use std::collections::BTreeSet;

use clap::{Command, CommandFactory as _};
use onward_pg::database;
use serde_json::Value;

use crate::Outcome;
use crate::support::{FOLDER, Folder, onward, onward_on};

const DOCS: &str = include_str!("../../../docs/json.md");
const CHECK: &str = include_str!("../../../docs/check.md");

/// The verbs with `--format json`, by the words that are typed.
fn verbs(command: &Command, before: &str) -> Vec<String> {
    let own = command.get_arguments().any(|arg| {
        let values = arg.get_value_parser().possible_values();
        arg.get_id() == "format"
            && values.is_some_and(|mut all| all.any(|value| value.get_name() == "json"))
    });
    let name = [before, command.get_name()].join(" ");
    let name = name.trim().trim_start_matches("onward").trim().to_owned();
    let inner = { command.get_subcommands() }.filter(|verb| verb.get_name() != "help");
    let inner = inner.flat_map(|verb| verbs(verb, &name));
    own.then(|| name.clone()).into_iter().chain(inner).collect()
}

/// The words in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The rows of the table of verbs: those in the first cell, and the rest.
fn rows() -> impl Iterator<Item = (Vec<&'static str>, &'static str)> {
    let table = DOCS.lines().filter(|line| line.starts_with("| `"));
    table.filter_map(|line| {
        let (verbs, rest) = line.trim_start_matches("| ").split_once(" | ")?;
        Some((quoted(verbs).collect(), rest))
    })
}

/// What the page says about a verb: its row, and the paragraph that begins with its name.
fn documented(verb: &str) -> BTreeSet<&'static str> {
    let of_rows = rows().filter(|(verbs, _)| verbs.contains(&verb));
    let name = format!("**`{verb}`**");
    // Everything that is bold stands before the first colon.
    let of_text = DOCS.split("\n\n").filter_map(|text| {
        let (bold, rest) = text.strip_prefix("**")?.split_once(": ")?;
        ["**", bold].concat().contains(&name).then_some(rest)
    });
    let texts = of_rows.map(|(_, rest)| rest).chain(of_text);
    texts.flat_map(quoted).chain(["format_version"]).collect()
}

/// All keys, at any depth.
fn keys(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(object) => object
            .iter()
            .flat_map(|(key, value)| [key.clone()].into_iter().chain(keys(value)))
            .collect(),
        Value::Array(array) => array.iter().flat_map(keys).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => BTreeSet::new(),
    }
}

#[test]
fn every_verb_that_prints_json_has_a_row() {
    let known: BTreeSet<_> = rows().flat_map(|(verbs, _)| verbs).collect();
    let all = verbs(&onward_cli::Args::command(), "");
    assert!(all.len() > 15, "{all:?}");
    let missing: Vec<_> = all
        .iter()
        .filter(|verb| !known.contains(verb.as_str()))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/json.md has no row for {missing:?}"
    );
}

#[tokio::test]
async fn the_documents_have_the_keys_of_the_page_and_no_others() -> Outcome {
    let database = database().await?;
    let folder = Folder::shop(&[])?;
    let path = folder.path();
    let json = ["--format", "json"];
    let arguments = |all: &[&str]| {
        [all, &json]
            .concat()
            .iter()
            .map(|one| (*one).to_owned())
            .collect::<Vec<_>>()
    };
    let offline = [
        ("new", arguments(&["new", &path, "a"])),
        ("explain", arguments(&["explain", "drop-column"])),
        ("rules", arguments(&["rules"])),
        ("plan", arguments(&["plan", FOLDER])),
        (
            "parse",
            arguments(&["parse", &format!("{FOLDER}/001_products.sql")]),
        ),
        ("tenancy", arguments(&["tenancy", "migrations/auth"])),
    ];
    let online = [
        ("status", arguments(&["status", FOLDER])),
        ("release", arguments(&["release", FOLDER])),
        ("data list", arguments(&["data", "list", FOLDER])),
        ("data show", arguments(&["data", "show", FOLDER, "DM001"])),
        ("data run", arguments(&["data", "run", FOLDER])),
        ("data list", arguments(&["data", "list", FOLDER])),
        ("up", arguments(&["up", FOLDER])),
        ("status", arguments(&["status", FOLDER])),
        ("verify", arguments(&["verify", FOLDER])),
        ("roles", arguments(&["roles", FOLDER, "--check"])),
        ("plan", arguments(&["plan", FOLDER])),
    ];
    let mut found: Vec<(&str, Value)> = Vec::new();
    for (verb, arguments) in &offline {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let out = onward(&arguments).await?.out;
        // `parse` prints a document in each line.
        let whole = serde_json::from_str(&out);
        let lines = || {
            out.lines()
                .map(serde_json::from_str)
                .collect::<Result<Vec<Value>, _>>()
        };
        found.push((verb, whole.or_else(|_| lines().map(Value::Array))?));
    }
    for (verb, arguments) in &online {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        found.push((verb, onward_on(&database, &arguments).await?.json()?));
    }
    let undocumented: Vec<String> = found
        .iter()
        .flat_map(|(verb, document)| {
            // Documents that are a part of others.
            let inner: &[&str] = match *verb {
                "status" => &["data list", "live"],
                "plan" => &["live"],
                _ => &[],
            };
            let known: BTreeSet<_> = { inner.iter().copied().chain([*verb]) }
                .flat_map(documented)
                .collect();
            let keys = keys(document)
                .into_iter()
                .filter(move |key| !known.contains(key.as_str()));
            // What `ledger` has is said once for all, and the keys of findings are those of `check`.
            let common: BTreeSet<_> = ["seq", "chain"].into_iter().chain(quoted(CHECK)).collect();
            keys.filter(move |key| !common.contains(key.as_str()))
                .map(move |key| format!("{verb}: {key}"))
        })
        .collect();
    assert!(
        undocumented.is_empty(),
        "not in docs/json.md: {undocumented:#?}"
    );
    // And the other way: a key of the page that no document has.
    let mut missing = Vec::new();
    for verb in [
        "new",
        "explain",
        "rules",
        "plan",
        "status",
        "release",
        "up",
        "verify",
        "data list",
    ] {
        let printed: BTreeSet<String> = { found.iter() }
            .filter(|(one, _)| *one == verb)
            .flat_map(|(_, document)| keys(document))
            .collect();
        let text: String = { found.iter() }
            .map(|(_, document)| document.to_string())
            .collect();
        let of_page = documented(verb)
            .into_iter()
            .filter(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        let of_page = of_page.filter(|word| *word != "null" && !printed.contains(*word));
        // Words of values, such as a state.
        let values = [
            "startup",
            "release",
            "seed",
            "data",
            "pending",
            "waiting",
            "edited",
            "done",
            "missing",
            "progress",
            "whole",
            "repeated",
            "code",
            "background",
        ];
        missing.extend(
            of_page
                .filter(|word| !values.contains(word) && !text.contains(&format!("\"{word}\":")))
                .map(|word| format!("{verb}: {word}")),
        );
    }
    // Those of states that these documents are not in; the tests of what they are about see them.
    const ELSEWHERE: [&str; 14] = [
        "waits_for",
        "message",
        "kind",
        "query",
        "setting",
        "phase",
        "what",
        "object",
        "property",
        "different",
        "extra",
        "differences",
        "by_files",
        "in_database",
    ];
    missing.retain(|one| {
        let key = one.rsplit(": ").next().unwrap_or_default();
        !ELSEWHERE.contains(&key)
    });
    assert!(missing.is_empty(), "only in docs/json.md: {missing:#?}");
    Ok(())
}

#[tokio::test]
async fn a_failure_and_many_databases_have_the_keys_of_the_page() -> Outcome {
    let section = |title: &str| {
        DOCS.split("\n## ")
            .find(|text| text.starts_with(title))
            .unwrap_or_default()
    };
    let failures: BTreeSet<_> = quoted(section("Failures")).collect();
    let missing = onward(&["plan", "no/such/folder", "--format", "json"]).await?;
    let document = missing.with(2).json()?;
    let undocumented: Vec<_> = keys(&document)
        .into_iter()
        .filter(|key| !failures.contains(key.as_str()))
        .collect();
    assert!(undocumented.is_empty(), "{undocumented:?}");
    assert!(failures.contains(document["kind"].as_str().unwrap_or_default()));

    let folder = Folder::new(&[("fleet.txt", "a postgres://u@127.0.0.1:1/d")])?;
    let file = folder.root().join("fleet.txt").display().to_string();
    let many = onward(&["status", FOLDER, "--targets", &file, "--format", "json"]).await?;
    let document = many.with(2).json()?;
    let known: BTreeSet<_> = quoted(section("Many databases"))
        .chain(["format_version"])
        .collect();
    for key in document.as_object().ok_or("an object")?.keys().chain(
        document["targets"][0]
            .as_object()
            .ok_or("an object")?
            .keys(),
    ) {
        assert!(known.contains(key.as_str()), "{key}");
    }
    Ok(())
}

#[test]
fn the_table_of_exit_statuses_is_the_programs() {
    let rows = DOCS
        .lines()
        .skip_while(|line| !line.starts_with("| status | meaning |"))
        .skip(2);
    let documented: Vec<u8> = rows
        .map_while(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok())
        .collect();
    use onward_cli::Outcome;
    let all = [Outcome::Good, Outcome::Refused, Outcome::CouldNotRun].map(Outcome::code);
    assert_eq!(documented, all);
    let help = onward_cli::Args::command().render_long_help().to_string();
    for status in all {
        assert!(
            help.contains(&format!("\n  {status}  ")),
            "--help does not explain {status}"
        );
    }
}
