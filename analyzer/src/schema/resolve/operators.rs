//! Operators: the types of their results, and strings beside a value of a type.

use super::literals::refusal;
use super::{Kind, Path, Resolver, Why};
use crate::schema::Answer;
use crate::statement::{DataType, Name, ObjectKind, Operator, Value, ValueKind};

/// The types of extensions whose operators replace those of the types below them, and are not found
/// outside of the `search_path`.
const WITH_OPERATORS: [&str; 12] = [
    "citext",
    "cube",
    "geography",
    "geometry",
    "halfvec",
    "hstore",
    "lquery",
    "ltree",
    "ltxtquery",
    "seg",
    "sparsevec",
    "vector",
];

/// The types for which a string beside a comparison is read as the same type.
const COMPARED: [&str; 12] = [
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "double precision",
    "boolean",
    "uuid",
    "date",
    "timestamp with time zone",
    "timestamp without time zone",
    "interval",
    "inet",
];

impl Resolver<'_> {
    /// What an operator makes of its operands.
    pub(super) fn operands(
        &mut self,
        operator: &Operator,
        left: (Option<&Value>, Option<&Kind>),
        right: (&Value, &Kind),
    ) {
        for kind in [left.1, Some(right.1)].into_iter().flatten() {
            self.outside(operator, kind, right.0);
        }
        let comparisons = ["=", "<", ">", "<=", ">=", "<>", "!="];
        if !comparisons.contains(&operator.name.as_str()) {
            return;
        }
        if let (Some(Kind::Of(data_type)), ValueKind::Text(text)) = (left.1, &right.0.kind) {
            self.compared(data_type, text, right.0);
        }
        if let (
            Kind::Of(data_type),
            Some(Value {
                kind: ValueKind::Text(text),
                ..
            }),
        ) = (right.1, left.0)
        {
            self.compared(data_type, text, right.0);
        }
    }

    fn compared(&mut self, data_type: &DataType, text: &str, at: &Value) {
        let is_own = !data_type.is_built_in();
        let is_compared =
            !data_type.array && (is_own || COMPARED.contains(&data_type.name.as_str()));
        if is_compared {
            self.text(data_type, text, at);
        }
    }

    /// A string that is read as a value of the type.
    fn text(&mut self, data_type: &DataType, text: &str, at: &Value) {
        if let Some(words) = refusal(self.schema, data_type, text) {
            let why = Why::NoValue {
                text: text.to_owned(),
                data_type: data_type.clone(),
                words,
            };
            self.refuse(&at.span, why);
        }
    }

    /// An operator of another schema's type, which is not looked for there.
    fn outside(&mut self, operator: &Operator, kind: &Kind, at: &Value) {
        let Kind::Of(data_type) = kind else { return };
        let elsewhere = data_type
            .schema
            .as_ref()
            .is_some_and(|schema| *schema != self.schema.own);
        let is_known = WITH_OPERATORS.contains(&data_type.name.as_str()) && !data_type.array;
        if elsewhere && is_known && operator.schema.is_none() && self.path != Path::Unknown {
            let why = Why::Outside {
                operator: operator.name.clone(),
                data_type: data_type.clone(),
            };
            self.refuse(&at.span, why);
        }
    }

    /// A cast: the type is there, and a string is a value of it.
    pub(super) fn cast(&mut self, value: &Value, inner: &Value, data_type: &DataType) {
        if let ValueKind::Text(text) = &inner.kind {
            self.text(data_type, text, value);
        }
        let name = match (&data_type.schema, self.path) {
            (Some(schema), _) => Name {
                schema: schema.clone(),
                name: data_type.name.clone(),
            },
            (None, Path::Own) => self.schema.own_name(&data_type.name),
            (None, Path::Empty | Path::Unknown) => return,
        };
        let is_read = !data_type.name.is_empty() && !data_type.name.contains('%');
        if !is_read || data_type.is_built_in() || self.schema.kind_of(&name).is_some() {
            return;
        }
        if self.schema.exists(ObjectKind::Type, &name, None) == Answer::No {
            let guess = self.schema.guess(ObjectKind::Type, &name, None);
            self.refuse(&value.span, Why::NoType { name, guess });
        }
    }
}

/// Numbers from the narrowest to the widest, as PostgreSQL converts them without being asked.
const NUMBERS: [&str; 6] = [
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "real",
    "double precision",
];

fn rank(kind: &Kind) -> Option<usize> {
    NUMBERS.iter().position(|name| kind.is(name))
}

/// The type of two results of which one is chosen.
pub(super) fn chosen(left: Kind, right: Kind) -> Kind {
    match (&left, &right) {
        (Kind::Literal, _) => right,
        (_, Kind::Literal) => left,
        (_, _) if left == right => left,
        (Kind::Of(one), Kind::Of(other)) if bare(one) == bare(other) => Kind::Of(bare(one)),
        (_, _) => match (rank(&left), rank(&right)) {
            (Some(one), Some(two)) => Kind::named(NUMBERS.get(one.max(two)).unwrap_or(&"numeric")),
            (_, _) if is_text(&left) && is_text(&right) => Kind::named("text"),
            (_, _) => Kind::Unknown,
        },
    }
}

/// A type without its length.
fn bare(data_type: &DataType) -> DataType {
    DataType {
        modifiers: Vec::new(),
        ..data_type.clone()
    }
}

fn is_text(kind: &Kind) -> bool {
    kind.is("text") || kind.is("character varying")
}

/// The type of an operator's result.
pub(super) fn operated(left: Option<Kind>, operator: &Operator, right: Kind) -> Kind {
    if operator.compares() {
        return Kind::named("boolean");
    }
    let arithmetic = ["+", "-", "*", "/", "%"].contains(&operator.name.as_str());
    let Some(left) = left else {
        let number = rank(&right)
            .filter(|_| arithmetic)
            .and_then(|at| NUMBERS.get(at));
        return number.map_or(Kind::Unknown, |name| Kind::named(name));
    };
    match (rank(&left), rank(&right)) {
        // Two floats of different width, and a float with a whole number, are computed in the wider one.
        (Some(one), Some(two)) if arithmetic => {
            let widest = one.max(two);
            let mixes = one != two && widest == 4;
            let widest = if mixes { 5 } else { widest };
            Kind::named(NUMBERS.get(widest).unwrap_or(&"numeric"))
        }
        (_, _)
            if operator.name == "||"
                && is_text(&left)
                && (is_text(&right) || right == Kind::Literal) =>
        {
            Kind::named("text")
        }
        (_, _) if operator.name == "||" && left == Kind::Literal && is_text(&right) => {
            Kind::named("text")
        }
        (_, _) => Kind::Unknown,
    }
}
