//! Values: reads an expression, which is flat in the tree of the grammar, by the precedence of its operators.

mod calls;
mod operators;
mod primary;

use self::operators::OR;
use super::grammar::{Item, Node, Syntax, Word};
use super::query;
use crate::statement::{Value, ValueKind};

/// How deep values and queries are read; what is nested more deeply is not looked into.
pub(super) const DEPTH: usize = 32;

/// The value of a node: a `value`, a query, or a key of an index.
pub(super) fn value(node: Node<'_>, depth: usize) -> Value {
    let span = node.span();
    if node.is(Syntax::Select) {
        let kind = ValueKind::Query(Box::new(query::query(node, depth)));
        return Value { span, kind };
    }
    let items = node.items();
    let mut reader = Reader::new(&items, depth);
    if matches!(node.syntax(), Syntax::Value | Syntax::DefaultValue) {
        return reader.expression(OR);
    }
    let mut values = reader.loose();
    match (values.pop(), values.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            values.extend(last);
            let kind = ValueKind::Other(values);
            Value { span, kind }
        }
    }
}

/// The values in a list of items, whatever words are between them.
pub(super) fn loose(items: &[Item<'_>], depth: usize) -> Vec<Value> {
    Reader::new(items, depth).loose()
}

struct Reader<'i, 'a> {
    items: &'i [Item<'a>],
    at: usize,
    depth: usize,
}

impl<'i, 'a> Reader<'i, 'a> {
    const fn new(items: &'i [Item<'a>], depth: usize) -> Self {
        Self {
            items,
            at: 0,
            depth,
        }
    }

    fn item(&self, ahead: usize) -> Option<Item<'a>> {
        self.items.get(self.at + ahead).copied()
    }

    fn word(&self, ahead: usize) -> Option<Word<'a>> {
        match self.item(ahead)? {
            Item::Token(word) => Some(word),
            Item::Node(_) => None,
        }
    }

    fn text(&self, ahead: usize) -> &'a str {
        self.word(ahead).map_or("", Word::text)
    }

    fn is(&self, ahead: usize, text: &str) -> bool {
        self.word(ahead).is_some_and(|word| word.is(text))
    }

    fn is_one(&self, ahead: usize, texts: &[&str]) -> bool {
        texts.iter().any(|text| self.is(ahead, text))
    }

    /// Whether this word comes next, which it then leaves behind.
    fn takes(&mut self, text: &str) -> bool {
        let is_next = self.is(0, text);
        self.at += usize::from(is_next);
        is_next
    }

    fn node(&self) -> Option<Node<'a>> {
        match self.item(0)? {
            Item::Node(node) => Some(node),
            Item::Token(_) => None,
        }
    }

    /// A value that began at an item and ends before the next one.
    fn since(&self, start: usize, kind: ValueKind) -> Value {
        let span = |at: usize| match self.items.get(at) {
            Some(Item::Node(node)) => node.span(),
            Some(Item::Token(word)) => word.span(),
            None => 0..0,
        };
        let first = span(start);
        let end = span(self.at.saturating_sub(1)).end;
        Value {
            span: first.start..end.max(first.end),
            kind,
        }
    }

    /// Leaves behind what is up to the end of the parentheses around it.
    fn skip_group(&mut self) {
        let mut depth = 0_usize;
        while let Some(item) = self.item(0) {
            if let Item::Token(word) = item {
                match word.text() {
                    "(" | "[" => depth += 1,
                    ")" | "]" if depth == 0 => return,
                    ")" | "]" => depth -= 1,
                    _ => {}
                }
            }
            self.at += 1;
        }
    }

    fn expression(&mut self, least: u8) -> Value {
        if self.depth >= DEPTH {
            self.skip_group();
            return Value::default();
        }
        self.depth += 1;
        let start = self.at;
        let mut left = self.prefixed();
        let mut chain = None;
        while let Some(level) = self.level().filter(|level| *level >= least) {
            let same = chain == Some(level);
            left = self.tail(start, left, level, same);
            chain = Some(level);
        }
        self.depth -= 1;
        left
    }

    /// Values in parentheses, or a query.
    fn group(&mut self) -> Vec<Value> {
        let mut values = Vec::new();
        if !self.takes("(") {
            return values;
        }
        if self.depth >= DEPTH {
            self.skip_group();
        }
        while self.item(0).is_some() && !self.is(0, ")") {
            let before = self.at;
            values.push(self.expression(OR));
            let is_more = self.takes(",");
            // What is not a value here is left out.
            if !is_more && !self.is(0, ")") || self.at == before {
                values.append(&mut self.loose_group());
            }
        }
        self.takes(")");
        values
    }

    /// The values up to the end of the parentheses around them.
    fn loose_group(&mut self) -> Vec<Value> {
        let start = self.at;
        self.skip_group();
        let items = self.items.get(start..self.at).unwrap_or_default();
        loose(items, self.depth)
    }

    /// Every value among the items, whatever words are between them.
    fn loose(&mut self) -> Vec<Value> {
        let mut values = Vec::new();
        while let Some(item) = self.item(0) {
            let before = self.at;
            match item {
                Item::Node(node) => match node.syntax() {
                    Syntax::ColumnRef | Syntax::SpecialCall | Syntax::Select => {
                        values.push(self.expression(OR));
                    }
                    Syntax::FuncName if self.is(1, "(") || self.is_string(1) => {
                        values.push(self.expression(OR));
                    }
                    Syntax::Value => {
                        values.push(value(node, self.depth));
                        self.at += 1;
                    }
                    Syntax::Type | Syntax::FuncName | Syntax::AnyName => self.at += 1,
                    _ if self.depth < DEPTH => {
                        values.extend(loose(&node.items(), self.depth + 1));
                        self.at += 1;
                    }
                    _ => self.at += 1,
                },
                Item::Token(word) => match begins_value(word) {
                    true => values.push(self.expression(OR)),
                    false => self.at += 1,
                },
            }
            self.at = self.at.max(before + 1);
        }
        values
    }

    fn is_string(&self, ahead: usize) -> bool {
        self.word(ahead).is_some_and(Word::is_string)
    }
}

fn begins_value(word: Word<'_>) -> bool {
    let text = word.text();
    let words = ["CASE", "EXISTS", "ROW", "NOT", "TRUE", "FALSE", "NULL"];
    text == "("
        || word.is_string()
        || text.starts_with(|c: char| c.is_ascii_digit() || c == '$')
        || words.iter().any(|one| word.is(one))
}
