//! What a reader copies into a file is read by what will read it.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use clap::Parser as _;
use onward_analyzer::settings;

use super::blocks_in;
use super::taken::{squeezed, texts};
use crate::Outcome;
use crate::support::Folder;

/// Rules about text that is not understood. What else is found depends on files that the page does not show.
const UNREAD: [&str; 4] = [
    "unknown-statement",
    "newer-postgresql",
    "wrong-directive",
    "unreadable-file",
];

#[tokio::test]
async fn sql_is_read_and_a_whole_module_has_no_error() -> Outcome {
    let mut pages: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut alone = Vec::new();
    for block in blocks_in(&["sql"])? {
        let (page, _) = block.place.split_once(':').unwrap_or_default();
        match block.file {
            Some(file) => { pages.entry(page.to_owned()).or_default() }.push((file, block.text)),
            None => alone.push(block),
        }
    }
    for block in blocks_in(&["toml"])? {
        let (page, _) = block.place.split_once(':').unwrap_or_default();
        if let (Some(file), Some(files)) = (block.file, pages.get_mut(page)) {
            files.push((file, block.text));
        }
    }
    assert!(pages.len() > 1, "{pages:?}");
    for (page, files) in pages {
        // That page shows what is found, and a test of its own compares it.
        let expected = usize::from(page == "tenancy.md");
        let found = findings(&files).await?;
        let found = found.iter().filter(|(_, severity)| severity != "warn");
        assert_eq!(found.count().min(1), expected, "{page}");
    }
    assert!(alone.len() > 5, "{}", alone.len());
    for block in alone {
        // A directive is about a statement; where the page shows none, any will do.
        let lines = block.text.lines();
        let is_bare = lines.clone().all(|line| line.starts_with("--"));
        let text = match is_bare {
            true => lines.map(|line| format!("{line}\nSELECT 1;\n")).collect(),
            false => block.text.clone(),
        };
        let name = match block.text.contains("-- onward: batch") {
            true => "shop/DM001_page.sql",
            false if block.text.contains("-- onward: breaks") => "shop/100_page.sql",
            false => "shop/001_page.sql",
        };
        let found = findings(&[(name.to_owned(), text)]).await?;
        for allowed in block.text.split("-- onward: allow ").skip(1) {
            let (names, _) = allowed.split_once(" because").ok_or("a reason")?;
            for name in names.split(", ") {
                let is_there = onward_analyzer::RULES.iter().any(|rule| rule.id == name);
                assert!(is_there, "{}: {name}", block.place);
            }
        }
        let unread: Vec<_> = { found.iter() }
            .filter(|(rule, _)| UNREAD.contains(&&**rule))
            .collect();
        assert!(unread.is_empty(), "{}: {unread:?}", block.place);
    }
    Ok(())
}

/// The rules and severities of what the check finds in these files of one module.
async fn findings(files: &[(String, String)]) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let module = { files.iter() }.find_map(|(file, _)| Some(file.rsplit_once('/')?.0.to_owned()));
    let module = module.ok_or("a file lies in a folder")?;
    let borrowed: Vec<_> = { files.iter() }
        .map(|(file, text)| (&**file, text))
        .collect();
    let folder = Folder::new(&borrowed)?;
    let ended = folder.check(&[&module, "--format", "json"]).await?;
    let document = ended
        .json()
        .map_err(|error| format!("{error}: {}", ended.err))?;
    let found = document["findings"].as_array().ok_or("findings")?;
    let word =
        |one: &serde_json::Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let found = found.iter().filter(|one| one["allowed_because"].is_null());
    Ok(found
        .map(|one| (word(one, "rule"), word(one, "severity")))
        .filter(|(_, severity)| severity != "allow")
        .collect())
}

#[test]
fn settings_are_those_of_a_module_or_of_cargo() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for block in blocks_in(&["toml"])? {
        if block.text.contains("[language-server") {
            is_a_command(&block.place, &block.text)?;
            continue;
        }
        let depends = { block.text.lines() }.find(|line| line.starts_with("onward"));
        let Some(depends) = depends else {
            let read = settings::read(&block.text);
            assert!(read.is_ok(), "{}: {read:?}", block.place);
            continue;
        };
        let (name, _) = depends.split_once(" = ").ok_or("a dependency")?;
        let folder = match name {
            "onward" => "runtime",
            "onward-cli" => "cli",
            other => return Err(format!("{}: {other}", block.place).into()),
        };
        let cargo = std::fs::read_to_string(root.join(folder).join("Cargo.toml"))?;
        assert!(
            cargo.contains(&format!("name = \"{name}\"")),
            "{}",
            block.place
        );
        let features = depends
            .split_once("features = [")
            .map_or("", |(_, rest)| rest);
        for feature in features.split('"').skip(1).step_by(2) {
            let is_there = cargo
                .lines()
                .any(|line| line.starts_with(&format!("{feature} =")));
            assert!(is_there, "{}: {feature}", block.place);
        }
    }
    Ok(())
}

/// The set-up of an editor starts a command that there is.
fn is_a_command(place: &str, text: &str) -> Outcome {
    let quoted: Vec<_> = text.split('"').skip(1).step_by(2).collect();
    let at = { quoted.iter() }.position(|word| *word == "onward" || word.ends_with(".command"));
    assert!(at.is_some() && text.contains("\"onward\""), "{place}");
    let words = ["onward", "lsp"];
    assert!(words.iter().all(|word| quoted.contains(word)), "{place}");
    Ok(onward_cli::Args::try_parse_from(words).map(drop)?)
}

#[test]
fn the_set_up_of_an_editor_is_of_its_format() -> Outcome {
    let blocks = blocks_in(&["json", "lua"])?;
    assert!(blocks.len() >= 2);
    for block in blocks {
        is_a_command(&block.place, &block.text)?;
        if block.language == "json" {
            let read: Result<serde_json::Value, _> = serde_json::from_str(&block.text);
            assert!(read.is_ok(), "{}: {read:?}", block.place);
        } else {
            let count = |letter: char| block.text.matches(letter).count();
            assert_eq!(count('{'), count('}'), "{}", block.place);
            assert_eq!(count('('), count(')'), "{}", block.place);
        }
    }
    Ok(())
}

/// The hook and the inputs of the action are those that the repository has; `ci` runs both.
#[test]
fn the_set_up_of_ci_names_what_there_is() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let hooks = std::fs::read_to_string(root.join(".pre-commit-hooks.yaml"))?;
    let action = std::fs::read_to_string(root.join("action.yml"))?;
    let mut named = 0;
    for block in blocks_in(&["yaml"])? {
        for line in block.text.lines().map(str::trim) {
            if let Some(hook) = line.strip_prefix("- id: ") {
                assert!(hooks.contains(&format!("- id: {hook}\n")), "{hook}");
                named += 1;
            }
        }
        let (_, inputs) = block.text.split_once("  with:\n").unwrap_or_default();
        for line in inputs.lines() {
            let (input, _) = line.trim().split_once(':').ok_or("an input")?;
            assert!(action.contains(&format!("\n  {input}:\n")), "{input}");
            named += 1;
        }
    }
    assert!(named >= 4, "{named}");
    Ok(())
}

/// Without the attribute of a test, which a source that only compiles leaves out.
fn code(text: &str) -> String {
    squeezed(text).replace("#[tokio::test]", "")
}

/// Each line of a block is in a file that cargo compiles: a source, or an example in its documentation.
#[test]
fn rust_is_compiled() -> Outcome {
    let folders = [
        "runtime",
        "cli/src",
        "clients",
        "services",
        "tests",
        "analyzer/src",
    ];
    let sources = texts(&folders)?;
    let sources: Vec<_> = sources.iter().map(|text| code(text)).collect();
    let blocks = blocks_in(&["rust"])?;
    assert!(blocks.len() > 15, "{}", blocks.len());
    let lacking: Vec<_> = { blocks.iter() }
        .filter(|block| {
            let text = code(&block.text);
            !sources.iter().any(|source| source.contains(&text))
        })
        .map(|block| format!("{} is in no source:\n{}", block.place, block.text))
        .collect();
    assert!(lacking.is_empty(), "{}", lacking.join("\n"));
    Ok(())
}
