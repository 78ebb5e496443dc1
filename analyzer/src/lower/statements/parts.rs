//! Parts that several families of statements share.

use std::collections::HashSet;

use super::clause::{clause, name_span};
use crate::lower::data_type::data_type;
use crate::lower::expression::{expression, of_name};
use crate::lower::formula::evaluated;
use crate::lower::grammar::{Item, Node, Syntax};
use crate::lower::name::{self, Target};
use crate::statement::{
    Bound, Change, Clause, DataType, Expression, Formula, IndexKey, Name, ObjectKind, Parameter,
    Persistence, SequenceOwner, Spelled,
};

/// The kind of object in a statement's own words: the first position that matches, and there the longest
/// match.
pub(super) fn kind(node: Node<'_>) -> ObjectKind {
    let words: Vec<String> = node
        .items()
        .into_iter()
        .map(|item| match item {
            Item::Token(word) => word.text().to_ascii_lowercase(),
            Item::Node(_) => String::new(),
        })
        .collect();
    let spelled = |start: usize, kind: ObjectKind| {
        let named = kind.words().split(' ').collect::<Vec<_>>();
        words
            .get(start..start + named.len())
            .is_some_and(|at| at == named)
    };
    let found = (1..words.len()).find_map(|start| match words[start].as_str() {
        "user" | "group" if words.get(start + 1).is_none_or(|next| next != "mapping") => {
            Some(ObjectKind::Role)
        }
        _ => {
            let kinds = <ObjectKind as Spelled>::ALL.iter().copied();
            let fit = kinds.filter(|kind| spelled(start, *kind));
            fit.max_by_key(|kind| kind.words().len())
        }
    });
    found.unwrap_or(ObjectKind::Type)
}

/// The name of the object that a statement is about, in any form that the grammar has.
pub(super) fn object(target: Target<'_>, node: Node<'_>) -> Name {
    let first = node.children().find(|child| {
        matches!(
            child.syntax(),
            Syntax::AnyName
                | Syntax::Relation
                | Syntax::FuncName
                | Syntax::Name
                | Syntax::Role
                | Syntax::Type
                | Syntax::AnyOperator
                | Syntax::Oid
        )
    });
    first
        .map(|name| object_name(target, name))
        .unwrap_or_default()
}

pub(super) fn object_name(target: Target<'_>, node: Node<'_>) -> Name {
    match node.syntax() {
        Syntax::Name | Syntax::Role | Syntax::Oid => target.resolve(&[name::word(node)]),
        Syntax::Type => {
            let data_type = data_type(node);
            let parts = [data_type.schema, Some(data_type.name)];
            target.resolve(&parts.into_iter().flatten().collect::<Vec<_>>())
        }
        _ => target.name(node),
    }
}

/// For each routine that is named, the types of its arguments, if they are written.
pub(super) fn argument_lists(node: Node<'_>) -> Vec<Option<Vec<DataType>>> {
    let mut lists: Vec<Option<Vec<DataType>>> = Vec::new();
    for item in node.items() {
        match item {
            Item::Node(name) if matches!(name.syntax(), Syntax::FuncName | Syntax::AnyName) => {
                lists.push(None);
            }
            Item::Token(word) if word.text() == "(" => {
                if let Some(last @ None) = lists.last_mut() {
                    *last = Some(Vec::new());
                }
            }
            Item::Node(parameter) if parameter.is(Syntax::RoutineParameter) => {
                let is_type =
                    |child: &Node<'_>| matches!(child.syntax(), Syntax::Type | Syntax::CopiedType);
                let mode = parameter.child(Syntax::ParameterMode);
                let is_output = mode.is_some_and(|mode| mode.phrase().eq_ignore_ascii_case("OUT"));
                let data_type = parameter.children().find(is_type).map(data_type);
                if let Some(Some(list)) = lists.last_mut().filter(|_| !is_output) {
                    list.extend(data_type);
                }
            }
            Item::Token(_) | Item::Node(_) => {}
        }
    }
    lists
}

/// A clause about the routine that the node names.
pub(super) fn with_arguments(node: Node<'_>, mut clauses: Vec<Clause>) -> Vec<Clause> {
    let mut lists = argument_lists(node);
    if let (Some(list), true) = (lists.pop(), lists.is_empty()) {
        for clause in &mut clauses {
            clause.arguments.clone_from(&list);
        }
    }
    clauses
}

/// The last name in `RENAME ... TO name`.
pub(super) fn new_name(node: Node<'_>) -> String {
    let names = node
        .children()
        .filter(|child| matches!(child.syntax(), Syntax::Name | Syntax::Role));
    names.last().map(name::word).unwrap_or_default()
}

/// `RENAME [CONSTRAINT | COLUMN | ATTRIBUTE] a TO b`: a part of the object.
pub(super) fn rename_part(node: Node<'_>, kind: ObjectKind, name: Name) -> Option<Clause> {
    let old = node.child(Syntax::Name)?;
    let change = Change::Rename {
        kind,
        name,
        part: Some(name::word(old)),
        to: new_name(node),
    };
    Some(clause(old.span(), change))
}

/// `DROP [CONSTRAINT | ATTRIBUTE] a`: a part of the object.
pub(super) fn drop_part(node: Node<'_>, kind: ObjectKind, name: Name) -> Clause {
    let change = Change::Drop {
        kind,
        name,
        part: Some(name::first(node)),
        if_exists: node.says("IF EXISTS"),
        concurrently: false,
        cascade: node.says("CASCADE"),
    };
    clause(name_span(node), change)
}

/// What is created in `pg_temp` is temporary.
pub(super) fn persistence_of(name: &Name, written: Persistence) -> Persistence {
    match name.is_temporary() {
        true => Persistence::Temporary,
        false => written,
    }
}

/// `TEMPORARY` and `UNLOGGED` among the node's own words.
pub(super) fn persistence(node: Node<'_>) -> Persistence {
    if node.says("TEMPORARY") || node.says("TEMP") {
        Persistence::Temporary
    } else if node.says("UNLOGGED") {
        Persistence::Unlogged
    } else {
        Persistence::Permanent
    }
}

/// The relations that a query reads, each once, without the names of its own `WITH`.
pub(super) fn reads(target: Target<'_>, query: Node<'_>) -> Vec<Name> {
    let own: HashSet<String> = query
        .within()
        .filter(|node| node.is(Syntax::Cte))
        .map(name::first)
        .collect();
    let mut known = HashSet::new();
    let mut reads: Vec<Name> = Vec::new();
    for relation in query.within().filter(|node| node.is(Syntax::Relation)) {
        let Some(name) = relation.child(Syntax::AnyName) else {
            continue;
        };
        let is_own = matches!(name::parts(name.words()).as_slice(), [one] if own.contains(one));
        let name = target.name(relation);
        if !is_own && known.insert(name.clone()) {
            reads.push(name);
        }
    }
    reads
}

/// `USING`; `btree` without it.
pub(super) fn method(node: Node<'_>) -> String {
    let method = node.child(Syntax::UsingMethod).map(name::first);
    method.unwrap_or_else(|| "btree".to_owned())
}

pub(super) fn index_key(target: Target<'_>, node: Node<'_>) -> IndexKey {
    let column = node.child(Syntax::Name).map(name::word);
    IndexKey {
        expression: match &column {
            Some(column) => Expression {
                columns: vec![column.clone()],
                formula: Box::new(Formula::Column(column.clone())),
                outer: vec![column.clone()],
                // Most keys are nothing but a name.
                ..match node.range().len() {
                    1 => of_name(node),
                    _ => expression(node),
                }
            },
            None => evaluated(node),
        },
        column,
        collation: target.named_in(node, Syntax::ColumnCollation),
        class: target.named_in(node, Syntax::OperatorClass),
        descending: node.says("DESC"),
        nulls_first: match (node.says("NULLS FIRST"), node.says("NULLS LAST")) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            (false, false) => None,
        },
    }
}

/// A column or an expression of `PARTITION BY`, like one of an index.
pub(super) fn partition_key(target: Target<'_>, node: Node<'_>) -> IndexKey {
    let mut names = node.all(Syntax::AnyName);
    let written = node.items();
    let column = match written.first() {
        Some(Item::Token(word)) if word.text() != "(" => Some(name::identifier(word.text())),
        Some(Item::Token(_) | Item::Node(_)) | None => None,
    };
    let collation = node.says("COLLATE").then(|| names.next()).flatten();
    IndexKey {
        expression: match &column {
            Some(column) => Expression {
                text: column.clone(),
                span: node.span(),
                columns: vec![column.clone()],
                outer: vec![column.clone()],
                ..Expression::default()
            },
            None => evaluated(node),
        },
        column,
        collation: collation.map(|name| target.name(name)),
        class: names.next().map(|name| target.name(name)),
        ..IndexKey::default()
    }
}

pub(super) fn bound(node: Node<'_>) -> Bound {
    let values = |node: Node<'_>| {
        let text = node.text();
        let inner = text.get(1..text.len().saturating_sub(1));
        inner.unwrap_or_default().trim().to_owned()
    };
    let mut lists = node.all(Syntax::BoundValues).map(values);
    match (lists.next(), lists.next()) {
        (Some(from), Some(to)) => Bound::Range { from, to },
        (Some(list), None) => Bound::In(list),
        (None, _) if node.says("DEFAULT") => Bound::Default,
        (None, _) => {
            let modulus = node
                .text()
                .find('(')
                .and_then(|at| node.text().get(at + 1..));
            let modulus = modulus.and_then(|text| text.strip_suffix(')'));
            Bound::Hash(modulus.unwrap_or_default().trim().to_owned())
        }
    }
}

/// `OWNED BY table.column`, or `NONE`.
pub(super) fn sequence_owner(target: Target<'_>, node: Node<'_>) -> Option<SequenceOwner> {
    let mut options = node.all(Syntax::SequenceOption);
    let option = options.find(|option| option.says("OWNED BY"))?;
    let Some(written) = option.child(Syntax::AnyName) else {
        return Some(SequenceOwner::None);
    };
    let mut parts = name::parts(written.words());
    let column = parts.pop()?;
    Some(SequenceOwner::Column {
        table: target.resolve(&parts),
        column,
    })
}

/// `start with 5` as `start` and `5`, without the words between.
pub(super) fn sequence_options(node: Node<'_>) -> Vec<Parameter> {
    let is_owner = |option: &Node<'_>| option.says("OWNED BY");
    let options = node
        .all(Syntax::SequenceOption)
        .filter(|option| !is_owner(option));
    let options = options.map(|option| {
        let phrase = option.phrase();
        let joins = |word: &&str| !matches!(*word, "BY" | "WITH");
        let words: Vec<&str> = phrase.split(' ').filter(joins).collect();
        let (name, value) = match words.as_slice() {
            ["NO", what] => (format!("no {}", what.to_lowercase()), None),
            ["SEQUENCE", "NAME", ..] => ("sequence name".to_owned(), option.find(Syntax::AnyName)),
            [name, ..] => (name.to_lowercase(), option.children().next()),
            [] => (String::new(), None),
        };
        let written = value.map(|value| value.words().map(|word| word.text()).collect());
        let plain = (words.len() > 1 && !name.starts_with("no ")).then(|| words[1..].concat());
        Parameter {
            name,
            value: written.or(plain),
        }
    });
    options.collect()
}

/// A parameter that is a single word.
pub(super) fn flag(name: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        value: None,
    }
}
