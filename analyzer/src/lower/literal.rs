//! The values of strings: quotes removed, escapes resolved, parts on several lines joined.

use std::ops::Range;

use super::grammar::{Node, Syntax, Word};
use super::meets::meets;
use crate::statement::Literal;

/// The strings of a node, without the bodies of routines and of `DO`.
pub(super) fn literals(node: Node<'_>) -> Vec<Literal> {
    if node.strings().next().is_none() {
        return Vec::new();
    }
    let is_body = |one: &Node<'_>| matches!(one.syntax(), Syntax::BodyText | Syntax::DoBody);
    let bodies: Vec<Range<usize>> = node.within().filter(is_body).map(Node::span).collect();
    let is_inside = |span: &Range<usize>| bodies.iter().any(|body| body.contains(&span.start));
    let words: Vec<Word<'_>> = node.words().collect();
    let strings = words.iter().enumerate();
    let strings = strings.filter(|(_, word)| word.is_string() && !is_inside(&word.span()));
    let literals = strings.map(|(at, word)| Literal {
        value: string(word.text()),
        span: word.span(),
        meets: meets(&words, at),
    });
    literals.collect()
}

/// The value of a string in any spelling.
pub(super) fn string(written: &str) -> String {
    if let Some(tagged) = written.strip_prefix('$') {
        let tag = tagged.find('$').map_or(0, |at| at + 2);
        let end = written.len().saturating_sub(tag);
        return written
            .get(tag..end.max(tag))
            .unwrap_or_default()
            .to_owned();
    }
    let Some((prefix, rest)) = written.split_once('\'') else {
        return written.to_owned();
    };
    let text = joined(rest, prefix.eq_ignore_ascii_case("e"));
    match prefix.eq_ignore_ascii_case("u&") {
        true => unicode(&text, escape(rest)),
        false => text,
    }
}

/// The value after the opening quote; a string can continue in the next pair of quotes.
fn joined(rest: &str, escapes: bool) -> String {
    let mut text = String::new();
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' if chars.next_if_eq(&'\'').is_some() => text.push('\''),
            '\'' => {
                // Between them is a line break, and perhaps comments; the quotes of `UESCAPE` are not a
                // continuation.
                let behind: String = chars.clone().collect();
                if behind
                    .trim_start()
                    .get(..2)
                    .is_some_and(|word| word.eq_ignore_ascii_case("ue"))
                {
                    break;
                }
                if chars.by_ref().all(|c| c != '\'') {
                    break;
                }
            }
            '\\' if escapes => text.extend(escaped(&mut chars)),
            c => text.push(c),
        }
    }
    text
}

/// The character after a backslash in `E''`; PostgreSQL has already refused invalid codes.
fn escaped(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    let c = chars.next()?;
    let mut digits = |most: usize, radix: u32, first: Option<char>| {
        let mut code = first.and_then(|c| c.to_digit(radix)).unwrap_or_default();
        for _ in 0..most {
            match chars.next_if(|c| c.is_digit(radix)) {
                Some(digit) => code = code * radix + digit.to_digit(radix).unwrap_or_default(),
                None => break,
            }
        }
        char::from_u32(code)
    };
    match c {
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'x' => digits(2, 16, None),
        'u' => digits(4, 16, None),
        'U' => digits(8, 16, None),
        '0'..='7' => digits(2, 8, Some(c)),
        c => Some(c),
    }
}

/// The character of `UESCAPE 'x'` after the last quote of a name or string.
pub(super) fn escape(written: &str) -> char {
    let quotes: Vec<&str> = written.rsplitn(3, '\'').collect();
    let word = match quotes.as_slice() {
        [_, _, before] => before,
        _ => "",
    };
    let is_escape = word.trim_end().to_ascii_lowercase().ends_with("uescape");
    let escape = quotes.get(1).and_then(|inside| inside.chars().next());
    escape.filter(|_| is_escape).unwrap_or('\\')
}

/// `\0061` and `\+000061` of `U&`.
pub(super) fn unicode(text: &str, escape: char) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text;
    let flush = |units: &mut Vec<u16>, plain: &mut String| {
        plain.push_str(&String::from_utf16_lossy(units));
        units.clear();
    };
    while let Some(at) = rest.find(escape) {
        if at > 0 {
            flush(&mut units, &mut plain);
        }
        plain.push_str(&rest[..at]);
        rest = &rest[at + escape.len_utf8()..];
        if let Some(more) = rest.strip_prefix(escape) {
            flush(&mut units, &mut plain);
            plain.push(escape);
            rest = more;
            continue;
        }
        let (digits, skip) = if rest.starts_with('+') {
            (6, 1)
        } else {
            (4, 0)
        };
        let code = rest.get(skip..skip + digits);
        let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.map(u16::try_from) {
            Some(Ok(unit)) => units.push(unit),
            Some(Err(_)) => plain.extend(code.and_then(char::from_u32)),
            None => {}
        }
        rest = rest.get(skip + digits..).unwrap_or_default();
    }
    flush(&mut units, &mut plain);
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_have_the_value_that_postgresql_reads() {
        for (written, said) in [
            ("'it''s'", "it's"),
            ("'a'\n  'b'", "ab"),
            ("'a' -- c\n'b'", "ab"),
            (r"E'a\'b\n\x41\u0042\103\\'", "a'b\nABC\\"),
            (r"'C:\x'", r"C:\x"),
            ("$$it's$$", "it's"),
            ("$a$ $$ $a$", " $$ "),
            (r"U&'d\0061t\+000061\\'", r"data\"),
            ("U&'d!0061' UESCAPE '!'", "da"),
            (r"U&'\d83d\de00'", "\u{1f600}"),
        ] {
            assert_eq!(string(written), said, "{written}");
        }
    }
}
