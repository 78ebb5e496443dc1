//! Reads the page of a rule.
//!
//! A page is Markdown. `# id` is its title, `## title` begins a case. In a case, each `sql` block is
//! below a line with its file name in backticks; the files of a case form one history:
//!
//! - `--~ rule` at the end of a line expects a finding of that rule that starts on the line. After the
//!   file name it expects a finding without a line. `--~ a, b` expects two. `--~^ rule` means the line
//!   above, for lines that are comments themselves.
//! - A `toml` block below `` `onward.toml` `` contains the module's settings.
//! - A `lock` block below `` `onward.lock` `` contains that file; markers in it are not part of it.
//! - A `findings` block contains the rendered findings of the case.
//! - A line ``PostgreSQL refuses this with `25001`.`` says that a server does not run the case;
//!   ``PostgreSQL before 18 refuses ...`` says this for older versions only.

use std::ops::Range;

/// A page, split into its parts.
#[derive(Debug)]
pub struct Page {
    /// The text after `# `.
    pub title: String,
    /// The lines between the title and the first case.
    pub intro: Vec<String>,
    /// The cases, in order.
    pub cases: Vec<Case>,
}

/// One history, and the findings that are expected in it.
#[derive(Debug, Default)]
pub struct Case {
    /// The text after `## `.
    pub title: String,
    /// The line of the title in the page, from 1.
    pub line: usize,
    /// The line of the page after the last one that is not blank.
    pub end: usize,
    /// The text of `onward.toml`, if the case has one.
    pub settings: Option<String>,
    /// The text of `onward.lock`, if the case has one, markers included.
    pub lock: Option<File>,
    /// The files, in the order of the page.
    pub files: Vec<File>,
    /// The rendered findings, if the case shows them.
    pub findings: Option<Block>,
    /// The SQLSTATE with which a server refuses the case.
    pub refused: Option<Refused>,
}

/// One `sql` block.
#[derive(Debug)]
pub struct File {
    /// The file name above the block.
    pub name: String,
    /// The text of the block, markers included.
    pub text: String,
    /// The line of the file name in the page.
    pub line: usize,
    /// The rules that are marked after the file name.
    pub about_the_file: Vec<String>,
}

/// A `findings` block.
#[derive(Debug)]
pub struct Block {
    /// The text without the last line ending.
    pub text: String,
    /// The lines of the page between the fences, counted from 0.
    pub lines: Range<usize>,
}

/// The fact that a server refuses a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The first major version that does not refuse it; `None` if all do.
    pub before: Option<u32>,
    /// The SQLSTATE.
    pub code: String,
}

/// A finding that a marker expects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// The file's name.
    pub file: String,
    /// The line in the file, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The rule's id.
    pub rule: String,
}

impl Case {
    /// The findings that all markers of the case expect, sorted.
    pub fn expected(&self) -> Vec<Expected> {
        let files = self.files.iter().chain(&self.lock);
        let mut expected: Vec<Expected> = files.flat_map(File::expected).collect();
        expected.sort();
        expected
    }

    /// Whether this is the case that shows the safe way, which every page must have.
    pub fn is_the_way_out(&self) -> bool {
        ["The safe way", "Instead"].contains(&self.title.as_str())
    }
}

impl File {
    /// The text without its markers.
    pub fn unmarked(&self) -> String {
        let lines = self.text.lines();
        let lines = lines.map(|line| line.split(" --~").next().unwrap_or_default());
        lines.flat_map(|line| [line, "\n"]).collect()
    }

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

/// The rules in a line's marker, each with the number of the line that it means.
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

/// Reads a page; an error says what is wrong, with its line.
///
/// ```
/// use onward_cases::page::parse;
///
/// let text = "# drop-table\n\n## A table in use\n\n`001_a.sql`\n```sql\nDROP TABLE app.t; --~ drop-table\n```\n";
/// let page = parse(text)?;
/// let expected = page.cases[0].expected();
/// assert_eq!((expected[0].line, expected[0].rule.as_str()), (1, "drop-table"));
///
/// assert!(parse("text without a title").is_err());
/// # Ok::<(), String>(())
/// ```
pub fn parse(text: &str) -> Result<Page, String> {
    let lines: Vec<&str> = text.lines().collect();
    let title = lines.first().and_then(|line| line.strip_prefix("# "));
    let mut page = Page {
        title: title
            .ok_or("line 1: a page must begin with `# id`")?
            .to_owned(),
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
        return wrong("a block must be below the title of a case");
    };
    let Some(length) = lines[open + 1..].iter().position(|&line| line == "```") else {
        return wrong("this block is not closed");
    };
    let inside = open + 1..open + 1 + length;
    let close = inside.end;
    let text = lines[inside.clone()].join("\n");
    match info {
        "sql" => {
            let Some((name, about_the_file)) = file_name(lines[open - 1]) else {
                return wrong("an sql block must be below its file name in backticks");
            };
            if case.files.iter().any(|file| file.name == name) {
                return wrong("the case already has a file with this name");
            }
            let end = if text.is_empty() { "" } else { "\n" };
            case.files.push(File {
                name,
                text: text + end,
                line: open,
                about_the_file,
            });
        }
        "toml" if case.settings.is_none() => case.settings = Some(text + "\n"),
        "toml" => return wrong("the case already has settings"),
        "lock" if case.lock.is_none() => {
            case.lock = Some(File {
                name: "onward.lock".to_owned(),
                text: text + "\n",
                line: open,
                about_the_file: Vec::new(),
            });
        }
        "lock" => return wrong("the case already has a lock file"),
        "findings" if case.findings.is_none() => {
            case.findings = Some(Block {
                text,
                lines: inside,
            });
        }
        "findings" => return wrong("the case already has a findings block"),
        _ => return wrong("a block must be `sql`, `toml`, `lock` or `findings`"),
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
