//! Identifiers and names, as PostgreSQL folds them.

use super::Target;
use super::grammar::{Item, Node};
use crate::statement::{Name, Parameter};

/// `NAMEDATALEN - 1`: what is longer is cut off, at the end of a character.
pub(super) const MAX_BYTES: usize = 63;

/// The identifier as PostgreSQL looks it up: ASCII letters in lower case unless it is quoted, Unicode
/// escapes resolved, and no longer than 63 bytes.
pub(super) fn identifier(written: &str) -> String {
    cut(unfolded(written))
}

/// Whether PostgreSQL cuts the identifier off.
pub(super) fn is_cut(written: &str) -> bool {
    let starts = |c: char| c.is_alphabetic() || c == '_' || c == '"';
    written.starts_with(starts) && unfolded(written).len() > MAX_BYTES
}

fn cut(mut name: String) -> String {
    let end = (0..=MAX_BYTES.min(name.len()))
        .rev()
        .find(|end| name.is_char_boundary(*end));
    name.truncate(end.unwrap_or_default());
    name
}

fn unfolded(written: &str) -> String {
    let between = |text: &str| {
        let quoted = text.strip_prefix('"')?;
        let end = quoted.rfind('"')?;
        Some(quoted[..end].replace("\"\"", "\""))
    };
    if let Some(quoted) = between(written) {
        return quoted;
    }
    let unicode = written
        .get(..2)
        .filter(|prefix| prefix.eq_ignore_ascii_case("u&"))
        .and_then(|_| written.get(2..))
        .filter(|rest| rest.starts_with('"'));
    match unicode {
        Some(rest) => unescaped(&between(rest).unwrap_or_default(), escape(rest)),
        None => written.to_ascii_lowercase(),
    }
}

/// The character of `UESCAPE 'x'` behind the closing quote.
fn escape(written: &str) -> char {
    let behind = written.rsplit('"').next().unwrap_or_default();
    let quoted = behind.split('\'').nth(1);
    quoted.and_then(|text| text.chars().next()).unwrap_or('\\')
}

/// `\0061` and `\+000061`; PostgreSQL has refused what is neither.
fn unescaped(text: &str, escape: char) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(escape) {
        plain.push_str(&rest[..at]);
        rest = &rest[at + escape.len_utf8()..];
        if let Some(more) = rest.strip_prefix(escape) {
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
        plain.extend(code.and_then(char::from_u32));
        rest = rest.get(skip + digits..).unwrap_or_default();
    }
    plain + rest
}

/// The text of a string, for labels and bodies: doubled quotes resolved, escapes left as they are.
pub(super) fn string(written: &str) -> String {
    let Some((open, rest)) = written.split_once('\'') else {
        // $tag$text$tag$
        let tag = written.get(1..).and_then(|rest| rest.find('$'));
        let tag = tag.map_or(0, |at| at + 2);
        let end = written.len().saturating_sub(tag);
        return written
            .get(tag..end.max(tag))
            .unwrap_or_default()
            .to_owned();
    };
    debug_assert!(open.len() <= 2);
    rest.strip_suffix('\'').unwrap_or(rest).replace("''", "'")
}

/// A `name`, `role` or other single word.
pub(super) fn word(node: Node<'_>) -> String {
    identifier(node.text())
}

/// The words of all nodes of a rule right below a node.
pub(super) fn words(node: Node<'_>, rule: &str) -> Vec<String> {
    node.all(rule).map(word).collect()
}

/// The first name right below a node; the grammar holds that there is one.
pub(super) fn first(node: Node<'_>) -> String {
    node.child("name").map(word).unwrap_or_default()
}

/// The parts of a dotted name, folded.
pub(super) fn parts(node: Node<'_>) -> Vec<String> {
    let parts = node.items().into_iter().filter_map(|item| match item {
        Item::Token(token) if token.text() != "." && token.text() != "*" => {
            Some(identifier(token.text()))
        }
        Item::Token(_) | Item::Node(_) => None,
    });
    parts.collect()
}

impl Target<'_> {
    /// A dotted name: `name`, `schema.name` or `database.schema.name`; also of a `relation`.
    pub(super) fn name(&self, node: Node<'_>) -> Name {
        let node = match node.rule() {
            "relation" => node.child("any_name").unwrap_or(node),
            _ => node,
        };
        self.resolve(&parts(node))
    }

    pub(super) fn resolve(&self, parts: &[String]) -> Name {
        let (schema, name) = match parts {
            [.., schema, name] => (schema.as_str(), name.as_str()),
            [name] => (self.schema, name.as_str()),
            [] => (self.schema, ""),
        };
        Name {
            schema: schema.to_owned(),
            name: name.to_owned(),
        }
    }

    /// The first dotted name right below a node; the grammar holds that there is one.
    pub(super) fn named(&self, node: Node<'_>) -> Name {
        let name = node
            .children()
            .find(|child| matches!(child.rule(), "any_name" | "relation" | "func_name"));
        name.map(|name| self.name(name)).unwrap_or_default()
    }

    /// The dotted name in the first node of a rule right below a node.
    pub(super) fn named_in(&self, node: Node<'_>, rule: &str) -> Option<Name> {
        node.child(rule).map(|node| self.named(node))
    }
}

/// `name = value` items right below a node.
pub(super) fn parameters(node: Node<'_>) -> Vec<Parameter> {
    let items = node.children().filter_map(|item| {
        let (name, value) = match item.rule() {
            "storage_item" | "definition_item" => match item.text().split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (item.text(), None),
            },
            "option" => {
                let (name, value) = item.text().split_once(char::is_whitespace)?;
                (name, Some(value))
            }
            _ => return None,
        };
        Some(Parameter {
            name: name
                .trim()
                .split('.')
                .map(identifier)
                .collect::<Vec<_>>()
                .join("."),
            value: value.map(|value| value.trim().to_owned()),
        })
    });
    items.collect()
}
