//! Which changes of a column's type need no rewrite.
//!
//! PostgreSQL does not rewrite the table if each new value is the old one under another type: the types
//! are binary coercible, and the new length is not shorter. Measured on PostgreSQL 15 to 18 for each pair
//! of types; the code is `ATColumnChangeRequiresRewrite()` and the support functions of the length
//! coercions.

use crate::lower::lower;
use crate::schema::{Schema, TypeKind};
use crate::statement::{Change, DataType, Expression, ObjectKind};
use crate::text::split::split;

/// The binary coercible pairs of `pg_cast` for types of columns, `castmethod = 'b'`, the same on 15 to
/// 18; and those of the extension `citext`.
const RELABELLED: &[(&str, &[&str])] = &[
    ("text", &["character", "character varying", "citext"]),
    ("character varying", &["text", "character", "citext"]),
    ("citext", &["text", "character varying", "character"]),
    ("xml", &["text", "character", "character varying"]),
    ("cidr", &["inet"]),
    ("bit", &["bit varying"]),
    ("bit varying", &["bit"]),
    ("integer", OBJECTS),
    ("oid", OBJECTS),
    ("regclass", NUMBERS),
    ("regcollation", NUMBERS),
    ("regconfig", NUMBERS),
    ("regdictionary", NUMBERS),
    ("regnamespace", NUMBERS),
    ("regoper", &["integer", "oid", "regoperator"]),
    ("regoperator", &["integer", "oid", "regoper"]),
    ("regproc", &["integer", "oid", "regprocedure"]),
    ("regprocedure", &["integer", "oid", "regproc"]),
    ("regrole", NUMBERS),
    ("regtype", NUMBERS),
];

/// The category of a type that stores an OID.
const NUMBERS: &[&str] = &["integer", "oid"];

/// The types that store an OID; they are binary coercible to `oid`, and most to each other.
const OBJECTS: &[&str] = &[
    "integer",
    "oid",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
];

/// The type whose operators the types of one row share.
const SAME_OPERATORS: &[(&str, &str)] = &[
    ("character varying", "text"),
    ("cidr", "inet"),
    ("regclass", "oid"),
    ("regcollation", "oid"),
    ("regconfig", "oid"),
    ("regdictionary", "oid"),
    ("regnamespace", "oid"),
    ("regoper", "oid"),
    ("regoperator", "oid"),
    ("regproc", "oid"),
    ("regprocedure", "oid"),
    ("regrole", "oid"),
    ("regtype", "oid"),
];

/// A new type of a column, and the work that it means.
pub(super) struct Move<'a> {
    pub(super) column: &'a str,
    pub(super) from: &'a DataType,
    pub(super) to: &'a DataType,
    pub(super) using: Option<&'a Expression>,
    pub(super) schema: &'a Schema,
}

impl Move<'_> {
    /// Whether the table must be rewritten.
    pub(super) fn rewrites(&self) -> bool {
        !self.keeps_value() || !self.is_free()
    }

    /// Whether indexes on the column compare as before.
    pub(super) fn keeps_order(&self) -> bool {
        operators(&base(self.from, self.schema).0) == operators(&base(self.to, self.schema).0)
    }

    /// `USING` with only the cast that PostgreSQL would apply without it.
    fn keeps_value(&self) -> bool {
        let Some(using) = self.using else { return true };
        let text = using.text.trim();
        let (value, cast) = match text.split_once("::") {
            Some((value, cast)) => (value, Some(cast)),
            None => (text, None),
        };
        let is_column = value
            .trim()
            .trim_matches('"')
            .eq_ignore_ascii_case(self.column);
        let same = |cast: &str| read(cast).is_some_and(|cast| cast == *self.to);
        using.calls.is_empty() && is_column && cast.is_none_or(same)
    }

    fn is_free(&self) -> bool {
        if self.from == self.to {
            return true;
        }
        let (from, _) = base(self.from, self.schema);
        let (to, constrained) = base(self.to, self.schema);
        if constrained {
            return false;
        }
        if from.array || to.array {
            let same = from.array && to.array && from.name == to.name;
            return same && (to.modifiers.is_empty() || to.modifiers == from.modifiers);
        }
        if from.name == to.name {
            return widens(&from, &to);
        }
        let known = RELABELLED.iter().find(|(name, _)| *name == from.name);
        let targets = known.map_or(&[] as &[&str], |(_, targets)| targets);
        targets.contains(&to.name.as_str()) && to.modifiers.is_empty()
    }
}

/// The type under its domains, and whether one of these checks values.
pub(super) fn base(data_type: &DataType, schema: &Schema) -> (DataType, bool) {
    let mut base = data_type.clone();
    let mut constrained = false;
    // A domain cannot be based on itself, but a broken history can say so.
    for _ in 0..16 {
        let Some(TypeKind::Domain(domain)) = schema.made_type(&base).map(|known| &known.kind)
        else {
            break;
        };
        if base.array {
            break;
        }
        constrained |= domain.not_null || !domain.constraints.is_empty();
        base = domain.data_type.clone();
    }
    (base, constrained)
}

/// Whether the files do not create this type, so that it may be a domain that checks values.
pub(super) fn may_check(data_type: &DataType, schema: &Schema) -> bool {
    let (base, constrained) = base(data_type, schema);
    let foreign = base.schema.as_ref().is_some_and(|of| {
        let name = crate::statement::Name {
            schema: of.clone(),
            name: base.name.clone(),
        };
        schema.exists(ObjectKind::Type, &name, None) == crate::schema::Answer::Unknown
            && schema.type_of(&name).is_none()
    });
    constrained || foreign && !base.array
}

fn operators(data_type: &DataType) -> (&str, bool) {
    let name = data_type.name.as_str();
    let shared = SAME_OPERATORS.iter().find(|(one, _)| *one == name);
    (shared.map_or(name, |(_, other)| other), data_type.array)
}

/// What the modifiers of a type limit, for the types whose length coercion PostgreSQL skips where it
/// changes nothing.
#[derive(Clone, Copy)]
enum Counts {
    Characters,
    Digits,
    Fractions,
    Units,
}

const COUNTED: &[(&str, Counts)] = &[
    ("character varying", Counts::Characters),
    ("bit varying", Counts::Characters),
    ("numeric", Counts::Digits),
    ("timestamp without time zone", Counts::Fractions),
    ("timestamp with time zone", Counts::Fractions),
    ("time without time zone", Counts::Fractions),
    ("time with time zone", Counts::Fractions),
    ("interval", Counts::Units),
];

/// Whether every value of one length fits into the other, for the same type.
fn widens(from: &DataType, to: &DataType) -> bool {
    if from.modifiers == to.modifiers && from.fields == to.fields {
        return true;
    }
    if to.modifiers.is_empty() && to.fields.is_none() {
        // Without a length, this type has the length 1.
        return to.name != "bit";
    }
    let number = |data_type: &DataType, at: usize| -> Option<i64> {
        data_type.modifiers.get(at)?.trim().parse().ok()
    };
    let longer = || {
        number(from, 0)
            .zip(number(to, 0))
            .is_some_and(|(from, to)| from <= to)
    };
    let counts = COUNTED.iter().find(|(name, _)| *name == to.name);
    match counts.map(|(_, counts)| counts) {
        None => false,
        Some(Counts::Characters) => longer(),
        Some(Counts::Digits) => {
            let scale = |data_type| number(data_type, 1).unwrap_or(0);
            longer() && scale(from) == scale(to)
        }
        Some(Counts::Fractions) => is_precise(from, to),
        Some(Counts::Units) => {
            let to_field = least_field(to.fields.as_deref());
            let from_field = least_field(from.fields.as_deref());
            to_field <= from_field && (from_field > 0 || is_precise(from, to))
        }
    }
}

/// Whether no digit of the seconds is lost; without a precision there are six.
fn is_precise(from: &DataType, to: &DataType) -> bool {
    let digits = |data_type: &DataType| -> u32 {
        let written = data_type.modifiers.first();
        written
            .and_then(|digits| digits.trim().parse().ok())
            .unwrap_or(6)
    };
    digits(from) <= digits(to)
}

/// The smallest unit of `day to second` and the like, seconds first.
fn least_field(fields: Option<&str>) -> usize {
    let units = ["second", "minute", "hour", "day", "month", "year"];
    let least = fields.and_then(|fields| {
        let last = fields.rsplit(' ').next()?;
        units.iter().position(|unit| last.starts_with(unit))
    });
    least.unwrap_or(0)
}

/// Reads a type from text with the grammar.
fn read(written: &str) -> Option<DataType> {
    let text = format!("ALTER TABLE t ALTER c TYPE {written}");
    let split = split(&text);
    let [raw] = split.statements.as_slice() else {
        return None;
    };
    let statement = lower(&text, raw, "");
    let [clause] = statement.clauses.as_slice() else {
        return None;
    };
    let Change::ColumnType {
        data_type,
        using: None,
        collation: None,
        ..
    } = &clause.change
    else {
        return None;
    };
    Some(data_type.clone())
}

/// Whether a type is this one, an array of it, or a domain based on it.
pub(super) fn is_made_of(
    data_type: &DataType,
    name: &crate::statement::Name,
    schema: &Schema,
) -> bool {
    let mut current = data_type.clone();
    for _ in 0..16 {
        let of = current.schema.as_deref();
        let is_own = || schema.own_name("").schema == name.schema;
        if current.name == name.name && of.map_or_else(is_own, |of| of == name.schema) {
            return true;
        }
        match schema.made_type(&current).map(|known| &known.kind) {
            Some(TypeKind::Domain(domain)) => current = domain.data_type.clone(),
            Some(TypeKind::Enum(_) | TypeKind::Composite(_) | TypeKind::Other) | None => break,
        }
    }
    false
}
