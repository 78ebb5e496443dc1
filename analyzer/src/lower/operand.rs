//! What an expression does with values whose types may be known: casts, operators and arguments.

use super::data_type::{data_type, named};
use super::grammar::{Item, Node, Syntax, Word};
use super::name::parts;
use crate::statement::{Cast, Operand, Operation};

/// The casts and operations of an expression, and the arguments of its calls by the place of the call.
#[derive(Default)]
pub(super) struct Operands {
    pub(super) casts: Vec<Cast>,
    pub(super) operations: Vec<Operation>,
    pub(super) arguments: Vec<(usize, Vec<Operand>)>,
}

pub(super) fn operands(node: Node<'_>) -> Operands {
    let mut found = Operands::default();
    Reader::new(node.items()).read(&mut found);
    found
}

/// The tokens and nodes of an expression, and where its parentheses close.
struct Reader<'a> {
    items: Vec<Item<'a>>,
    closing: Vec<usize>,
}

/// A part of an expression: a value, or what stands between two.
enum Part<'a> {
    Value(Operand),
    Word(Word<'a>),
    Other,
}

impl<'a> Reader<'a> {
    fn new(items: Vec<Item<'a>>) -> Self {
        let mut closing = vec![0; items.len()];
        let mut open = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let Item::Token(word) = item else { continue };
            match word.text() {
                "(" | "[" => open.push(at),
                ")" | "]" => {
                    if let Some(place) = open.pop().and_then(|from: usize| closing.get_mut(from)) {
                        *place = at;
                    }
                }
                _ => {}
            }
        }
        Self { items, closing }
    }

    fn read(&self, found: &mut Operands) {
        self.between(0, self.items.len(), found);
    }

    fn token(&self, at: usize) -> Option<Word<'a>> {
        match self.items.get(at)? {
            Item::Token(word) => Some(*word),
            Item::Node(_) => None,
        }
    }

    fn node(&self, at: usize, syntax: Syntax) -> Option<Node<'a>> {
        match self.items.get(at)? {
            Item::Node(node) if node.is(syntax) => Some(*node),
            Item::Node(_) | Item::Token(_) => None,
        }
    }

    fn is(&self, at: usize, text: &str) -> bool {
        self.token(at).is_some_and(|word| word.is(text))
    }

    /// The value of the items from `at` up to `end`.
    fn between(&self, at: usize, end: usize, found: &mut Operands) -> Operand {
        let mut parts = Vec::new();
        let mut at = at;
        while at < end {
            match self.value(at, end, found) {
                Some((operand, next)) => {
                    parts.push(Part::Value(operand));
                    at = next.max(at + 1);
                }
                None => {
                    parts.push(self.token(at).map_or(Part::Other, Part::Word));
                    at += 1;
                }
            }
        }
        operations(&parts, found);
        whole(parts)
    }

    /// The value that begins at `at`, with its casts, and where it ends.
    fn value(&self, at: usize, end: usize, found: &mut Operands) -> Option<(Operand, usize)> {
        let (mut operand, mut next) = self.primary(at, end, found)?;
        while next + 1 < end && self.is(next, "::") {
            let Some(to) = self.node(next + 1, Syntax::Type) else {
                break;
            };
            let to_type = data_type(to);
            found.casts.push(Cast {
                from: operand,
                to: to_type.clone(),
                span: to.span(),
            });
            operand = Operand::Typed(to_type);
            next += 2;
        }
        Some((operand, next))
    }

    fn primary(&self, at: usize, end: usize, found: &mut Operands) -> Option<(Operand, usize)> {
        match *self.items.get(at)? {
            Item::Node(node) if node.is(Syntax::ColumnRef) => Some((column(node), at + 1)),
            Item::Node(node) if node.is(Syntax::SpecialCall) => {
                Some((special(node, found), at + 1))
            }
            Item::Node(node) if node.is(Syntax::FuncName) => self.call(node, at, end, found),
            Item::Node(_) => Some((Operand::Other, at + 1)),
            Item::Token(word) if word.text() == "(" => {
                let close = *self.closing.get(at).filter(|close| **close > at)?;
                Some((self.between(at + 1, close.min(end), found), close + 1))
            }
            Item::Token(word) => constant(word)
                .map(|operand| (operand, at + 1))
                .or_else(|| self.typed(word, at)),
        }
    }

    /// `timestamp '...'` and `interval '...'`, whose types are keywords.
    fn typed(&self, word: Word<'a>, at: usize) -> Option<(Operand, usize)> {
        let is_type = ["TIMESTAMP", "TIME", "INTERVAL"]
            .iter()
            .any(|one| word.is(one));
        let is_string = |at: usize| self.token(at).is_some_and(Word::is_string);
        let is_zoned = self.is(at + 1, "WITH") && self.is(at + 3, "ZONE");
        let string = if is_zoned { at + 4 } else { at + 1 };
        (is_type && is_string(string)).then(|| {
            let name = word.text().to_ascii_lowercase();
            let name = match is_zoned {
                true => format!("{name} with time zone"),
                false => name,
            };
            (Operand::Typed(named(&name)), string + 1)
        })
    }

    /// A call, or a string with its type in front of it.
    fn call(
        &self,
        name: Node<'a>,
        at: usize,
        end: usize,
        found: &mut Operands,
    ) -> Option<(Operand, usize)> {
        if self.token(at + 1).is_some_and(Word::is_string) {
            let written = parts(name.words()).pop().unwrap_or_default();
            return Some((Operand::Typed(named(&written)), at + 2));
        }
        let close = *self.closing.get(at + 1).filter(|close| **close > at)?;
        let mut arguments = Vec::new();
        let mut from = at + 2;
        for to in self.commas(at + 2, close) {
            arguments.push(self.between(from, to, found));
            from = to + 1;
        }
        found.arguments.push((name.span().start, arguments));
        Some((Operand::Other, (close + 1).min(end)))
    }

    /// The ends of the arguments: the commas in no further parentheses, and the parenthesis that closes.
    fn commas(&self, from: usize, close: usize) -> Vec<usize> {
        let mut ends = Vec::new();
        let mut at = from;
        while at < close {
            let inner = self.closing.get(at).copied().unwrap_or(0);
            if self.is(at, ",") {
                ends.push(at);
            }
            at = inner.max(at) + 1;
        }
        if from < close {
            ends.push(close);
        }
        ends
    }
}

/// A column without a subscript.
fn column(node: Node<'_>) -> Operand {
    let is_plain = node.words().all(|word| !matches!(word.text(), "[" | "*"));
    match parts(node.words()).pop() {
        Some(name) if is_plain => Operand::Column(name),
        Some(_) | None => Operand::Other,
    }
}

fn constant(word: Word<'_>) -> Option<Operand> {
    let text = word.text();
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    let is_word = ["TRUE", "FALSE", "NULL"].iter().any(|one| word.is(one));
    (is_number || is_word || word.is_string()).then_some(Operand::Constant)
}

/// `CAST (a AS type)`, `EXTRACT (field FROM a)`, and other calls with words of their own.
fn special(node: Node<'_>, found: &mut Operands) -> Operand {
    let reader = Reader::new(node.items());
    let end = reader.items.len().saturating_sub(1);
    let word = |text: &str| (0..end).find(|at| reader.is(*at, text));
    if node.starts_with("CAST") {
        let Some(to) = node.child(Syntax::Type) else {
            return Operand::Other;
        };
        let from = reader.between(2, word("AS").unwrap_or(end), found);
        let to_type = data_type(to);
        found.casts.push(Cast {
            from,
            to: to_type.clone(),
            span: to.span(),
        });
        return Operand::Typed(to_type);
    }
    if node.starts_with("EXTRACT") {
        let from = word("FROM").map_or(2, |at| at + 1);
        let argument = reader.between(from, end, found);
        let arguments = vec![Operand::Constant, argument];
        found.arguments.push((node.span().start, arguments));
        return Operand::Other;
    }
    reader.between(2, end, found);
    Operand::Other
}

/// `a + b`, where nothing else binds to its sides.
fn operations(parts: &[Part<'_>], found: &mut Operands) {
    let ends = |at: Option<usize>| match at.and_then(|at| parts.get(at)) {
        Some(Part::Word(word)) => [
            ",", "AND", "OR", "NOT", "WHEN", "THEN", "ELSE", "END", "CASE",
        ]
        .iter()
        .any(|one| word.is(one)),
        Some(Part::Value(_) | Part::Other) => false,
        None => true,
    };
    for (at, three) in parts.windows(3).enumerate() {
        let [Part::Value(left), Part::Word(word), Part::Value(right)] = three else {
            continue;
        };
        if ends(at.checked_sub(1)) && ends(Some(at + 3)) {
            found.operations.push(Operation {
                left: left.clone(),
                operator: word.text().to_ascii_uppercase(),
                right: right.clone(),
                span: word.span(),
            });
        }
    }
    // `a BETWEEN b AND c` compares `a` with both.
    for three in parts.windows(5) {
        if let [
            Part::Value(left),
            Part::Word(between),
            Part::Value(from),
            Part::Word(_),
            Part::Value(to),
        ] = three
            && between.is("BETWEEN")
        {
            for right in [from, to] {
                found.operations.push(Operation {
                    left: left.clone(),
                    operator: ">=".to_owned(),
                    right: right.clone(),
                    span: between.span(),
                });
            }
        }
    }
}

/// The value of several parts.
fn whole(mut parts: Vec<Part<'_>>) -> Operand {
    let is = |part: &Part<'_>, text: &str| matches!(part, Part::Word(word) if word.is(text));
    match parts.as_slice() {
        [Part::Value(_)] => match parts.pop() {
            Some(Part::Value(operand)) => operand,
            Some(Part::Word(_) | Part::Other) | None => Operand::Other,
        },
        [Part::Value(of), at, time, zone, Part::Value(_)]
            if is(at, "AT") && is(time, "TIME") && is(zone, "ZONE") =>
        {
            Operand::AtZone(Box::new(of.clone()))
        }
        [.., arrow, Part::Value(_)] if is(arrow, "->>") || is(arrow, "#>>") => {
            Operand::Typed(named("text"))
        }
        [..] => Operand::Other,
    }
}
