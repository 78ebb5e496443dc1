//! Indexes of values for which their access method has no operator class.

use std::borrow::Cow;
use std::ops::Range;

use crate::check::context::Context;
use crate::check::parts::{NewIndex, NewKey, indexes};
use crate::check::rule::{Check, DENY, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::schema::extension::{Brought, bringing};
use crate::schema::operator_class::{Class, Indexed, classes, methods};
use crate::schema::resolve::{Kind, Resolver, Seen};
use crate::statement::{DataType, Name};
use crate::text::nearest::nearest;

pub(super) static RULE: Rule = Rule {
    id: "missing-operator-class",
    summary: "an index is on values for which its access method has no operator class",
    page: include_str!("missing_operator_class.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: DENY,
        data: DENY,
    },
    check: Check::Of(&[Subject::OperatorClass], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let new = indexes(context).iter().filter(|index| is_asked(index));
    let found = new.flat_map(|index| match classes(index.method) {
        Some(known) => keys(context, index, known),
        None => method(index).into_iter().collect(),
    });
    found.collect()
}

/// Whether a class is written, or values may have none: `refused-key` knows those of btree and hash.
fn is_asked(index: &NewIndex<'_>) -> bool {
    let has_class = |key: &NewKey<'_>| key.written.is_some_and(|key| key.class.is_some());
    is_extended(index) || index.keys.iter().any(has_class)
}

/// Whether extensions have classes for the method by which it finds more types.
fn is_extended(index: &NewIndex<'_>) -> bool {
    !matches!(index.method, "btree" | "hash")
}

/// An access method that was probably meant to be one of PostgreSQL's own.
fn method(index: &NewIndex<'_>) -> Option<SpannedMessage> {
    let of_extensions = ["rum", "hnsw", "bloom", "bm25"];
    let guess = nearest(index.method, methods())?;
    (!of_extensions.contains(&index.method)).then(|| {
        refused(
            &index.span,
            format!("an index of {} uses `{}`", index.table, index.method),
            "access method does not exist (42704)",
            format!("did you mean `{guess}`?"),
        )
    })
}

fn keys(context: &Context<'_>, index: &NewIndex<'_>, known: &[Class]) -> Vec<SpannedMessage> {
    let found = index.keys.iter().filter_map(|key| {
        let data_type = type_of(context, index, key);
        let indexed = data_type.as_ref().and_then(|it| context.schema.indexed(it));
        let span = match key.written {
            Some(key) if !key.expression.span.is_empty() => &key.expression.span,
            Some(_) | None => &index.span,
        };
        match key.written.and_then(|key| key.class.as_ref()) {
            Some(class) => written(context, index, (class, span), known, indexed.as_ref()),
            None => default(context, index, span, known, indexed.as_ref()?),
        }
    });
    found.collect()
}

fn type_of<'a>(
    context: &Context<'a>,
    index: &NewIndex<'a>,
    key: &NewKey<'a>,
) -> Option<Cow<'a, DataType>> {
    if let Some(column) = key.column {
        return index.type_of(context, column).map(Cow::Borrowed);
    }
    let written = key.written?;
    let others = context.statement.clauses.len() > 1;
    let resolver = Resolver::new(context.schema, context.path(), context.min_pg);
    let seen = match index.create {
        Some(create) => Seen::New(create),
        None => Seen::Table(index.table, index.column),
    };
    match resolver
        .seeing_all(seen, others)
        .value(&written.expression.value)
    {
        Kind::Of(data_type) => Some(Cow::Owned(data_type)),
        Kind::Literal | Kind::Row | Kind::Unknown => None,
    }
}

/// A class that is written.
fn written(
    context: &Context<'_>,
    index: &NewIndex<'_>,
    (class, span): (&Name, &Range<usize>),
    known: &[Class],
    indexed: Option<&Indexed>,
) -> Option<SpannedMessage> {
    let mut same = known.iter().filter(|one| one.name == class.name).peekable();
    if same.peek().is_some() {
        let indexed = indexed.filter(|it| !same.any(|class| it.is_taken_by(class)))?;
        return Some(refused(
            span,
            format!(
                "{} is not for values of the type {}",
                class.name,
                word(indexed)
            ),
            "operator class does not accept data type (42804)",
            "leave out the operator class, or use one for the type",
        ));
    }
    if context.schema.may_have_class(class) {
        return None;
    }
    let help = match bringing(Brought::Class, &class.name) {
        [extension, ..] => of_extension(extension),
        [] => {
            let guess = nearest(&class.name, known.iter().map(|one| one.name));
            guess.map_or_else(
                || "leave out the operator class, or use one that exists".to_owned(),
                |guess| format!("did you mean `{guess}`?"),
            )
        }
    };
    Some(refused(
        span,
        format!(
            "there is no operator class {} for {}",
            class.name, index.method
        ),
        "operator class does not exist for access method (42704)",
        help,
    ))
}

/// Without a class that is written, for methods whose types extensions extend; `refused-key` knows the
/// others.
fn default(
    context: &Context<'_>,
    index: &NewIndex<'_>,
    span: &Range<usize>,
    known: &[Class],
    indexed: &Indexed,
) -> Option<SpannedMessage> {
    if !is_extended(index) || indexed.has_default(known) || context.schema.creates_classes() {
        return None;
    }
    let brought = indexed.brought_by(index.method);
    if brought.is_some_and(|extension| context.schema.may_have_extension(extension)) {
        return None;
    }
    let text =
        matches!(indexed, Indexed::Of(name) if name == "text" || name == "character varying");
    let help = match (index.method, brought) {
        ("gin", _) if text => {
            "for words write `to_tsvector('english', <column>)`; for parts of words the class gin_trgm_ops of the \
             extension pg_trgm; for whole values use btree, the default"
                .to_owned()
        }
        (_, Some(extension)) => of_extension(extension),
        (_, None) => "use another access method: btree, the default, or one for this type".to_owned(),
    };
    Some(refused(
        span,
        format!(
            "{} has no way to index values of the type {} in {}",
            index.method,
            word(indexed),
            index.table
        ),
        "data type has no default operator class for the access method (42704)",
        help,
    ))
}

fn word(indexed: &Indexed) -> &str {
    match indexed {
        Indexed::Of(name) => name,
        Indexed::Array => "array",
        Indexed::Enum => "enum",
    }
}

fn of_extension(extension: &str) -> String {
    format!(
        "the extension {extension} brings it: create it in an earlier file. Or, if the database has it already, write \
         `-- onward: external <schema>.{extension}`"
    )
}
