//! Operators with their operands, by precedence.

use super::Reader;
use crate::lower::data_type::data_type;
use crate::lower::grammar::{Node, Word};
use crate::lower::name::identifier;
use crate::statement::{Called, Operator, Test, Value, ValueKind};

// The precedence of operators, from the manual's table; the loosest first.
pub(super) const OR: u8 = 0;
const AND: u8 = 1;
const NOT: u8 = 2;
const IS: u8 = 3;
const COMPARISON: u8 = 4;
const RANGE: u8 = 5;
const OTHER: u8 = 6;
const SUM: u8 = 7;
const PRODUCT: u8 = 8;
const POWER: u8 = 9;
const AT: u8 = 10;
const COLLATE: u8 = 11;
const SIGN: u8 = 12;
const CAST: u8 = 13;

impl<'a> Reader<'_, 'a> {
    /// The precedence of the operator that comes next.
    pub(super) fn level(&self) -> Option<u8> {
        let word = self.word(0)?;
        let negated = usize::from(word.is("NOT"));
        if self.is_one(negated, &["BETWEEN", "IN", "LIKE", "ILIKE", "SIMILAR"]) {
            return Some(RANGE);
        }
        let words = [
            ("OR", OR),
            ("AND", AND),
            ("IS", IS),
            ("ISNULL", IS),
            ("NOTNULL", IS),
            ("OVERLAPS", OTHER),
            ("OPERATOR", OTHER),
            ("AT", AT),
            ("COLLATE", COLLATE),
        ];
        let known = words.iter().find(|(text, _)| word.is(text));
        known.map(|(_, level)| *level).or(match word.text() {
            "::" => Some(CAST),
            "^" => Some(POWER),
            "*" | "/" | "%" => Some(PRODUCT),
            "+" | "-" => Some(SUM),
            "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => Some(COMPARISON),
            text => is_operator(text).then_some(OTHER),
        })
    }

    /// What follows a value: an operator with its right side.
    pub(super) fn tail(&mut self, start: usize, left: Value, level: u8, same: bool) -> Value {
        match level {
            CAST => {
                self.at += 1;
                let data_type = self.node().map(data_type).unwrap_or_default();
                self.at += 1;
                self.since(start, ValueKind::Cast(Box::new(left), data_type))
            }
            COLLATE => {
                self.at += 2;
                left
            }
            AT => {
                self.at += 1;
                let is_local = self.takes("LOCAL");
                let mut arguments = vec![left];
                if !is_local {
                    self.at += 2;
                    arguments.insert(0, self.expression(COLLATE));
                }
                let name = "timezone".to_owned();
                let called = Called {
                    name,
                    arguments,
                    special: true,
                    ..Called::default()
                };
                self.since(start, ValueKind::Called(Box::new(called)))
            }
            AND | OR => {
                self.at += 1;
                let right = self.expression(level + 1);
                let test = if level == AND { Test::And } else { Test::Or };
                let values = match left.kind {
                    ValueKind::Test(_, mut values) if same => {
                        values.push(right);
                        values
                    }
                    _ => vec![left, right],
                };
                self.since(start, ValueKind::Test(test, values))
            }
            IS => self.is_what(start, left),
            RANGE => self.range(start, left),
            _ => {
                let operator = self.operator();
                let right = self.expression(level + 1);
                self.operation(start, left, same, vec![(operator, right)])
            }
        }
    }

    pub(super) fn operation(
        &self,
        start: usize,
        left: Value,
        same: bool,
        right: Vec<(Operator, Value)>,
    ) -> Value {
        let kind = match left.kind {
            ValueKind::Operation { first, mut rest } if same => {
                rest.extend(right);
                ValueKind::Operation { first, rest }
            }
            _ => ValueKind::Operation {
                first: Some(Box::new(left)),
                rest: right,
            },
        };
        self.since(start, kind)
    }

    /// An operator, also as `OPERATOR (schema.=)`.
    pub(super) fn operator(&mut self) -> Operator {
        if !self.takes("OPERATOR") {
            let name = self.text(0).to_ascii_lowercase();
            self.at += 1;
            return Operator { schema: None, name };
        }
        self.at += 1;
        let words: Vec<Word<'a>> = self.node().into_iter().flat_map(Node::words).collect();
        self.at += 2;
        let (sign, schema) = words.split_last().unzip();
        let schema = schema.unwrap_or_default().first();
        Operator {
            schema: schema.map(|word| identifier(word.text())),
            name: sign.map_or_else(String::new, |word| word.text().to_owned()),
        }
    }

    /// `IS NULL`, `IS NOT DISTINCT FROM value` and the like.
    pub(super) fn is_what(&mut self, start: usize, left: Value) -> Value {
        let mut values = vec![left];
        let test = self.tested();
        let tests = [
            "IS",
            "NOT",
            "NULL",
            "TRUE",
            "FALSE",
            "UNKNOWN",
            "DOCUMENT",
            "NFC",
            "NFD",
            "NFKC",
            "NFKD",
            "NORMALIZED",
            "JSON",
            "VALUE",
            "ARRAY",
            "OBJECT",
            "SCALAR",
            "WITH",
            "WITHOUT",
            "UNIQUE",
            "KEYS",
        ];
        let is_whole = self.is_one(0, &["ISNULL", "NOTNULL"]);
        self.at += 1;
        while !is_whole && self.is_one(0, &tests) {
            self.at += 1;
        }
        if !is_whole && self.takes("DISTINCT") {
            self.at += 1;
            values.push(self.expression(COMPARISON));
        }
        self.since(start, ValueKind::Test(test, values))
    }

    /// Which test it is, from the words that come next.
    fn tested(&self) -> Test {
        if self.is(0, "ISNULL") || self.is(0, "NOTNULL") {
            let negated = self.is(0, "NOTNULL");
            return Test::Null { negated };
        }
        let negated = self.is(1, "NOT");
        let what = self.text(1 + usize::from(negated)).to_ascii_uppercase();
        match what.as_str() {
            "NULL" => Test::Null { negated },
            "TRUE" => Test::Truth { of: true, negated },
            "FALSE" => Test::Truth { of: false, negated },
            "DISTINCT" => Test::Distinct { negated },
            _ => Test::Other,
        }
    }

    /// `BETWEEN`, `IN` and `LIKE` are the operators that they stand for.
    pub(super) fn range(&mut self, start: usize, left: Value) -> Value {
        let negated = self.takes("NOT");
        let sign = |name: &str| Operator {
            schema: None,
            name: name.to_owned(),
        };
        let mut right = Vec::new();
        if self.takes("BETWEEN") {
            if !self.takes("SYMMETRIC") {
                self.takes("ASYMMETRIC");
            }
            right.push((sign(">="), self.expression(OTHER)));
            self.takes("AND");
            right.push((sign("<="), self.expression(OTHER)));
        } else if self.takes("IN") {
            let name = if negated { "<>" } else { "=" };
            let values = self.group();
            right.extend(values.into_iter().map(|value| (sign(name), value)));
        } else {
            let name = match (self.is(0, "ILIKE"), self.is(0, "SIMILAR"), negated) {
                (true, _, false) => "~~*",
                (true, _, true) => "!~~*",
                (_, true, _) => "~",
                (_, _, false) => "~~",
                (_, _, true) => "!~~",
            };
            self.at += 1;
            self.takes("TO");
            right.push((sign(name), self.expression(OTHER)));
            if self.takes("ESCAPE") {
                self.expression(OTHER);
            }
        }
        self.since(start, ValueKind::Compared(Box::new(left), right))
    }

    pub(super) fn prefixed(&mut self) -> Value {
        let start = self.at;
        if self.takes("NOT") {
            let mut twice = false;
            while self.takes("NOT") {
                twice = !twice;
            }
            let value = self.expression(NOT + 1);
            // `NOT NOT a` is `a`: an AND of one value.
            let test = if twice { Test::And } else { Test::Not };
            return self.since(start, ValueKind::Test(test, vec![value]));
        }
        let is_sign = self.is_one(0, &["+", "-"]);
        let is_spelled = self.is(0, "OPERATOR") && self.is(1, "(");
        if is_sign || is_spelled || is_operator(self.text(0)) && self.text(0) != "*" {
            let operator = self.operator();
            let value = self.expression(if is_sign { SIGN } else { OTHER + 1 });
            let kind = ValueKind::Operation {
                first: None,
                rest: vec![(operator, value)],
            };
            return self.since(start, kind);
        }
        self.primary()
    }
}

fn is_operator(text: &str) -> bool {
    let is_sign = |c: char| "+-*/<>=~!@#%^&|`?".contains(c);
    !text.is_empty() && text.chars().all(is_sign) && text != "=>"
}
