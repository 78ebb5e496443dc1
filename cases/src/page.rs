//! Reads a rule's page.
//!
//! A page is Markdown. `# id` opens it, `## title` opens a case. Under a case, each `sql` block
//! is below a line with its file name in backticks, and all blocks together form one history:
//!
//! - `--~ rule` at the end of a line, or behind the file name when the finding has no line, expects
//!   a finding that starts there; `--~ a, b` expects two. `--~^ rule` is about the line above,
//!   for lines that are comments themselves.
//! - A `findings` block holds the rendering of all findings of the case.
//! - A line ``PostgreSQL refuses this with `25001`.`` means that a server does not run the case;
//!   ``PostgreSQL before 18 refuses ...`` means this for older servers.

use std::ops::Range;

/// A parsed page.
#[derive(Debug)]
pub struct Page {
    /// The text after `# `.
    pub title: String,
    /// The lines between the title and the first case.
    pub intro: Vec<String>,
    /// In order.
    pub cases: Vec<Case>,
}

/// One history and the findings expected in it.
#[derive(Debug, Default)]
pub struct Case {
    /// The text after `## `.
    pub title: String,
    /// The line of the title in the page, from 1.
    pub line: usize,
    /// The line in the page after the last one that is not blank.
    pub end: usize,
    /// In the order of the page.
    pub files: Vec<File>,
    /// The rendered findings, when the case shows them.
    pub findings: Option<Block>,
    /// The SQLSTATE with which a server refuses the case.
    pub refused: Option<Refused>,
}

/// One `sql` block.
#[derive(Debug)]
pub struct File {
    /// The name above the block.
    pub name: String,
    /// The block's text, markers included.
    pub text: String,
    /// The line of the name in the page.
    pub line: usize,
    /// The rules in the mark after the name.
    pub about_the_file: Vec<String>,
}

/// A `findings` block.
#[derive(Debug)]
pub struct Block {
    /// Its text without the last line ending.
    pub text: String,
    /// The lines of the page between the fences, counted from 0.
    pub lines: Range<usize>,
}

/// Which servers refuse a case, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The first major version that accepts it.
    pub before: Option<u32>,
    /// The SQLSTATE.
    pub code: String,
}

/// A finding that a marker expects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// The file's name.
    pub file: String,
    /// The line of the file, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The rule's id.
    pub rule: String,
}

impl Case {
    /// What all markers of the case expect, sorted.
    pub fn expected(&self) -> Vec<Expected> {
        let mut expected: Vec<Expected> = self.files.iter().flat_map(File::expected).collect();
        expected.sort();
        expected
    }

    /// Whether this is the case that every page must have.
    pub fn is_the_way_out(&self) -> bool {
        ["The safe way", "Instead"].contains(&self.title.as_str())
    }
}

impl File {
    fn expected(&self) -> Vec<Expected> {
        let of_file = self.about_the_file.iter().map(|rule| (0, rule.clone()));
        let of_lines = self
            .text
            .lines()
            .enumerate()
            .flat_map(|(n, line)| marked(line, n + 1));
        of_file
            .chain(of_lines)
            .map(|(line, rule)| Expected {
                file: self.name.clone(),
                line,
                rule,
            })
            .collect()
    }
}

/// The rules that a line's marker names, each with the number of the line that it is about.
fn marked(line: &str, number: usize) -> Vec<(usize, String)> {
    let Some((_, marker)) = line.rsplit_once("--~") else {
        return Vec::new();
    };
    let (number, rules) = match marker.strip_prefix('^') {
        Some(rules) => (number - 1, rules),
        None => (number, marker),
    };
    rules
        .split(',')
        .map(|rule| (number, rule.trim().to_owned()))
        .collect()
}

/// Reads a page; an error names the line.
///
/// ```
/// use onward_cases::page::parse;
///
/// let text = "# drop-table\n\n## A table in use\n\n`001_a.sql`\n```sql\nDROP TABLE app.t; --~ drop-table\n```\n";
/// let page = parse(text)?;
/// let expected = page.cases[0].expected();
/// assert_eq!((expected[0].line, expected[0].rule.as_str()), (1, "drop-table"));
///
/// assert!(parse("a page starts otherwise").is_err());
/// # Ok::<(), String>(())
/// ```
pub fn parse(text: &str) -> Result<Page, String> {
    let lines: Vec<&str> = text.lines().collect();
    let title = lines.first().and_then(|line| line.strip_prefix("# "));
    let mut page = Page {
        title: title.ok_or("line 1: a page starts with `# id`")?.to_owned(),
        intro: Vec::new(),
        cases: Vec::new(),
    };
    let mut at = 1;
    while let Some(line) = lines.get(at) {
        if let Some(title) = line.strip_prefix("## ") {
            page.cases.push(Case {
                title: title.to_owned(),
                line: at + 1,
                ..Case::default()
            });
        } else if let Some(info) = line.strip_prefix("```") {
            at = block(&lines, at, info, page.cases.last_mut())?;
        } else if let Some(case) = page.cases.last_mut() {
            case.refused = case.refused.take().or_else(|| refused(line));
        } else {
            page.intro.push((*line).to_owned());
        }
        at += 1;
        if let Some(case) = page.cases.last_mut().filter(|_| !lines[at - 1].is_empty()) {
            case.end = at;
        }
    }
    Ok(page)
}

/// Reads the block that opens at line `open`, and returns the line that closes it.
fn block(
    lines: &[&str],
    open: usize,
    info: &str,
    case: Option<&mut Case>,
) -> Result<usize, String> {
    let wrong = |what: &str| Err(format!("line {}: {what}", open + 1));
    let Some(case) = case else {
        return wrong("a block stands above the first case");
    };
    let Some(length) = lines[open + 1..].iter().position(|&line| line == "```") else {
        return wrong("this block is never closed");
    };
    let inside = open + 1..open + 1 + length;
    let close = inside.end;
    let text = lines[inside.clone()].join("\n");
    match info {
        "sql" => {
            let Some((name, about_the_file)) = file_name(lines[open - 1]) else {
                return wrong("above an sql block stands its file name in backticks");
            };
            if case.files.iter().any(|file| file.name == name) {
                return wrong("the case has a file of this name already");
            }
            let end = if text.is_empty() { "" } else { "\n" };
            case.files.push(File {
                name,
                text: text + end,
                line: open,
                about_the_file,
            });
        }
        "findings" if case.findings.is_none() => {
            case.findings = Some(Block {
                text,
                lines: inside,
            });
        }
        "findings" => return wrong("the case has findings already"),
        _ => return wrong("a block is `sql` or `findings`"),
    }
    Ok(close)
}

/// `` `001_users.sql` --~ file-name ``
fn file_name(line: &str) -> Option<(String, Vec<String>)> {
    let (name, rest) = line.strip_prefix('`')?.split_once('`')?;
    let rules = marked(rest, 0).into_iter().map(|(_, rule)| rule);
    let is_marker = rest.is_empty() || rest.starts_with(" --~ ");
    is_marker.then(|| (name.to_owned(), rules.collect()))
}

/// ``PostgreSQL refuses this with `25001`.`` or ``PostgreSQL before 18 refuses ...``
fn refused(line: &str) -> Option<Refused> {
    let rest = line.strip_prefix("PostgreSQL ")?;
    let (before, rest) = match rest.strip_prefix("before ") {
        Some(rest) => {
            let (major, rest) = rest.split_once(' ')?;
            (Some(major.parse().ok()?), rest)
        }
        None => (None, rest),
    };
    let (code, _) = rest.strip_prefix("refuses this with `")?.split_once('`')?;
    let code = code.to_owned();
    Some(Refused { before, code })
}
