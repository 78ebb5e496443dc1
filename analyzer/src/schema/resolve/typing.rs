//! The types of values, as far as they are certain.

use super::candidates::{self, Chosen};
use super::functions::{self, Known};
use super::operators::{self, spoken};
use super::{Kind, Path, Resolver, Why};
use crate::schema::Answer;
use crate::schema::extension::is_catalogued;
use crate::statement::{Called, DataType, Name, ObjectKind, Value, ValueKind};

impl Resolver<'_> {
    /// The type of a value; what PostgreSQL refuses in it is noted.
    pub(crate) fn value(&mut self, value: &Value) -> Kind {
        match &value.kind {
            ValueKind::Text(_) | ValueKind::Null => Kind::Literal,
            ValueKind::Number(number) => Kind::named(number_type(number)),
            ValueKind::Boolean(_) => Kind::named("boolean"),
            ValueKind::Default => Kind::Unknown,
            ValueKind::Parameter(number) => self.parameter_kind(*number),
            ValueKind::Column(column) => {
                for inner in &column.inside {
                    self.value(inner);
                }
                self.column(value, column)
            }
            ValueKind::Cast(inner, data_type) => {
                self.value(inner);
                self.settle(inner, &Kind::Of(data_type.clone()));
                self.settle_fields(inner, data_type);
                self.cast(value, inner, data_type);
                match data_type.name.is_empty() {
                    true => Kind::Unknown,
                    false => Kind::Of(data_type.clone()),
                }
            }
            ValueKind::Called(called) => self.called(value, called),
            ValueKind::Choice {
                conditions,
                results,
                name,
                ..
            } => {
                for condition in conditions {
                    self.value(condition);
                }
                self.chosen(name, results)
            }
            ValueKind::Query(query) => {
                let shape = self.query(query);
                let mut columns = shape.columns.into_iter();
                match (columns.next(), columns.next()) {
                    (Some((_, kind)), None) if !shape.open => kind,
                    (_, _) => Kind::Unknown,
                }
            }
            ValueKind::Operation { first, rest } => {
                let mut left = first.as_deref();
                let mut kind = left.map(|first| self.value(first));
                for (operator, right) in rest {
                    let found = self.value(right);
                    self.operands(operator, (left, kind.as_ref()), (right, &found));
                    kind = Some(self.operated(kind, operator, found));
                    left = None;
                }
                kind.unwrap_or_default()
            }
            ValueKind::Compared(first, others) => {
                let kind = self.value(first);
                for (operator, other) in others {
                    let found = self.value(other);
                    self.operands(operator, (Some(first), Some(&kind)), (other, &found));
                }
                Kind::named("boolean")
            }
            ValueKind::Test(test, values) => {
                let kinds: Vec<Kind> = values.iter().map(|inner| self.value(inner)).collect();
                self.tested(*test, values, &kinds);
                Kind::named("boolean")
            }
            ValueKind::Other(values) => {
                for inner in values {
                    self.value(inner);
                }
                Kind::Unknown
            }
        }
    }

    fn called(&mut self, value: &Value, called: &Called) -> Kind {
        let kinds: Vec<Kind> = called.arguments.iter().map(|one| self.value(one)).collect();
        for around in &called.around {
            self.value(around);
        }
        if called.special {
            // What is in the parentheses of some forms is one value here.
            let inside = inside(&called.arguments);
            let kinds: Vec<Kind> = match inside.len() == kinds.len() {
                true => kinds,
                false => inside.iter().map(|one| self.value(one)).collect(),
            };
            if called.name == "array" && self.sends() {
                return self.array(&called.arguments);
            }
            if called.name == "nullif" {
                self.equal(&inside, &kinds);
                return operators::compared_as(self, kinds.first());
            }
            return special(&called.name, &kinds);
        }
        let own = match (&called.schema, self.path) {
            (Some(schema), _) if schema == "pg_catalog" => None,
            (Some(schema), _) => Some(Name {
                schema: schema.clone(),
                name: called.name.clone(),
            }),
            (None, Path::Own) => Some(self.schema.own_name(&called.name)),
            (None, Path::Empty | Path::Unknown) => None,
        };
        let is_own = own
            .as_ref()
            .is_some_and(|own| !self.schema.routines(own).is_empty());
        let of_catalogue = called
            .schema
            .as_deref()
            .is_none_or(|schema| schema == "pg_catalog");
        let arguments = called.arguments.len();
        if let Some(known) = functions::known(&called.name).filter(|_| of_catalogue) {
            if is_own {
                return Kind::Unknown;
            }
            if let ("nextval" | "currval" | "setval", Some(first)) =
                (called.name.as_str(), called.arguments.first())
            {
                self.relation_text(first);
            }
            let why = self.refused_by(called, &known);
            match why {
                Some(why) if !self.may_be_other(called, &kinds, own.as_ref()) => {
                    self.refuse(&value.span, why);
                }
                Some(_) | None => {}
            }
            let chosen = self.signature(value, called, &kinds);
            self.passed(called, &kinds);
            return match (known.result(arguments, &kinds), chosen) {
                (Kind::Unknown, Chosen::Taken(Kind::Unknown) | Chosen::Unknown) => {
                    polymorphic(&called.name, &kinds)
                }
                (Kind::Unknown, Chosen::Taken(kind)) => kind,
                (kind, _) => kind,
            };
        }
        if is_own {
            return own.map_or(Kind::Unknown, |own| self.returned(value, called, &own));
        }
        if !self.may_be_other(called, &kinds, own.as_ref()) {
            let name = own.filter(|_| called.schema.is_some());
            let shown = name
                .as_ref()
                .map_or_else(|| called.name.clone(), ToString::to_string);
            let guess = match &name {
                Some(name) => self.schema.guess(ObjectKind::Function, name, None),
                None => self.similar(&called.name),
            };
            let why = Why::NoFunction { name: shown, guess };
            self.refuse(&value.span, why);
        }
        Kind::Unknown
    }

    /// `ARRAY[...]` and `ARRAY (SELECT ...)`: an array of what they all are.
    fn array(&mut self, elements: &[Value]) -> Kind {
        let is_nested = |one: &Value| matches!(one.kind, ValueKind::Other(_));
        if elements.iter().any(is_nested) {
            return Kind::Unknown;
        }
        match self.chosen("ARRAY", elements) {
            Kind::Of(data_type) => Kind::Of(DataType {
                array: true,
                modifiers: Vec::new(),
                ..data_type
            }),
            Kind::Unknown | Kind::Literal | Kind::Row => Kind::Unknown,
        }
    }

    /// What the types of the arguments say of a function of `pg_catalog`.
    fn signature(&mut self, value: &Value, called: &Called, kinds: &[Kind]) -> Chosen {
        if called.open || called.special || self.path == Path::Unknown {
            return Chosen::Unknown;
        }
        self.around_calls(value, called);
        let chosen = candidates::function(self.schema, &called.name, kinds);
        let is_arity =
            functions::known(&called.name).is_some_and(|known| known.since(kinds.len()).is_some());
        if chosen == Chosen::Refused && is_arity {
            let types: Vec<String> = kinds.iter().map(spoken).collect();
            let call = format!("{}({})", called.name, types.join(", "));
            self.form(
                &value.span,
                format!("there is no function {call}"),
                "function does not exist (42883): there is one of this name for values of other types",
                "cast the arguments to types that the function takes",
            );
        }
        chosen
    }

    /// Why PostgreSQL's own functions of this name do not fit the call.
    fn refused_by(&self, called: &Called, known: &Known) -> Option<Why> {
        if called.open {
            let version = known.first_version();
            let name = called.name.clone();
            return (version > self.min_pg).then_some(Why::Newer { name, version });
        }
        let arguments = called.arguments.len();
        let name = called.name.clone();
        // In FROM it has a form of its own, with any number of arrays.
        if name == "unnest" && arguments > 1 {
            return None;
        }
        match known.since(arguments) {
            Some(version) if version > self.min_pg => Some(Why::Newer { name, version }),
            Some(_) => None,
            None => Some(Why::NoArity { name, arguments }),
        }
    }

    /// Whether the call may mean what is not known here: a function of another schema or of an extension,
    /// a cast that is written as a call, a field that is.
    fn may_be_other(&self, called: &Called, kinds: &[Kind], own: Option<&Name>) -> bool {
        if is_catalogued(&called.name) {
            return true;
        }
        let is_type = |name: &str| {
            let data_type = DataType {
                name: name.to_owned(),
                ..DataType::default()
            };
            data_type.is_built_in() || self.schema.type_of(&self.schema.own_name(name)).is_some()
        };
        let is_cast = match kinds {
            [Kind::Row | Kind::Unknown] => true,
            [Kind::Of(data_type)] if !data_type.is_built_in() => true,
            [_] => {
                is_type(&called.name) || own.is_some_and(|own| self.schema.type_of(own).is_some())
            }
            [] | [_, ..] => false,
        };
        let may_exist = own.is_some_and(|own| {
            self.schema.exists(ObjectKind::Function, own, None) != Answer::No
                || own.schema != self.schema.own
        });
        // A function exists before its body is read.
        let is_itself = self
            .function
            .is_some_and(|function| own == Some(&function.routine));
        is_itself || is_cast || may_exist || self.path == Path::Unknown && called.schema.is_none()
    }

    fn similar(&self, name: &str) -> Option<String> {
        let own = self
            .schema
            .guess(ObjectKind::Function, &self.schema.own_name(name), None);
        own.filter(|_| self.path == Path::Own)
            .or_else(|| functions::similar(name).map(str::to_owned))
    }

    /// What a routine of the module returns.
    fn returned(&mut self, value: &Value, called: &Called, own: &Name) -> Kind {
        let overloads = self.schema.routines(own);
        if overloads.iter().any(|one| one.created.is_none()) {
            return Kind::Unknown;
        }
        let arguments = called.arguments.len();
        let fits = overloads.iter().filter_map(|one| one.created.as_deref());
        let mut fits = fits.filter(|one| one.takes(arguments));
        let found = (fits.next(), fits.next());
        let certain = self.schema.exists(ObjectKind::Function, own, None) == Answer::Yes;
        match found {
            (None, _) if certain && !called.open => {
                let name = own.to_string();
                self.refuse(&value.span, Why::NoArity { name, arguments });
                Kind::Unknown
            }
            (Some(only), None) if overloads.len() == 1 => {
                let only = only.clone();
                self.passed_own(called, &only);
                match &only.returns {
                    Some(returns)
                        if !returns.set
                            && !returns.name.contains('%')
                            && !returns.name.starts_with("any") =>
                    {
                        // What a function returns has no length.
                        let modifiers = Vec::new();
                        Kind::Of(DataType {
                            modifiers,
                            ..returns.clone()
                        })
                    }
                    Some(_) | None => Kind::Unknown,
                }
            }
            (_, _) => Kind::Unknown,
        }
    }
}

fn number_type(number: &str) -> &'static str {
    let plain = number.replace('_', "");
    match plain.parse::<i128>() {
        Ok(value) if i32::try_from(value).is_ok() => "integer",
        Ok(value) if i64::try_from(value).is_ok() => "bigint",
        Ok(_) => "numeric",
        Err(_) if plain.starts_with("0x") || plain.starts_with("0b") || plain.starts_with("0o") => {
            "integer"
        }
        Err(_) => "numeric",
    }
}

/// The values in parentheses, also where they are one value.
fn inside(arguments: &[Value]) -> Vec<&Value> {
    match arguments {
        [
            Value {
                kind: ValueKind::Other(values),
                ..
            },
        ] => values.iter().collect(),
        values => values.iter().collect(),
    }
}

/// The results of functions that return what they are given, or an array of it.
fn polymorphic(name: &str, kinds: &[Kind]) -> Kind {
    let Some(Kind::Of(first)) = kinds.first() else {
        return Kind::Unknown;
    };
    let plain = DataType {
        modifiers: Vec::new(),
        ..first.clone()
    };
    let of = |array: bool| {
        Kind::Of(DataType {
            array,
            ..plain.clone()
        })
    };
    match (name, first.array) {
        ("array_agg", false) => of(true),
        ("unnest", true) => of(false),
        ("array_append" | "array_remove" | "array_cat" | "array_replace", true) => of(true),
        ("lag" | "lead" | "first_value" | "last_value" | "nth_value" | "any_value", _) => {
            Kind::Of(plain)
        }
        (_, _) => Kind::Unknown,
    }
}

/// The types of calls with a syntax of their own.
fn special(name: &str, kinds: &[Kind]) -> Kind {
    let results = [
        ("current_date", "date"),
        ("current_time", "time with time zone"),
        ("current_timestamp", "timestamp with time zone"),
        ("localtime", "time without time zone"),
        ("localtimestamp", "timestamp without time zone"),
        ("current_role", "name"),
        ("current_user", "name"),
        ("session_user", "name"),
        ("user", "name"),
        ("current_catalog", "name"),
        ("current_schema", "name"),
        ("extract", "numeric"),
        ("exists", "boolean"),
        ("grouping", "integer"),
        ("position", "integer"),
        ("normalize", "text"),
    ];
    let known = results.iter().find(|(one, _)| *one == name);
    let is_string = |kind: &Kind| kind.is("text") || kind.is("character varying");
    match (known, name, kinds) {
        (Some((_, result)), _, _) => Kind::named(result),
        (None, "substring" | "overlay", [first, ..]) if is_string(first) => Kind::named("text"),
        (None, _, _) => Kind::Unknown,
    }
}
