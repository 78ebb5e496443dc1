//! Completions, manual pages, colours, the terminal's width and closed pipes.

use std::io::Write as _;
use std::process::{Command as Blocking, Stdio};

use clap::CommandFactory as _;

use crate::Outcome;
use crate::support::{FOLDER, Folder, command, onward, run};

const ESCAPE: char = '\u{1b}';

#[tokio::test]
async fn each_shell_gets_a_script_that_knows_the_verbs() -> Outcome {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = onward(&["completions", shell]).await?;
        script
            .with(0)
            .says(&["release", "breaks-running", "targets"]);
    }
    let script = onward(&["completions", "bash"]).await?.out;
    let mut bash = Blocking::new("bash")
        .arg("-n")
        .stdin(Stdio::piped())
        .spawn()?;
    bash.stdin
        .take()
        .ok_or("bash reads")?
        .write_all(script.as_bytes())?;
    assert!(bash.wait()?.success());
    Ok(())
}

#[tokio::test]
async fn every_verb_has_a_page_of_the_manual() -> Outcome {
    let top = onward(&["man"]).await?;
    top.with(0)
        .says(&[".TH onward 1", "onward\\-data(1)", "SYNOPSIS"]);
    for verb in onward_cli::Args::command().get_subcommands() {
        let page = onward(&["man", verb.get_name()]).await?;
        page.with(0)
            .says(&[&format!(".TH onward-{} 1", verb.get_name())]);
    }
    onward(&["man", "data", "list"])
        .await?
        .with(0)
        .says(&[".TH onward-data-list 1"]);
    onward(&["man", "nope"])
        .await?
        .with(2)
        .says(&["there is no verb `nope`"]);
    Ok(())
}

#[tokio::test]
async fn colours_are_for_terminals_unless_asked_for() -> Outcome {
    let folder = Folder::shop(&[("001_a.sql", b"CREATE TABEL shop.a (id bigint);")])?;
    let path = folder.path();
    let check = |more: &[&str]| command(&[&["check", &path], more].concat());
    let plain = run(check(&[])).await?;
    assert!(!plain.with(1).out.contains(ESCAPE));
    let always = run(check(&["--color", "always"])).await?;
    assert!(
        always.with(1).out.contains("\u{1b}[1;31merror"),
        "{}",
        always.out
    );
    let mut unset = check(&["--color", "always"]);
    // Asked for on the command line, it counts more than the variable.
    unset.env("NO_COLOR", "1");
    assert!(run(unset).await?.out.contains(ESCAPE));
    let json = run(check(&["--color", "always", "--format", "json"])).await?;
    assert!(!json.out.contains(ESCAPE) && json.json().is_ok());
    let sarif = run(check(&["--color", "always", "--format", "sarif"])).await?;
    assert!(!sarif.out.contains(ESCAPE));
    Ok(())
}

/// What a terminal of so many columns shows. `script` gives a process a terminal, on Linux and macOS.
async fn on_a_terminal(
    columns: u16,
    variable: &str,
    arguments: &str,
) -> Result<String, Box<dyn std::error::Error>> {
    let onward = env!("CARGO_BIN_EXE_onward");
    let line = format!("stty cols {columns} rows 50; {variable} {onward} {arguments}");
    let mut script = tokio::process::Command::new("script");
    match cfg!(target_os = "macos") {
        true => script.args(["-q", "/dev/null", "sh", "-c", &line]),
        false => script.args(["-qec", &line, "/dev/null"]),
    };
    script
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .env("TERM", "xterm")
        .stdin(Stdio::null());
    Ok(String::from_utf8(script.output().await?.stdout)?.replace('\r', ""))
}

#[tokio::test]
async fn on_a_terminal_of_40_columns_no_word_is_cut() -> Outcome {
    let status = format!("status {FOLDER} --url postgres://me@127.0.0.1:1/shop");
    let shown = on_a_terminal(40, "NO_COLOR=1", &status).await?;
    assert!(
        shown.contains(
            "error: cannot connect to the database on\n  127.0.0.1:1, database shop, role me:\n"
        ),
        "{shown}"
    );
    assert!(
        shown
            .lines()
            .all(|line| line.chars().count() <= 40 || !line.contains("error")),
        "{shown}"
    );
    assert!(!shown.contains(ESCAPE), "{shown}");
    let coloured = on_a_terminal(40, "NO_COLOR=", &status).await?;
    assert!(
        coloured.contains("\u{1b}[1;31merror:\u{1b}[0m cannot"),
        "{coloured:?}"
    );
    let help = on_a_terminal(40, "NO_COLOR=1", "status --help").await?;
    let long: Vec<_> = help
        .lines()
        .filter(|line| line.chars().count() > 40)
        .collect();
    assert!(long.len() <= 3, "{long:#?}");
    // What programs read stays as it is.
    let json = on_a_terminal(40, "", &format!("plan {FOLDER} --format json")).await?;
    assert!(
        serde_json::from_str::<serde_json::Value>(&json).is_ok(),
        "{json}"
    );
    Ok(())
}

/// The exit status is that of the answer, whether it is read to its end or not.
#[tokio::test]
async fn a_closed_pipe_changes_no_exit_status() -> Outcome {
    let folder = Folder::shop(&[("001_a.sql", b"CREATE TABEL shop.a (id bigint);")])?;
    let path = folder.path();
    for (arguments, status) in [
        (&["rules"][..], 0),
        (&["explain", "drop-column"], 0),
        (&["plan", FOLDER], 0),
        (&["check", &path], 1),
        (&["check", &path, "--format", "json"], 1),
        (&["completions", "bash"], 0),
        (&["--help"], 0),
        (
            &[
                "status",
                FOLDER,
                "--format",
                "json",
                "--url",
                "postgres://me@127.0.0.1:1/d",
            ],
            2,
        ),
    ] {
        let mut closed = command(arguments);
        let mut child = closed.spawn()?;
        drop(child.stdout.take());
        let output = child.wait_with_output().await?;
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {words}");
        assert!(status == 2 || words.is_empty(), "{words}");
    }
    Ok(())
}
