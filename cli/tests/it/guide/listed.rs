//! Blocks of `sh`: commands without what they print. Those of `onward` are run where everything is applied; the others, which
//! build for minutes, name what there is.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use onward_pg::database;

use super::blocks_in;
use crate::Outcome;
use crate::support::page::{Block, blocks};
use crate::support::{Folder, shell};

/// The modules of docs/operator.md.
static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
static VULN: onward::Plan = onward::embed_migrations!("migrations/vuln");

/// A line without its comment.
fn command(line: &str) -> &str {
    line.split_once("  #")
        .map_or(line, |(command, _)| command)
        .trim_end()
}

/// The module `migrations/shop` as the page has it, beside those of the repository.
fn folder(page: &str) -> Result<Folder, Box<dyn Error>> {
    let files = blocks(page)?.into_iter();
    let files = files.filter_map(|block| {
        let file = block.file?;
        file.starts_with("migrations/")
            .then_some((file, block.text))
    });
    let files: Vec<_> = files.collect();
    let mut files: Vec<_> = { files.iter() }
        .map(|(file, text)| (&**file, text.as_str()))
        .collect();
    files.push(("migrations/.keep", ""));
    let folder = Folder::new(&files)?;
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    for entry in fs::read_dir(own.canonicalize()?)? {
        let path = entry?.path();
        let name = path.file_name().ok_or("a module")?.to_owned();
        std::os::unix::fs::symlink(path, folder.root().join("migrations").join(name))?;
    }
    Ok(folder)
}

#[tokio::test]
async fn each_line_of_onward_succeeds_where_everything_is_applied() -> Outcome {
    let mut count = 0;
    let mut pages: Vec<(String, Vec<Block>)> = Vec::new();
    for block in blocks_in(&["sh"])? {
        let (page, _) = block.place.split_once(':').unwrap_or_default();
        match pages.last_mut() {
            Some((last, blocks)) if last == page => blocks.push(block),
            _ => pages.push((page.to_owned(), vec![block])),
        }
    }
    for (page, blocks) in pages {
        let lines = blocks.iter().flat_map(|block| block.text.lines());
        let lines = lines
            .map(command)
            .filter(|line| line.starts_with("onward "));
        // A test of the service's has these.
        let lines: Vec<_> = lines.filter(|line| !line.contains("--service ")).collect();
        if lines.is_empty() {
            continue;
        }
        let folder = folder(&page)?;
        let database = database().await?;
        let url = [("DATABASE_URL", database.url())];
        let up = shell(&folder, &url, "onward up migrations/*/").await?;
        assert_eq!(up.status, Some(0), "{page}: {}{}", up.err, up.out);
        for line in lines {
            let ended = shell(&folder, &url, line).await?;
            let said = [&*ended.err, &*ended.out].concat();
            assert_eq!(ended.status, Some(0), "{page}: {line}\n{said}");
            count += 1;
        }
    }
    assert!(count >= 10, "{count} lines");
    Ok(())
}

/// The values behind an option in a line.
fn after<'a>(words: &'a [&str], options: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let pairs = words.iter().zip(words.iter().skip(1));
    pairs.filter_map(|(option, value)| options.contains(option).then_some(*value))
}

/// All Cargo.toml of a workspace.
fn manifests(of: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut manifests = vec![of.to_owned()];
    let folder = of.parent().ok_or("a file lies in a folder")?;
    for below in [folder.to_owned(), folder.join("services")] {
        for entry in fs::read_dir(below).into_iter().flatten() {
            let manifest = entry?.path().join("Cargo.toml");
            manifests.extend(manifest.is_file().then_some(manifest));
        }
    }
    Ok(manifests)
}

/// What keeps a line of cargo from starting, if anything does.
fn missing(root: &Path, at: &Path, words: &[&str]) -> Result<Option<String>, Box<dyn Error>> {
    if let ["cargo", "xtask", task, ..] = words {
        let tasks = fs::read_to_string(root.join("xtask/src/main.rs"))?;
        let module = format!("mod {};", task.replace('-', "_"));
        let is_there = tasks.contains(&module) || matches!(*task, "ci" | "pg");
        return Ok((!is_there).then(|| format!("cargo xtask {task}")));
    }
    let manifest = match after(words, &["--manifest-path"]).next() {
        Some(path) => root.join(path),
        None => at.join("Cargo.toml"),
    };
    if !manifest.is_file() {
        return Ok(Some(manifest.display().to_string()));
    }
    let mut texts = Vec::new();
    for path in manifests(&manifest)? {
        texts.push((fs::read_to_string(&path)?, path));
    }
    let has = |text: &str, name: &str| text.contains(&format!("name = \"{name}\""));
    let package = after(words, &["-p", "--package"]).next();
    let own = match package {
        Some(name) => texts.iter().find(|(text, _)| has(text, name)),
        None => texts.first(),
    };
    let Some((text, path)) = own else {
        return Ok(package.map(str::to_owned));
    };
    let folder = path.parent().ok_or("a file lies in a folder")?;
    for name in after(words, &["--bin", "--test", "--bench", "--example"]) {
        let files = [
            format!("tests/{name}.rs"),
            format!("tests/{name}/main.rs"),
            format!("benches/{name}.rs"),
            format!("src/bin/{name}.rs"),
        ];
        if !has(text, name) && !files.iter().any(|file| folder.join(file).is_file()) {
            return Ok(Some(name.to_owned()));
        }
    }
    Ok(None)
}

#[test]
fn other_lines_name_what_there_is() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let (mut wrong, mut count) = (Vec::new(), 0);
    for block in blocks_in(&["sh"])? {
        let mut at = root.clone();
        for line in block.text.lines().map(command) {
            let words: Vec<_> = { line.split_whitespace() }
                .skip_while(|word| word.contains('=') && !word.starts_with('-'))
                .collect();
            let missing = match words.as_slice() {
                ["onward", ..] => continue,
                ["cd", folder] => {
                    at = root.join(folder);
                    (!at.is_dir()).then(|| (*folder).to_owned())
                }
                ["cargo", "publish" | "deny", ..] => None,
                ["cargo", ..] => missing(&root, &at, &words)?,
                ["shop-operator", ..] => {
                    let url = ["--url", "postgres://db.example/app"];
                    let url = url.iter().filter(|_| !line.contains("--targets"));
                    let words = words.iter().chain(url);
                    let parsed = onward_cli::Args::try_parse_for(&[&AUTH, &VULN], words);
                    parsed.err().map(|error| error.to_string())
                }
                [script, ..] if root.join(script).is_file() => None,
                _ => Some("a command without a check".to_owned()),
            };
            wrong.extend(missing.map(|what| format!("{}: {line}: {what}", block.place)));
            count += 1;
        }
    }
    assert!(count >= 15, "{count} lines");
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}
