//! Which types PostgreSQL converts into which.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::schema::{Answer, Schema, TypeKind};
use crate::statement::{DataType, Name, ObjectKind};

/// For each type, the types that it is converted into.
type Casts = BTreeMap<&'static str, Vec<&'static str>>;

/// Where a value is assigned.
static ASSIGNED: LazyLock<Casts> = LazyLock::new(|| listed(&[" implicitly", " by assignment"]));

/// In every expression.
static IMPLICIT: LazyLock<Casts> = LazyLock::new(|| listed(&[" implicitly"]));

fn listed(contexts: &[&str]) -> Casts {
    let mut casts = Casts::new();
    for line in include_str!("casts.txt").lines() {
        let Some((head, list)) = line.split_once(": ").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let mut sources = contexts.iter().filter_map(|words| head.strip_suffix(words));
        if let Some(source) = sources.next() {
            casts.entry(source).or_default().extend(list.split(", "));
        }
    }
    casts
}

/// Whether PostgreSQL converts the one built-in type into the other in every expression.
pub(super) fn becomes(from: &str, to: &str) -> bool {
    from == to || IMPLICIT.get(from).is_some_and(|all| all.contains(&to))
}

/// The types into which every other one is converted as text where it is assigned.
const STRINGS: [&str; 3] = ["text", "character varying", "character"];

/// Whether a value of one type may be assigned to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fits {
    Yes,
    No,
    Unknown,
}

/// A type as far as conversions are concerned.
pub(super) enum Sort {
    BuiltIn(String),
    /// An enum or a composite type of the module.
    Own(Name),
    Unknown,
}

/// Whether PostgreSQL converts a value by itself where it is assigned.
pub(crate) fn fits(schema: &Schema, from: &DataType, to: &DataType) -> Fits {
    if from.array != to.array {
        let string = |one: &DataType| one.schema.is_none() && STRINGS.contains(&one.name.as_str());
        let known = from.is_built_in() && to.is_built_in();
        return match (known, from.array && string(to)) {
            (true, false) if !is_vector(from) && !is_vector(to) => Fits::No,
            (_, true) => Fits::Yes,
            (_, false) => Fits::Unknown,
        };
    }
    match (sort(schema, from), sort(schema, to)) {
        (Sort::BuiltIn(from), Sort::BuiltIn(to)) => built_in(&from, &to),
        (Sort::Own(from), Sort::Own(to)) => match from == to {
            true => Fits::Yes,
            false => Fits::No,
        },
        (Sort::Own(_), Sort::BuiltIn(to)) | (Sort::BuiltIn(to), Sort::Own(_))
            if to.starts_with("any") || to == "record" || to == "unknown" =>
        {
            Fits::Unknown
        }
        (Sort::Own(_), Sort::BuiltIn(to)) => match STRINGS.contains(&to.as_str()) {
            true => Fits::Yes,
            false => Fits::No,
        },
        (Sort::BuiltIn(_), Sort::Own(_)) => Fits::No,
        (Sort::Unknown, _) | (_, Sort::Unknown) => Fits::Unknown,
    }
}

fn is_vector(data_type: &DataType) -> bool {
    matches!(
        data_type.name.as_str(),
        "int2vector" | "oidvector" | "any" | "unknown" | "record"
    ) || data_type.name.starts_with("any")
}

fn built_in(from: &str, to: &str) -> Fits {
    let pseudo = |name: &str| {
        name.starts_with("any")
            || matches!(name, "record" | "unknown" | "void" | "trigger" | "internal")
    };
    if pseudo(from) || pseudo(to) || from.starts_with("reg") || to.starts_with("reg") {
        return Fits::Unknown;
    }
    let known = ASSIGNED.get(from).is_some_and(|all| all.contains(&to));
    match from == to || known || STRINGS.contains(&to) {
        true => Fits::Yes,
        false => Fits::No,
    }
}

pub(super) fn sort(schema: &Schema, data_type: &DataType) -> Sort {
    if data_type.is_built_in() {
        return Sort::BuiltIn(data_type.name.clone());
    }
    let name = Name {
        schema: data_type
            .schema
            .clone()
            .unwrap_or_else(|| schema.own.clone()),
        name: data_type.name.clone(),
    };
    // A cast of the module's own may convert it.
    let has_casts = schema
        .others
        .keys()
        .any(|(kind, _)| *kind == ObjectKind::Cast);
    if has_casts || !is_certain(schema, &name) {
        return Sort::Unknown;
    }
    match schema.type_of(&name).map(|known| &known.kind) {
        Some(TypeKind::Enum(_) | TypeKind::Composite(_)) => Sort::Own(name),
        Some(TypeKind::Domain(column))
            if column.data_type.is_built_in() && !column.data_type.array =>
        {
            Sort::BuiltIn(column.data_type.name.clone())
        }
        Some(TypeKind::Domain(_) | TypeKind::Other) | None => Sort::Unknown,
    }
}

fn is_certain(schema: &Schema, name: &Name) -> bool {
    schema.exists(ObjectKind::Type, name, None) == Answer::Yes
}
