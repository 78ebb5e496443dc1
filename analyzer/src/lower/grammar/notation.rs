//! The notation of the grammar files: that of the synopses in PostgreSQL's manual, with a few more signs.
//!
//! | notation | meaning |
//! | --- | --- |
//! | `WORD`, `(`, `"["` | a keyword, a symbol; signs of the notation itself are in quotes |
//! | `word` | a class of tokens (`col_id`, `string`) or another rule |
//! | `[ a ]`, `{ a \| b }` | optional; one of several, the first that fits |
//! | `a*`, `a+`, `a,+` | any number, at least one, at least one with commas between |
//! | `!a` | `a` must not come next |
//! | `~a` | all up to `a`, at least one token, with its parentheses closed |
//! | `~~a` | the same for a statement, in which rules and bodies of standard SQL have semicolons |
//! | `#17 a` | `a` needs PostgreSQL 17 |
//!
//! A rule begins at the margin and continues in indented lines:
//!
//! | rule | meaning |
//! | --- | --- |
//! | `name = ...` | a name for the right side, without a node in the tree |
//! | `node name = ...` | a node of the tree |
//! | `statement name = ...` | a node that is a whole statement |

use std::collections::HashMap;

use super::set::Set;
use super::syntax::Syntax;
use super::terminals::{END, Vocabulary};
use crate::text::keywords::Keyword;

/// The index of a node in [`Grammar::nodes`].
pub(super) type Id = usize;

#[derive(Debug)]
pub(super) enum Form {
    /// A single token from the node's own first set.
    Token,
    Sequence(Vec<Id>),
    Choice(Vec<Id>),
    Optional(Id),
    /// Zero or more times.
    Repeat(Id),
    /// One or more times, separated by commas.
    List(Id),
    Rule(usize),
    Not(Id),
    /// All that stands before it, outside of parentheses.
    Before(Id),
    /// A statement of SQL, up to its end.
    Statement(Id),
    /// Known from this version on.
    Since(u8, Id),
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) form: Form,
    /// The tokens with which it can start.
    pub(super) first: Set,
    /// Whether it can match without any token.
    pub(super) nullable: bool,
}

/// All rules, prepared for matching.
pub(in crate::lower) struct Grammar {
    pub(super) vocabulary: Vocabulary,
    pub(super) nodes: Vec<Node>,
    pub(super) rules: Vec<Rule>,
    /// The rules by name.
    names: HashMap<&'static str, usize>,
    /// The tokens that the engine looks for itself.
    pub(super) signs: Signs,
    /// Mistakes in the files; a test holds that there is none.
    pub(in crate::lower) problems: Vec<String>,
}

/// The tokens that the engine looks for itself.
#[derive(Clone, Copy)]
pub(super) struct Signs {
    /// Between the items of a list.
    pub(super) comma: usize,
    pub(super) semicolon: usize,
    pub(super) opening: Set,
    pub(super) closing: Set,
    /// What a routine with a body of standard SQL starts with.
    pub(super) create: usize,
    pub(super) routine: Set,
    pub(super) begin: usize,
    pub(super) case: usize,
    pub(super) end: usize,
}

impl Signs {
    fn of(vocabulary: &Vocabulary) -> Self {
        let sign = |sign| Vocabulary::symbol(sign).unwrap_or(Set::SIZE);
        let word = |word| vocabulary.keyword(word).unwrap_or(Set::SIZE);
        let either = |one, other| {
            let mut set = Set::of(one);
            set.insert(other);
            set
        };
        Self {
            comma: sign(","),
            semicolon: sign(";"),
            opening: either(sign("("), sign("[")),
            closing: either(sign(")"), sign("]")),
            create: word("CREATE"),
            routine: either(word("FUNCTION"), word("PROCEDURE")),
            begin: word("BEGIN"),
            case: word("CASE"),
            end: word("END"),
        }
    }
}

pub(super) struct Rule {
    pub(super) name: &'static str,
    /// The kind of tree node that it becomes, if it becomes one.
    pub(super) node: Option<Syntax>,
    alternatives: Vec<Id>,
    /// The node for the choice between the alternatives.
    pub(super) body: Id,
}

impl Grammar {
    pub(in crate::lower) fn new(
        keywords: impl IntoIterator<Item = Keyword>,
        files: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        let vocabulary = Vocabulary::new(keywords);
        let signs = Signs::of(&vocabulary);
        let mut reader = Reader {
            grammar: Self {
                vocabulary,
                nodes: Vec::new(),
                rules: Vec::new(),
                names: HashMap::new(),
                signs,
                problems: Vec::new(),
            },
            words: Vec::new(),
            at: 0,
        };
        for file in files {
            reader.file(file);
        }
        reader.finish()
    }

    /// Whether some statement contains this word or sign.
    #[cfg(test)]
    pub(in crate::lower) fn has_word(&self, word: &str) -> bool {
        self.vocabulary.keyword(word).is_some() || Vocabulary::symbol(word).is_some()
    }

    /// The rules that become nodes of the tree.
    #[cfg(test)]
    pub(in crate::lower) fn syntax(&self) -> impl Iterator<Item = Syntax> {
        self.rules.iter().filter_map(|rule| rule.node)
    }

    /// The rules for statements.
    #[cfg(test)]
    pub(in crate::lower) fn statements(&self) -> Vec<Syntax> {
        let all = self.rules.iter().find(|rule| rule.name == "statement");
        let Some(Form::Choice(statements)) = all.map(|all| &self.nodes[all.body].form) else {
            return Vec::new();
        };
        let names = statements
            .iter()
            .filter_map(|id| match self.nodes[*id].form {
                Form::Rule(rule) => self.rules[rule].node,
                _ => None,
            });
        names.collect()
    }

    pub(super) fn rule(&self, name: &str) -> Option<Id> {
        let rule = self.rules.get(*self.names.get(name)?)?;
        Some(rule.body)
    }
}

struct Reader {
    grammar: Grammar,
    words: Vec<&'static str>,
    at: usize,
}

impl Reader {
    fn file(&mut self, text: &'static str) {
        let mut rule: Vec<&'static str> = Vec::new();
        let lines = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"));
        for line in lines {
            if !line.starts_with(' ') && !rule.is_empty() {
                self.read_rule(std::mem::take(&mut rule));
            }
            rule.extend(words(line));
        }
        if !rule.is_empty() {
            self.read_rule(rule);
        }
    }

    fn read_rule(&mut self, words: Vec<&'static str>) {
        let (kind, name) = match words.as_slice() {
            [kind @ ("node" | "statement"), name, "=", ..] => (*kind, *name),
            [name, "=", ..] => ("", *name),
            _ => {
                return self.problem(format!("{words:?} is not a rule"));
            }
        };
        self.words = words;
        self.at = if kind.is_empty() { 2 } else { 3 };
        let alternative = self.choice();
        if self.at < self.words.len() {
            self.problem(format!("`{name}` has words too many"));
        }
        let node = Syntax::of(name).filter(|_| !kind.is_empty());
        if node.is_none() && !kind.is_empty() {
            self.problem(format!("the node `{name}` is not in `Syntax`"));
        }
        let index = self.rule(name);
        let Some(rule) = self.grammar.rules.get_mut(index) else {
            return;
        };
        let is_new = rule.alternatives.is_empty();
        rule.alternatives.push(alternative);
        rule.node = node;
        if !is_new {
            self.problem(format!("`{name}` is written twice"));
        }
        if kind == "statement" {
            let statement = self.node(Form::Rule(index));
            let all = self.rule("statement");
            if let Some(all) = self.grammar.rules.get_mut(all) {
                all.alternatives.push(statement);
            }
        }
    }

    fn problem(&mut self, problem: String) {
        self.grammar.problems.push(problem);
    }

    fn rule(&mut self, name: &'static str) -> usize {
        let rules = &mut self.grammar.rules;
        *self.grammar.names.entry(name).or_insert_with(|| {
            rules.push(Rule {
                name,
                node: None,
                alternatives: Vec::new(),
                body: 0,
            });
            rules.len() - 1
        })
    }

    fn node(&mut self, form: Form) -> Id {
        self.grammar.nodes.push(Node {
            form,
            first: Set::default(),
            nullable: false,
        });
        self.grammar.nodes.len() - 1
    }

    fn token(&mut self, first: Set) -> Id {
        let id = self.node(Form::Token);
        if let Some(node) = self.grammar.nodes.get_mut(id) {
            node.first = first;
        }
        id
    }

    fn peek(&self) -> &'static str {
        self.words.get(self.at).copied().unwrap_or_default()
    }

    fn choice(&mut self) -> Id {
        let mut alternatives = vec![self.sequence()];
        while self.peek() == "|" {
            self.at += 1;
            alternatives.push(self.sequence());
        }
        match alternatives.as_slice() {
            [one] => *one,
            _ => self.node(Form::Choice(alternatives)),
        }
    }

    fn sequence(&mut self) -> Id {
        let mut items = Vec::new();
        while !matches!(self.peek(), "" | "|" | "]" | "}") {
            let item = self.item();
            items.push(item);
        }
        match items.as_slice() {
            [one] => *one,
            _ => self.node(Form::Sequence(items)),
        }
    }

    fn item(&mut self) -> Id {
        let mut item = self.single();
        loop {
            let form = match self.peek() {
                "*" => Form::Repeat(item),
                "+" => {
                    let more = self.node(Form::Repeat(item));
                    Form::Sequence(vec![item, more])
                }
                ",+" => Form::List(item),
                _ => return item,
            };
            self.at += 1;
            item = self.node(form);
        }
    }

    fn single(&mut self) -> Id {
        let word = self.peek();
        self.at += 1;
        match word {
            "[" => {
                let inner = self.group("]");
                self.node(Form::Optional(inner))
            }
            "{" => self.group("}"),
            "!" => {
                let inner = self.single();
                self.node(Form::Not(inner))
            }
            "~" if self.peek() == "~" => {
                self.at += 1;
                let end = self.single();
                self.node(Form::Statement(end))
            }
            "~" => {
                let end = self.single();
                self.node(Form::Before(end))
            }
            word if word.starts_with('#') => {
                let version = word[1..].parse().unwrap_or_default();
                let inner = self.single();
                self.node(Form::Since(version, inner))
            }
            word => self.word(word),
        }
    }

    fn group(&mut self, close: &str) -> Id {
        let inner = self.choice();
        if self.peek() != close {
            self.problem(format!("`{close}` is missing in {:?}", self.words));
        }
        self.at += 1;
        inner
    }

    fn word(&mut self, word: &'static str) -> Id {
        let vocabulary = &self.grammar.vocabulary;
        let set = match word.as_bytes().first() {
            Some(b'A'..=b'Z') => {
                let keyword = vocabulary.keyword(word);
                Some(Set::of(keyword.unwrap_or(Set::SIZE)))
            }
            Some(b'a'..=b'z') => vocabulary.class(word),
            _ => {
                let symbol = Vocabulary::symbol(word.trim_matches('"'));
                Some(Set::of(symbol.unwrap_or(Set::SIZE)))
            }
        };
        match set {
            Some(set) => {
                if set == Set::default() {
                    self.problem(format!("`{word}` is not a token"));
                }
                self.token(set)
            }
            None => {
                let rule = self.rule(word);
                self.node(Form::Rule(rule))
            }
        }
    }

    fn finish(mut self) -> Grammar {
        for rule in 0..self.grammar.rules.len() {
            let Some(written) = self.grammar.rules.get_mut(rule) else {
                continue;
            };
            let alternatives = std::mem::take(&mut written.alternatives);
            if alternatives.is_empty() {
                let problem = format!("there is no rule `{}`", written.name);
                self.problem(problem);
            }
            let body = self.node(Form::Choice(alternatives));
            self.grammar.rules[rule].body = body;
        }
        let mut known = vec![false; self.grammar.nodes.len()];
        for id in 0..self.grammar.nodes.len() {
            self.grammar.look_ahead(id, &mut known);
        }
        self.grammar
    }
}

impl Grammar {
    /// Computes what a node can start with. A rule that starts with itself would never end, and is a
    /// mistake.
    fn look_ahead(&mut self, id: Id, known: &mut [bool]) -> (Set, bool) {
        if std::mem::replace(&mut known[id], true) {
            return (self.nodes[id].first, self.nodes[id].nullable);
        }
        let (first, nullable) = match &self.nodes[id].form {
            Form::Token => (self.nodes[id].first, false),
            Form::Not(inner) => {
                let inner = *inner;
                self.look_ahead(inner, known);
                (Set::default(), true)
            }
            Form::Before(end) | Form::Statement(end) => {
                let end = *end;
                let (end, _) = self.look_ahead(end, known);
                (Set::all().without(&end).without(&Set::of(END)), false)
            }
            Form::Optional(inner) | Form::Repeat(inner) => {
                let inner = *inner;
                (self.look_ahead(inner, known).0, true)
            }
            Form::List(inner) | Form::Since(_, inner) => {
                let inner = *inner;
                self.look_ahead(inner, known)
            }
            Form::Rule(rule) => {
                let body = self.rules[*rule].body;
                self.look_ahead(body, known)
            }
            Form::Choice(alternatives) => {
                let mut all = (Set::default(), false);
                for alternative in alternatives.clone() {
                    let (first, nullable) = self.look_ahead(alternative, known);
                    all.0.extend(&first);
                    all.1 |= nullable;
                }
                all
            }
            Form::Sequence(items) => {
                let mut all = (Set::default(), true);
                for item in items.clone() {
                    let (first, nullable) = self.look_ahead(item, known);
                    all.0.extend(&first);
                    all.1 = nullable;
                    if !nullable {
                        break;
                    }
                }
                all
            }
        };
        let node = &mut self.nodes[id];
        (node.first, node.nullable) = (first, nullable);
        (first, nullable)
    }
}

/// The words and signs of a line. It goes byte by byte, because a macro runs it without optimisation.
fn words(line: &'static str) -> Vec<&'static str> {
    let bytes = line.as_bytes();
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let is_word = |at: usize| bytes.get(at).is_some_and(is_letter);
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        let start = at;
        at += 1;
        match first {
            b' ' => continue,
            b'"' => {
                while bytes.get(at).is_some_and(|byte| *byte != b'"') {
                    at += 1;
                }
                at = bytes.len().min(at + 1);
            }
            b',' if bytes.get(at) == Some(&b'+') => at += 1,
            _ if *first == b'#' || is_word(start) => {
                while is_word(at) {
                    at += 1;
                }
            }
            _ => {}
        }
        words.extend(line.get(start..at));
    }
    words
}
