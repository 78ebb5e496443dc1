//! `FROM`: tables, queries, functions and joins of them.

use super::catalog;
use super::data_type::data_type;
use super::grammar::{Item, Node, Syntax};
use super::name::{identifier, parts, word};
use super::query;
use super::value::{DEPTH, loose};
use crate::statement::{Matched, Outer, Source, SourceKind, Test, Value, ValueKind};

/// The items of a `table_refs`, or the source of a `MERGE`.
pub(super) fn sources(node: Node<'_>, depth: usize) -> Vec<Source> {
    let items = node.items();
    let mut reader = Reader {
        items: &items,
        at: 0,
        depth,
    };
    let mut sources = vec![reader.joined()];
    while reader.takes(",") {
        sources.push(reader.joined());
    }
    sources
}

/// A table or a view, without an alias.
pub(super) fn relation(node: Node<'_>) -> Source {
    node.child(Syntax::AnyName).map(named).unwrap_or_default()
}

/// The same of the name alone.
pub(super) fn named(node: Node<'_>) -> Source {
    let mut names = parts(node.words());
    let name = names.pop().unwrap_or_default();
    let schema = names.pop();
    // PostgreSQL's own relations come first.
    let of_catalogue = schema.is_none() && catalog::has(&name);
    let schema = schema.or_else(|| of_catalogue.then(|| "pg_catalog".to_owned()));
    Source {
        span: node.span(),
        kind: SourceKind::Relation { schema, name },
        ..Source::default()
    }
}

struct Reader<'i, 'a> {
    items: &'i [Item<'a>],
    at: usize,
    depth: usize,
}

/// The words that end the condition of a join, outside of parentheses.
const NEXT: [&str; 9] = [
    ",", ")", "JOIN", "CROSS", "NATURAL", "INNER", "LEFT", "RIGHT", "FULL",
];

impl<'a> Reader<'_, 'a> {
    fn item(&self, ahead: usize) -> Option<Item<'a>> {
        self.items.get(self.at + ahead).copied()
    }

    fn is(&self, ahead: usize, word: &str) -> bool {
        matches!(self.item(ahead), Some(Item::Token(token)) if token.is(word))
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_next = self.is(0, word);
        self.at += usize::from(is_next);
        is_next
    }

    fn node(&mut self) -> Option<Node<'a>> {
        match self.item(0)? {
            Item::Node(node) => {
                self.at += 1;
                Some(node)
            }
            Item::Token(_) => None,
        }
    }

    /// An item with all that is joined to it.
    fn joined(&mut self) -> Source {
        let before = self.depth;
        let mut left = self.single();
        loop {
            let natural = self.takes("NATURAL");
            let cross = self.takes("CROSS");
            let outer = self.outer();
            if !self.takes("JOIN") {
                break;
            }
            self.depth += 1;
            // `JOIN` binds what follows it first: `a JOIN b JOIN c ON ... ON ...`.
            let right = match natural || cross {
                true => self.single(),
                false => self.joined(),
            };
            let matched = match natural {
                true => Matched::Natural,
                false => self.matched(),
            };
            left = match self.depth < DEPTH {
                true => Source {
                    span: left.span.clone(),
                    kind: SourceKind::Join {
                        sides: Box::new((left, right)),
                        matched,
                        outer,
                    },
                    ..Source::default()
                },
                false => Source::default(),
            };
        }
        self.depth = before;
        left
    }

    fn outer(&mut self) -> Outer {
        let outer = [
            ("INNER", Outer::Inner),
            ("LEFT", Outer::Left),
            ("RIGHT", Outer::Right),
            ("FULL", Outer::Full),
        ];
        let found = outer.into_iter().find(|(word, _)| self.takes(word));
        self.takes("OUTER");
        found.map_or(Outer::Inner, |(_, outer)| outer)
    }

    fn matched(&mut self) -> Matched {
        if self.takes("ON") {
            let start = self.at;
            self.skip_condition();
            let items = self.items.get(start..self.at).unwrap_or_default();
            let values = loose(items, self.depth);
            let value = Value {
                kind: ValueKind::Test(Test::Other, values),
                ..Value::default()
            };
            return Matched::On(Some(value));
        }
        if !self.takes("USING") {
            return Matched::On(None);
        }
        let columns = self.names();
        let alias = self.takes("AS").then(|| self.label());
        Matched::Using(columns, alias)
    }

    fn skip_condition(&mut self) {
        let mut depth = 0_usize;
        while let Some(item) = self.item(0) {
            if let Item::Token(word) = item {
                if depth == 0 && NEXT.iter().any(|next| word.is(next)) {
                    return;
                }
                // A second condition belongs to the join around this one.
                if depth == 0 && (word.is("ON") || word.is("USING")) {
                    return;
                }
                match word.text() {
                    "(" | "[" => depth += 1,
                    ")" | "]" => depth = depth.saturating_sub(1),
                    _ if word.is("CASE") => depth += 1,
                    _ if word.is("END") => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            self.at += 1;
        }
    }

    /// Names in parentheses.
    fn names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        if self.takes("(") {
            while let Some(name) = self.node() {
                names.push(word(name));
                self.takes(",");
            }
            self.takes(")");
        }
        names
    }

    fn label(&mut self) -> String {
        let label = match self.item(0) {
            Some(Item::Token(token)) => identifier(token.text()),
            Some(Item::Node(node)) => word(node),
            None => String::new(),
        };
        self.at += 1;
        label
    }

    fn single(&mut self) -> Source {
        let lateral = self.takes("LATERAL");
        let start = self.at;
        let mut source = Source {
            lateral,
            ..Source::default()
        };
        if self.is(0, "(")
            && matches!(self.item(1), Some(Item::Node(node)) if node.is(Syntax::Select))
        {
            self.at += 1;
            if let Some(node) = self.node() {
                source.span = node.span();
                source.kind = SourceKind::Query(Box::new(query::query(node, self.depth + 1)));
            }
            self.takes(")");
        } else if self.depth >= DEPTH {
            self.skip_condition();
            return source;
        } else if self.takes("(") {
            self.depth += 1;
            source = self.joined();
            self.depth -= 1;
            self.takes(")");
        } else if self.is(0, "ROWS") && self.is(1, "FROM") {
            self.at += 2;
            self.group();
            source.kind = SourceKind::Other(self.values(start));
        } else if let Some(node) = self.node() {
            match node.syntax() {
                Syntax::Relation => {
                    source = Source {
                        lateral,
                        ..relation(node)
                    }
                }
                _ => {
                    source.span = node.span();
                    self.group();
                    let ordinality = self.takes("WITH") && self.takes("ORDINALITY");
                    let mut calls = self.values(start);
                    calls.truncate(1);
                    source.kind = SourceKind::Functions {
                        calls,
                        columns: Vec::new(),
                        ordinality,
                    };
                }
            }
        } else {
            // XMLTABLE and JSON_TABLE.
            self.at += 1;
            self.group();
            source.kind = SourceKind::Other(self.values(start));
        }
        self.alias(&mut source);
        self.sample();
        source
    }

    fn values(&self, start: usize) -> Vec<Value> {
        loose(
            self.items.get(start..self.at).unwrap_or_default(),
            self.depth,
        )
    }

    /// Leaves behind what is in parentheses.
    fn group(&mut self) {
        if self.takes("(") {
            let mut depth = 1_usize;
            while let Some(item) = self.item(0).filter(|_| depth > 0) {
                if let Item::Token(word) = item {
                    match word.text() {
                        "(" => depth += 1,
                        ")" => depth -= 1,
                        _ => {}
                    }
                }
                self.at += 1;
            }
        }
    }

    fn alias(&mut self, source: &mut Source) {
        let ends = NEXT.iter().chain(&["ON", "USING", "TABLESAMPLE", "WHEN"]);
        let is_label =
            matches!(self.item(0), Some(Item::Token(token)) if !{ ends }.any(|end| token.is(end)));
        if !self.takes("AS") && !is_label {
            return;
        }
        if !self.is(0, "(") {
            source.alias = Some(self.label());
        }
        let is_definition =
            matches!(self.item(1), Some(Item::Node(node)) if node.is(Syntax::ColumnType));
        if !self.is(0, "(") {
            return;
        }
        if !is_definition {
            source.columns = self.names();
            return;
        }
        self.at += 1;
        let mut defined = Vec::new();
        while let Some(node) = self.node() {
            let name = node.child(Syntax::Name).map(word).unwrap_or_default();
            let of = node.child(Syntax::Type).map(data_type).unwrap_or_default();
            defined.push((name, of));
            self.takes(",");
        }
        self.takes(")");
        if let SourceKind::Functions { columns, .. } = &mut source.kind {
            *columns = defined;
        }
    }

    /// `TABLESAMPLE method (...) REPEATABLE (...)`.
    fn sample(&mut self) {
        if self.takes("TABLESAMPLE") {
            while self.item(0).is_some() && !self.is(0, "(") {
                self.at += 1;
            }
            self.group();
            if self.takes("REPEATABLE") {
                self.group();
            }
        }
    }
}
