//! Functions, procedures and aggregates, and `DO` blocks.

use super::clause::{named, whole};
use super::family::Family;
use super::object::{self, alter};
use super::parts::{kind, with_arguments};
use super::session::name_and_value;
use crate::lower::body;
use crate::lower::data_type::{self, data_type};
use crate::lower::expression::expression;
use crate::lower::grammar::{Node, Syntax};
use crate::lower::literal::{literals, string};
use crate::lower::name::{Target, identifier, last, parts, word};
use crate::lower::reading::reading;
use crate::lower::value;
use crate::statement::{
    Aggregate, Attribute, Body, Change, Clause, CreateRoutine, Definition, ObjectKind,
    OpaqueCommand, Parameter, ParameterMode, RoutineParameter, RoutineProperties, Spelled,
    Volatility,
};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("routine.grammar"),
    readers: &[
        (Syntax::CreateFunction, create),
        (Syntax::AlterFunction, alter_routine),
        (Syntax::DropFunction, object::drop),
        (Syntax::CallProcedure, call),
        (Syntax::Do, run),
        (Syntax::CreateAggregate, create_aggregate),
        (Syntax::AlterAggregate, |target, node| {
            alter(target, node, ObjectKind::Aggregate)
        }),
        (Syntax::DropAggregate, object::drop),
    ],
};

fn create(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let property = |words: &str| has_property(node, words);
    let number = |word: &str| {
        let property = node
            .all(Syntax::Property)
            .find(|property| property.says(word));
        let words = property.map(|property| property.words().skip(1).map(|word| word.text()));
        words.map(Iterator::collect::<String>)
    };
    let returns = node.child(Syntax::Returns);
    let parallel = node
        .all(Syntax::Property)
        .find(|property| property.says("PARALLEL"));
    let resolved = node
        .child(Syntax::AtomicBody)
        .or_else(|| node.child(Syntax::Value));
    let routine = CreateRoutine {
        routine: target.named(node),
        procedure: node.says("PROCEDURE"),
        or_replace: node.says("OR REPLACE"),
        window: node.says("WINDOW"),
        parameters: node
            .all(Syntax::ParameterDefinition)
            .map(parameter)
            .collect(),
        returns: returns
            .and_then(|returns| returns.children().next())
            .map(data_type),
        returns_table: node
            .child(Syntax::ReturnsTable)
            .into_iter()
            .flat_map(|table| table.all(Syntax::TableParameter))
            .map(table_column)
            .collect(),
        language: language(node),
        volatility: volatility(node),
        security_definer: property("SECURITY DEFINER"),
        strict: property("STRICT") || property("RETURNS NULL ON NULL INPUT"),
        leakproof: property("LEAKPROOF") && !property("NOT LEAKPROOF"),
        parallel: parallel
            .and_then(|property| property.child(Syntax::Name))
            .map(word),
        cost: number("COST"),
        rows: number("ROWS"),
        settings: settings(node),
        value: returned(node).filter(|value| !asks(*value)).map(expression),
        returned: returned(node).map(|value| value::value(value, 0)),
        resolved: resolved.is_some(),
        reading: resolved
            .map(|body| reading(target, body, &[]))
            .unwrap_or_default(),
        body: body_of(target, node),
    };
    named(node, Change::CreateRoutine(Box::new(routine)))
}

fn has_property(node: Node<'_>, words: &str) -> bool {
    let mut properties = node.all(Syntax::Property);
    properties.any(|property| property.says(words))
}

fn volatility(node: Node<'_>) -> Option<Volatility> {
    let volatilities = [
        ("IMMUTABLE", Volatility::Immutable),
        ("STABLE", Volatility::Stable),
        ("VOLATILE", Volatility::Volatile),
    ];
    let mut said = volatilities.into_iter();
    said.find(|(words, _)| has_property(node, words))
        .map(|(_, volatility)| volatility)
}

/// `SET` of a routine.
fn settings(node: Node<'_>) -> Vec<Parameter> {
    let properties = node.all(Syntax::Property);
    let settings = properties
        .filter_map(|property| property.child(Syntax::SetProperty))
        .filter_map(|set| set.child(Syntax::Setting));
    let parameters = settings.map(|setting| {
        let (name, value) = name_and_value(setting);
        Parameter { name, value }
    });
    parameters.collect()
}

/// `RETURN value`, by itself or as the whole of a `BEGIN ATOMIC`.
fn returned(node: Node<'_>) -> Option<Node<'_>> {
    let values: Vec<Node<'_>> = match node.child(Syntax::AtomicBody) {
        Some(atomic) => atomic.children().collect(),
        None => node.all(Syntax::Value).collect(),
    };
    let [value] = values.as_slice() else {
        return None;
    };
    value.is(Syntax::Value).then_some(*value)
}

fn asks(value: Node<'_>) -> bool {
    value.within().any(|inner| inner.is(Syntax::Select))
}

fn parameter(node: Node<'_>) -> RoutineParameter {
    let parameter = node.child(Syntax::RoutineParameter);
    RoutineParameter {
        default: node.child(Syntax::Value).map(expression),
        ..parameter.map(argument).unwrap_or_default()
    }
}

/// A parameter without its default.
fn argument(parameter: Node<'_>) -> RoutineParameter {
    let is_type = |child: &Node<'_>| matches!(child.syntax(), Syntax::Type | Syntax::CopiedType);
    RoutineParameter {
        mode: parameter.child(Syntax::ParameterMode).and_then(mode),
        name: parameter.child(Syntax::ParameterName).map(word),
        data_type: parameter
            .children()
            .find(is_type)
            .map(data_type)
            .unwrap_or_default(),
        default: None,
    }
}

/// Without an argument in either form there is only its name.
fn create_aggregate(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let is_item = |one: &Node<'_>| one.is(Syntax::DefinitionItem) || one.is(Syntax::AggregateItem);
    let items: Vec<Node<'_>> = node.children().filter(is_item).collect();
    let item = |name: &str| {
        let is_it = |item: &&Node<'_>| {
            let word = item.words().next();
            word.is_some_and(|word| identifier(word.text()) == name)
        };
        items.iter().find(is_it).copied()
    };
    let type_of = |name: &str| item(name)?.child(Syntax::Type);
    let is_old = node.child(Syntax::AggregateItem).is_some();
    let base = item("basetype").filter(|_| is_old);
    if is_old && base.is_none() {
        return object::create(target, node);
    }
    let order = node.words().position(|word| word.is("ORDER"));
    let order = order.map(|at| node.range().start + at);
    let parameters: Vec<Node<'_>> = node.all(Syntax::RoutineParameter).collect();
    let direct = |before: usize| {
        let direct = parameters.iter().filter(|one| one.range().end <= before);
        direct.count()
    };
    let written = parameters.iter().copied().map(argument);
    let finish = type_of("finalfunc");
    let aggregate = Aggregate {
        or_replace: node.says("OR REPLACE"),
        direct: order.filter(|at| *at < items[0].range().start).map(direct),
        arguments: written.chain(base.and_then(based)).collect(),
        hypothetical: item("hypothetical").is_some(),
        state: type_of("stype")
            .or_else(|| type_of("stype1"))
            .map(data_type),
        finish: finish.map(|name| target.without_temporary().resolve(&parts(name.words()))),
    };
    object::defined(target, node, Definition::Aggregate(Box::new(aggregate)))
}

/// The argument of which `BASETYPE` is the type, which can be a string; `ANY`, however it is written, is none.
fn based(item: Node<'_>) -> Option<RoutineParameter> {
    let data_type = match item.child(Syntax::Type) {
        Some(written) => data_type(written),
        None => {
            let value = item.words().nth(2)?.text();
            data_type::named(&match value.starts_with('\'') {
                true => string(value),
                false => identifier(value),
            })
        }
    };
    let is_any = data_type.schema.is_none() && data_type.name.eq_ignore_ascii_case("any");
    (!is_any).then(|| RoutineParameter {
        data_type,
        ..RoutineParameter::default()
    })
}

fn mode(node: Node<'_>) -> Option<ParameterMode> {
    // `IN OUT` can be two words.
    Spelled::spelled(&node.phrase().replace(' ', ""))
}

fn table_column(node: Node<'_>) -> Attribute {
    Attribute {
        name: node
            .child(Syntax::ParameterName)
            .map(word)
            .unwrap_or_default(),
        data_type: node.child(Syntax::Type).map(data_type).unwrap_or_default(),
        collation: None,
    }
}

/// `LANGUAGE`, which can be a string.
fn language(node: Node<'_>) -> Option<String> {
    let name = node.child(Syntax::Language)?.words().next_back()?.text();
    Some(match name.contains('\'') || name.starts_with('$') {
        true => string(name).to_ascii_lowercase(),
        false => identifier(name),
    })
}

/// The body of a routine: standard SQL, or the text in quotes.
fn body_of(target: Target<'_>, node: Node<'_>) -> Option<Body> {
    if let Some(atomic) = node.child(Syntax::AtomicBody) {
        let statements = atomic.children().filter(|child| !child.is(Syntax::Value));
        return Some(Body {
            span: atomic.span(),
            statements: statements
                .map(|statement| super::read(target, statement))
                .collect(),
            literals: literals(atomic),
            words: atomic.words().map(|word| identifier(word.text())).collect(),
            branches: false,
            returns_value: false,
            expressions: Default::default(),
        });
    }
    // A second string would be the name of a symbol in a library.
    let [text] = node
        .child(Syntax::Body)?
        .all(Syntax::BodyText)
        .collect::<Vec<_>>()[..]
    else {
        return None;
    };
    let language = language(node).unwrap_or_else(|| "sql".to_owned());
    let target = target.without_temporary();
    let start = text.span().start;
    body::read(target, text.text(), start, &language, &named_values(node))
}

/// What a body can call by name: its parameters, the columns of the table that it returns, and the routine itself.
fn named_values(node: Node<'_>) -> Vec<String> {
    let parameters = node
        .within()
        .filter(|inner| inner.is(Syntax::ParameterName));
    let own = node.child(Syntax::FuncName).map(last);
    parameters.map(word).chain(own).collect()
}

/// `DO`, whose statements run at once.
fn run(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let language = language(node).unwrap_or_else(|| "plpgsql".to_owned());
    let inside = node
        .child(Syntax::DoBody)
        .and_then(|body| body::read(target, body.text(), body.span().start, &language, &[]));
    let change = match inside {
        Some(body) => Change::Do { language, body },
        None => Change::Opaque {
            command: OpaqueCommand::Do,
        },
    };
    whole(node, change)
}

fn call(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let command = OpaqueCommand::Call;
    whole(node, Change::Opaque { command })
}

/// Which of two words is written.
const fn chosen(yes: bool, no: bool) -> Option<bool> {
    match (yes, no) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

fn alter_routine(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let kind = kind(node);
    let Some(properties) = node.child(Syntax::Properties) else {
        return alter(target, node, kind);
    };
    let reset = properties
        .all(Syntax::Property)
        .filter(|one| one.says("RESET"));
    let says = |words: &str| has_property(properties, words);
    let change = Change::AlterRoutine {
        kind,
        name: target.named(node),
        properties: RoutineProperties {
            volatility: volatility(properties),
            security_definer: chosen(says("SECURITY DEFINER"), says("SECURITY INVOKER")),
            leakproof: chosen(
                says("LEAKPROOF") && !says("NOT LEAKPROOF"),
                says("NOT LEAKPROOF"),
            ),
        },
        settings: settings(properties),
        reset: reset.map(last).collect(),
    };
    with_arguments(node, named(node, change))
}
