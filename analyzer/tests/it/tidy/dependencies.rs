//! Which dependencies exist, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use super::{Source, never_says, root, workspace};

#[test]
fn every_crate_uses_the_lints_of_the_workspace() {
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
fn a_service_and_the_runtime_link_no_parser() {
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
fn every_dependency_has_a_reason_in_the_architecture() {
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
        ["ARCHITECTURE.md: `rand` is no longer a dependency"]
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
            .map(|name| format!("ARCHITECTURE.md: `{name}` is no longer a dependency")),
    );
    found
}

/// The names of the dependencies of a workspace crate, without the workspace's own crates.
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
