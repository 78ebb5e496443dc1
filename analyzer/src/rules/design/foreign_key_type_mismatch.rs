//! Foreign keys between columns of different types.

use crate::check::context::Context;
use crate::check::rule::{Check, DENY, Group, Levels, NEVER, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::finding::Message;
use crate::rules::facts::foreign_keys::{Foreign, foreign_keys};
use crate::schema::TypeKind;
use crate::statement::{DataType, Name, ObjectKind};

pub(super) static RULE: Rule = Rule {
    id: "foreign-key-type-mismatch",
    summary: "a foreign key column and the column that it references have different types",
    page: include_str!("foreign_key_type_mismatch.md"),
    aliases: &["fk-type-mismatch", "mismatched_foreign_key_type"],
    group: Group::Design,
    levels: Levels {
        startup: DENY,
        release: DENY,
        seed: NEVER,
        data: NEVER,
    },
    check: Check::Of(&[Subject::ForeignKey], &Check::Parts(check)),
};

/// The type of a referenced key, and the other types that PostgreSQL can compare with it in a foreign key
/// (measured on 15 to 18).
const COMPARED: &[(&str, &[&str])] = &[
    ("smallint", &["integer", "bigint"]),
    ("integer", &["smallint", "bigint"]),
    ("bigint", &["smallint", "integer"]),
    ("numeric", &["smallint", "integer", "bigint"]),
    (
        "real",
        &[
            "smallint",
            "integer",
            "bigint",
            "numeric",
            "double precision",
        ],
    ),
    (
        "double precision",
        &["smallint", "integer", "bigint", "numeric", "real"],
    ),
    ("text", &["character varying", "character", "name"]),
    ("character varying", &["text", "character", "name"]),
    ("character", &["text", "character varying"]),
    ("name", &["text", "character varying", "character"]),
    ("uuid", &[]),
    (
        "date",
        &["timestamp without time zone", "timestamp with time zone"],
    ),
    (
        "timestamp without time zone",
        &["date", "timestamp with time zone"],
    ),
    (
        "timestamp with time zone",
        &["date", "timestamp without time zone"],
    ),
    ("boolean", &[]),
    ("bytea", &[]),
    ("inet", &["cidr"]),
    ("cidr", &["inet"]),
    ("jsonb", &[]),
];

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let foreign_keys = foreign_keys(context);
    let mut found = Vec::new();
    for foreign in &foreign_keys {
        let parents = foreign.parent_columns(context);
        for (column, parent) in foreign.key.columns.iter().zip(&parents) {
            let message = message(context, foreign, column, parent);
            found.extend(message.map(|message| (foreign.span.clone(), message)));
        }
    }
    found
}

fn message(
    context: &Context<'_>,
    foreign: &Foreign<'_>,
    column: &str,
    parent: &str,
) -> Option<Message> {
    let own = foreign.type_of(context, column)?;
    let theirs = foreign.parent_type(context, parent)?;
    if own == theirs {
        return None;
    }
    let own = base(context, own)?;
    let theirs = base(context, theirs)?;
    let is_text = |name: &str| matches!(name, "text" | "character varying");
    if own == theirs || is_text(&own.0) && is_text(&theirs.0) {
        return None;
    }
    let refused = is_refused(context, &own, &theirs)?;
    let table = &foreign.key.parent;
    let why = match refused {
        true => "the migration fails: datatype mismatch (42804), because PostgreSQL has no operator that \
                 compares the two types"
            .to_owned(),
        false => format!(
            "PostgreSQL accepts this, but each check compares through a cast, the narrower type overflows \
             first, and a join of the two columns may not be able to use an index on {}",
            foreign.table
        ),
    };
    let message = Message::new(
        format!(
            "{}.{column} is {}, but it references {table}.{parent}, which is {}",
            foreign.table, own.0, theirs.0
        ),
        why,
        format!(
            "give `{column}` the type of the referenced column: {}",
            theirs.0
        ),
    );
    let origin = context
        .schema
        .origin(ObjectKind::Column, table, Some(parent));
    let made = origin.and_then(|origin| context.first_made(origin, &format!("{table}.{parent}")));
    Some(message.with_related(made))
}

/// Whether the server refuses a foreign key of type `own` to a key of type `theirs`; `None` where that
/// is not known.
fn is_refused(context: &Context<'_>, own: &Base, theirs: &Base) -> Option<bool> {
    let known = |base: &Base| COMPARED.iter().find(|(name, _)| *name == base.0);
    match (known(own), known(theirs)) {
        (Some((own, _)), Some((_, compared))) => Some(!compared.contains(own)),
        (None, Some(_)) => is_enum(context, own).then_some(true),
        (Some(_), None) => is_enum(context, theirs).then_some(true),
        (None, None) => (is_enum(context, own) && is_enum(context, theirs)).then_some(true),
    }
}

/// The name of a type without modifiers; for a domain, of the type underneath.
#[derive(PartialEq, Eq)]
struct Base(String);

fn base(context: &Context<'_>, data_type: &DataType) -> Option<Base> {
    let mut data_type = data_type;
    // A server does not accept a cycle of domains; the limit stops the loop on a history that has one.
    for _ in 0..16 {
        if data_type.array {
            return None;
        }
        let name = named(context, data_type);
        match context.schema.type_of(&name).map(|known| &known.kind) {
            Some(TypeKind::Domain(column)) => data_type = &column.data_type,
            Some(TypeKind::Enum(_)) => return Some(Base(name.to_string())),
            Some(TypeKind::Composite(_) | TypeKind::Other) => return None,
            None => return Some(Base(data_type.name.clone())),
        }
    }
    None
}

fn named(context: &Context<'_>, data_type: &DataType) -> Name {
    let own = &context.module.schema;
    Name {
        schema: data_type.schema.as_ref().unwrap_or(own).clone(),
        name: data_type.name.clone(),
    }
}

fn is_enum(context: &Context<'_>, base: &Base) -> bool {
    let name = Name::read(&base.0);
    name.is_some_and(|name| {
        let known = context.schema.type_of(&name);
        known.is_some_and(|known| matches!(known.kind, TypeKind::Enum(_)))
    })
}
