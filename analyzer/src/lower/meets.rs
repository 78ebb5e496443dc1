//! What a string is compared with or cast to, by the words beside it.

use super::grammar::Word;
use super::name::identifier;
use crate::statement::Meets;

/// How far a list or a `CASE` is followed back.
const REACH: usize = 256;

const SIGNS: [&str; 7] = ["=", "<>", "!=", "<", "<=", ">", ">="];

/// For the string at this position.
pub(super) fn meets(words: &[Word<'_>], at: usize) -> Meets {
    let words = Words(words);
    if words.is(at + 1, "::") {
        return words.type_from(at + 2);
    }
    if words.is(at + 1, "AS") && at >= 2 && words.is(at - 1, "(") && words.is(at - 2, "CAST") {
        return words.type_from(at + 2);
    }
    if at > 0 && (words.is(at - 1, "||") || words.is(at + 1, "||")) {
        return Meets::Type(None, "text".to_owned());
    }
    if SIGNS.contains(&words.text(at + 1)) {
        return words.right_of(at + 2);
    }
    match words.compared_at(at) {
        Some(sign) => words.left_of(sign),
        None => Meets::Unknown,
    }
}

struct Words<'w, 'a>(&'w [Word<'a>]);

impl<'a> Words<'_, 'a> {
    fn text(&self, at: usize) -> &'a str {
        self.0.get(at).map_or("", |word| word.text())
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.text(at).eq_ignore_ascii_case(word)
    }

    fn is_name(&self, at: usize) -> bool {
        let starts = |c: char| c.is_alphabetic() || c == '_' || c == '"';
        self.text(at).starts_with(starts) && !self.0.get(at).is_some_and(|word| word.is_string())
    }

    /// The sign, `IN` or first `WHEN` that stands behind the other side of the comparison.
    fn compared_at(&self, at: usize) -> Option<usize> {
        let before = at.checked_sub(1)?;
        if SIGNS.contains(&self.text(before)) {
            return Some(before);
        }
        if self.is(before, "WHEN") {
            return self.first_when(before);
        }
        // `IN ('a', 'b')`, `= ANY (ARRAY['a', 'b'])`.
        let mut open = before;
        for _ in 0..REACH {
            let is_item =
                self.text(open) == "," || self.0.get(open).is_some_and(|word| word.is_string());
            if !is_item {
                break;
            }
            open = open.checked_sub(1)?;
        }
        match self.text(open) {
            "(" if open > 0 && self.is(open - 1, "IN") => {
                let negated = open > 1 && self.is(open - 2, "NOT");
                Some(open - 1 - usize::from(negated))
            }
            "[" => {
                let any = open.checked_sub(3)?;
                let is_any = self.is(any, "ANY") || self.is(any, "ALL") || self.is(any, "SOME");
                let sign = any.checked_sub(1)?;
                (is_any && SIGNS.contains(&self.text(sign))).then_some(sign)
            }
            _ => None,
        }
    }

    /// `CASE a WHEN 'x' THEN 1 WHEN 'y'`: the first `WHEN` behind the `CASE`.
    fn first_when(&self, when: usize) -> Option<usize> {
        let mut first = when;
        let mut depth = 0_usize;
        for at in (when.saturating_sub(REACH)..when).rev() {
            if self.is(at, "END") {
                depth += 1;
            } else if self.is(at, "CASE") && depth > 0 {
                depth -= 1;
            } else if self.is(at, "CASE") {
                // Without an operand, each WHEN has a condition of its own.
                return (first > at + 1).then_some(first);
            } else if self.is(at, "WHEN") && depth == 0 {
                first = at;
            }
        }
        None
    }

    /// What ends before a sign.
    fn left_of(&self, sign: usize) -> Meets {
        if let Some(close) = sign.checked_sub(1).filter(|close| self.is(*close, ")"))
            && let Some(open) = self.opening(close)
            && open > 0
            && self.is(open - 1, "CAST")
        {
            return self.type_before(close);
        }
        let Some(last) = sign.checked_sub(1).filter(|last| self.is_name(*last)) else {
            return Meets::Unknown;
        };
        let mut first = last;
        while first >= 2 && self.is(first - 1, ".") && self.is_name(first - 2) {
            first -= 2;
        }
        match first > 0 && self.is(first - 1, "::") {
            true => self.type_from(first),
            false => Meets::Column(identifier(self.text(last))),
        }
    }

    /// What begins behind a sign.
    fn right_of(&self, first: usize) -> Meets {
        if !self.is_name(first) {
            return Meets::Unknown;
        }
        let mut last = first;
        while self.is(last + 1, ".") && self.is_name(last + 2) {
            last += 2;
        }
        match self.text(last + 1) {
            "(" if self.is(first, "CAST") => {
                let close = (last + 2..self.0.len().min(last + REACH))
                    .find(|close| self.is(*close, ")") && self.opening(*close) == Some(last + 1));
                close.map_or(Meets::Unknown, |close| self.type_before(close))
            }
            "::" => self.type_from(last + 2),
            "(" | "[" => Meets::Unknown,
            _ => Meets::Column(identifier(self.text(last))),
        }
    }

    /// The parenthesis that this one closes.
    fn opening(&self, close: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in (close.saturating_sub(REACH)..=close).rev() {
            match self.text(at) {
                ")" => depth += 1,
                "(" => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return Some(at);
            }
        }
        None
    }

    /// The type whose name ends before this parenthesis.
    fn type_before(&self, close: usize) -> Meets {
        match close >= 3 && self.is(close - 2, ".") {
            true => self.type_from(close - 3),
            false => self.type_from(close.saturating_sub(1)),
        }
    }

    /// The type whose name begins here.
    fn type_from(&self, first: usize) -> Meets {
        let is_qualified = self.is(first + 1, ".") && self.is_name(first + 2);
        let last = first + if is_qualified { 2 } else { 0 };
        let is_array = self.is(last + 1, "[") || self.is(last + 1, "ARRAY");
        let array = if is_array { "[]" } else { "" };
        let name = format!("{}{array}", identifier(self.text(last)));
        Meets::Type(is_qualified.then(|| identifier(self.text(first))), name)
    }
}
