//! Queries: what their parts are, for the resolution of names.

use super::grammar::{Item, Node, Syntax};
use super::name::{self, identifier};
use super::source;
use super::value::{DEPTH, loose, value};
use crate::statement::{Branch, Common, Query, Select, Selected, Source, Value};

/// A query, or a statement that changes rows, with its `WITH`.
pub(super) fn query(node: Node<'_>, depth: usize) -> Query {
    of_items(&node.items(), depth)
}

/// The queries of a statement: itself, or the actions of a rule.
pub(super) fn of_statement(node: Node<'_>) -> Vec<Query> {
    let found: Vec<Node<'_>> = match node.syntax() {
        Syntax::Query => vec![node],
        Syntax::CreateRule => node.all(Syntax::RuleAction).collect(),
        Syntax::CreateTable => {
            let source = node.child(Syntax::QuerySource);
            source
                .and_then(|source| source.child(Syntax::Select))
                .into_iter()
                .collect()
        }
        Syntax::Copy => node.all(Syntax::Select).collect(),
        _ => Vec::new(),
    };
    found.into_iter().map(|node| query(node, 0)).collect()
}

fn of_items(items: &[Item<'_>], depth: usize) -> Query {
    let mut query = Query::default();
    if depth >= DEPTH {
        query.operands.push(Branch::Select(Box::new(unread())));
        return query;
    }
    let is_common = |item: &Item<'_>| matches!(item, Item::Node(node) if node.is(Syntax::Cte));
    let start = items.iter().rposition(is_common).map_or(0, |at| at + 1);
    let (with, body) = items.split_at(start);
    query.recursive = with.iter().any(|item| says(item, "RECURSIVE"));
    let nodes = with.iter().filter_map(as_node);
    query.with = nodes.map(|node| common(node, depth + 1)).collect();
    if let [Item::Node(node)] = body {
        let node = *node;
        match node.syntax() {
            Syntax::Select if query.with.is_empty() => return self::query(node, depth + 1),
            Syntax::Select => query
                .operands
                .push(Branch::Query(Box::new(self::query(node, depth + 1)))),
            Syntax::Insert => query.operands.push(select(insert(node, depth + 1))),
            Syntax::Update | Syntax::Delete => {
                query.operands.push(select(changed(node, depth + 1)));
            }
            Syntax::Merge => query.operands.push(select(merge(node, depth + 1))),
            _ => {}
        }
        return query;
    }
    Body {
        items: body,
        at: 0,
        depth: depth + 1,
    }
    .read(&mut query);
    query
}

/// A query that is nested too deeply: nothing is known of it.
fn unread() -> Select {
    Select {
        from: vec![Source::default()],
        targets: vec![Selected::default()],
        ..Select::default()
    }
}

fn select(select: Select) -> Branch {
    Branch::Select(Box::new(select))
}

fn as_node<'a>(item: &Item<'a>) -> Option<Node<'a>> {
    match item {
        Item::Node(node) => Some(*node),
        Item::Token(_) => None,
    }
}

fn says(item: &Item<'_>, word: &str) -> bool {
    matches!(item, Item::Token(token) if token.is(word))
}

/// `name (columns) AS (query)`.
fn common(node: Node<'_>, depth: usize) -> Common {
    let items = node.items();
    let start = items.iter().position(|item| says(item, "AS"));
    let (before, behind) = items.split_at(start.unwrap_or(items.len()));
    let open = behind.iter().position(|item| says(item, "("));
    let inside = open.and_then(|at| behind.get(at + 1..)).unwrap_or_default();
    let mut depth_of = 0_usize;
    let close = inside.iter().position(|item| {
        depth_of += usize::from(says(item, "("));
        let ends = says(item, ")") && depth_of == 0;
        depth_of = depth_of.saturating_sub(usize::from(says(item, ")")));
        ends
    });
    let (inside, rest) = inside.split_at(close.unwrap_or(inside.len()));
    let mut names = before.iter().filter_map(as_node).map(name::word);
    Common {
        name: names.next().unwrap_or_default(),
        columns: names.collect(),
        query: of_items(inside, depth),
        grows: rest
            .iter()
            .any(|item| says(item, "SEARCH") || says(item, "CYCLE")),
    }
}

/// The operands of a query, and what follows them.
struct Body<'i, 'a> {
    items: &'i [Item<'a>],
    at: usize,
    depth: usize,
}

impl<'a> Body<'_, 'a> {
    fn read(&mut self, query: &mut Query) {
        loop {
            let before = self.at;
            query.operands.extend(self.operand());
            let combines = ["UNION", "INTERSECT", "EXCEPT"];
            if !combines.iter().any(|word| self.takes(word)) || self.at == before {
                break;
            }
            if !self.takes("ALL") {
                self.takes("DISTINCT");
            }
        }
        let rest = self.items.get(self.at..).unwrap_or_default();
        let mut orders = rest.iter().filter_map(as_node);
        let order = orders.find(|node| node.is(Syntax::OrderBy));
        query.order = order
            .map(|order| sorted(order, self.depth))
            .unwrap_or_default();
        let limits = rest.iter().filter_map(as_node);
        let limits = limits.filter(|node| node.is(Syntax::Limit));
        query.limits = limits
            .flat_map(|node| limits_of(node, self.depth))
            .collect();
    }

    fn item(&self) -> Option<Item<'a>> {
        self.items.get(self.at).copied()
    }

    fn takes(&mut self, word: &str) -> bool {
        let is_next = self.item().is_some_and(|item| says(&item, word));
        self.at += usize::from(is_next);
        is_next
    }

    fn node(&mut self, syntax: Syntax) -> Option<Node<'a>> {
        let node = as_node(&self.item()?).filter(|node| node.is(syntax))?;
        self.at += 1;
        Some(node)
    }

    fn operand(&mut self) -> Option<Branch> {
        if self.takes("(") {
            let inner = self.node(Syntax::Select)?;
            self.takes(")");
            return Some(Branch::Query(Box::new(query(inner, self.depth))));
        }
        if self.takes("VALUES") {
            let mut rows = Vec::new();
            while let Some(row) = self.node(Syntax::ValuesRow) {
                rows.push(values(row, self.depth));
                self.takes(",");
            }
            return Some(Branch::Values(rows));
        }
        if self.takes("TABLE") {
            let relation = self.node(Syntax::Relation)?;
            return Some(Branch::Table(source::relation(relation)));
        }
        // The word is `SELECT`, or what PL/pgSQL has in its place.
        let selects = matches!(self.item(), Some(Item::Token(_)));
        self.at += usize::from(selects);
        selects.then(|| select(self.selected()))
    }

    fn selected(&mut self) -> Select {
        let mut select = Select::default();
        let mut is_group = false;
        let ends = |item: &Item<'a>| {
            let combines = ["UNION", "INTERSECT", "EXCEPT"];
            combines.iter().any(|word| says(item, word))
        };
        let mut depth = 0_usize;
        let mut start = self.at;
        while let Some(item) = self.item() {
            let is_end = depth == 0 && ends(&item);
            let node = as_node(&item);
            let part = node.filter(|node| {
                matches!(
                    node.syntax(),
                    Syntax::Targets
                        | Syntax::TableRefs
                        | Syntax::Where
                        | Syntax::Into
                        | Syntax::OrderBy
                        | Syntax::Limit
                        | Syntax::Locking
                ) && depth == 0
            });
            let turns = depth == 0
                && ["GROUP", "HAVING", "WINDOW"]
                    .iter()
                    .any(|word| says(&item, word));
            if is_end || part.is_some() || turns {
                let words = self.items.get(start..self.at).unwrap_or_default();
                let found = loose(words, self.depth);
                match is_group {
                    true => select.groups.extend(found),
                    false => select.values.extend(found),
                }
                is_group = says(&item, "GROUP");
                select.having |= says(&item, "HAVING") && turns;
                start = self.at + 1;
            }
            match part.map(|part| (part, part.syntax())) {
                Some((part, Syntax::Targets)) => select.targets = targets(part, self.depth),
                Some((part, Syntax::TableRefs)) => select.from = source::sources(part, self.depth),
                Some((part, Syntax::Where)) => select.filters.extend(values(part, self.depth)),
                Some((_, Syntax::OrderBy | Syntax::Limit | Syntax::Locking)) => return select,
                _ => {}
            }
            if is_end {
                return select;
            }
            depth += usize::from(says(&item, "(") || says(&item, "["));
            depth = depth.saturating_sub(usize::from(says(&item, ")") || says(&item, "]")));
            self.at += 1;
        }
        let words = self.items.get(start..).unwrap_or_default();
        let found = loose(words, self.depth);
        match is_group {
            true => select.groups.extend(found),
            false => select.values.extend(found),
        }
        select
    }
}

/// The numbers between the words of `LIMIT`, `OFFSET` and `FETCH`.
fn limits_of(node: Node<'_>, depth: usize) -> Vec<Value> {
    const WORDS: [&str; 11] = [
        "LIMIT", "ALL", "OFFSET", "FETCH", "FIRST", "NEXT", "ROW", "ROWS", "ONLY", "WITH", "TIES",
    ];
    let known = values(node, depth);
    if !known.is_empty() {
        return known;
    }
    let items = node.items();
    let parts = items.split(|item| WORDS.iter().any(|word| says(item, word)));
    parts
        .filter(|part| !part.is_empty())
        .flat_map(|part| loose(part, depth))
        .collect()
}

/// The `value` nodes directly below a node.
fn values(node: Node<'_>, depth: usize) -> Vec<Value> {
    node.all(Syntax::Value)
        .map(|node| value(node, depth))
        .collect()
}

fn sorted(order: Node<'_>, depth: usize) -> Vec<Value> {
    let items = order.all(Syntax::SortItem);
    items.flat_map(|item| values(item, depth)).collect()
}

/// The list after `SELECT` or `RETURNING`.
fn targets(node: Node<'_>, depth: usize) -> Vec<Selected> {
    let items = node.items();
    let is_comma = |item: &Item<'_>| says(item, ",");
    let targets = items.split(is_comma).map(|item| {
        let mut nodes = item.iter().filter_map(as_node);
        let name = match item {
            [_, .., Item::Token(label)] => Some(identifier(label.text())),
            [_, .., Item::Node(label)] => Some(name::last(*label)),
            [_] | [] => None,
        };
        Selected {
            value: nodes.next().map(|node| value(node, depth)),
            name,
        }
    });
    targets.collect()
}

/// `RETURNING`, and what sees only the table that is changed.
fn returning(node: Node<'_>, depth: usize) -> Vec<Selected> {
    node.child(Syntax::Targets)
        .map(|node| targets(node, depth))
        .unwrap_or_default()
}

/// The table that a statement changes, with its alias.
fn target(node: Node<'_>) -> Source {
    let first = node.children().next();
    let mut target = match first {
        Some(name) if name.is(Syntax::Relation) => source::relation(name),
        Some(name) => source::named(name),
        None => Source::default(),
    };
    // The alias is the word between the table and what follows it.
    let items = node.items();
    let is_name = |item: &Item<'_>| matches!(item, Item::Node(node) if matches!(node.syntax(), Syntax::Relation | Syntax::AnyName));
    let at = items.iter().position(is_name).map_or(0, |at| at + 1);
    let next: Vec<_> = items.iter().skip(at).take(2).collect();
    target.alias = match next.as_slice() {
        [first, Item::Token(alias)] if says(first, "AS") => Some(identifier(alias.text())),
        [Item::Token(alias), ..]
            if !node.is(Syntax::Insert)
                && !["SET", "USING", "WHERE", "RETURNING", "AS"]
                    .iter()
                    .any(|word| alias.is(word)) =>
        {
            Some(identifier(alias.text()))
        }
        _ => None,
    };
    target
}

/// An `UPDATE` or a `DELETE`.
fn changed(node: Node<'_>, depth: usize) -> Select {
    let mut from = vec![target(node)];
    for refs in node.all(Syntax::TableRefs) {
        from.extend(source::sources(refs, depth));
    }
    let wheres = node.all(Syntax::Where).flat_map(|one| values(one, depth));
    Select {
        from,
        filters: wheres.collect(),
        values: assigned(node, depth),
        targets: returning(node, depth),
        changes: true,
        mixed: has_aliases_of_rows(node),
        ..Select::default()
    }
}

/// `RETURNING WITH (OLD AS o)`; without it, `old` and `new` are names from PostgreSQL 18 on.
fn has_aliases_of_rows(node: Node<'_>) -> bool {
    node.says("RETURNING WITH")
}

fn assigned(node: Node<'_>, depth: usize) -> Vec<Value> {
    let sets = node.all(Syntax::Assignment);
    sets.flat_map(|set| values(set, depth)).collect()
}

fn insert(node: Node<'_>, depth: usize) -> Select {
    let target = target(node);
    let mut apart: Vec<Query> = node
        .child(Syntax::Select)
        .map(|select| query(select, depth))
        .into_iter()
        .collect();
    if let Some(conflict) = node.child(Syntax::OnConflict) {
        let excluded = Source {
            alias: Some("excluded".to_owned()),
            ..target.clone()
        };
        let wheres = conflict
            .all(Syntax::Where)
            .flat_map(|one| values(one, depth));
        let conflict = Select {
            from: vec![target.clone(), excluded],
            filters: wheres.collect(),
            values: assigned(conflict, depth),
            ..Select::default()
        };
        apart.push(Query {
            operands: vec![select(conflict)],
            ..Query::default()
        });
    }
    Select {
        from: vec![target],
        targets: returning(node, depth),
        apart,
        changes: true,
        mixed: has_aliases_of_rows(node),
        ..Select::default()
    }
}

fn merge(node: Node<'_>, depth: usize) -> Select {
    let mut from = vec![target(node)];
    from.extend(
        node.all(Syntax::MergeSource)
            .flat_map(|source| source::sources(source, depth)),
    );
    let mut seen = values(node, depth);
    for when in node.all(Syntax::MergeWhen) {
        seen.extend(assigned(when, depth));
        for insert in when.all(Syntax::MergeInsert) {
            let rows = insert.all(Syntax::ValuesRow);
            seen.extend(rows.flat_map(|row| values(row, depth)));
        }
        let items: Vec<Item<'_>> = when
            .items()
            .into_iter()
            .filter(|item| {
                !matches!(item, Item::Node(node) if matches!(node.syntax(), Syntax::Assignment | Syntax::MergeInsert))
            })
            .collect();
        seen.extend(loose(&items, depth));
    }
    Select {
        from,
        values: seen,
        targets: returning(node, depth),
        changes: true,
        mixed: true,
        ..Select::default()
    }
}
