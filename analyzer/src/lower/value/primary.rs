//! Values that are no operation: columns, constants, and what is in parentheses.

use super::calls::special_call;
use super::operators::OR;
use super::{Reader, loose};
use crate::lower::grammar::{Item, Node, Syntax, Word};
use crate::lower::literal::string;
use crate::lower::name::identifier;
use crate::lower::query;
use crate::statement::{ColumnName, Value, ValueKind};

impl<'a> Reader<'_, 'a> {
    pub(super) fn primary(&mut self) -> Value {
        let start = self.at;
        match self.item(0) {
            None => Value::default(),
            Some(Item::Node(node)) => self.of_node(node),
            Some(Item::Token(word)) => {
                let kind = self.of_word(word);
                self.since(start, kind)
            }
        }
    }

    pub(super) fn of_node(&mut self, node: Node<'a>) -> Value {
        let start = self.at;
        self.at += 1;
        let kind = match node.syntax() {
            Syntax::ColumnRef => ValueKind::Column(column(node, self.depth)),
            Syntax::FuncName if self.is(0, "(") => self.call(node),
            Syntax::FuncName => self.constant(node),
            Syntax::SpecialCall => self.special(node),
            Syntax::Select => ValueKind::Query(Box::new(query::query(node, self.depth))),
            _ => ValueKind::Other(loose(&node.items(), self.depth)),
        };
        self.since(start, kind)
    }

    pub(super) fn of_word(&mut self, word: Word<'a>) -> ValueKind {
        let text = word.text();
        self.at += 1;
        if text == "(" {
            self.at -= 1;
            return self.parenthesized();
        }
        if word.is_string() {
            return ValueKind::Text(string(text));
        }
        let digits = text.strip_prefix('.').unwrap_or(text);
        if digits.starts_with(|c: char| c.is_ascii_digit()) {
            return ValueKind::Number(text.to_owned());
        }
        if text.starts_with('$') {
            let is_part = self.is_one(0, &[".", "["]);
            return match is_part {
                true => self.part(Vec::new()),
                false => parameter(text),
            };
        }
        match text.to_ascii_uppercase().as_str() {
            name @ ("TRUE" | "FALSE") => ValueKind::Boolean(name == "TRUE"),
            "NULL" => ValueKind::Null,
            "DEFAULT" => ValueKind::Default,
            "CASE" => self.case(),
            name @ ("EXISTS" | "ROW" | "GROUPING") if self.is(0, "(") => {
                let name = name.to_ascii_lowercase();
                let arguments = self.group();
                special_call(name, arguments)
            }
            "ARRAY" => {
                let arguments = match self.is(0, "(") {
                    true => self.group(),
                    false => self.bracket(),
                };
                special_call("array".to_owned(), arguments)
            }
            "ANY" | "SOME" => {
                let arguments = self.group();
                special_call("any".to_owned(), arguments)
            }
            "ALL" => ValueKind::Other(self.group()),
            _ => self.typed_constant(word),
        }
    }

    pub(super) fn bracket(&mut self) -> Vec<Value> {
        if !self.takes("[") {
            return Vec::new();
        }
        let values = self.loose_group();
        self.takes("]");
        values
    }

    pub(super) fn parenthesized(&mut self) -> ValueKind {
        let mut values = self.group();
        let is_part = self.is_one(0, &[".", "["]);
        let kind = match (values.len(), values.pop()) {
            (1, Some(only)) if !is_part => return only.kind,
            (_, last) => {
                values.extend(last);
                ValueKind::Other(values)
            }
        };
        if !is_part {
            return kind;
        }
        let whole = self.since(self.at, kind);
        self.part(vec![whole])
    }

    /// An element or a field of a value: `(r).a`, `$1[2]`.
    fn part(&mut self, inside: Vec<Value>) -> ValueKind {
        let mut part = ColumnName {
            inside,
            ..ColumnName::default()
        };
        while self.is_one(0, &[".", "["]) {
            if self.is(0, "[") {
                part.element = true;
                part.inside.append(&mut self.bracket());
                continue;
            }
            self.at += 1;
            match self.text(0) {
                "*" => part.all = true,
                field => {
                    // A field of a field: only the last one is kept.
                    part.element |= part.field.is_some();
                    part.field = Some(identifier(field));
                }
            }
            self.at += 1;
        }
        ValueKind::Column(part)
    }

    pub(super) fn case(&mut self) -> ValueKind {
        let mut conditions = Vec::new();
        let mut results = Vec::new();
        if !self.is(0, "WHEN") {
            conditions.push(self.expression(OR));
        }
        while self.takes("WHEN") {
            conditions.push(self.expression(OR));
            self.takes("THEN");
            results.push(self.expression(OR));
        }
        let has_else = self.takes("ELSE");
        if has_else {
            results.push(self.expression(OR));
        }
        self.takes("END");
        ValueKind::Choice {
            conditions,
            results,
            name: "case",
            has_else,
        }
    }
}

/// `$1`; PL/pgSQL has no other names that begin with a dollar.
fn parameter(text: &str) -> ValueKind {
    let number = text.get(1..).and_then(|digits| digits.parse().ok());
    number.map_or_else(ValueKind::default, ValueKind::Parameter)
}

/// `a`, `s.t.a`, `t.*`, `a[1].b`.
fn column(node: Node<'_>, depth: usize) -> ColumnName {
    let items = node.items();
    let is_subscript = |item: &Item<'_>| matches!(item, Item::Token(word) if word.text() == "[");
    let end = items.iter().position(is_subscript);
    let (name, rest) = items.split_at(end.unwrap_or(items.len()));
    let words = |items: &[Item<'_>]| -> Vec<String> {
        let words = items.iter().filter_map(|item| match item {
            Item::Token(word) if !matches!(word.text(), "." | "*") => Some(identifier(word.text())),
            Item::Token(_) | Item::Node(_) => None,
        });
        words.collect()
    };
    let is_all = |item: &Item<'_>| matches!(item, Item::Token(word) if word.text() == "*");
    let closing = |item: &Item<'_>| matches!(item, Item::Token(word) if word.text() == "]");
    let behind = rest.iter().rposition(closing);
    let behind = behind.and_then(|at| rest.get(at + 1..)).unwrap_or_default();
    ColumnName {
        parts: words(name),
        all: name.last().is_some_and(is_all),
        inside: loose(rest, depth),
        element: !rest.is_empty(),
        field: words(behind).pop(),
    }
}
