//! What must never be, as tests over the sources of the whole workspace.
//!
//! Each never is a function from sources to violations, and is asked twice: about the workspace,
//! which has to be clean, and about a made-up violation, which has to be found.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file, with its path from the workspace root.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            text: text.into(),
        }
    }

    fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// The lines from 1, without comments, and without the module of unit tests at the end.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.text.find("\n#[cfg(test)]\nmod ");
        let shipped = &self.text[..tests.unwrap_or(self.text.len())];
        let shipped = if self.path.ends_with("/tests.rs") {
            ""
        } else {
            shipped
        };
        shipped.lines().enumerate().filter_map(|(n, line)| {
            let code = line.split(" // ").next().unwrap_or_default();
            (!code.trim_start().starts_with("//")).then_some((n + 1, code))
        })
    }

    /// `path:line: what` for each line of code that holds one of the words.
    fn lines_with(&self, words: &[&str]) -> Vec<String> {
        let bad = self
            .code()
            .filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        bad.map(|(n, line)| format!("{}:{n}: {}", self.path, line.trim()))
            .collect()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files of the workspace with this ending, but not what is built or hidden.
fn workspace(ending: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root().join(&folder)).expect("the workspace can be read");
        for entry in entries {
            let entry = entry.expect("the workspace can be read");
            let name = entry.file_name().into_string().expect("names are text");
            let path = format!("{folder}{name}");
            if name.starts_with('.') || name == "target" {
                continue;
            } else if entry.file_type().expect("entries have a type").is_dir() {
                folders.push(format!("{path}/"));
            } else if name.ends_with(ending) {
                let text = fs::read_to_string(entry.path()).unwrap_or_default();
                sources.push(Source { path, text });
            }
        }
    }
    for krate in ["analyzer", "cli", "macros", "runtime"] {
        let found = sources.iter().any(|source| source.is_below(&[krate]));
        assert!(found, "no file of {krate} ends in {ending}");
    }
    sources
}

/// Asks a never about the workspace and about violations, each of which it has to find.
fn never(check: impl Fn(&[Source]) -> Vec<String>, violations: impl IntoIterator<Item = Source>) {
    for violation in violations {
        let seeded = format!("{}: {:?}", violation.path, violation.text);
        assert!(
            !check(&[violation]).is_empty(),
            "would not be found: {seeded}"
        );
    }
    let found = check(&workspace(".rs"));
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// A never that is a list of words below some folders.
fn never_says(folders: &[&str], words: &[&str], violations: impl IntoIterator<Item = Source>) {
    let check = |sources: &[Source]| {
        sources
            .iter()
            .filter(|source| source.is_below(folders))
            .flat_map(|source| source.lines_with(words))
            .collect()
    };
    never(check, violations);
}

#[test]
fn no_file_has_more_than_500_lines() {
    let check = |sources: &[Source]| {
        let long = sources
            .iter()
            .map(|source| (source, source.text.lines().count()));
        long.filter(|(_, lines)| *lines > 500)
            .map(|(source, lines)| format!("{}:501: the file has {lines} lines", source.path))
            .collect()
    };
    never(check, [Source::new("cli/src/long.rs", "\n".repeat(501))]);
}

#[test]
fn only_source_touches_files_and_the_environment() {
    let check = |sources: &[Source]| {
        sources
            .iter()
            .filter(|source| source.is_below(&["analyzer/src/"]))
            .filter(|source| source.path != "analyzer/src/source.rs")
            .flat_map(|source| source.lines_with(&["std::fs", "std::env", " fs::", "env::var"]))
            .collect()
    };
    never(check, [Source::new("analyzer/src/plan.rs", "use std::fs;")]);
}

/// What is private cannot expose the grammar's tree, so `lower` is all that may be public there.
#[test]
fn lower_shows_one_function_and_no_type_of_the_grammar() {
    let check = |sources: &[Source]| {
        let lower = sources
            .iter()
            .filter(|source| source.is_below(&["analyzer/src/lower/"]));
        let public = lower.flat_map(|source| source.lines_with(&["pub ", "pub(crate)"]));
        public.filter(|line| !line.ends_with(PUBLIC_DOOR)).collect()
    };
    const PUBLIC_DOOR: &str = "pub fn lower(text: &str, raw: &Raw, schema: &str) -> Statement {";
    let text = "pub fn name(node: Node<'_>) -> Name {";
    never(check, [Source::new("analyzer/src/lower/mod.rs", text)]);
}

/// A new variant has to be thought about in each of these places.
#[test]
fn our_own_enums_are_matched_without_a_catch_all() {
    let files = [
        "analyzer/src/effect/",
        "analyzer/src/finding.rs",
        "analyzer/src/judge.rs",
        "analyzer/src/plan.rs",
        "analyzer/src/schema/",
        "analyzer/src/statement/",
        "macros/src/",
        "runtime/src/ledger/",
        "runtime/src/messages/",
        "runtime/src/plan/migration.rs",
        "runtime/src/plan/mod.rs",
        "runtime/src/plan/step.rs",
        "runtime/src/run/",
    ];
    let violation = Source::new(
        "analyzer/src/effect/mode.rs",
        "        _ => Mode::Transactional,",
    );
    never_says(&files, &["_ =>"], [violation]);
}

#[test]
fn nothing_panics_where_a_build_or_a_service_would_die_of_it() {
    let words = [
        "panic!(",
        ".unwrap()",
        ".expect(",
        "unreachable!(",
        "todo!(",
        "unimplemented!(",
    ];
    let violations = words.map(|word| Source::new("runtime/src/run/mod.rs", word));
    never_says(
        &["analyzer/src/", "macros/src/", "runtime/src/"],
        &words,
        violations,
    );
}

#[test]
fn nothing_is_unsafe() {
    let words = [" fn", " {", " impl", " extern"].map(|rest| format!("unsafe{rest}"));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let seeded = format!("un{}", "safe { free(p) }");
    never_says(&[""], &words, [Source::new("cli/src/main.rs", seeded)]);
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let manifests = workspace("Cargo.toml");
    for manifest in &manifests {
        if manifest.path == "Cargo.toml" {
            assert!(
                manifest.text.contains("unsafe_code = \"forbid\""),
                "Cargo.toml allows what is unsafe"
            );
        } else {
            assert!(
                manifest.text.contains("[lints]\nworkspace = true"),
                "{}: no `[lints] workspace = true`",
                manifest.path
            );
        }
    }
}

#[test]
fn no_module_is_named_after_nothing() {
    let check = |sources: &[Source]| {
        let empty_words = ["util", "utils", "helper", "helpers", "common", "misc"];
        let named = |source: &&Source| {
            let mut parts = source.path.trim_end_matches(".rs").split('/');
            parts.any(|part| empty_words.contains(&part))
        };
        let files = sources.iter().filter(named);
        let mut found: Vec<String> = files.map(|source| format!("{}:1", source.path)).collect();
        let inline = |line: &str| {
            let name = line
                .trim_start()
                .trim_start_matches("pub ")
                .strip_prefix("mod ");
            name.is_some_and(|name| empty_words.contains(&name.trim_end_matches([' ', '{', ';'])))
        };
        for source in sources {
            let lines = source.code().filter(|(_, line)| inline(line));
            found.extend(lines.map(|(n, line)| format!("{}:{n}: {line}", source.path)));
        }
        found
    };
    let violations = [
        Source::new("runtime/src/utils.rs", ""),
        Source::new("tests/tests/common/mod.rs", ""),
        Source::new("cli/src/main.rs", "mod helpers {"),
    ];
    never(check, violations);
}

#[test]
fn no_test_is_skipped_silently() {
    // Plain, and behind a condition.
    let ways = [concat!("#[", "ignore"), concat!(", ", "ignore)]")];
    let check = |sources: &[Source]| {
        let line = |source: &Source| {
            let skips = |line: &str| ways.iter().any(|way| line.contains(way));
            let at = source.text.lines().position(skips)?;
            Some(format!(
                "{}:{}: a test that never runs",
                source.path,
                at + 1
            ))
        };
        sources.iter().filter_map(line).collect()
    };
    let violations = ways.map(|way| format!("#[cfg(test)]\nmod tests {{\n{way}\n"));
    never(
        check,
        violations.map(|text| Source::new("cli/src/main.rs", text)),
    );
}

#[test]
fn no_sql_is_put_together_from_values() {
    let check = |sources: &[Source]| {
        let runtime = sources
            .iter()
            .filter(|source| source.is_below(&["runtime/src/"]));
        runtime.flat_map(formats_sql).collect()
    };
    let violations = [
        "format!(\"SELECT {x}\")",
        "format!(\n    \"DROP TABLE {x}\"\n)",
        "write!(sql, \"SET ROLE {x}\")",
    ];
    never(
        check,
        violations.map(|text| Source::new("runtime/src/run/mod.rs", text)),
    );
}

/// The calls of formatting macros whose text starts with a verb of SQL.
fn formats_sql(source: &Source) -> Vec<String> {
    const VERBS: [&str; 14] = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CREATE", "ALTER", "DROP",
        "SET", "BEGIN", "COMMIT", "LOCK", "DO",
    ];
    let code: Vec<(usize, &str)> = source.code().collect();
    let mut found = Vec::new();
    for (at, (n, line)) in code.iter().enumerate() {
        let macros = ["format!(", "format_args!(", "write!(", "writeln!("];
        let Some(call) = macros.iter().find_map(|name| line.split(name).nth(1)) else {
            continue;
        };
        let next = code.get(at + 1).map_or("", |(_, line)| line);
        let both = format!("{call} {next}");
        let literal = both.split('"').nth(1).unwrap_or_default();
        let verb = literal.split_whitespace().next().unwrap_or_default();
        if VERBS.contains(&verb) {
            found.push(format!("{}:{n}: {}", source.path, line.trim()));
        }
    }
    found
}

#[test]
fn no_feature_changes_types() {
    let violation = Source::new("runtime/src/plan/mod.rs", "#[cfg(feature = \"time\")]");
    let folders = ["analyzer/src/", "macros/src/", "runtime/src/"];
    never_says(&folders, &["cfg(feature", "cfg_attr(feature"], [violation]);
}

#[test]
fn the_macro_and_the_analyzer_open_no_socket() {
    let violations = ["use std::net::TcpStream;", "use std::os::unix::net;"];
    never_says(
        &["analyzer/src/", "macros/src/"],
        &["std::net", "unix::net", "tokio", "TcpStream", "reqwest"],
        violations.map(|text| Source::new("macros/src/expand.rs", text)),
    );
    let tree = cargo_tree(&["-e", "normal", "-p", "onward-macros"]);
    for network in ["tokio", "socket2", "mio", "hyper", "reqwest", "ureq"] {
        assert!(
            !tree
                .lines()
                .any(|line| line.contains(&format!(" {network} v"))),
            "onward-macros depends on {network}:\n{tree}"
        );
    }
    assert!(
        tree.contains("onward-analyzer v"),
        "cargo tree shows no dependencies: {tree}"
    );
}

#[test]
fn a_service_ships_no_parser() {
    let shipped = ["-e", "normal,no-proc-macro", "-p"];
    let parsers = ["onward-analyzer v", "sqlparser v", "pg_query v", "syn v"];
    let links_a_parser = |package: &str| {
        let tree = cargo_tree(&[&shipped[..], &[package]].concat());
        parsers.iter().any(|parser| tree.contains(parser))
    };
    for package in ["authority", "onward"] {
        assert!(!links_a_parser(package), "{package} links a parser");
    }
    assert!(
        links_a_parser("onward-cli"),
        "the parser would not be found"
    );
}

fn cargo_tree(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .arg("tree")
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree failed: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md"));
    let text =
        text.expect("ARCHITECTURE.md, which gives a reason for each dependency, can be read");
    let manifests = workspace("Cargo.toml");
    let found = unexplained(&manifests, &text);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    let seeded = Source::new("cli/Cargo.toml", "[dependencies]\nrand = \"1\"\n");
    assert_eq!(
        unexplained(&[seeded], &text)[0],
        "cli/Cargo.toml:2: ARCHITECTURE.md does not say why `rand` is there"
    );
    let row = "| crate | used by | why |\n| `rand` | cli | dice |";
    assert_eq!(
        unexplained(&[], row),
        ["ARCHITECTURE.md: `rand` is no dependency any more"]
    );
}

/// Dependencies without a row `` | `crate` | used by | why | ``, and rows without a dependency.
fn unexplained(manifests: &[Source], architecture: &str) -> Vec<String> {
    let rows = architecture
        .lines()
        .skip_while(|line| !line.starts_with("| crate |"));
    let mut reasons: BTreeSet<&str> = rows
        .take_while(|line| line.starts_with('|'))
        .filter_map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            matches!(cells[..], [_, by, why] if !by.is_empty() && !why.is_empty())
                .then_some(cells[0])
        })
        .flat_map(|names| names.split('`').skip(1).step_by(2))
        .collect();
    let mut found = Vec::new();
    let mut used = BTreeMap::new();
    for manifest in manifests {
        used.extend(dependencies(manifest));
    }
    for (name, place) in &used {
        if !reasons.remove(name.as_str()) {
            found.push(format!(
                "{place}: ARCHITECTURE.md does not say why `{name}` is there"
            ));
        }
    }
    found.extend(
        reasons
            .iter()
            .map(|name| format!("ARCHITECTURE.md: `{name}` is no dependency any more")),
    );
    found
}

/// The names of what a crate of the workspace depends on, without the workspace's own crates.
fn dependencies(manifest: &Source) -> Vec<(String, String)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (n, line) in manifest.text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]") && line != "[workspace.dependencies]";
        } else if inside && line.starts_with(|c: char| c.is_ascii_lowercase()) {
            let name: String = line
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                .collect();
            if !name.starts_with("onward") {
                found.push((name, format!("{}:{}", manifest.path, n + 1)));
            }
        }
    }
    found
}
