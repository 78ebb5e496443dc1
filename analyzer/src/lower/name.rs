//! Identifiers and names, folded as PostgreSQL folds them.

use std::collections::BTreeSet;

use super::grammar::{Node, Syntax, Word};
use super::{catalog, literal};
use crate::statement::scope::PG_TEMP;
use crate::statement::{Mention, Mentioned, Name, Parameter, Persistence};

/// `NAMEDATALEN - 1`: PostgreSQL truncates longer identifiers, at the end of a character.
pub(super) const MAX_BYTES: usize = 63;

/// The identifier as PostgreSQL looks it up: ASCII letters in lower case unless it is quoted, Unicode
/// escapes resolved, and at most 63 bytes.
pub(super) fn identifier(written: &str) -> String {
    cut(unfolded(written))
}

/// Whether PostgreSQL truncates the identifier.
pub(super) fn is_cut(written: &str) -> bool {
    unfolded(written).len() > MAX_BYTES
}

fn cut(mut name: String) -> String {
    if name.len() <= MAX_BYTES {
        return name;
    }
    let end = (0..=MAX_BYTES.min(name.len()))
        .rev()
        .find(|end| name.is_char_boundary(*end));
    name.truncate(end.unwrap_or_default());
    name
}

fn unfolded(written: &str) -> String {
    // Names are read more often than anything else, and few are quoted.
    if !matches!(written.as_bytes(), [b'"', ..] | [b'u' | b'U', b'&', ..]) {
        return written.to_ascii_lowercase();
    }
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
        Some(rest) => literal::unicode(&between(rest).unwrap_or_default(), literal::escape(rest)),
        None => written.to_ascii_lowercase(),
    }
}

/// A `name`, `role` or other single word.
pub(super) fn word(node: Node<'_>) -> String {
    identifier(node.text())
}

/// The words of all nodes of a kind directly below a node.
pub(super) fn words(node: Node<'_>, syntax: Syntax) -> Vec<String> {
    node.all(syntax).map(word).collect()
}

/// The first name directly below a node; the grammar guarantees that there is one.
pub(super) fn first(node: Node<'_>) -> String {
    node.child(Syntax::Name).map(word).unwrap_or_default()
}

/// The last word of a node, which ends in a name or in a keyword that stands for one.
pub(super) fn last(node: Node<'_>) -> String {
    let word = node.words().next_back();
    word.map(|word| identifier(word.text())).unwrap_or_default()
}

/// The parts of a dotted name, folded.
pub(super) fn parts<'a>(words: impl Iterator<Item = Word<'a>>) -> Vec<String> {
    let parts = words.filter(|word| !matches!(word.text(), "." | "*"));
    parts.map(|word| identifier(word.text())).collect()
}

/// What is needed to resolve names.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) schema: &'a str,
    /// The temporary relations and types, which are found first.
    pub(super) temporary: &'a BTreeSet<String>,
}

/// In the body of a routine: a later session calls it.
static NONE: BTreeSet<String> = BTreeSet::new();

impl Target<'_> {
    /// A dotted name: `name`, `schema.name` or `database.schema.name`; also that of a `relation`.
    pub(super) fn name(&self, node: Node<'_>) -> Name {
        let name = match node.syntax() {
            Syntax::Relation => node.child(Syntax::AnyName).unwrap_or(node),
            _ => node,
        };
        match node.syntax() {
            Syntax::Relation => self.existing(&parts(name.words())),
            Syntax::FuncName => self.without_temporary().resolve(&parts(name.words())),
            _ => self.resolve(&parts(name.words())),
        }
    }

    pub(super) const fn without_temporary(self) -> Self {
        Self {
            temporary: &NONE,
            ..self
        }
    }

    /// The name of a relation that is created: with `TEMPORARY` it is in the session's own schema.
    pub(super) fn created(&self, node: Node<'_>, persistence: Persistence) -> Name {
        let name = self.without_temporary().named(node);
        let is_bare = naming(node).is_some_and(|name| parts(name.words()).len() == 1);
        match persistence {
            Persistence::Temporary if is_bare => temporary(name.name),
            Persistence::Temporary | Persistence::Permanent | Persistence::Unlogged => name,
        }
    }

    /// The names of temporary objects, with their schema.
    pub(super) fn place(&self, mut mentions: Vec<Mention>) -> Vec<Mention> {
        for mention in &mut mentions {
            let may_be = match mention.kind {
                Mentioned::Relation | Mentioned::Parent | Mentioned::Type => true,
                Mentioned::Routine | Mentioned::Call | Mentioned::Schema => false,
            };
            if may_be && mention.schema.is_none() && self.temporary.contains(&mention.name) {
                mention.schema = Some(PG_TEMP.to_owned());
            }
        }
        mentions
    }

    /// A relation that exists: PostgreSQL's own come first.
    pub(super) fn existing(&self, parts: &[String]) -> Name {
        match parts {
            [name] if self.temporary.contains(name) => temporary(name.clone()),
            [name] if catalog::has(name) => Name {
                schema: "pg_catalog".to_owned(),
                name: name.clone(),
            },
            _ => self.resolve(parts),
        }
    }

    pub(super) fn resolve(&self, parts: &[String]) -> Name {
        if let [name] = parts
            && self.temporary.contains(name)
        {
            return temporary(name.clone());
        }
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

    /// The first dotted name directly below a node; the grammar guarantees that there is one.
    pub(super) fn named(&self, node: Node<'_>) -> Name {
        naming(node).map(|name| self.name(name)).unwrap_or_default()
    }

    /// The same of a relation that exists.
    pub(super) fn named_existing(&self, node: Node<'_>) -> Name {
        let name = node.child(Syntax::AnyName);
        name.map(|name| self.existing(&parts(name.words())))
            .unwrap_or_default()
    }

    /// The dotted name in the first node of a kind right below a node.
    pub(super) fn named_in(&self, node: Node<'_>, syntax: Syntax) -> Option<Name> {
        node.child(syntax).map(|node| self.named(node))
    }
}

fn naming(node: Node<'_>) -> Option<Node<'_>> {
    node.children().find(|child| {
        matches!(
            child.syntax(),
            Syntax::AnyName | Syntax::Relation | Syntax::FuncName
        )
    })
}

fn temporary(name: String) -> Name {
    Name {
        schema: PG_TEMP.to_owned(),
        name,
    }
}

/// The `name = value` items directly below a node, and the `name 'value'` items of `OPTIONS`.
pub(super) fn parameters(node: Node<'_>) -> Vec<Parameter> {
    let is_item = |item: &Node<'_>| {
        matches!(
            item.syntax(),
            Syntax::StorageItem | Syntax::DefinitionItem | Syntax::Option
        )
    };
    let items = node.children().filter(is_item).map(|item| {
        let sign = item.words().position(|word| word.text() == "=");
        let (name, value) = match sign {
            Some(at) => (at, Some(at + 1)),
            None if item.is(Syntax::Option) => (1, Some(1)),
            None => (usize::MAX, None),
        };
        Parameter {
            name: parts(item.words().take(name)).join("."),
            value: value.map(|at| item.text_from(at).to_owned()),
        }
    });
    items.collect()
}
