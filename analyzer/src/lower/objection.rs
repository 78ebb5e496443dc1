//! What PostgreSQL's parser refuses beside its grammar.

use super::grammar::{Item, Node, Problem, Syntax};

/// The first thing in a statement that is refused although the grammar has it.
pub(super) fn first(root: Node<'_>) -> Option<Problem> {
    for node in std::iter::once(root).chain(root.within()) {
        if let Some((node, what)) = of(node).or_else(|| too_long(node)) {
            return Some(Problem {
                what: what.to_owned(),
                span: node.span(),
            });
        }
    }
    None
}

fn of(node: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    match node.syntax() {
        Syntax::Select | Syntax::Query => ties(node).or_else(|| repeated(node)),
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
            let event = event.map(|event| (event, "the trigger has this event twice"));
            event.or_else(|| contradiction(node))
        }
        Syntax::ConstraintChange | Syntax::AddDomainConstraint => contradiction(node),
        Syntax::Column | Syntax::TypedColumn | Syntax::CreateDomain => {
            let again = node.all(Syntax::ColumnCollation).nth(1);
            again.map(|again| (again, "it has a `COLLATE` already"))
        }
        _ => None,
    }
}

/// `DEFERRABLE NOT DEFERRABLE` and the like.
fn contradiction(constraint: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    let is_said = |one: &Node<'_>| matches!(one.syntax(), Syntax::Moment | Syntax::Enforcement);
    let said = |phrase: &str| {
        let mut attributes = constraint.children().filter(is_said);
        attributes.find(|attribute| attribute.starts_with(phrase))
    };
    let pairs = [
        ("DEFERRABLE", "NOT DEFERRABLE"),
        ("INITIALLY IMMEDIATE", "INITIALLY DEFERRED"),
        ("NOT DEFERRABLE", "INITIALLY DEFERRED"),
        ("ENFORCED", "NOT ENFORCED"),
    ];
    let (one, other) = { pairs.iter() }.find_map(|(one, other)| said(one).zip(said(other)))?;
    let later = match one.range().start < other.range().start {
        true => other,
        false => one,
    };
    Some((later, "it contradicts another clause of the constraint"))
}

/// A relation has the name of a database, of a schema and its own, and a column one part more. The names of other
/// objects PostgreSQL counts when it runs the statement.
fn too_long(node: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    let most = match node.is(Syntax::Comment) && node.says("COLUMN") {
        true => 3,
        false if names_relations(node) => 2,
        false => return None,
    };
    for name in node.children() {
        // Each dot stands between two words.
        if name.is(Syntax::AnyName) && name.range().len() > 2 * most + 1 {
            let dots = name.words().filter(|word| word.text() == ".").count();
            if dots > most {
                return Some((name, "the name has too many parts"));
            }
        }
    }
    None
}

fn names_relations(node: Node<'_>) -> bool {
    match node.syntax() {
        Syntax::PrivilegeTarget => !node.says("DOMAIN") && !node.says("TYPE"),
        Syntax::CreateType => node.child(Syntax::Composite).is_some(),
        Syntax::AlterType => {
            let attributes = [
                Syntax::AddAttribute,
                Syntax::AlterAttribute,
                Syntax::DropAttribute,
                Syntax::RenameAttribute,
            ];
            { node.children() }.any(|child| attributes.contains(&child.syntax()))
        }
        Syntax::TableSetting => !node.says("OF"),
        Syntax::DropRelation => ["TABLE", "VIEW", "SEQUENCE"]
            .iter()
            .any(|kind| node.says(kind)),
        syntax => is_around_a_relation(syntax),
    }
}

/// Whether it has a relation's name directly below it.
const fn is_around_a_relation(syntax: Syntax) -> bool {
    matches!(
        syntax,
        Syntax::AlterIndex
            | Syntax::AlterMaterializedView
            | Syntax::AlterPolicy
            | Syntax::AlterRule
            | Syntax::AlterSequence
            | Syntax::AlterTrigger
            | Syntax::AlterView
            | Syntax::Analyzed
            | Syntax::AttachIndex
            | Syntax::AttachPartition
            | Syntax::Cluster
            | Syntax::ColumnConstraint
            | Syntax::Constraint
            | Syntax::Copy
            | Syntax::CreateForeignTable
            | Syntax::CreateMaterializedView
            | Syntax::CreatePolicy
            | Syntax::CreateRule
            | Syntax::CreateSequence
            | Syntax::CreateTable
            | Syntax::CreateTrigger
            | Syntax::CreateView
            | Syntax::DetachPartition
            | Syntax::Explain
            | Syntax::Inherits
            | Syntax::Insert
            | Syntax::Into
            | Syntax::Like
            | Syntax::Locking
            | Syntax::PartitionOf
            | Syntax::RefreshMaterializedView
            | Syntax::Reindex
            | Syntax::Relation
            | Syntax::Set
            | Syntax::TriggerFrom
            | Syntax::CreateSchema
    )
}

/// `WITH TIES` is about an order, which may be that of a query in parentheses.
fn ties(select: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    let limit = select.child(Syntax::Limit)?;
    let skips = |query: Node<'_>| {
        query
            .all(Syntax::Locking)
            .any(|lock| lock.says("SKIP LOCKED"))
    };
    if limit.says("WITH TIES") && wrapped(select).any(skips) {
        return Some((limit, "`WITH TIES` and `SKIP LOCKED` exclude each other"));
    }
    let is_ordered = wrapped(select).any(|query| query.child(Syntax::OrderBy).is_some());
    (limit.says("WITH TIES") && !is_ordered).then_some((limit, "`WITH TIES` needs an `ORDER BY`"))
}

/// A clause that stands behind a query in parentheses and in it as well.
fn repeated(select: Node<'_>) -> Option<(Node<'_>, &'static str)> {
    Part::ALL.iter().find_map(|part| {
        let outer = part.of(select)?;
        let mut inner = wrapped(select).skip(1);
        let again = inner.any(|query| part.of(query).is_some());
        again.then_some((outer, part.problem()))
    })
}

/// What a query has once.
#[derive(Clone, Copy)]
enum Part {
    With,
    OrderBy,
    Limit,
    Offset,
}

impl Part {
    const ALL: [Self; 4] = [Self::With, Self::OrderBy, Self::Limit, Self::Offset];

    fn of(self, select: Node<'_>) -> Option<Node<'_>> {
        select.children().find(|child| self.is(*child))
    }

    fn is(self, node: Node<'_>) -> bool {
        match self {
            Self::With => node.is(Syntax::Cte),
            Self::OrderBy => node.is(Syntax::OrderBy),
            Self::Limit => node.is(Syntax::Limit) && (node.says("LIMIT") || node.says("FETCH")),
            Self::Offset => node.is(Syntax::Limit) && node.says("OFFSET"),
        }
    }

    const fn problem(self) -> &'static str {
        match self {
            Self::With => "the query in parentheses has a `WITH` already",
            Self::OrderBy => "the query has an `ORDER BY` already",
            Self::Limit => "the query has a `LIMIT` already",
            Self::Offset => "the query has an `OFFSET` already",
        }
    }
}

/// A query, and those in parentheses that are all of it but for the clauses around them.
fn wrapped(select: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::successors(Some(select), |query| in_parentheses(*query))
}

fn in_parentheses(select: Node<'_>) -> Option<Node<'_>> {
    let inner = select.child(Syntax::Select)?;
    let is_around = |item: &Item<'_>| match item {
        Item::Token(word) => ["(", ")", ",", "WITH", "RECURSIVE"]
            .iter()
            .any(|one| word.is(one)),
        Item::Node(node) => matches!(
            node.syntax(),
            Syntax::Select | Syntax::Cte | Syntax::OrderBy | Syntax::Limit | Syntax::Locking
        ),
    };
    select.items().iter().all(is_around).then_some(inner)
}
