//! Where a statement reads the relations that it changes, besides the places where it changes them.

use std::ops::Range;

use super::walk::is_change;
use crate::lower::expression::column_name;
use crate::lower::grammar::{Item, Node, Syntax};
use crate::lower::name::{self, Target};
use crate::lower::source;
use crate::statement::{Name, Reread, Source, SourceKind};

/// Where the statement reads the relations that it changes.
pub(super) fn rereads(target: Target<'_>, root: Node<'_>) -> Vec<Reread> {
    let mut found = Vec::new();
    for change in root.within().filter(|node| is_change(*node)) {
        let (table, own) = match change.child(Syntax::Relation) {
            Some(relation) => (target.name(relation), relation.span()),
            None => (target.named_existing(change), 0..0),
        };
        let relations = root.within().filter(|node| node.is(Syntax::Relation));
        let others = relations.filter(|node| node.span() != own && target.name(*node) == table);
        found.extend(others.map(|relation| reread(root, relation, table.clone())));
    }
    found
}

fn reread(root: Node<'_>, relation: Node<'_>, table: Name) -> Reread {
    let at = relation.span();
    let holds = |node: &Node<'_>| node.span().start <= at.start && at.end <= node.span().end;
    let queries = root.within().filter(|node| node.is(Syntax::Select));
    // The innermost comes last.
    let query = queries.filter(holds).last();
    let written = relation.child(Syntax::AnyName).unwrap_or(relation);
    let around = query.unwrap_or(root);
    let refs = around
        .within()
        .filter(|node| node.is(Syntax::TableRefs))
        .find(holds);
    let alias = refs.and_then(|refs| aliased(&source::sources(refs, 0), &written.span()));
    let alias = alias.unwrap_or_else(|| name::last(written));
    let mut columns = Vec::new();
    let mut all = false;
    for node in around.within() {
        if node.is(Syntax::Targets) && query.is_some() {
            all |= node
                .items()
                .iter()
                .any(|item| matches!(item, Item::Token(word) if word.text() == "*"));
        }
        if !node.is(Syntax::ColumnRef) {
            continue;
        }
        let parts = name::parts(node.words().take_while(|word| word.text() != "["));
        let is_own = match parts.as_slice() {
            [_] => query.is_some(),
            [.., qualifier, _] => *qualifier == alias,
            [] => false,
        };
        let is_whole =
            node.words().any(|word| word.text() == "*") || parts.as_slice() == [alias.clone()];
        all |= is_whole && parts.first().is_some_and(|first| *first == alias);
        if let Some(column) = column_name(node).filter(|_| is_own) {
            columns.push(column);
        }
    }
    let is_value = |node: &Node<'_>| {
        let is_list = node.is(Syntax::Targets)
            && query.is_none_or(|query| query.span().start > node.span().start);
        is_list || node.is(Syntax::Assignment)
    };
    Reread {
        table,
        span: written.span(),
        columns,
        all,
        in_value: root.within().filter(is_value).any(|node| holds(&node)),
    }
}

/// The name of the source that is written at this place.
fn aliased(sources: &[Source], at: &Range<usize>) -> Option<String> {
    sources.iter().find_map(|source| match &source.kind {
        SourceKind::Join { sides, .. } => {
            let (left, right) = sides.as_ref();
            aliased(std::slice::from_ref(left), at)
                .or_else(|| aliased(std::slice::from_ref(right), at))
        }
        SourceKind::Relation { .. } if source.span == *at => source.alias.clone(),
        SourceKind::Relation { .. }
        | SourceKind::Query(_)
        | SourceKind::Functions { .. }
        | SourceKind::Other(_) => None,
    })
}
