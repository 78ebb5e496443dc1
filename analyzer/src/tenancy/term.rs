//! Values, as far as they decide between tenants.

use super::can::{Can, Truth};
use crate::statement::{DataType, Operator};

/// A value in a situation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// The tenant that the session names.
    Session,
    /// Another tenant.
    Other,
    /// `''`.
    Empty,
    /// A constant.
    Constant(String),
    /// Null.
    Null,
    /// Its evaluation is an error.
    Error,
    /// Any value: what rows contain or sessions set is not known, and each is possible.
    Free(String),
    /// Not known.
    Unknown(String),
}

/// PostgreSQL's types of text, which accept `''`.
const TEXTS: [&str; 6] = [
    "text",
    "character varying",
    "character",
    "bpchar",
    "name",
    "citext",
];

/// PostgreSQL's types that refuse `''`: invalid input syntax (22P02, 22007).
const OTHERS: [&str; 9] = [
    "uuid", "bigint", "integer", "smallint", "numeric", "boolean", "oid", "date", "inet",
];

impl Term {
    pub(super) fn of_text(text: &str) -> Self {
        match text {
            "" => Self::Empty,
            text => Self::Constant(text.to_owned()),
        }
    }

    /// The value after a cast. A tenant stays the same tenant in each type.
    pub(super) fn cast(self, to: &DataType, text: String) -> Self {
        let is_known = to.schema.is_none() && !to.array;
        match self {
            Self::Empty if is_known && TEXTS.contains(&to.name.as_str()) => Self::Empty,
            Self::Empty if is_known && OTHERS.contains(&to.name.as_str()) => Self::Error,
            Self::Empty => Self::Unknown(text),
            Self::Session
            | Self::Other
            | Self::Constant(_)
            | Self::Null
            | Self::Error
            | Self::Free(_)
            | Self::Unknown(_) => self,
        }
    }

    /// `NULLIF (self, other)`.
    pub(super) fn null_if(self, other: &Self) -> Self {
        let same = compared(&self, "=", other);
        match (same.is_true, same.is_false) {
            (Can::Never, _) => self,
            (_, Can::Never) => Self::Null,
            (what, _) => match what {
                Can::Unknown(_) | Can::Yes(_) => Self::Unknown("NULLIF".to_owned()),
                Can::Never => self,
            },
        }
    }

    /// `IS NULL`.
    pub(super) fn nullness(&self) -> Truth {
        match self {
            Self::Null => Truth::of(true),
            Self::Error => Truth::error(),
            Self::Session | Self::Other | Self::Empty | Self::Constant(_) => Truth::of(false),
            Self::Free(what) => Truth {
                is_true: Can::where_is(format!("{what} is null")),
                is_false: Can::where_is(format!("{what} is not null")),
                is_null: Can::Never,
            },
            Self::Unknown(what) => Truth::unknown(what),
        }
    }

    /// The value as a condition.
    pub(super) fn truth(&self) -> Truth {
        match self {
            Self::Null => Truth::null(),
            Self::Error | Self::Empty => Truth::error(),
            Self::Constant(text) => match text.to_lowercase().as_str() {
                "true" | "t" | "on" | "yes" | "y" | "1" => Truth::of(true),
                "false" | "f" | "off" | "no" | "n" | "0" => Truth::of(false),
                other => Truth::unknown(other),
            },
            Self::Free(what) => Truth::free(what),
            Self::Session | Self::Other => Truth::error(),
            Self::Unknown(what) => Truth::unknown(what),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Constant(text) => format!("'{text}'"),
            Self::Free(what) | Self::Unknown(what) => what.clone(),
            Self::Session => "the tenant of the session".to_owned(),
            Self::Other => "the tenant of the row".to_owned(),
            Self::Empty => "''".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Error => "an error".to_owned(),
        }
    }
}

/// `one IS DISTINCT FROM other`.
pub(super) fn distinct(one: &Term, other: &Term) -> Truth {
    match (one, other) {
        (Term::Error, _) | (_, Term::Error) => Truth::error(),
        (Term::Null, Term::Null) => Truth::of(false),
        (Term::Null, other) | (other, Term::Null) => other.nullness().not(),
        (one, other) => compared(one, "<>", other),
    }
}

/// A comparison of two values.
pub(super) fn compared(one: &Term, operator: &str, other: &Term) -> Truth {
    if let (Term::Error, _) | (_, Term::Error) = (one, other) {
        return Truth::error();
    }
    if let (Term::Null, _) | (_, Term::Null) = (one, other) {
        return Truth::null();
    }
    for term in [one, other] {
        if let Term::Unknown(what) = term {
            return Truth::unknown(what);
        }
    }
    match operator {
        "=" => equal(one, other),
        "<>" | "!=" => equal(one, other).not(),
        "<=" | ">=" => equal(one, other).or(either(one, operator, other)),
        "<" | ">" => equal(one, other).not().and(either(one, operator, other)),
        "~~" | "~~*" | "~" | "~*" => matched(one, other),
        "!~~" | "!~~*" | "!~" | "!~*" => matched(one, other).not(),
        operator => Truth::unknown(&format!("{} {operator} {}", one.name(), other.name())),
    }
}

/// The operator, if its meaning is PostgreSQL's own.
pub(super) fn sign(operator: &Operator) -> Option<&str> {
    let is_own = { operator.schema.as_deref() }.is_none_or(|schema| schema == "pg_catalog");
    is_own.then_some(operator.name.as_str())
}

fn equal(one: &Term, other: &Term) -> Truth {
    match (one, other) {
        (Term::Constant(one), Term::Constant(other)) => Truth::of(one == other),
        (Term::Session, Term::Session)
        | (Term::Other, Term::Other)
        | (Term::Empty, Term::Empty) => Truth::of(true),
        (Term::Session | Term::Other, Term::Empty)
        | (Term::Empty, Term::Session | Term::Other)
        | (Term::Session, Term::Other)
        | (Term::Other, Term::Session)
        | (Term::Empty, Term::Constant(_))
        | (Term::Constant(_), Term::Empty) => Truth::of(false),
        (one, other) => either(one, "=", other),
    }
}

/// True for some values and false for others.
fn either(one: &Term, operator: &str, other: &Term) -> Truth {
    Truth::free(&format!("{} {operator} {}", one.name(), other.name()))
}

/// A pattern from the setting matches everything if the setting is `%`.
fn matched(value: &Term, pattern: &Term) -> Truth {
    match (value, pattern) {
        (Term::Empty, Term::Empty) => Truth::of(true),
        (_, Term::Session) => Truth::free("the setting is a pattern, such as '%'"),
        (_, Term::Constant(pattern)) if pattern == "%" => Truth::of(true),
        (_, Term::Empty) => Truth::of(false),
        (value, pattern) => either(value, "like", pattern),
    }
}
