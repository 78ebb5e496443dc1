//! Reads an expression in PostgreSQL's order of precedence, as far as it can be evaluated without a
//! server. What is not understood becomes `Formula::Unknown`, never a guess.

use super::data_type::data_type;
use super::expression::{column_name, expression};
use super::grammar::{Item, Node, Syntax, Word};
use super::literal::string;
use super::name::parts;
use super::terms::inside;
use crate::statement::{Expression, Formula, Known, Sign};

/// An expression that says something about rows: a default, a check, a key or predicate of an index.
pub(super) fn evaluated(node: Node<'_>) -> Expression {
    Expression {
        formula: Box::new(formula(node)),
        ..expression(node)
    }
}

/// How many tokens a condition may have, and how deep it may be nested, to be read.
const MOST_WORDS: usize = 1000;
const DEPTH: usize = 40;

fn formula(node: Node<'_>) -> Formula {
    match node.range().len() <= MOST_WORDS {
        true => read(&node.items(), DEPTH),
        false => Formula::Unknown,
    }
}

/// The operands of `OR`, then those of `AND`, then one condition.
fn read(items: &[Item<'_>], depth: usize) -> Formula {
    let Some(depth) = depth.checked_sub(1) else {
        return Formula::Unknown;
    };
    let all = |parts: Vec<&[Item<'_>]>| parts.into_iter().map(|part| read(part, depth)).collect();
    let parts = split(items, "OR");
    if parts.len() > 1 {
        return Formula::Any(all(parts));
    }
    let parts = split(items, "AND");
    if parts.len() > 1 {
        return Formula::All(all(parts));
    }
    match items {
        [Item::Token(not), rest @ ..] if not.is("NOT") => Formula::Not(Box::new(read(rest, depth))),
        _ => match inside(items) {
            Some(inner) => read(inner, depth),
            None => Reader {
                items,
                at: 0,
                depth,
            }
            .whole(),
        },
    }
}

/// The parts between a word outside of all parentheses. The `AND` of a `BETWEEN` is not one.
fn split<'i, 'a>(items: &'i [Item<'a>], separator: &str) -> Vec<&'i [Item<'a>]> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut between) = (0_usize, 0, false);
    for (at, item) in items.iter().enumerate() {
        let Item::Token(word) = item else { continue };
        match word.text() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ if word.is("CASE") => depth += 1,
            _ if word.is("END") => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if word.is("BETWEEN") => between = true,
            _ if word.is("AND") && between => between = false,
            _ if word.is(separator) => {
                parts.push(items.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(items.get(start..).unwrap_or_default());
    parts
}

/// Reads one condition from left to right. `None` is a text that it does not understand.
struct Reader<'i, 'a> {
    items: &'i [Item<'a>],
    at: usize,
    depth: usize,
}

impl<'i, 'a> Reader<'i, 'a> {
    fn whole(mut self) -> Formula {
        let read = self.tested().filter(|_| self.at == self.items.len());
        read.unwrap_or_default()
    }

    fn word(&self) -> Option<Word<'a>> {
        match self.items.get(self.at)? {
            Item::Token(word) => Some(*word),
            Item::Node(_) => None,
        }
    }

    fn eat(&mut self, text: &str) -> bool {
        let is_it = self.word().is_some_and(|word| word.is(text));
        self.at += usize::from(is_it);
        is_it
    }

    fn eat_node(&mut self, syntax: Syntax) -> Option<Node<'a>> {
        let Some(Item::Node(node)) = self.items.get(self.at) else {
            return None;
        };
        let node = node.is(syntax).then_some(*node)?;
        self.at += 1;
        Some(node)
    }

    /// `IS`, which binds less than a comparison.
    fn tested(&mut self) -> Option<Formula> {
        let mut read = self.compared()?;
        loop {
            let boxed = Box::new(read.clone());
            read = if self.eat("ISNULL") {
                Formula::IsNull(boxed)
            } else if self.eat("NOTNULL") {
                Formula::Not(Box::new(Formula::IsNull(boxed)))
            } else if self.eat("IS") {
                let negated = self.eat("NOT");
                let test = if self.eat("NULL") || self.eat("UNKNOWN") {
                    Formula::IsNull(boxed)
                } else if self.eat("TRUE") {
                    Formula::Is(boxed, true)
                } else if self.eat("FALSE") {
                    Formula::Is(boxed, false)
                } else if self.eat("DISTINCT") && self.eat("FROM") {
                    Formula::Distinct(boxed, Box::new(self.compared()?))
                } else {
                    return None;
                };
                match negated {
                    true => Formula::Not(Box::new(test)),
                    false => test,
                }
            } else {
                return Some(read);
            };
        }
    }

    fn compared(&mut self) -> Option<Formula> {
        let left = self.matched()?;
        let sign = self.word().and_then(|word| sign(word.text()));
        let Some(sign) = sign else {
            return Some(left);
        };
        self.at += 1;
        let quantified = ["ANY", "SOME", "ALL"].iter().any(|word| self.eat(word));
        if quantified {
            return None;
        }
        let right = self.matched()?;
        Some(Formula::Compare(Box::new(left), sign, Box::new(right)))
    }

    /// `BETWEEN`, `IN` and `LIKE`.
    fn matched(&mut self) -> Option<Formula> {
        let left = self.computed()?;
        let start = self.at;
        let negated = self.eat("NOT");
        let boxed = || Box::new(left.clone());
        let read = if self.eat("BETWEEN") {
            let low = self.computed()?;
            self.eat("AND").then_some(())?;
            let high = self.computed()?;
            Formula::All(vec![
                Formula::Compare(boxed(), Sign::GreaterOrEqual, Box::new(low)),
                Formula::Compare(boxed(), Sign::LessOrEqual, Box::new(high)),
            ])
        } else if self.eat("IN") {
            let values = self.list()?.into_iter();
            let same = |value| Formula::Compare(boxed(), Sign::Equal, Box::new(value));
            Formula::Any(values.map(same).collect())
        } else if self.eat("LIKE") || self.eat("ILIKE") {
            Formula::Strict(vec![left, self.computed()?])
        } else if self.eat("SIMILAR") {
            self.eat("TO").then_some(())?;
            Formula::Strict(vec![left, self.computed()?])
        } else {
            self.at = start;
            return Some(left);
        };
        if self.eat("ESCAPE") {
            self.computed()?;
        }
        Some(match negated {
            true => Formula::Not(Box::new(read)),
            false => read,
        })
    }

    /// Operators; all of these return null for a null.
    fn computed(&mut self) -> Option<Formula> {
        const STRICT: [&str; 16] = [
            "+", "-", "*", "/", "%", "^", "~", "~*", "!~", "!~*", "&", "|", "#", "<<", ">>", "^@",
        ];
        let mut operands = vec![self.operand()?];
        while self
            .word()
            .is_some_and(|word| STRICT.contains(&word.text()))
        {
            self.at += 1;
            operands.push(self.operand()?);
        }
        match operands.len() {
            1 => operands.pop(),
            _ => Some(Formula::Strict(operands)),
        }
    }

    fn operand(&mut self) -> Option<Formula> {
        if self.eat("+") {
            return self.operand();
        }
        if self.eat("-") {
            let number = self.operand()?;
            return Some(match number {
                Formula::Constant(Known::Number(number)) => {
                    Formula::Constant(Known::Number(format!("-{number}")))
                }
                other => Formula::Strict(vec![other]),
            });
        }
        let mut read = self.primary()?;
        loop {
            if self.eat("::") {
                let to = data_type(self.eat_node(Syntax::Type)?);
                read = Formula::Cast(Box::new(read), kept(&to));
            } else if self.eat("COLLATE") {
                self.eat_node(Syntax::AnyName)?;
                // Texts that differ can be equal in a collation that is not deterministic.
                read = Formula::Cast(Box::new(read), String::new());
            } else {
                return Some(read);
            }
        }
    }

    fn primary(&mut self) -> Option<Formula> {
        if let Some(node) = self.eat_node(Syntax::ColumnRef) {
            let is_plain = node.words().all(|word| !matches!(word.text(), "[" | "("));
            let column = Formula::Column(column_name(node)?);
            return is_plain.then_some(column);
        }
        if let Some(node) = self.eat_node(Syntax::SpecialCall) {
            return special(node, self.depth);
        }
        if let Some(node) = self.eat_node(Syntax::FuncName) {
            return self.call(node);
        }
        let word = self.word()?;
        if word.text() == "(" {
            let [one] = <[Formula; 1]>::try_from(self.list()?).ok()?;
            return Some(one);
        }
        self.at += 1;
        let constant = if word.is_string() {
            Known::Text(string(word.text()))
        } else if word
            .text()
            .starts_with(|c: char| c.is_ascii_digit() || c == '.')
        {
            Known::Number(word.text().to_owned())
        } else if word.is("NULL") {
            Known::Null
        } else if word.is("TRUE") || word.is("FALSE") {
            Known::Bool(word.is("TRUE"))
        } else {
            return None;
        };
        Some(Formula::Constant(constant))
    }

    /// A function with its arguments, or a type before a string: `date '2020-01-01'`.
    fn call(&mut self, name: Node<'a>) -> Option<Formula> {
        if let Some(word) = self.word().filter(|word| word.is_string()) {
            self.at += 1;
            return Some(Formula::Constant(Known::Literal(string(word.text()))));
        }
        let mut name = parts(name.words());
        let function = name.pop()?;
        let is_own = name.first().is_none_or(|schema| schema == "pg_catalog");
        let arguments = self.list()?;
        // The functions that can be called without a schema and never return null.
        const PRESENT: [&str; 8] = [
            "now",
            "clock_timestamp",
            "gen_random_uuid",
            "nextval",
            "random",
            "statement_timestamp",
            "transaction_timestamp",
            "uuidv7",
        ];
        Some(match is_own {
            true if PRESENT.contains(&function.as_str()) => Formula::Constant(Known::Present),
            true => Formula::Call(function, arguments),
            false => Formula::Unknown,
        })
    }

    /// What stands between the commas in the parentheses that begin here.
    fn list(&mut self) -> Option<Vec<Formula>> {
        self.eat("(").then_some(())?;
        let (start, mut open) = (self.at, 1_usize);
        while open > 0 {
            match self.items.get(self.at)? {
                Item::Token(word) if matches!(word.text(), "(" | "[") => open += 1,
                Item::Token(word) if matches!(word.text(), ")" | "]") => open -= 1,
                Item::Token(_) | Item::Node(_) => {}
            }
            self.at += 1;
        }
        let inner = self.items.get(start..self.at - 1)?;
        if inner.is_empty() {
            return Some(Vec::new());
        }
        let parts = split(inner, ",");
        Some(
            parts
                .into_iter()
                .map(|part| read(part, self.depth))
                .collect(),
        )
    }
}

fn sign(text: &str) -> Option<Sign> {
    Some(match text {
        "=" => Sign::Equal,
        "<>" | "!=" => Sign::Different,
        "<" => Sign::Less,
        "<=" => Sign::LessOrEqual,
        ">" => Sign::Greater,
        ">=" => Sign::GreaterOrEqual,
        _ => return None,
    })
}

/// The name of the type, if a cast to it keeps a value as it is; a length can cut it.
fn kept(to: &crate::statement::DataType) -> String {
    match to.modifiers.is_empty() && !to.array && to.schema.is_none() {
        true => to.name.clone(),
        false => String::new(),
    }
}

/// `CAST`, `COALESCE`, and the values of the moment.
fn special(node: Node<'_>, depth: usize) -> Option<Formula> {
    let items = node.items();
    let first = items.iter().find_map(|item| match item {
        Item::Token(word) => Some(word.text().to_ascii_lowercase()),
        Item::Node(_) => None,
    })?;
    let inner = items
        .get(2..items.len().saturating_sub(1))
        .unwrap_or_default();
    match first.as_str() {
        "cast" => {
            let [value @ .., Item::Token(_), Item::Node(to)] = inner else {
                return None;
            };
            Some(Formula::Cast(
                Box::new(read(value, depth)),
                kept(&data_type(*to)),
            ))
        }
        "coalesce" => {
            let parts = split(inner, ",").into_iter();
            let parts = parts.map(|part| read(part, depth)).collect();
            Some(Formula::Call(first, parts))
        }
        "current_date" | "current_time" | "current_timestamp" | "localtime" | "localtimestamp"
        | "current_user" | "session_user" => Some(Formula::Constant(Known::Present)),
        // A null operand makes each of these null.
        "extract" | "substring" | "trim" | "position" | "overlay" => {
            let columns = node.within().filter(|inner| inner.is(Syntax::ColumnRef));
            let columns = columns.filter_map(column_name).map(Formula::Column);
            Some(Formula::Strict(columns.collect()))
        }
        _ => None,
    }
}
