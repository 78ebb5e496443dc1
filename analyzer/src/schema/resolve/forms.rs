//! What PostgreSQL refuses in a query although each name in it exists.

use std::ops::Range;

use super::candidates::meets;
use super::functions::is_of_windows;
use super::literals::refusal;
use super::operators::{chosen, spoken};
use super::{Kind, Resolver, Shape, Why};
use crate::schema::Answer;
use crate::statement::scope::PG_TEMP;
use crate::statement::{
    Branch, Called, Name, ObjectKind, Query, Selected, Value, ValueKind, is_aggregate,
};

/// A form that PostgreSQL refuses, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// What is written.
    pub(crate) what: String,
    /// PostgreSQL's reason, with its code in brackets.
    pub(crate) refused: &'static str,
    /// What to write instead.
    pub(crate) help: &'static str,
}

impl Resolver<'_> {
    pub(super) fn form(
        &mut self,
        span: &Range<usize>,
        what: String,
        refused: &'static str,
        help: &'static str,
    ) {
        if !span.is_empty() {
            let form = Form {
                what,
                refused,
                help,
            };
            self.refuse(span, Why::Form(Box::new(form)));
        }
    }

    /// A condition: its value is true or false.
    pub(crate) fn condition(&mut self, value: &Value, clause: &str) {
        let kind = self.value(value);
        self.settle(value, &Kind::named("boolean"));
        let Kind::Of(data_type) = &kind else { return };
        let is_other = data_type.is_built_in()
            && (data_type.array || data_type.name != "boolean")
            && !data_type.name.starts_with("any")
            && data_type.name != "record";
        if is_other {
            self.form(
                &value.span,
                format!("the condition of {clause} is a value of the type {data_type}"),
                "the argument of a condition must be type boolean (42804)",
                "compare the value with something, for example with `IS NOT NULL`",
            );
        }
    }

    /// `WHERE`.
    pub(super) fn filter(&mut self, value: &Value) {
        self.condition(value, "WHERE");
        let Some(call) = calls_of(value).into_iter().find(|call| aggregates(call)) else {
            return;
        };
        if self.is_catalogued(call) {
            let refused = match call.windowed {
                true => "window functions are not allowed in WHERE (42P20)",
                false => "aggregate functions are not allowed in WHERE (42803)",
            };
            self.form(
                &value.span,
                format!("WHERE calls {}()", call.name),
                refused,
                "write a condition on groups behind GROUP BY as HAVING, or put the query into FROM and filter its rows",
            );
        }
    }

    /// Whether the function is PostgreSQL's own and not the module's.
    pub(super) fn is_catalogued(&self, call: &Called) -> bool {
        let own = self.schema.own_name(&call.name);
        let of_catalogue = call.schema.as_deref().is_none_or(|it| it == "pg_catalog");
        of_catalogue && self.schema.routines(&own).is_empty() && self.path != super::Path::Unknown
    }

    /// A window function without `OVER`.
    pub(super) fn around_calls(&mut self, value: &Value, called: &Called) {
        let is_window = is_of_windows(&called.name) && !called.windowed && !called.open;
        if is_window && self.is_catalogued(called) {
            self.form(
                &value.span,
                format!("{}() has no OVER", called.name),
                "window function requires an OVER clause (42809)",
                "write `OVER (...)` behind the call, or `OVER ()` for all rows",
            );
        }
    }

    /// The name of a relation as a string: `'app.users_id_seq'`.
    pub(super) fn relation_text(&mut self, value: &Value) {
        let ValueKind::Text(text) = &value.kind else {
            return;
        };
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.".contains(c);
        if !text.chars().all(is_plain) || text.starts_with(|c: char| c.is_ascii_digit()) {
            return;
        }
        let lower = text.to_ascii_lowercase();
        let name = match (lower.split_once('.'), self.path) {
            (Some((schema, name)), _) if !name.contains('.') => Name {
                schema: schema.to_owned(),
                name: name.to_owned(),
            },
            (None, super::Path::Own) if !lower.starts_with("pg_") => self.schema.own_name(&lower),
            (_, _) => return,
        };
        let temporary = Name {
            schema: PG_TEMP.to_owned(),
            name: name.name.clone(),
        };
        let is_there = [&name, &temporary]
            .iter()
            .any(|name| self.schema.kind_of(name).is_some());
        if !is_there && self.schema.exists(ObjectKind::Table, &name, None) == Answer::No {
            self.form(
                &value.span,
                format!("there is no table, index or sequence {name}"),
                "relation does not exist (42P01). No earlier statement creates it",
                "create it in an earlier statement, or write the name of one that exists",
            );
        }
    }

    /// The values of `CASE` and `COALESCE`, of which one is chosen.
    pub(super) fn chosen(&mut self, name: &str, results: &[Value]) -> Kind {
        let kinds: Vec<Kind> = results.iter().map(|result| self.value(result)).collect();
        let mut known: Option<Kind> = None;
        for (kind, result) in kinds.iter().zip(results) {
            match &known {
                Some(first) if !meets(self.schema, first, kind) => {
                    let (one, other) = (spoken(first), spoken(kind));
                    self.form(
                        &result.span,
                        format!("{name} chooses between a value of {one} and one of {other}"),
                        "the types cannot be matched (42804)",
                        "cast the values to one type",
                    );
                    return Kind::Unknown;
                }
                None if matches!(kind, Kind::Of(_)) => known = Some(kind.clone()),
                Some(_) | None => {}
            }
        }
        let kind = kinds.into_iter().reduce(chosen).unwrap_or_default();
        for result in results {
            self.settle(result, &kind);
        }
        if let Kind::Of(data_type) = &kind {
            for result in results {
                if let ValueKind::Text(text) = &result.kind
                    && let Some(words) = refusal(self.schema, data_type, text)
                {
                    let why = Why::NoValue {
                        text: text.clone(),
                        data_type: data_type.clone(),
                        words,
                    };
                    self.refuse(&result.span, why);
                }
            }
        }
        kind
    }

    /// A number of rows.
    pub(super) fn limited(&mut self, value: &Value) {
        let bigint = Kind::named("bigint");
        self.settle(value, &bigint);
        if let (ValueKind::Text(text), Kind::Of(data_type)) = (&value.kind, bigint)
            && let Some(words) = refusal(self.schema, &data_type, text)
        {
            let text = text.clone();
            let why = Why::NoValue {
                text,
                data_type,
                words,
            };
            self.refuse(&value.span, why);
        }
    }

    /// The rows of `VALUES`.
    pub(super) fn agree_in_length(&mut self, rows: &[Vec<Value>]) {
        let width = rows.first().map_or(0, Vec::len);
        let other = rows.iter().find(|row| row.len() != width);
        // In a migration a rule says this of an INSERT.
        if let Some(first) = other.and_then(|row| row.first()).filter(|_| self.sends()) {
            self.form(
                &first.span,
                format!("this row of VALUES has another length than the first one, which has {width} values"),
                "VALUES lists must all be the same length (42601)",
                "write as many values in each row",
            );
        }
    }

    /// The operands of a `UNION`, and the rows of `VALUES`.
    pub(super) fn agree(&mut self, query: &Query, shapes: &[Shape]) {
        let (Some(of_first), Some((first, rest))) = (query.operands.first(), shapes.split_first())
        else {
            return;
        };
        for (operand, other) in query.operands.iter().skip(1).zip(rest) {
            let span = &place(operand);
            let (one, two) = (first.columns.len(), other.columns.len());
            if first.open || other.open {
                return;
            }
            if one != two {
                self.form(
                    span,
                    format!("this query has {two} columns, and the first one has {one}"),
                    "each query of a UNION, INTERSECT or EXCEPT must have the same number of columns (42601)",
                    "select as many columns in each of them",
                );
                return;
            }
            let pairs = first.columns.iter().zip(&other.columns).enumerate();
            let mut typed =
                pairs.filter(|(at, _)| !is_open(of_first, *at) && !is_open(operand, *at));
            if let Some((_, (mine, theirs))) =
                typed.find(|(_, (mine, theirs))| !meets(self.schema, &mine.1, &theirs.1))
            {
                let (one, two) = (spoken(&mine.1), spoken(&theirs.1));
                self.form(
                    span,
                    format!("a column of this query is {two}, and that of the first one is {one}"),
                    "the types of a UNION cannot be matched (42804)",
                    "cast one of them to the type of the other",
                );
                return;
            }
        }
    }
}

/// Whether the call makes one row of many, or looks at other rows.
pub(super) fn aggregates(call: &Called) -> bool {
    !call.special && (call.windowed || is_aggregate(&call.name))
}

/// The calls in a value, except those in its subqueries.
pub(super) fn calls_of(value: &Value) -> Vec<&Called> {
    let mut found = Vec::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        if let ValueKind::Called(called) = &value.kind {
            found.push(called.as_ref());
        }
        waiting.extend(value.inner());
    }
    found
}

/// How many columns a query has that is written as a value; `None` if that is not known.
pub(super) fn subquery_columns(value: &Value) -> Option<usize> {
    let ValueKind::Query(query) = &value.kind else {
        return None;
    };
    let targets = &query.first()?.targets;
    let is_all = |target: &Selected| match target.value.as_ref() {
        Some(value) => matches!(&value.kind, ValueKind::Column(column) if column.all),
        None => true,
    };
    (!targets.is_empty() && !targets.iter().any(is_all)).then_some(targets.len())
}

/// Whether a column of an operand may be a string without a type or `NULL`, which takes another type.
fn is_open(operand: &Branch, at: usize) -> bool {
    match operand {
        Branch::Select(select) => {
            let is_star = |one: &Selected| {
                one.value.as_ref().is_none_or(
                    |value| matches!(&value.kind, ValueKind::Column(column) if column.all),
                )
            };
            let value = select.targets.get(at).and_then(|one| one.value.as_ref());
            let is_literal = value.is_none_or(|value| {
                matches!(
                    value.kind,
                    ValueKind::Text(_) | ValueKind::Null | ValueKind::Parameter(_)
                )
            });
            is_literal || select.targets.iter().any(is_star)
        }
        Branch::Query(query) => query.operands.iter().any(|one| is_open(one, at)),
        Branch::Values(_) | Branch::Table(_) => false,
    }
}

/// The place of an operand, for a message.
pub(super) fn place(operand: &Branch) -> Range<usize> {
    let found = match operand {
        Branch::Select(select) => {
            let values = select.targets.iter().filter_map(|one| one.value.as_ref());
            let mut spans = values.map(|value| value.span.clone());
            spans.next()
        }
        Branch::Values(rows) => {
            let first = rows.first().and_then(|row| row.first());
            first.map(|value| value.span.clone())
        }
        Branch::Table(source) => Some(source.span.clone()),
        Branch::Query(query) => query.operands.first().map(place),
    };
    found.unwrap_or_default()
}
