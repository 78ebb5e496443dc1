//! What a stored query or expression reads, with the relations that each of its columns can belong to.

use std::collections::HashSet;

use super::data_type::data_type;
use super::grammar::{Item, Node, Syntax};
use super::name::{self, Target, identifier};
use crate::statement::{Name, NamedColumn, Reading};

/// The names below a node. `own` are the relations that a column can belong to outside of every query,
/// each with the name by which it is known there: `new` in a rule.
pub(super) fn reading(target: Target<'_>, node: Node<'_>, own: &[(&str, &Name)]) -> Reading {
    let queries = node.within().filter(|node| node.is(Syntax::Cte));
    let ranges = own.iter().map(|(alias, table)| Range {
        alias: (*alias).to_owned(),
        table: Some((*table).clone()),
    });
    let mut walk = Walk {
        target,
        with: queries.map(name::first).collect(),
        scopes: vec![ranges.collect()],
        reading: Reading::default(),
    };
    match node.syntax() {
        Syntax::Select => walk.select(node),
        _ => walk.inside(node),
    }
    walk.reading
}

/// Something that a query selects from.
struct Range {
    alias: String,
    table: Option<Name>,
}

struct Walk<'a> {
    target: Target<'a>,
    /// The names of `WITH`.
    with: HashSet<String>,
    /// What the queries around select from, the innermost last.
    scopes: Vec<Vec<Range>>,
    reading: Reading,
}

impl Walk<'_> {
    fn inside(&mut self, node: Node<'_>) {
        for child in node.children() {
            self.node(child);
        }
    }

    fn node(&mut self, node: Node<'_>) {
        match node.syntax() {
            Syntax::Select => self.select(node),
            Syntax::Insert | Syntax::Update | Syntax::Delete | Syntax::Merge => self.change(node),
            Syntax::ColumnRef => self.column(node),
            Syntax::Type => self.data_type(node),
            Syntax::FuncName if node.next_word() == "(" => self.call(node),
            // Without more words, it means a column of the result first.
            Syntax::SortItem if is_plain(node) => {}
            _ => self.inside(node),
        }
    }

    /// A query, whose parts between `UNION` and the like each select from relations of their own.
    fn select(&mut self, node: Node<'_>) {
        let joins = |item: &Item<'_>| match item {
            Item::Token(word) => ["UNION", "INTERSECT", "EXCEPT"]
                .iter()
                .any(|one| word.is(one)),
            Item::Node(_) => false,
        };
        let items = node.items();
        for part in items.split(joins) {
            let nodes = || {
                part.iter().filter_map(|item| match item {
                    Item::Node(node) => Some(*node),
                    Item::Token(_) => None,
                })
            };
            let from = nodes().filter(|node| node.is(Syntax::TableRefs));
            let mut scope = Vec::new();
            for refs in from {
                self.ranges(refs, &mut scope);
            }
            for relation in nodes().filter(|node| node.is(Syntax::Relation)) {
                let table = self.relation(relation);
                self.reading.stars.extend(table);
            }
            self.scopes.push(scope);
            for node in nodes() {
                self.stars(node);
                self.node(node);
            }
            self.scopes.pop();
        }
    }

    /// `*` in the list after `SELECT`.
    fn stars(&mut self, targets: Node<'_>) {
        let is_star = |item: &Item<'_>| matches!(item, Item::Token(word) if word.text() == "*");
        if targets.is(Syntax::Targets) && targets.items().iter().any(is_star) {
            let scope = self.scopes.last().into_iter().flatten();
            let tables = scope.filter_map(|range| range.table.clone());
            self.reading.stars.extend(tables);
        }
    }

    /// The relations after `FROM`, and the columns of `USING`.
    fn ranges(&mut self, refs: Node<'_>, scope: &mut Vec<Range>) {
        let items = refs.items();
        let mut expects = true;
        let mut depth = 0_usize;
        let mut first = scope.len();
        let mut merges = false;
        for (at, item) in items.iter().enumerate() {
            match item {
                Item::Node(node) if node.is(Syntax::Relation) => {
                    let table = self.relation(*node);
                    let rest = items.get(at + 1..).unwrap_or_default();
                    scope.push(range(*node, table, rest));
                    expects = false;
                }
                Item::Node(node) if node.is(Syntax::Name) && merges => {
                    let column = name::word(*node);
                    for table in scope.iter().skip(first).filter_map(|one| one.table.clone()) {
                        self.reading.columns.push(NamedColumn {
                            column: column.clone(),
                            among: vec![vec![Some(table)]],
                        });
                    }
                }
                Item::Token(word) if word.text() == "(" && !expects => depth += 1,
                Item::Token(word) if word.text() == ")" => {
                    depth = depth.saturating_sub(1);
                    merges = false;
                }
                Item::Token(word) if word.is("USING") => merges = true,
                Item::Token(word) if depth == 0 && (word.text() == "," || word.is("JOIN")) => {
                    expects = true;
                    if word.text() == "," {
                        first = scope.len();
                    }
                }
                Item::Token(word) if word.text() == "(" || word.is("LATERAL") => {}
                Item::Node(_) | Item::Token(_) if expects => {
                    scope.push(Range {
                        alias: String::new(),
                        table: None,
                    });
                    expects = false;
                }
                Item::Node(_) | Item::Token(_) => {}
            }
        }
    }

    /// The relation, unless it is a name of `WITH`.
    fn relation(&mut self, node: Node<'_>) -> Option<Name> {
        let written = name::parts(node.child(Syntax::AnyName)?.words());
        if matches!(written.as_slice(), [one] if self.with.contains(one)) {
            return None;
        }
        let name = self.target.existing(&written);
        if !self.reading.relations.contains(&name) {
            self.reading.relations.push(name.clone());
        }
        Some(name)
    }

    /// `INSERT`, `UPDATE`, `DELETE` or `MERGE`, and the columns that it writes.
    fn change(&mut self, node: Node<'_>) {
        let mut scope = Vec::new();
        let items = node.items();
        for (at, item) in items.iter().enumerate() {
            let Item::Node(child) = item else { continue };
            match child.syntax() {
                Syntax::Relation => {
                    let table = self.relation(*child);
                    let rest = items.get(at + 1..).unwrap_or_default();
                    scope.push(range(*child, table, rest));
                }
                Syntax::AnyName if scope.is_empty() => {
                    let table = self.target.existing(&name::parts(child.words()));
                    self.reading.relations.push(table.clone());
                    let rest = items.get(at + 1..).unwrap_or_default();
                    scope.push(range(*child, Some(table), rest));
                }
                Syntax::TableRefs | Syntax::MergeSource => self.ranges(*child, &mut scope),
                _ => {}
            }
        }
        let written = node
            .within()
            .filter(|inner| matches!(inner.syntax(), Syntax::InsertColumn | Syntax::SetTarget));
        if let Some(Range {
            table: Some(table), ..
        }) = scope.first()
        {
            let columns = written.filter_map(|inner| inner.words().next());
            let columns = columns.map(|word| NamedColumn {
                column: identifier(word.text()),
                among: vec![vec![Some(table.clone())]],
            });
            self.reading.columns.extend(columns);
        }
        self.scopes.push(scope);
        self.inside(node);
        self.scopes.pop();
    }

    fn column(&mut self, node: Node<'_>) {
        self.inside(node);
        let is_all = node.words().any(|word| word.text() == "*");
        let words = node.words().take_while(|word| word.text() != "[");
        let mut parts = name::parts(words);
        if is_all {
            let table = self.qualified(&parts);
            return self.reading.stars.extend(table);
        }
        let Some(column) = parts.pop() else { return };
        let among: Vec<Vec<Option<Name>>> = match parts.is_empty() {
            true => {
                let tables =
                    |scope: &Vec<Range>| scope.iter().map(|one| one.table.clone()).collect();
                self.scopes.iter().rev().map(tables).collect()
            }
            false => self
                .qualified(&parts)
                .into_iter()
                .map(|one| vec![Some(one)])
                .collect(),
        };
        if !among.is_empty() {
            self.reading.columns.push(NamedColumn { column, among });
        }
    }

    /// The relation that stands before the dot.
    fn qualified(&self, parts: &[String]) -> Option<Name> {
        let is_meant = |range: &&Range| match parts {
            [alias] => range.alias == *alias,
            [.., schema, table] => {
                let known = range.table.as_ref();
                known.is_some_and(|known| known.schema == *schema && known.name == *table)
            }
            [] => false,
        };
        let mut ranges = self.scopes.iter().rev().flatten();
        ranges.find(is_meant)?.table.clone()
    }

    fn data_type(&mut self, node: Node<'_>) {
        let written = data_type(node);
        if !written.is_built_in() {
            let parts = [written.schema, Some(written.name)];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            self.reading.types.push(self.target.resolve(&parts));
        }
        self.inside(node);
    }

    fn call(&mut self, node: Node<'_>) {
        let mut parts = name::parts(node.words());
        if let Some(name) = parts.pop() {
            self.reading.calls.push((parts.pop(), name));
        }
        self.inside(node);
    }
}

/// The words that can follow a relation and are not its other name.
const NO_ALIAS: [&str; 16] = [
    "JOIN",
    "CROSS",
    "NATURAL",
    "INNER",
    "LEFT",
    "RIGHT",
    "FULL",
    "ON",
    "USING",
    "TABLESAMPLE",
    "SET",
    "DEFAULT",
    "OVERRIDING",
    "(",
    ",",
    ")",
];

fn range(relation: Node<'_>, table: Option<Name>, rest: &[Item<'_>]) -> Range {
    let mut words = rest.iter().map_while(|item| match item {
        Item::Token(word) => Some(word),
        Item::Node(_) => None,
    });
    let first = words.next();
    let alias = match first {
        Some(word) if word.is("AS") => words.next(),
        Some(word) => Some(word).filter(|word| !NO_ALIAS.iter().any(|one| word.is(one))),
        None => None,
    };
    let renames_columns = alias.is_some() && words.next().is_some_and(|word| word.text() == "(");
    let written = relation.child(Syntax::AnyName).unwrap_or(relation);
    Range {
        alias: match alias {
            Some(alias) => identifier(alias.text()),
            None => name::parts(written.words()).pop().unwrap_or_default(),
        },
        table: table.filter(|_| !renames_columns),
    }
}

/// Whether this is only a name: `ORDER BY total DESC`.
fn is_plain(item: Node<'_>) -> bool {
    let mut columns = item.within().filter(|inner| inner.is(Syntax::ColumnRef));
    let value = item.child(Syntax::Value);
    columns.next().is_some_and(|column| {
        column.words().count() == 1 && value.is_some_and(|value| value.span() == column.span())
    })
}
