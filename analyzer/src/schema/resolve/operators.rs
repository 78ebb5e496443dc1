//! Operators: the types of their results, and strings beside a value of a type.

use super::candidates::{self, Chosen};
use super::forms::subquery_columns;
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

/// The operators that no known extension has for types of `pg_catalog`.
const JUDGED: [&str; 21] = [
    "=", "<", ">", "<=", ">=", "<>", "!=", "+", "-", "*", "/", "||", "~~", "!~~", "~~*", "!~~*",
    "~", "!~", "~*", "!~*", "->>",
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
        self.counted(left.1, right.0);
        if let Some(first) = left.0 {
            self.counted(Some(right.1), first);
        }
        self.taken(operator, left.1, right);
        self.beside_operator(operator, left, right);
        if let (Some(Kind::Of(data_type)), ValueKind::Text(text)) = (left.1, &right.0.kind) {
            self.compared(operator, data_type, text, right.0);
        }
        if let (
            Kind::Of(data_type),
            Some(Value {
                kind: ValueKind::Text(text),
                ..
            }),
        ) = (right.1, left.0)
        {
            self.compared(operator, data_type, text, right.0);
        }
    }

    /// A string beside a value of a type is read as the same type, if there is an operator for two of them.
    fn compared(&mut self, operator: &Operator, data_type: &DataType, text: &str, at: &Value) {
        let name = operator.name.as_str();
        let compares = ["=", "<", ">", "<=", ">=", "<>", "!="].contains(&name);
        let contains = ["@>", "<@", "&&"].contains(&name);
        let of = data_type.name.as_str();
        let is_read = match (data_type.is_built_in(), data_type.array) {
            (true, true) => compares || contains,
            (true, false) if COMPARED.contains(&of) => {
                compares || ["+", "-", "*", "/", "%"].contains(&name) && candidates::pairs(name, of)
            }
            (true, false) => of == "jsonb" && (compares || contains && name != "&&"),
            (false, is_array) => compares && !is_array,
        };
        if is_read && operator.schema.is_none() {
            self.text(data_type, text, at);
        }
    }

    /// Whether PostgreSQL has the operator for values of these types.
    fn taken(&mut self, operator: &Operator, left: Option<&Kind>, right: (&Value, &Kind)) {
        let name = operator.name.as_str();
        let Some(left) = left.filter(|_| JUDGED.contains(&name)) else {
            return;
        };
        // An operator in another schema is not one of these.
        if operator.schema.is_some() || self.path == Path::Unknown {
            return;
        }
        if self.operator(operator, left, right.1) == Chosen::Refused {
            let (one, other) = (spoken(left), spoken(right.1));
            self.form(
                &right.0.span,
                format!("there is no operator {one} {name} {other}"),
                "operator does not exist (42883)",
                "cast one side to the type of the other, or compare with another column",
            );
        }
    }

    fn operator(&self, operator: &Operator, left: &Kind, right: &Kind) -> Chosen {
        // PostgreSQL reads the one as the other.
        let name = if operator.name == "!=" {
            "<>"
        } else {
            &operator.name
        };
        candidates::operator(self.schema, name, &[left, right])
    }

    /// The type of an operator's result.
    pub(super) fn operated(&self, left: Option<Kind>, operator: &Operator, right: Kind) -> Kind {
        let known = operated(left.as_ref(), operator, &right);
        let Some(left) = left.filter(|_| known == Kind::Unknown && operator.schema.is_none())
        else {
            return known;
        };
        match self.operator(operator, &left, &right) {
            Chosen::Taken(kind) if self.path != Path::Unknown => kind,
            Chosen::Taken(_) | Chosen::Refused | Chosen::Unknown => Kind::Unknown,
        }
    }

    /// A query with several columns beside one value.
    fn counted(&mut self, left: Option<&Kind>, right: &Value) {
        let is_one = matches!(left, Some(Kind::Of(data_type)) if data_type.is_built_in());
        if let Some(columns) = subquery_columns(right).filter(|columns| is_one && *columns != 1) {
            self.form(
                &right.span,
                format!("one value is compared with a query of {columns} columns"),
                "subquery has too many columns (42601)",
                "let the query return one column, or compare a row: `(a, b) IN (SELECT a, b ...)`",
            );
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
            if data_type.schema.is_none() && data_type.name == "regclass" && !data_type.array {
                self.relation_text(inner);
            }
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
            // Each becomes the other, so the first one decides.
            (_, _) if is_text(&left) && is_text(&right) => without_length(left),
            (_, _) => Kind::Unknown,
        },
    }
}

fn without_length(kind: Kind) -> Kind {
    match kind {
        Kind::Of(data_type) => Kind::Of(bare(&data_type)),
        Kind::Unknown | Kind::Literal | Kind::Row => kind,
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

/// The type as which a value is compared with another of the same.
pub(super) fn compared_as(resolver: &Resolver<'_>, kind: Option<&Kind>) -> Kind {
    let Some(kind @ Kind::Of(_)) = kind else {
        return Kind::Unknown;
    };
    candidates::beside(resolver.schema, "=", [kind, &Kind::Literal]).unwrap_or_default()
}

/// The type in a message.
pub(super) fn spoken(kind: &Kind) -> String {
    match kind {
        Kind::Of(data_type) => data_type.to_string(),
        Kind::Literal | Kind::Unknown | Kind::Row => "unknown".to_owned(),
    }
}

/// The type of the result of the most common operators.
fn operated(left: Option<&Kind>, operator: &Operator, right: &Kind) -> Kind {
    if operator.compares() {
        return Kind::named("boolean");
    }
    let arithmetic = ["+", "-", "*", "/", "%"].contains(&operator.name.as_str());
    let Some(left) = left else {
        let number = rank(right)
            .filter(|_| arithmetic)
            .and_then(|at| NUMBERS.get(at));
        return number.map_or(Kind::Unknown, |name| Kind::named(name));
    };
    match (rank(left), rank(right)) {
        // Two floats of different width, and a float with a whole number, are computed in the wider one.
        (Some(one), Some(two)) if arithmetic => {
            let widest = one.max(two);
            let mixes = one != two && widest == 4;
            let widest = if mixes { 5 } else { widest };
            Kind::named(NUMBERS.get(widest).unwrap_or(&"numeric"))
        }
        (_, _)
            if operator.name == "||"
                && is_text(left)
                && (is_text(right) || *right == Kind::Literal) =>
        {
            Kind::named("text")
        }
        (_, _)
            if operator.name == "||"
                && *left == Kind::Literal
                && (is_text(right) || *right == Kind::Literal) =>
        {
            Kind::named("text")
        }
        (_, _) => Kind::Unknown,
    }
}
