//! action.yml and .pre-commit-hooks.yaml, done as those who read them do it.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::Outcome;
use crate::support::{Ended, Folder, program, run};

const ACTION: &str = include_str!("../../../action.yml");
const HOOKS: &str = include_str!("../../../.pre-commit-hooks.yaml");
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

const GOOD: (&str, &str) = (
    "migrations/shop/001_a.sql",
    "CREATE TABLE shop.a (id bigint PRIMARY KEY);\n",
);
const BAD: (&str, &str) = ("migrations/shop/002_b.sql", "DROP TABLE shop.a;\n");
const WARNED: (&str, &str) = (
    "migrations/shop/003_c.sql",
    "CREATE TABLE shop.c (id bigint PRIMARY KEY);\n",
);

/// In place of cargo: builds nothing, and puts the command of this build where it would lie.
const CARGO: &str = r#"#!/usr/bin/env bash
set -euo pipefail
verb=$1; shift
while [[ $# -gt 0 ]]; do
    case $1 in
        --path) [[ -f "$2/Cargo.toml" ]]; shift ;;
        --manifest-path) [[ -f "$2" ]]; shift ;;
        --root) at="$2/bin"; shift ;;
        --target-dir) at="$2/release"; shift ;;
    esac
    shift
done
[[ "$verb" == install || "$verb" == build ]]
mkdir -p "$at"
cp "$ONWARD" "$at/onward"
"#;

/// The text below `run:` of each step, in order.
fn steps(action: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let mut lines = action.lines().peekable();
    while let Some(line) = lines.next() {
        match line.strip_prefix("      run: ") {
            Some("|") => {
                let mut step = String::new();
                while let Some(line) =
                    lines.next_if(|line| line.starts_with("        ") || line.is_empty())
                {
                    step.push_str(line.trim_start_matches("        "));
                    step.push('\n');
                }
                steps.push(step);
            }
            Some(line) => steps.push(line.to_owned()),
            None => {}
        }
    }
    steps
}

/// The default of an input of the action.
fn default(input: &str) -> &'static str {
    let (_, rest) = ACTION
        .split_once(&format!("\n  {input}:\n"))
        .unwrap_or_default();
    let line = rest
        .lines()
        .find_map(|line| line.trim().strip_prefix("default: "));
    line.unwrap_or_default().trim_matches('"')
}

/// A repository with these files, and a cargo that builds nothing.
fn repository(files: &[(&str, &str)]) -> Result<Folder, Box<dyn Error>> {
    let folder = Folder::new(files)?;
    let cargo = folder.root().join("tools/cargo");
    fs::create_dir_all(folder.root().join("tools"))?;
    fs::write(&cargo, CARGO)?;
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755))?;
    Ok(folder)
}

/// A step as GitHub runs it: `bash -e -o pipefail`, with the action's inputs as its variables.
async fn step(
    folder: &Folder,
    text: &str,
    inputs: &[(&str, &str)],
) -> Result<Ended, Box<dyn Error>> {
    let mut bash = program(
        "bash",
        &["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", text],
    );
    let tools = folder.root().join("tools").display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    bash.current_dir(folder.root())
        .env("PATH", format!("{tools}:{path}"))
        .env("ONWARD", env!("CARGO_BIN_EXE_onward"))
        .env("GITHUB_ACTION_PATH", ROOT)
        .env("RUNNER_TEMP", folder.root().join("temp"));
    for (variable, input) in [
        ("FOLDERS", "folders"),
        ("DENY_WARNINGS", "deny-warnings"),
        ("SARIF", "sarif"),
    ] {
        assert!(ACTION.contains(&format!("{variable}: ${{{{ inputs.{input} }}}}")));
        let given = inputs.iter().find(|(name, _)| *name == input);
        bash.env(variable, given.map_or(default(input), |(_, value)| value));
    }
    run(bash).await
}

#[tokio::test]
async fn the_steps_of_the_action_check_a_repository() -> Outcome {
    let all = steps(ACTION);
    assert_eq!(all.len(), 2, "{all:#?}");
    for (files, inputs, status, says) in [
        (&[GOOD][..], &[("folders", "migrations/shop")][..], 0, ""),
        (
            &[GOOD, BAD],
            &[("folders", "migrations/shop")],
            1,
            "::error file=migrations/shop/002_b.sql,line=1",
        ),
        // A gap is a warning.
        (
            &[GOOD, WARNED],
            &[("folders", "migrations/shop")],
            0,
            "::warning",
        ),
        (
            &[GOOD, WARNED],
            &[("folders", "migrations/shop"), ("deny-warnings", "true")],
            1,
            "::",
        ),
        (
            &[GOOD, BAD],
            &[("folders", "migrations/shop"), ("sarif", "onward.sarif")],
            1,
            "::error",
        ),
        (
            &[GOOD],
            &[("folders", "migrations/none")],
            2,
            "no folder or file",
        ),
    ] {
        let folder = repository(files)?;
        step(&folder, &all[0], inputs).await?.with(0);
        let ended = step(&folder, &all[1], inputs).await?;
        ended.with(status).says(&[says]);
        if inputs.iter().any(|(name, _)| *name == "sarif") {
            let sarif = fs::read_to_string(folder.root().join("onward.sarif"))?;
            let sarif: serde_json::Value = serde_json::from_str(&sarif)?;
            assert_eq!(sarif["version"], "2.1.0");
            assert!(!sarif["runs"][0]["results"][0].is_null());
        }
    }
    Ok(())
}

/// Those of a hook, by its id.
fn hook(id: &str, key: &str) -> &'static str {
    let (_, rest) = HOOKS
        .split_once(&format!("\n- id: {id}\n"))
        .unwrap_or_default();
    let lines = rest.lines().take_while(|line| line.starts_with("  "));
    let mut values = lines.filter_map(|line| line.trim().strip_prefix(key)?.strip_prefix(": "));
    values.next().unwrap_or_default()
}

/// As pre-commit runs them: the entry, with the changed files behind it, in the repository that is checked.
#[tokio::test]
async fn the_entries_of_the_hooks_check_the_files_that_are_named() -> Outcome {
    assert_eq!(hook("onward-check", "language"), "script");
    assert_eq!(hook("onward-check-system", "language"), "system");
    for (files, status) in [(&[GOOD][..], 0), (&[GOOD, BAD], 1)] {
        let folder = repository(files)?;
        // A clone of the hooks' repository, without what it has built.
        let clone = folder.root().join("clone");
        fs::create_dir_all(clone.join(".ci"))?;
        fs::copy(Path::new(ROOT).join("Cargo.toml"), clone.join("Cargo.toml"))?;
        let script = Path::new(ROOT).join(hook("onward-check", "entry"));
        fs::copy(script, clone.join(hook("onward-check", "entry")))?;
        let names: Vec<_> = files.iter().map(|(name, _)| *name).collect();
        let script = format!(
            "clone/{} {}",
            hook("onward-check", "entry"),
            names.join(" ")
        );
        let onward = env!("CARGO_BIN_EXE_onward");
        let system = hook("onward-check-system", "entry");
        let system = format!(
            "{} {}",
            system.replacen("onward", onward, 1),
            names.join(" ")
        );
        for line in [script, system] {
            let ended = step(&folder, &line, &[]).await?;
            ended.with(status);
            assert_eq!(
                ended.out.contains("002_b.sql"),
                status == 1,
                "{}",
                ended.out
            );
        }
    }
    Ok(())
}

/// With the real one, where it is installed: `pip install pre-commit`. It clones what is committed here.
#[tokio::test]
async fn pre_commit_runs_the_hooks() -> Outcome {
    let tool = std::env::var("ONWARD_PRE_COMMIT").unwrap_or_else(|_| "pre-commit".to_owned());
    if run(program(&tool, &["--version"])).await.is_err() {
        let missing = "NOT TRIED: there is no pre-commit on the PATH or in ONWARD_PRE_COMMIT; `pip install pre-commit`";
        writeln!(std::io::stderr(), "{missing}")?;
        return Ok(());
    }
    let git = async |folder: &Folder, arguments: &[&str]| {
        let who = ["-c", "user.name=me", "-c", "user.email=me@example.com"];
        let mut git = program("git", &[&who[..], arguments].concat());
        git.current_dir(folder.root());
        run(git).await
    };
    // The hooks' repository as it is now, and not as it was committed last.
    let hooks = Folder::new(&[(".pre-commit-hooks.yaml", HOOKS)])?;
    git(&hooks, &["init", "-q"]).await?.with(0);
    git(&hooks, &["add", "."]).await?.with(0);
    git(&hooks, &["commit", "-q", "-m", "hooks"]).await?.with(0);
    for (files, status) in [(&[GOOD][..], 0), (&[GOOD, BAD], 1)] {
        let folder = Folder::new(files)?;
        git(&folder, &["init", "-q"]).await?.with(0);
        git(&folder, &["add", "."]).await?.with(0);
        let path = hooks.root().display().to_string();
        let arguments = ["try-repo", &path, "onward-check-system", "--all-files"];
        let mut tried = program(&tool, &arguments);
        tried
            .current_dir(folder.root())
            .env("PRE_COMMIT_HOME", folder.root().join(".cache"));
        let tried = run(tried).await?;
        tried.with(status).says(&["onward check"]);
        assert_eq!(
            tried.out.contains("002_b.sql"),
            status == 1,
            "{}",
            tried.out
        );
    }
    Ok(())
}
