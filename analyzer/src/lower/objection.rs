//! What PostgreSQL's parser refuses beside its grammar.

use super::grammar::{Item, Node, Problem, Syntax};

/// The first thing in a statement that is refused although the grammar has it.
pub(super) fn first(root: Node<'_>) -> Option<Problem> {
    let objection = std::iter::once(root).chain(root.within()).find_map(of)?;
    let (node, what) = objection;
    Some(Problem {
        what: what.to_owned(),
        span: node.span(),
    })
}

fn of(node: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    match node.syntax() {
        Syntax::Select => ties(node).or_else(|| repeated(node)),
        Syntax::CreateTrigger => {
            let events: Vec<Node<'_>> = node.all(Syntax::TriggerEvent).collect();
            let word =
                |event: &Node<'_>| event.words().next().map(|word| word.text().to_uppercase());
            let is_again = |at: &usize| {
                let earlier = events.iter().take(*at).map(word);
                { earlier }.any(|event| Some(event) == events.get(*at).map(word))
            };
            let again = (1..events.len()).find(is_again);
            let event = again.and_then(|at| events.get(at).copied());
            event.map(|event| (event, "the trigger has this event twice"))
        }
        _ => None,
    }
}

/// `WITH TIES` is about an order.
fn ties(select: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    let limit = select.child(Syntax::Limit)?;
    let is_ordered = select.child(Syntax::OrderBy).is_some();
    (limit.says("WITH TIES") && !is_ordered).then_some((limit, "`WITH TIES` needs an `ORDER BY`"))
}

/// A clause that stands behind a query in parentheses and in it as well.
fn repeated(select: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    let clause = |select: Node<'_>, has: fn(Node<'_>) -> bool| {
        let mut clauses = select.children().filter(move |child| has(*child));
        clauses.next().is_some()
    };
    let inner = in_parentheses(select)?;
    let parts: [(fn(Node<'_>) -> bool, &str); 3] = [
        (
            |part| part.is(Syntax::OrderBy),
            "the query has an `ORDER BY` already",
        ),
        (
            |part| part.is(Syntax::Limit) && (part.says("LIMIT") || part.says("FETCH")),
            "the query has a `LIMIT` already",
        ),
        (
            |part| part.is(Syntax::Limit) && part.says("OFFSET"),
            "the query has an `OFFSET` already",
        ),
    ];
    let is_twice =
        |(has, _): &(fn(Node<'_>) -> bool, &str)| clause(select, *has) && clause(inner, *has);
    let (has, what) = parts.into_iter().find(is_twice)?;
    let part = select.children().find(|child| has(*child))?;
    Some((part, what))
}

/// The query, if all but the clauses behind it is a query in parentheses.
fn in_parentheses(select: Node<'_>) -> Option<Node<'_>> {
    let items = select.items();
    let [
        Item::Token(open),
        Item::Node(inner),
        Item::Token(close),
        rest @ ..,
    ] = items.as_slice()
    else {
        return None;
    };
    let is_alone = rest.iter().all(|item| matches!(item, Item::Node(_)));
    let is_query = open.text() == "(" && inner.is(Syntax::Select) && close.text() == ")";
    (is_query && is_alone).then_some(*inner)
}
