//! Tokens as PostgreSQL's own grammar sees them: keywords, operators, and literals that are joined over
//! several lines.

use std::collections::HashMap;
use std::ops::Range;

use super::escapes;
use super::set::Set;
use crate::text::keywords::{Category, Keyword};
use crate::text::split::{Token, TokenKind};

pub(super) const END: usize = 0;
const IDENTIFIER: usize = 1;
const STRING: usize = 2;
const INTEGER: usize = 3;
const FLOAT: usize = 4;
const BITS: usize = 5;
const PARAMETER: usize = 6;
const OPERATOR: usize = 7;
/// A text that PostgreSQL's own lexer refuses.
const BAD: usize = 8;
const SYMBOLS: [&str; 27] = [
    "(", ")", ",", ".", ";", ":", "[", "]", "+", "-", "*", "/", "%", "^", "<", ">", "=", "<=",
    ">=", "<>", "=>", ":=", "::", "..", "<<", ">>", "#",
];
const FIRST_SYMBOL: usize = BAD + 1;
/// `(`, before `)` and `,`.
const OPENING: usize = FIRST_SYMBOL;
const FIRST_KEYWORD: usize = FIRST_SYMBOL + SYMBOLS.len();
/// `NULLS` before `FIRST` or `LAST`, where it names nothing.
const NULLS_AHEAD: &str = "NULLS_LA";

/// A token, and its kind in the grammar.
#[derive(Clone, Copy, Debug)]
pub(in crate::lower) struct Terminal {
    id: u16,
    start: u32,
    end: u32,
}

impl Terminal {
    fn new(id: usize, span: Range<usize>) -> Self {
        let narrow = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            id: u16::try_from(id).unwrap_or(u16::MAX),
            start: narrow(span.start),
            end: narrow(span.end),
        }
    }

    /// The end of the text, after the last token.
    pub(in crate::lower) fn end(at: usize) -> Self {
        Self::new(END, at..at)
    }

    pub(super) fn id(self) -> usize {
        usize::from(self.id)
    }

    pub(in crate::lower) fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// How many bytes it has.
    pub(super) const fn len(&self) -> usize {
        (self.end - self.start) as usize
    }

    pub(super) fn is_string(&self) -> bool {
        self.id() == STRING
    }

    /// `0xff` and `1_000`, which are new in PostgreSQL 16.
    pub(super) fn is_new_number(&self, text: &str) -> bool {
        if !matches!(self.id(), INTEGER | FLOAT) {
            return false;
        }
        let number = text.get(self.span()).unwrap_or_default();
        let radix = ["0x", "0o", "0b", "0X", "0O", "0B"];
        number.contains('_') || radix.iter().any(|prefix| number.starts_with(prefix))
    }
}

/// The words that PostgreSQL's lexer reads together.
struct Nulls {
    first: usize,
    last: usize,
    nulls: usize,
    /// `NULLS` before one of the others.
    ahead: usize,
}

/// The kinds of tokens, and the classes that the grammar names.
pub(super) struct Vocabulary {
    keywords: Vec<&'static str>,
    /// The ids of the keywords, by their first letter and their length: with both, hardly one is compared in
    /// vain.
    ids: Vec<Vec<usize>>,
    nulls: Option<Nulls>,
    classes: HashMap<&'static str, Set>,
}

impl Vocabulary {
    pub(super) fn new(words: impl IntoIterator<Item = Keyword>) -> Self {
        let mut keywords = Vec::new();
        let mut ids = vec![Vec::new(); LETTERS * LENGTHS];
        let kinds = [
            ("identifier", IDENTIFIER),
            ("string", STRING),
            ("integer", INTEGER),
            ("float", FLOAT),
            ("bits", BITS),
            ("parameter", PARAMETER),
            ("operator", OPERATOR),
        ];
        let mut classes: HashMap<&'static str, Set> = kinds
            .into_iter()
            .map(|(name, id)| (name, Set::of(id)))
            .collect();
        // To SQL these are operators like any other.
        for sign in ["<<", ">>", "#"] {
            if let (Some(operator), Some(id)) = (classes.get_mut("operator"), Self::symbol(sign)) {
                operator.insert(id);
            }
        }
        for name in ["col_id", "type_func", "non_reserved", "label", "bare_label"] {
            classes.insert(name, Set::of(IDENTIFIER));
        }
        for keyword in words {
            let id = FIRST_KEYWORD + keywords.len();
            keywords.push(keyword.word);
            if let Some(alike) = ids.get_mut(place_of(keyword.word)) {
                alike.push(id);
            }
            for class in classes_of(keyword) {
                if let Some(set) = classes.get_mut(class) {
                    set.insert(id);
                }
            }
        }
        let mut vocabulary = Self {
            nulls: None,
            keywords,
            ids,
            classes,
        };
        vocabulary.nulls = vocabulary.new_nulls();
        vocabulary
    }

    fn new_nulls(&mut self) -> Option<Nulls> {
        let [first, last, nulls] = ["FIRST", "LAST", "NULLS"].map(|word| self.written(word));
        let (first, last, nulls) = (first?, last?, nulls?);
        self.keywords.push("NULLS");
        let ahead = FIRST_KEYWORD + self.keywords.len() - 1;
        Some(Nulls {
            first,
            last,
            nulls,
            ahead,
        })
    }

    pub(super) fn class(&self, name: &str) -> Option<Set> {
        self.classes.get(name).copied()
    }

    /// Replaces the first token by `SELECT`.
    pub(super) fn as_select(&self, terminals: &mut [Terminal]) {
        if let (Some(first), Some(select)) = (terminals.first_mut(), self.keyword("SELECT")) {
            *first = Terminal::new(select, first.span());
        }
    }

    /// The keyword that the grammar names.
    pub(super) fn keyword(&self, word: &str) -> Option<usize> {
        match word {
            NULLS_AHEAD => self.nulls.as_ref().map(|nulls| nulls.ahead),
            _ => self.written(word),
        }
    }

    /// The keyword with these letters, in upper or lower case.
    fn written(&self, word: &str) -> Option<usize> {
        let alike = self.ids.get(place_of(word))?;
        for id in alike {
            if self.keywords[*id - FIRST_KEYWORD].eq_ignore_ascii_case(word) {
                return Some(*id);
            }
        }
        None
    }

    pub(super) fn symbol(text: &str) -> Option<usize> {
        let index = SYMBOLS.iter().position(|symbol| *symbol == text)?;
        Some(FIRST_SYMBOL + index)
    }

    /// What was expected, for a message; `None` if there are too many possibilities to list.
    pub(super) fn describe(&self, set: &Set) -> Option<String> {
        let mut rest = *set;
        let mut words = Vec::new();
        let classes = [
            ("label", "a name"),
            ("non_reserved", "a name"),
            ("col_id", "a name"),
            ("type_func", "a name"),
        ];
        for (class, word) in classes {
            if let Some(class) = self
                .classes
                .get(class)
                .filter(|class| rest.contains_all(class))
            {
                rest = rest.without(class);
                words.push(word.to_owned());
            }
        }
        words.extend(rest.iter().map(|id| self.name(id)));
        match words.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            [most @ .., last] if words.len() <= 6 => Some(format!("{} or {last}", most.join(", "))),
            _ => None,
        }
    }

    fn name(&self, id: usize) -> String {
        let kind = match id {
            END => "the end of the statement",
            IDENTIFIER => "a name",
            STRING => "a string",
            INTEGER => "an integer",
            FLOAT => "a number",
            BITS => "a bit string",
            PARAMETER => "a parameter",
            OPERATOR => "an operator",
            _ => "",
        };
        if !kind.is_empty() {
            return kind.to_owned();
        }
        let symbol = SYMBOLS.get(id.wrapping_sub(FIRST_SYMBOL));
        let keyword = self.keywords.get(id.wrapping_sub(FIRST_KEYWORD));
        format!("`{}`", symbol.or(keyword).unwrap_or(&"?"))
    }

    /// The tokens of a statement for the grammar.
    pub(super) fn terminals(&self, text: &str, tokens: &[Token]) -> Vec<Terminal> {
        let mut terminals = Vec::with_capacity(tokens.len() + 1);
        let mut rest = tokens;
        while let Some(token) = rest.first() {
            let word = &text[token.span()];
            let (id, taken) = match token.kind {
                TokenKind::Word => (self.written(word).unwrap_or(IDENTIFIER), 1),
                TokenKind::QuotedWord if word.len() == 2 => (BAD, 1),
                TokenKind::QuotedWord => well_escaped(text, rest, (IDENTIFIER, 1)),
                TokenKind::Literal => well_escaped(text, rest, literal(text, rest)),
                TokenKind::Number => number(text, rest),
                TokenKind::Symbol('.')
                    if rest.get(1).is_some_and(|next| is_digits(text, token, next)) =>
                {
                    let (id, taken) = number(text, &rest[1..]);
                    (if id == BAD { BAD } else { FLOAT }, taken + 1)
                }
                TokenKind::Symbol('(') => (OPENING, 1),
                TokenKind::Symbol(')') => (OPENING + 1, 1),
                TokenKind::Symbol(',') => (OPENING + 2, 1),
                TokenKind::Symbol(_) => symbol(text, rest),
                TokenKind::Comment | TokenKind::Psql => (BAD, 1),
            };
            let (taken, left) = rest.split_at(taken.min(rest.len()));
            let end = taken
                .last()
                .map_or(token.span().end, |last| last.span().end);
            self.look_ahead(id, &mut terminals);
            terminals.push(Terminal::new(id, token.span().start..end));
            rest = left;
        }
        let end = tokens.last().map_or(0, |last| last.span().end);
        terminals.push(Terminal::end(end));
        terminals
    }
}

impl Vocabulary {
    /// What a token makes of the one before it.
    fn look_ahead(&self, id: usize, before: &mut [Terminal]) {
        if let Some(nulls) = &self.nulls
            && (id == nulls.first || id == nulls.last)
            && let Some(word) = before.last_mut()
            && word.id() == nulls.nulls
        {
            *word = Terminal::new(nulls.ahead, word.span());
        }
    }
}

/// The places of words by their first letter.
const LETTERS: usize = 32;
/// The places by length: none is longer than `CURRENT_TIMESTAMP`.
const LENGTHS: usize = 32;

/// Where a word is among the keywords; upper and lower case are in the same place.
fn place_of(word: &str) -> usize {
    let first = word.as_bytes().first().copied().unwrap_or_default();
    let letter = usize::from(first) % LETTERS;
    letter * LENGTHS + word.len().min(LENGTHS - 1)
}

/// The classes of tokens to which a keyword belongs.
fn classes_of(keyword: Keyword) -> impl Iterator<Item = &'static str> {
    let classes: &[&str] = match keyword.category {
        Category::Unreserved => &["col_id", "type_func", "non_reserved", "label"],
        Category::Column => &["col_id", "non_reserved", "label"],
        Category::TypeOrFunction => &["type_func", "non_reserved", "label"],
        Category::Reserved => &["label"],
        // A word that is a keyword only here is also a name.
        Category::Plain => &["col_id", "type_func", "non_reserved", "label", "identifier"],
    };
    let bare = keyword.bare.then_some("bare_label");
    classes.iter().copied().chain(bare)
}

/// A name or string of this many tokens with its `UESCAPE 'x'`, if PostgreSQL accepts its escapes.
fn well_escaped(text: &str, tokens: &[Token], (id, taken): (usize, usize)) -> (usize, usize) {
    let word = |at: usize| tokens.get(at).and_then(|token| text.get(token.span()));
    let first = word(0).unwrap_or_default();
    let is = |word: Option<&str>, start: &str| {
        let start_of = word.and_then(|word| word.get(..start.len()));
        start_of.is_some_and(|word| word.eq_ignore_ascii_case(start))
    };
    let uescape = match is(Some(first), "u&") && is(word(taken), "uescape") {
        true => word(taken + 1),
        false => None,
    };
    let taken = if uescape.is_some() { taken + 2 } else { taken };
    let valid = escapes::are_valid(first, uescape);
    (if valid { id } else { BAD }, taken)
}

/// A string, with the strings that continue it on further lines.
fn literal(text: &str, tokens: &[Token]) -> (usize, usize) {
    let word = |token: &Token| text.get(token.span()).unwrap_or_default();
    let Some(first) = tokens.first().map(word) else {
        return (BAD, 1);
    };
    let mut taken = 1;
    if !first.starts_with('$') {
        while let [before, next, ..] = &tokens[taken - 1..]
            && word(next).starts_with('\'')
            && next.kind == TokenKind::Literal
            && text
                .get(before.span().end..next.span().start)
                .is_some_and(|gap| gap.contains('\n') && !gap.contains("/*"))
        {
            taken += 1;
        }
    }
    let id = match first.as_bytes().first() {
        Some(b'b' | b'B' | b'x' | b'X') => BITS,
        _ => STRING,
    };
    (id, taken)
}

fn is_digits(text: &str, before: &Token, token: &Token) -> bool {
    before.span().end == token.span().start
        && token.kind == TokenKind::Number
        && text
            .get(token.span())
            .is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()))
}

/// A number, joined with the signed exponent that the lexer left apart.
fn number(text: &str, tokens: &[Token]) -> (usize, usize) {
    let Some(first) = tokens.first() else {
        return (BAD, 1);
    };
    let word = text.get(first.span()).unwrap_or_default();
    if let Some(digits) = word.strip_prefix('$') {
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        return (if is_number { PARAMETER } else { BAD }, 1);
    }
    let lower = word.to_ascii_lowercase();
    let radix = |prefix, radix| {
        let digits = lower.strip_prefix(prefix)?;
        Some(!digits.is_empty() && digits.chars().all(|c| c == '_' || c.is_digit(radix)))
    };
    if let Some(well) = radix("0x", 16).or(radix("0o", 8)).or(radix("0b", 2)) {
        return (if well { INTEGER } else { BAD }, 1);
    }
    let misplaced = ["__", "_.", "._", "_e"];
    if lower.ends_with('_') || misplaced.iter().any(|wrong| lower.contains(wrong)) {
        return (BAD, 1);
    }
    let plain = lower.replace('_', "");
    if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        let id = if plain.parse::<i32>().is_ok() {
            INTEGER
        } else {
            FLOAT
        };
        return (id, 1);
    }
    if let (Some(mantissa), [_, sign, exponent, ..]) = (plain.strip_suffix('e'), tokens)
        && matches!(sign.kind, TokenKind::Symbol('+' | '-'))
        && sign.span().start == first.span().end
        && is_digits(text, sign, exponent)
        && is_decimal(mantissa)
    {
        return (FLOAT, 3);
    }
    let (mantissa, exponent) = plain.split_once('e').unwrap_or((&plain, "0"));
    let well = is_decimal(mantissa)
        && !exponent.is_empty()
        && exponent.bytes().all(|byte| byte.is_ascii_digit());
    (if well { FLOAT } else { BAD }, 1)
}

fn is_decimal(text: &str) -> bool {
    let dots = text.bytes().filter(|byte| *byte == b'.').count();
    dots <= 1
        && text
            .bytes()
            .all(|byte| byte == b'.' || byte.is_ascii_digit())
}

/// An operator is the longest run of operator characters. It can end in `+` or `-` only if it contains
/// one of `~ ! @ # % ^ & | ? ` and the backquote, so that `a=-1` is read as intended.
fn symbol(text: &str, tokens: &[Token]) -> (usize, usize) {
    const RARE: &str = "~!@#%^&|`?";
    let Some((first, start)) = tokens.first().map(|token| (token, token.span().start)) else {
        return (BAD, 1);
    };
    let rest = &text[start..first.span().end];
    let two = text.get(start..start + 2).unwrap_or_default();
    let is_operator = |token: &Token| matches!(token.kind, TokenKind::Symbol(c) if "+-*/<>=".contains(c) || RARE.contains(c));
    if !is_operator(first) {
        let adjacent = tokens
            .get(1)
            .is_some_and(|next| next.span().start == start + 1);
        if adjacent && matches!(two, "::" | ":=" | "..") {
            return (Vocabulary::symbol(two).unwrap_or(BAD), 2);
        }
        return (Vocabulary::symbol(rest).unwrap_or(BAD), 1);
    }
    let mut taken = tokens
        .iter()
        .enumerate()
        .take_while(|(n, token)| is_operator(token) && token.span().start == start + n)
        .count();
    let operator = |taken| text.get(start..start + taken).unwrap_or_default();
    while taken > 1
        && operator(taken).ends_with(['+', '-'])
        && !operator(taken).contains(|c| RARE.contains(c))
    {
        taken -= 1;
    }
    let id = match operator(taken) {
        "!=" => Vocabulary::symbol("<>"),
        operator => Vocabulary::symbol(operator),
    };
    (id.unwrap_or(OPERATOR), taken)
}
