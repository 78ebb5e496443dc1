//! Calls of functions, and constants whose type stands before them.

use super::operators::OR;
use super::{Reader, loose};
use crate::lower::data_type::{self, data_type};
use crate::lower::grammar::{Item, Node, Syntax, Word};
use crate::lower::literal::string;
use crate::lower::name::parts;
use crate::statement::{Called, Value, ValueKind};

impl<'a> Reader<'_, 'a> {
    /// `date '2020-01-01'`.
    pub(super) fn constant(&mut self, node: Node<'a>) -> ValueKind {
        let start = self.at;
        let Some(word) = self.word(0).filter(|word| word.is_string()) else {
            return ValueKind::default();
        };
        self.at += 1;
        let text = self.since(start, ValueKind::Text(string(word.text())));
        ValueKind::Cast(Box::new(text), data_type(node))
    }

    pub(super) fn call(&mut self, node: Node<'a>) -> ValueKind {
        let mut names = parts(node.words());
        let mut called = Called {
            name: names.pop().unwrap_or_default(),
            schema: names.pop(),
            ..Called::default()
        };
        self.at += 1;
        if !self.takes("ALL") {
            self.takes("DISTINCT");
        }
        while self.item(0).is_some() && !self.is(0, ")") {
            let before = self.at;
            if self.takes("VARIADIC") {
                called.open = true;
            } else if self.is(1, "=>") || self.is(1, ":=") {
                called.open = true;
                self.at += 2;
            } else if self.takes("*") || self.takes(",") {
            } else if let Some(order) = self.node().filter(|node| node.is(Syntax::OrderBy)) {
                called.around.extend(loose(&order.items(), self.depth));
                self.at += 1;
            } else {
                called.arguments.push(self.expression(OR));
            }
            if self.at == before {
                called.open = true;
                self.skip_group();
            }
        }
        self.takes(")");
        if let Some(word) = self.word(0).filter(|word| word.is_string()) {
            // `numeric(4, 1) '1.5'`
            self.at += 1;
            let text = self.since(self.at - 1, ValueKind::Text(string(word.text())));
            return ValueKind::Cast(Box::new(text), data_type(node));
        }
        self.around(&mut called);
        ValueKind::Called(Box::new(called))
    }

    /// `WITHIN GROUP (...)`, `FILTER (...)`, `OVER (...)`.
    pub(super) fn around(&mut self, called: &mut Called) {
        while self.is_one(0, &["WITHIN", "FILTER", "OVER"]) {
            called.open |= self.is(0, "WITHIN");
            called.windowed |= self.is(0, "OVER");
            self.at += 1;
            self.takes("GROUP");
            if self.takes("(") {
                called.around.append(&mut self.loose_group());
                self.takes(")");
            } else {
                self.at += 1;
            }
        }
    }

    pub(super) fn special(&mut self, node: Node<'a>) -> ValueKind {
        let items = node.items();
        let mut reader = Reader::new(&items, self.depth);
        let name = reader.text(0).to_ascii_lowercase();
        reader.at = 1;
        let kind = match name.as_str() {
            "cast" | "treat" => {
                reader.at = 2;
                let value = reader.expression(OR);
                let is_type = |node: &Node<'_>| node.is(Syntax::Type);
                let to = node.children().filter(is_type).last();
                return ValueKind::Cast(Box::new(value), to.map(data_type).unwrap_or_default());
            }
            "coalesce" => Some("coalesce"),
            "greatest" => Some("greatest"),
            "least" => Some("least"),
            _ => None,
        };
        if let Some(name) = kind {
            return ValueKind::Choice {
                conditions: Vec::new(),
                results: reader.group(),
                name,
                has_else: false,
            };
        }
        let mut called = Called {
            name,
            special: true,
            arguments: reader.loose(),
            ..Called::default()
        };
        self.around(&mut called);
        ValueKind::Called(Box::new(called))
    }

    /// `INTERVAL '1 day'` and the other types whose names are words of the grammar.
    pub(super) fn typed_constant(&mut self, first: Word<'a>) -> ValueKind {
        let types = [
            "INT",
            "INTEGER",
            "SMALLINT",
            "BIGINT",
            "REAL",
            "FLOAT",
            "DOUBLE",
            "DECIMAL",
            "DEC",
            "NUMERIC",
            "BOOLEAN",
            "BIT",
            "CHARACTER",
            "CHAR",
            "NATIONAL",
            "NCHAR",
            "VARCHAR",
            "TIMESTAMP",
            "TIME",
            "INTERVAL",
            "JSON",
        ];
        if !types.iter().any(|name| first.is(name)) {
            return ValueKind::default();
        }
        let mut words = vec![first.text()];
        while let Some(item) = self.item(0) {
            match item {
                Item::Token(word) if word.is_string() => {
                    self.at += 1;
                    let text = self.since(self.at - 1, ValueKind::Text(string(word.text())));
                    let fields = |node: &Node<'_>| node.is(Syntax::IntervalFields);
                    self.at += usize::from(self.node().as_ref().is_some_and(fields));
                    return ValueKind::Cast(Box::new(text), data_type::of_words(&words));
                }
                Item::Token(word) if word.text().starts_with(char::is_alphabetic) => {
                    words.push(word.text());
                }
                Item::Node(node) if matches!(node.syntax(), Syntax::Length | Syntax::Modifiers) => {
                }
                Item::Token(_) | Item::Node(_) => break,
            }
            self.at += 1;
        }
        ValueKind::default()
    }
}

pub(super) fn special_call(name: String, arguments: Vec<Value>) -> ValueKind {
    ValueKind::Called(Box::new(Called {
        name,
        special: true,
        arguments,
        ..Called::default()
    }))
}
