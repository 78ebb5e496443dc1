//! Functions, procedures and aggregates, and blocks that run at once.

use super::clause::{named, whole};
use super::family::Family;
use super::object::{self, alter};
use super::parts::kind;
use super::session::name_and_value;
use crate::lower::body;
use crate::lower::data_type::data_type;
use crate::lower::expression::expression;
use crate::lower::grammar::Node;
use crate::lower::literal::string;
use crate::lower::name::{Target, identifier, last, word};
use crate::statement::{
    Attribute, Body, Change, Clause, CreateRoutine, Expression, ObjectKind, Parameter,
    RoutineParameter, Volatility,
};

pub(super) const FAMILY: Family = Family {
    grammar: include_str!("routine.grammar"),
    readers: &[
        ("create_function", create),
        ("alter_function", alter_routine),
        ("drop_function", object::drop),
        ("call_procedure", call),
        ("do", run),
        ("create_aggregate", object::create),
        ("alter_aggregate", |target, node| {
            alter(target, node, ObjectKind::Aggregate)
        }),
        ("drop_aggregate", object::drop),
    ],
};

fn create(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let property = |words: &str| node.all("property").any(|property| property.says(words));
    let number = |word: &str| {
        let property = node.all("property").find(|property| property.says(word));
        let words = property.map(|property| property.words().skip(1).map(|word| word.text()));
        words.map(Iterator::collect::<String>)
    };
    let volatilities = [
        ("IMMUTABLE", Volatility::Immutable),
        ("STABLE", Volatility::Stable),
        ("VOLATILE", Volatility::Volatile),
    ];
    let returns = node.child("returns");
    let parallel = node
        .all("property")
        .find(|property| property.says("PARALLEL"));
    let routine = CreateRoutine {
        routine: target.named(node),
        procedure: node.says("PROCEDURE"),
        or_replace: node.says("OR REPLACE"),
        parameters: node.all("parameter_definition").map(parameter).collect(),
        returns: returns
            .and_then(|returns| returns.children().next())
            .map(data_type),
        returns_table: node
            .child("returns_table")
            .into_iter()
            .flat_map(|table| table.all("table_parameter"))
            .map(table_column)
            .collect(),
        language: language(node),
        volatility: volatilities
            .into_iter()
            .find(|(words, _)| property(words))
            .map(|(_, volatility)| volatility),
        security_definer: property("SECURITY DEFINER"),
        strict: property("STRICT") || property("RETURNS NULL ON NULL INPUT"),
        leakproof: property("LEAKPROOF") && !property("NOT LEAKPROOF"),
        parallel: parallel
            .and_then(|property| property.child("name"))
            .map(word),
        cost: number("COST"),
        rows: number("ROWS"),
        settings: settings(node),
        value: returned(node),
        body: body_of(target, node),
    };
    named(node, Change::CreateRoutine(Box::new(routine)))
}

/// `SET` of a routine.
fn settings(node: Node<'_>) -> Vec<Parameter> {
    let properties = node.all("property");
    let settings = properties
        .filter_map(|property| property.child("set_property"))
        .filter_map(|set| set.child("setting"));
    let parameters = settings.map(|setting| {
        let (name, value) = name_and_value(setting);
        Parameter { name, value }
    });
    parameters.collect()
}

/// `RETURN value`, by itself or as all of a `BEGIN ATOMIC`.
fn returned(node: Node<'_>) -> Option<Expression> {
    let values: Vec<Node<'_>> = match node.child("atomic_body") {
        Some(atomic) => atomic.children().collect(),
        None => node.all("value").collect(),
    };
    let [value] = values.as_slice() else {
        return None;
    };
    let asks = value.within().any(|inner| inner.is("select"));
    (value.is("value") && !asks).then(|| expression(*value))
}

fn parameter(node: Node<'_>) -> RoutineParameter {
    let Some(parameter) = node.child("routine_parameter") else {
        return RoutineParameter::default();
    };
    let is_type = |child: &Node<'_>| matches!(child.rule(), "type" | "copied_type");
    RoutineParameter {
        mode: parameter.child("parameter_mode").map(Node::phrase),
        name: parameter.child("parameter_name").map(word),
        data_type: parameter
            .children()
            .find(is_type)
            .map(data_type)
            .unwrap_or_default(),
        default: node.child("value").map(expression),
    }
}

fn table_column(node: Node<'_>) -> Attribute {
    Attribute {
        name: node.child("parameter_name").map(word).unwrap_or_default(),
        data_type: node.child("type").map(data_type).unwrap_or_default(),
        collation: None,
    }
}

/// `LANGUAGE`, which may be a string.
fn language(node: Node<'_>) -> Option<String> {
    let name = node.child("language")?.words().next_back()?.text();
    Some(match name.contains('\'') || name.starts_with('$') {
        true => string(name).to_ascii_lowercase(),
        false => identifier(name),
    })
}

/// The body of a routine: standard SQL's own, or the text in its quotes.
fn body_of(target: Target<'_>, node: Node<'_>) -> Option<Body> {
    if let Some(atomic) = node.child("atomic_body") {
        let statements = atomic.children().filter(|child| !child.is("value"));
        return Some(Body {
            span: atomic.span(),
            statements: statements
                .map(|statement| super::read(target, statement))
                .collect(),
            branches: false,
        });
    }
    // A second string would be the name of a symbol in a library.
    let [text] = node.child("body")?.all("body_text").collect::<Vec<_>>()[..] else {
        return None;
    };
    let language = language(node).unwrap_or_else(|| "sql".to_owned());
    body::read(target, text.text(), text.span().start, &language)
}

/// `DO`, whose statements run at once.
fn run(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let language = language(node).unwrap_or_else(|| "plpgsql".to_owned());
    let inside = node
        .child("do_body")
        .and_then(|body| body::read(target, body.text(), body.span().start, &language));
    let change = match inside {
        Some(body) => Change::Do { language, body },
        None => Change::Opaque {
            keyword: "DO".to_owned(),
        },
    };
    whole(node, change)
}

fn call(_: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let keyword = "CALL".to_owned();
    whole(node, Change::Opaque { keyword })
}

fn alter_routine(target: Target<'_>, node: Node<'_>) -> Vec<Clause> {
    let kind = kind(node);
    let Some(properties) = node.child("properties") else {
        return alter(target, node, kind);
    };
    let reset = properties.all("property").filter(|one| one.says("RESET"));
    let change = Change::AlterRoutine {
        kind,
        name: target.named(node),
        action: properties.phrase(),
        settings: settings(properties),
        reset: reset.map(last).collect(),
    };
    named(node, change)
}
