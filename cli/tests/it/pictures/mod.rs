//! The pictures of the README and the guide are what commands print now. `cargo xtask bless pictures` draws them again.

mod terminal;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use self::terminal::drawn;
use crate::Outcome;
use crate::support::page::{self, block};
use crate::support::{Folder, command, onward, run};

const CHAPTER: &str = "guide/getting-started.md";

fn file(name: &str) -> PathBuf {
    page::path("pictures").join(name)
}

/// The file has this text; or gets it, when the pictures are blessed.
fn is_current(name: &str, svg: &str) -> Outcome {
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(page::path("pictures"))?;
        fs::write(file(name), svg)?;
    }
    let is_current = fs::read_to_string(file(name)).is_ok_and(|text| text == svg);
    assert!(
        is_current,
        "docs/pictures/{name} is not what is printed now: cargo xtask bless pictures"
    );
    Ok(())
}

/// The first mistake of the first chapter, as `onward check` shows it on a terminal.
#[tokio::test]
async fn a_finding() -> Outcome {
    let table = block(CHAPTER, "CREATE TABLE shop.products");
    let mistake = block(CHAPTER, "CREATE INDEX products_title_idx");
    let (mistake, _) = mistake.split_once(';').ok_or("a statement")?;
    let folder = Folder::new(&[
        ("migrations/shop/001_products.sql", table),
        (
            "migrations/shop/002_title_index.sql",
            format!("{mistake};\n"),
        ),
    ])?;
    let shown = "onward check migrations/shop";
    let words: Vec<_> = shown
        .split(' ')
        .skip(1)
        .chain(["--color", "always"])
        .collect();
    let mut check = command(&words);
    check.current_dir(folder.root());
    let ended = run(check).await?;
    is_current("finding.svg", &drawn(shown, &ended.with(1).out))
}

/// The report of the first chapter, which `.ci/readme` compares with what a start prints.
#[test]
fn a_report() -> Outcome {
    let report = block(CHAPTER, "shop: applied 2 migrations");
    let twice = [report.as_str(), "$ cargo run\nshop: nothing to apply\n"].concat();
    is_current("report.svg", &drawn("cargo run", &twice))
}

#[tokio::test]
async fn a_graph() -> Outcome {
    let graph = onward(&["graph", "migrations/notify", "--format", "svg"]).await?;
    is_current("graph.svg", &graph.with(0).out)
}

/// No picture is drawn in vain, and no page has one that is not there.
#[test]
fn every_picture_is_on_a_page_and_every_page_has_its_pictures() -> Result<(), Box<dyn Error>> {
    if std::env::var_os("BLESS").is_some() {
        // The others are drawing.
        return Ok(());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut left: Vec<_> = fs::read_dir(page::path("pictures"))?
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()?;
    for page in [
        "README.md",
        "docs/guide/getting-started.md",
        "docs/guide/introduction.md",
        "docs/seeing.md",
        "docs/data.md",
    ] {
        let text = fs::read_to_string(root.join(page))?;
        let folder = root
            .join(page)
            .parent()
            .ok_or("a page lies in a folder")?
            .to_owned();
        for rest in text.split("![").skip(1) {
            let (_, rest) = rest.split_once("](").ok_or("a picture")?;
            let (target, _) = rest.split_once(')').ok_or("a picture")?;
            assert!(folder.join(target).is_file(), "{page}: {target}");
            left.retain(|name| !target.ends_with(name.as_str()));
        }
    }
    assert!(left.is_empty(), "on no page: {left:?}");
    Ok(())
}
