//! The relations that a statement which changes rows can walk, and where a range of each of them goes.

use std::ops::Range;

use super::reread;
use crate::lower::grammar::{Item, Node, Syntax, Word};
use crate::lower::name::{self, Target};
use crate::lower::source;
use crate::statement::{Cuts, Obstacle, Piece, Slot, Source, SourceKind, Walk, is_aggregate};

/// `None` for a statement that changes no rows.
pub(super) fn cuts(target: Target<'_>, root: Node<'_>) -> Option<Cuts> {
    if !root.is(Syntax::Query) {
        return None;
    }
    let main = root.children().find(|child| is_change(*child))?;
    let mut walker = Walker {
        target,
        root,
        walks: Vec::new(),
        named: Vec::new(),
    };
    walker.change(main, &[]);
    let walks = walker.walks;
    let walks = walks.into_iter().map(|walk| confined(root, main, walk));
    Some(Cuts {
        walks: walks.collect(),
        rereads: reread::rereads(target, root),
        rest: rest(root, main).unwrap_or_default(),
    })
}

pub(super) fn is_change(node: Node<'_>) -> bool {
    matches!(
        node.syntax(),
        Syntax::Insert | Syntax::Update | Syntax::Delete | Syntax::Merge
    )
}

type Obstacles = Vec<(Obstacle, Range<usize>)>;

struct Walker<'a> {
    target: Target<'a>,
    root: Node<'a>,
    walks: Vec<Walk>,
    /// The queries of `WITH` that were entered.
    named: Vec<Range<usize>>,
}

impl<'a> Walker<'a> {
    /// A statement that changes rows, with the obstacles of what is around it.
    fn change(&mut self, node: Node<'a>, outside: &[(Obstacle, Range<usize>)]) {
        match node.syntax() {
            Syntax::Insert => {
                if let Some(select) = node.child(Syntax::Select) {
                    self.select(select, outside);
                }
            }
            Syntax::Merge => self.merge(node, outside),
            _ => self.update_or_delete(node, outside),
        }
    }

    fn update_or_delete(&mut self, node: Node<'a>, outside: &[(Obstacle, Range<usize>)]) {
        let slot = slot(node);
        let mut obstacles = outside.to_vec();
        if node.says("CURRENT OF") {
            obstacles.push((Obstacle::Cursor, node.first_line()));
        }
        if let Some(relation) = node.child(Syntax::Relation) {
            self.push(relation, alias(node, relation), &slot, obstacles.clone());
            self.mark_target();
        }
        for refs in node.all(Syntax::TableRefs) {
            self.sources(refs, &slot, &obstacles);
        }
    }

    /// The source of a `MERGE`, and its table where the rows outside of the range are left alone.
    fn merge(&mut self, node: Node<'a>, outside: &[(Obstacle, Range<usize>)]) {
        let mut obstacles = outside.to_vec();
        let whens = || node.all(Syntax::MergeWhen);
        let by_source = whens().find(|when| when.says("BY SOURCE"));
        obstacles.extend(by_source.map(|when| (Obstacle::BySource, when.first_line())));
        if let Some(source) = node.child(Syntax::MergeSource) {
            let mut around = obstacles.clone();
            let is_long =
                |node: &Node<'_>| node.is(Syntax::ColumnRef) && name::parts(node.words()).len() > 2;
            let long = node.within().find(is_long);
            around.extend(long.map(|name| (Obstacle::Hidden, name.span())));
            self.sources(source, &Slot::Around(source.span()), &around);
        }
        let on = node.child(Syntax::Value).map(Node::span);
        let only_matched = whens().all(|when| when.starts_with("WHEN MATCHED"));
        if let (Some(on), true, Some(relation)) = (on, only_matched, node.child(Syntax::Relation)) {
            let alias = alias(node, relation);
            self.push(relation, alias, &Slot::Beside(on), outside.to_vec());
            self.mark_target();
        }
    }

    /// A query whose rows are written.
    fn select(&mut self, select: Node<'a>, outside: &[(Obstacle, Range<usize>)]) {
        let mut obstacles = outside.to_vec();
        own_obstacles(select, &mut obstacles);
        let slot = slot(select);
        for child in select.children() {
            match child.syntax() {
                Syntax::TableRefs => self.sources(child, &slot, &obstacles),
                // A query in parentheses.
                Syntax::Select => self.select(child, &obstacles),
                _ => {}
            }
        }
    }

    fn sources(&mut self, refs: Node<'a>, slot: &Slot, obstacles: &[(Obstacle, Range<usize>)]) {
        let mut obstacles = obstacles.to_vec();
        let is_sampled =
            |item: &Item<'_>| matches!(item, Item::Token(word) if word.is("TABLESAMPLE"));
        if refs.items().iter().any(is_sampled) {
            obstacles.push((Obstacle::Sampled, refs.first_line()));
        }
        for source in source::sources(refs, 0) {
            self.source(refs, &source, slot, &obstacles);
        }
    }

    fn source(
        &mut self,
        refs: Node<'a>,
        source: &Source,
        slot: &Slot,
        outside: &[(Obstacle, Range<usize>)],
    ) {
        let mut obstacles = outside.to_vec();
        let at = |syntax| {
            let mut nodes = refs.within().filter(move |node| node.is(syntax));
            nodes.find(|node| node.span() == source.span)
        };
        match &source.kind {
            SourceKind::Relation { schema, name } => {
                if !source.columns.is_empty() {
                    obstacles.push((Obstacle::Hidden, source.span.clone()));
                }
                if let (None, Some(common)) = (schema, self.common(name)) {
                    return self.enter(common, &source.span, obstacles);
                }
                let relations = refs.within().filter(|node| node.is(Syntax::Relation));
                let mut relations = relations.filter(|node| {
                    let written = node.child(Syntax::AnyName);
                    written.is_some_and(|written| written.span() == source.span)
                });
                if let Some(relation) = relations.next() {
                    let alias = source.alias.clone().unwrap_or_else(|| name.clone());
                    self.push(relation, alias, slot, obstacles);
                }
            }
            SourceKind::Query(_) => {
                if let Some(select) = at(Syntax::Select) {
                    self.select(select, &obstacles);
                }
            }
            SourceKind::Join { sides, outer, .. } => {
                let mut each = [obstacles.clone(), obstacles];
                let hides = source.alias.is_some() || matches!(slot, Slot::Around(_));
                for (side, is_filled) in each.iter_mut().zip(outer.fills()) {
                    let whys = [(is_filled, Obstacle::Nullable), (hides, Obstacle::Hidden)];
                    let whys = whys.into_iter().filter(|(holds, _)| *holds);
                    side.extend(whys.map(|(_, why)| (why, refs.first_line())));
                }
                let (left, right) = sides.as_ref();
                for (side, obstacles) in [left, right].into_iter().zip(&each) {
                    self.source(refs, side, slot, obstacles);
                }
            }
            SourceKind::Functions { .. } | SourceKind::Other(_) => {}
        }
    }

    fn push(&mut self, relation: Node<'a>, alias: String, slot: &Slot, obstacles: Obstacles) {
        let written = relation.child(Syntax::AnyName).unwrap_or(relation);
        self.walks.push(Walk {
            table: self.target.name(relation),
            alias,
            span: written.span(),
            only: relation.says("ONLY"),
            is_target: false,
            slot: slot.clone(),
            obstacles,
        });
    }

    fn mark_target(&mut self) {
        if let Some(walk) = self.walks.last_mut() {
            walk.is_target = true;
        }
    }

    fn common(&self, name: &str) -> Option<Node<'a>> {
        let mut commons = self.root.within().filter(|node| node.is(Syntax::Cte));
        commons.find(|common| name::first(*common) == name)
    }

    /// The query of `WITH` that is named at this place.
    fn enter(&mut self, common: Node<'a>, at: &Range<usize>, mut obstacles: Obstacles) {
        if self.named.contains(&common.span()) {
            return;
        }
        self.named.push(common.span());
        if self.root.words().any(|word| word.is("RECURSIVE")) {
            obstacles.push((Obstacle::Recursive, at.clone()));
        }
        let own = name::first(common);
        let names = self.root.within().filter(|node| {
            let written = node
                .is(Syntax::Relation)
                .then(|| node.child(Syntax::AnyName));
            let written = written
                .flatten()
                .map(|written| name::parts(written.words()));
            written.is_some_and(|parts| matches!(parts.as_slice(), [one] if *one == own))
        });
        if names.count() > 1 {
            obstacles.push((Obstacle::NamedTwice, at.clone()));
        }
        for child in common.children() {
            match child.syntax() {
                Syntax::Select => self.select(child, &obstacles),
                _ if is_change(child) => self.change(child, &obstacles),
                _ => {}
            }
        }
    }
}

/// The walk with what no range of it confines: other changes of rows in `WITH`.
fn confined(root: Node<'_>, main: Node<'_>, mut walk: Walk) -> Walk {
    let at = &walk.span;
    let others = root.within().filter(|node| node.is(Syntax::Cte));
    let others = others.filter(|common| {
        let span = common.span();
        common.children().any(is_change) && !(span.start <= at.start && at.end <= span.end)
    });
    // A query that stands inside of the changed statement is a part of it.
    let outside = others.filter(|common| common.span().end <= main.span().start);
    let whys = outside.map(|common| (Obstacle::Unconfined, common.first_line()));
    walk.obstacles.extend(whys);
    walk
}

/// What stands in the way in the query itself.
fn own_obstacles(select: Node<'_>, obstacles: &mut Obstacles) {
    let mut depth = 0_usize;
    for item in select.items() {
        let word = match item {
            Item::Node(node) => {
                obstacles.extend(in_clause(node));
                continue;
            }
            Item::Token(word) => word,
        };
        match word.text() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ => {
                let words = [
                    ("DISTINCT", Obstacle::Distinct),
                    ("GROUP", Obstacle::Grouped),
                    ("HAVING", Obstacle::Grouped),
                    ("UNION", Obstacle::Combined),
                    ("INTERSECT", Obstacle::Combined),
                    ("EXCEPT", Obstacle::Combined),
                ];
                let found = words.iter().find(|(one, _)| word.is(one));
                obstacles.extend(found.map(|(_, why)| (*why, word.span())));
            }
        }
    }
}

fn in_clause(node: Node<'_>) -> Option<(Obstacle, Range<usize>)> {
    match node.syntax() {
        Syntax::Limit if !node.starts_with("LIMIT ALL") || node.says("OFFSET") => {
            Some((Obstacle::Limited, node.span()))
        }
        Syntax::Locking if node.says("SKIP LOCKED") => Some((Obstacle::SkipsLocked, node.span())),
        Syntax::Targets | Syntax::OrderBy => {
            let calls = outside_of_queries(node);
            let calls = calls
                .into_iter()
                .filter(|node| matches!(node.syntax(), Syntax::FuncName | Syntax::SpecialCall));
            calls.into_iter().find_map(|call| {
                let span = call.span_with_arguments();
                if call.is_windowed() {
                    return Some((Obstacle::Windowed, span));
                }
                let name = name::last(call);
                let is_json =
                    call.starts_with("JSON_ARRAYAGG") || call.starts_with("JSON_OBJECTAGG");
                (is_json || call.is(Syntax::FuncName) && is_aggregate(&name))
                    .then_some((Obstacle::Aggregated, span))
            })
        }
        _ => None,
    }
}

/// The nodes below a node that are not in a query of their own.
fn outside_of_queries<'a>(node: Node<'a>) -> Vec<Node<'a>> {
    let mut end = 0;
    let nodes = node.within().filter(|inner| {
        let is_inside = inner.span().start < end;
        if inner.is(Syntax::Select) {
            end = end.max(inner.span().end);
        }
        !is_inside && !inner.is(Syntax::Select)
    });
    nodes.collect()
}

/// Where a condition goes in an `UPDATE`, a `DELETE` or a query.
fn slot(node: Node<'_>) -> Slot {
    let condition = node.child(Syntax::Where);
    if let Some(value) = condition.and_then(|found| found.child(Syntax::Value)) {
        return Slot::Beside(value.span());
    }
    if node.is(Syntax::Select) {
        let refs = node.child(Syntax::TableRefs);
        return Slot::Where(refs.map_or(node.span().end, |refs| refs.span().end));
    }
    let mut end = node.span().start;
    for item in node.items() {
        end = match item {
            Item::Token(word) if word.is("RETURNING") => break,
            Item::Token(word) => word.span().end,
            Item::Node(inner) => inner.span().end,
        };
    }
    Slot::Where(end)
}

/// The query for the rows that the statement would change.
fn rest(root: Node<'_>, main: Node<'_>) -> Option<Vec<Piece>> {
    let commons = root.within().filter(|node| node.is(Syntax::Cte));
    if { commons }.any(|common| common.children().any(is_change)) {
        return None;
    }
    let with = Piece::Text(root.span().start..main.span().start);
    if main.is(Syntax::Insert) {
        let select = main.child(Syntax::Select)?;
        let (targets, _) = (select.child(Syntax::Targets)?, select.child(Syntax::Where)?);
        return Some(vec![
            with,
            Piece::Text(select.span().start..targets.span().start),
            Piece::Words("true"),
            Piece::Text(targets.span().end..select.span().end),
        ]);
    }
    let condition = main.child(Syntax::Where)?.child(Syntax::Value)?;
    let table = table_and_alias(main)?;
    let refs = main.child(Syntax::TableRefs);
    let mut pieces = vec![with, Piece::Words("SELECT true FROM "), Piece::Text(table)];
    if let Some(refs) = refs {
        pieces.extend([Piece::Words(", "), Piece::Text(refs.span())]);
    }
    pieces.extend([
        Piece::Words(" WHERE ("),
        Piece::Text(condition.span()),
        Piece::Words(")"),
    ]);
    Some(pieces)
}

/// The words of the alias behind the table that a statement changes.
fn alias_words<'a>(node: Node<'a>, relation: Node<'a>) -> Vec<Word<'a>> {
    let end = relation.span().end;
    let ends = ["SET", "USING", "WHERE", "RETURNING"];
    let items = node.items().into_iter();
    let behind = items.filter_map(|item| match item {
        Item::Token(word) if word.start() >= end => Some(word),
        Item::Token(_) | Item::Node(_) => None,
    });
    let own = behind.take_while(|word| !ends.iter().any(|end| word.is(end)));
    own.collect()
}

/// The table that an `UPDATE` or a `DELETE` changes, up to its alias.
fn table_and_alias(node: Node<'_>) -> Option<Range<usize>> {
    let relation = node.child(Syntax::Relation)?;
    let alias = alias_words(node, relation);
    let end = alias.last().map(|word| word.span().end);
    let span = relation.span();
    Some(span.start..end.unwrap_or(span.end))
}

/// The name by which a statement knows the table that it changes.
fn alias(node: Node<'_>, relation: Node<'_>) -> String {
    let written = relation.child(Syntax::AnyName).unwrap_or(relation);
    match alias_words(node, relation).last() {
        Some(alias) => name::identifier(alias.text()),
        None => name::last(written),
    }
}
