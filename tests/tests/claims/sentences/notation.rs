//! Reads the analyzer's grammar files, whose notation `analyzer/src/lower/grammar/notation.rs` describes.
//!
//! What must not come next (`!a`) is left out, so some sentences are not of the language: the analyzer itself is asked
//! about each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::form::{Form, Grammar};

/// The classes of tokens that the grammar names.
pub(super) const CLASSES: [&str; 12] = [
    "identifier",
    "string",
    "integer",
    "float",
    "bits",
    "parameter",
    "operator",
    "col_id",
    "type_func",
    "non_reserved",
    "label",
    "bare_label",
];

/// The grammar of SQL.
pub(super) fn sql() -> std::io::Result<Grammar> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../analyzer/src/lower");
    let shared = ["name", "expression", "query"];
    let shared = shared.map(|file| folder.join(format!("grammar/{file}.grammar")));
    let mut files: Vec<PathBuf> = shared.to_vec();
    for entry in fs::read_dir(folder.join("statements"))? {
        let path = entry?.path();
        files.extend(
            path.extension()
                .is_some_and(|end| end == "grammar")
                .then_some(path),
        );
    }
    files.sort();
    let mut rules = BTreeMap::new();
    let mut statements = Vec::new();
    for file in files {
        read(&fs::read_to_string(file)?, &mut rules, &mut statements);
    }
    rules.insert("statement".to_owned(), Form::Choice(statements));
    Ok(Grammar::new(rules))
}

fn read(text: &str, rules: &mut BTreeMap<String, Form>, statements: &mut Vec<Form>) {
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"));
    let mut written: Vec<String> = Vec::new();
    for line in lines {
        match written.last_mut().filter(|_| line.starts_with(' ')) {
            Some(rule) => rule.push_str(line),
            None if line.is_empty() => {}
            None => written.push(line.to_owned()),
        }
    }
    for rule in written {
        let Some((head, body)) = rule.split_once(" = ") else {
            panic!("{rule} is not a rule");
        };
        let name = head.rsplit(' ').next().unwrap_or(head);
        let words = words(body);
        let form = Reader {
            words: &words,
            at: 0,
        }
        .choice();
        rules.insert(name.to_owned(), form);
        if head.starts_with("statement ") {
            statements.push(Form::Rule(name.to_owned()));
        }
    }
}

fn words(body: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut rest = body.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => rest[1..].find('"').map(|end| end + 2),
            ',' if rest.starts_with(",+") => Some(2),
            '#' => rest[1..].find(|c| !is_word(c)).map(|end| end + 1),
            c if is_word(c) => rest.find(|c| !is_word(c)),
            _ => Some(1),
        };
        let (word, more) = rest.split_at(end.unwrap_or(rest.len()));
        words.push(word);
        rest = more.trim_start();
    }
    words
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> &str {
        self.words.get(self.at).copied().unwrap_or_default()
    }

    fn choice(&mut self) -> Form {
        let mut forms = vec![self.sequence()];
        while self.peek() == "|" {
            self.at += 1;
            forms.push(self.sequence());
        }
        Form::Choice(forms)
    }

    fn sequence(&mut self) -> Form {
        let mut items = Vec::new();
        while !matches!(self.peek(), "" | "|" | "]" | "}") {
            let mut item = self.single();
            loop {
                item = match self.peek() {
                    "*" => Form::Repeat(Box::new(item)),
                    "+" => Form::Sequence(vec![item.clone(), Form::Repeat(Box::new(item))]),
                    ",+" => Form::List(Box::new(item)),
                    _ => break,
                };
                self.at += 1;
            }
            items.push(item);
        }
        Form::Sequence(items)
    }

    fn group(&mut self) -> Form {
        let inner = self.choice();
        self.at += 1;
        inner
    }

    fn single(&mut self) -> Form {
        let word = self.peek().to_owned();
        self.at += 1;
        match word.as_str() {
            "[" => Form::Optional(Box::new(self.group())),
            "{" => self.group(),
            "!" => {
                self.single();
                Form::Sequence(Vec::new())
            }
            "~" => {
                self.single();
                Form::Any
            }
            word if word.starts_with('#') => self.single(),
            "NULLS_LA" => Form::Token("NULLS".to_owned()),
            word if CLASSES.contains(&word) => Form::Token(word.to_owned()),
            word if word.starts_with(|c: char| c.is_ascii_lowercase()) => {
                Form::Rule(word.to_owned())
            }
            word => Form::Token(word.trim_matches('"').to_owned()),
        }
    }
}
