//! Views and materialized views.

use super::clause::named;
use super::family::Family;
use super::parts::{persistence, persistence_of, reads};
use crate::lower::expression::expression;
use crate::lower::grammar::{Item, Node, Syntax};
use crate::lower::name::{self, Target, parameters, words};
use crate::lower::reading::reading;
use crate::statement::{
    Branch, Change, CheckOption, Clause, Common, CreateView, Expression, Name, Output, Query,
    Source, SourceKind, ValueKind,
};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("view.grammar"),
    readers: &[
        (Syntax::CreateView, create),
        (Syntax::CreateMaterializedView, create),
        (Syntax::RefreshMaterializedView, refresh),
    ],
};

fn create(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let query = node.child(Syntax::Select);
    let recursive = node.says("RECURSIVE");
    let check_option = node.says("CHECK OPTION").then(|| {
        let local = node.says("LOCAL CHECK OPTION");
        if local {
            CheckOption::Local
        } else {
            CheckOption::Cascaded
        }
    });
    let (outputs, source) = query.map(outputs).unwrap_or_default();
    let written = persistence(node);
    let name = target.created(node, written);
    let view = CreateView {
        persistence: persistence_of(&name, written),
        view: name.clone(),
        materialized: node.says("MATERIALIZED VIEW"),
        or_replace: node.says("OR REPLACE"),
        if_not_exists: node.says("IF NOT EXISTS"),
        columns: words(node, Syntax::Name),
        parameters: parameters(node),
        query: query
            .map(|query| match recursive {
                true => of_itself(target.named(node), node, query),
                false => expression(query),
            })
            .unwrap_or_default(),
        outputs,
        source,
        reads: query
            .map(|query| reads(target, query))
            .unwrap_or_default()
            .into_iter()
            // A recursive view reads itself.
            .filter(|read| !recursive || *read != name)
            .collect(),
        reading: query
            .map(|query| reading(target, query, &[]))
            .unwrap_or_default(),
        check_option,
        with_data: !node.says("WITH NO DATA"),
    };
    named(node, Change::CreateView(Box::new(view)))
}

/// The query of a recursive view, which is that of a `WITH RECURSIVE` with the view's name.
fn of_itself(view: Name, node: Node<'_>, query: Node<'_>) -> Expression {
    let mut expression = expression(query);
    if let ValueKind::Query(inner) = std::mem::take(&mut expression.value.kind) {
        let source = Source {
            span: node.first_line(),
            kind: SourceKind::Relation {
                schema: None,
                name: view.name.clone(),
            },
            ..Source::default()
        };
        let common = Common {
            name: view.name,
            columns: words(node, Syntax::Name),
            query: *inner,
            grows: false,
        };
        expression.value.kind = ValueKind::Query(Box::new(Query {
            with: vec![common],
            recursive: true,
            operands: vec![Branch::Table(source)],
            ..Query::default()
        }));
    }
    expression
}

/// The columns that the first `SELECT` of the query returns, and the rest of the query.
fn outputs(query: Node<'_>) -> (Vec<Output>, String) {
    let items = query.items();
    let is_targets = |item: &Item<'_>| matches!(item, Item::Node(node) if node.is(Syntax::Targets));
    let first = items.iter().position(is_targets);
    let targets = first.and_then(|at| match items.get(at) {
        Some(Item::Node(targets)) => Some(targets.items()),
        Some(Item::Token(_)) | None => None,
    });
    let targets = targets.unwrap_or_default();
    let is_comma = |item: &Item<'_>| matches!(item, Item::Token(word) if word.text() == ",");
    let outputs = targets.split(is_comma).map(output);
    let rest = items.iter().enumerate();
    let rest = rest.filter(|(at, item)| {
        let is_select = matches!(item, Item::Token(word) if word.is("SELECT"));
        Some(*at) != first && !is_select
    });
    let rest: Vec<&str> = rest
        .flat_map(|(_, item)| text(item).split_whitespace())
        .collect();
    (outputs.collect(), rest.join(" "))
}

fn text<'a>(item: &Item<'a>) -> &'a str {
    match item {
        Item::Token(word) => word.text(),
        Item::Node(node) => node.text(),
    }
}

fn output(items: &[Item<'_>]) -> Output {
    let name = match items {
        [Item::Node(value)] => column(*value),
        [.., Item::Token(word), label] if word.is("AS") => Some(name::identifier(text(label))),
        _ => None,
    };
    let words: Vec<&str> = items.iter().map(text).collect();
    Output {
        name,
        star: words.last().is_some_and(|word| word.ends_with('*')),
        text: words.join(" "),
    }
}

/// The column, if the value is only a column.
fn column(value: Node<'_>) -> Option<String> {
    let items = value.items();
    let [Item::Node(column)] = items.as_slice() else {
        return None;
    };
    let name = name::parts(column.words()).pop();
    name.filter(|_| column.is(Syntax::ColumnRef) && !column.text().ends_with('*'))
}

fn refresh(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let change = Change::RefreshView {
        view: target.named(node),
        concurrently: node.says("CONCURRENTLY"),
    };
    named(node, change)
}
