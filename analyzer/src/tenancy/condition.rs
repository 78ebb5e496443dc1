//! Evaluates a condition in a situation.

use super::can::Truth;
use super::judge::Judge;
use super::scope::Scope;
use super::situation::Session;
use super::term::{Term, compared, distinct, sign};
use crate::schema::Routine;
use crate::statement::{Branch, Called, Name, Operator, Query, Test, Value, ValueKind, Volatility};

/// How many functions are looked into, one inside of the other.
const DEPTH: usize = 8;

impl<'a> Judge<'a> {
    /// Whether a condition can be true, false or null.
    pub(super) fn condition(&self, value: &'a Value, scope: &Scope<'a>) -> Truth {
        match &value.kind {
            ValueKind::Boolean(is) => Truth::of(*is),
            ValueKind::Test(test, values) => self.test(value, *test, values, scope),
            ValueKind::Operation {
                first: Some(first),
                rest,
            } => match rest.as_slice() {
                [(operator, other)] => self.comparison(first, operator, other, scope),
                _ => Truth::unknown(&scope.text(value)),
            },
            ValueKind::Compared(first, others) => self.list(value, first, others, scope),
            ValueKind::Called(called) if called.special && called.name == "exists" => {
                match called.arguments.first().map(|argument| &argument.kind) {
                    Some(ValueKind::Query(query)) => self.exists(value, query, None, scope),
                    Some(_) | None => Truth::unknown(&scope.text(value)),
                }
            }
            ValueKind::Called(called) => match self.inlined(called, scope) {
                Some(Inlined::Value(inner, scope)) => self.condition(inner, &scope),
                Some(Inlined::Constant(term)) => term.truth(),
                None => self.term(value, scope).truth(),
            },
            ValueKind::Query(query) => match alone(query) {
                Some(inner) => self.condition(inner, scope),
                None => Truth::unknown(&scope.text(value)),
            },
            ValueKind::Cast(inner, _) if is_condition(inner) => self.condition(inner, scope),
            ValueKind::Choice {
                conditions,
                results,
                name,
                has_else,
            } => self.choice(value, (conditions, results), (name, *has_else), scope),
            ValueKind::Text(_)
            | ValueKind::Number(_)
            | ValueKind::Null
            | ValueKind::Default
            | ValueKind::Column(_)
            | ValueKind::Cast(..)
            | ValueKind::Operation { .. }
            | ValueKind::Parameter(_)
            | ValueKind::Other(_) => self.term(value, scope).truth(),
        }
    }

    fn test(&self, value: &'a Value, test: Test, values: &'a [Value], scope: &Scope<'a>) -> Truth {
        let all = || values.iter().map(|one| self.condition(one, scope));
        let first = values.first();
        match (test, first) {
            (Test::And, _) => all().reduce(Truth::and).unwrap_or_else(|| Truth::of(true)),
            (Test::Or, _) => all().reduce(Truth::or).unwrap_or_else(|| Truth::of(false)),
            (Test::Not, Some(one)) => self.condition(one, scope).not(),
            (Test::Null { negated }, Some(one)) => {
                let is_null = match is_condition(one) {
                    true => self.condition(one, scope).nullness(),
                    false => self.term(one, scope).nullness(),
                };
                if negated { is_null.not() } else { is_null }
            }
            (Test::Truth { of, negated }, Some(one)) => {
                let is = self.condition(one, scope).is(of);
                if negated { is.not() } else { is }
            }
            (Test::Distinct { negated }, Some(one)) => {
                let Some(other) = values.get(1) else {
                    return Truth::unknown(&scope.text(value));
                };
                let is = distinct(&self.term(one, scope), &self.term(other, scope));
                if negated { is.not() } else { is }
            }
            (
                Test::Not
                | Test::Null { .. }
                | Test::Truth { .. }
                | Test::Distinct { .. }
                | Test::Other,
                _,
            ) => Truth::unknown(&scope.text(value)),
        }
    }

    /// `IN`, `NOT IN`, `LIKE`; `BETWEEN` is not looked into.
    fn list(
        &self,
        value: &'a Value,
        first: &'a Value,
        others: &'a [(Operator, Value)],
        scope: &Scope<'a>,
    ) -> Truth {
        let is_all = |name: &str| others.iter().all(|(operator, _)| operator.name == name);
        let each = others
            .iter()
            .map(|(operator, other)| self.comparison(first, operator, other, scope));
        let known = match others.len() {
            1 => each.reduce(Truth::and),
            _ if is_all("=") => each.reduce(Truth::or),
            _ if is_all("<>") => each.reduce(Truth::and),
            _ => None,
        };
        known.unwrap_or_else(|| Truth::unknown(&scope.text(value)))
    }

    fn comparison(
        &self,
        one: &'a Value,
        operator: &'a Operator,
        other: &'a Value,
        scope: &Scope<'a>,
    ) -> Truth {
        let Some(sign) = sign(operator) else {
            return Truth::unknown(&format!("{} {}", scope.text(one), operator.name));
        };
        if let ValueKind::Called(any) = &other.kind
            && any.special
            && any.name == "any"
        {
            return self.any(one, (sign, any), other, scope);
        }
        for (query, value, with) in [(other, other, one), (one, one, other)] {
            if let ValueKind::Query(query) = &query.kind
                && alone(query).is_none()
            {
                return match sign {
                    "=" => self.exists(value, query, Some(&self.term(with, scope)), scope),
                    _ => Truth::unknown(&scope.text(value)),
                };
            }
        }
        if is_condition(one) || is_condition(other) {
            return Truth::unknown(&scope.text(one));
        }
        compared(&self.term(one, scope), sign, &self.term(other, scope))
    }

    /// `= ANY (SELECT ...)`, `= ANY (ARRAY[...])`.
    fn any(
        &self,
        one: &'a Value,
        (sign, any): (&str, &'a Called),
        value: &'a Value,
        scope: &Scope<'a>,
    ) -> Truth {
        match (any.arguments.as_slice(), sign) {
            ([only], sign) => match &only.kind {
                ValueKind::Query(query) if sign == "=" => {
                    self.exists(value, query, Some(&self.term(one, scope)), scope)
                }
                ValueKind::Called(array) if array.special && array.name == "array" => {
                    let first = self.term(one, scope);
                    let each = { array.arguments.iter() }
                        .map(|each| compared(&first, sign, &self.term(each, scope)));
                    each.reduce(Truth::or).unwrap_or_else(|| Truth::of(false))
                }
                _ => Truth::unknown(&scope.text(value)),
            },
            _ => Truth::unknown(&scope.text(value)),
        }
    }

    fn choice(
        &self,
        value: &'a Value,
        (conditions, results): (&'a [Value], &'a [Value]),
        (name, has_else): (&str, bool),
        scope: &Scope<'a>,
    ) -> Truth {
        let result = |at: usize| results.get(at).map(|one| self.condition(one, scope));
        if name == "coalesce" {
            let each = results.iter().map(|one| self.condition(one, scope));
            return each
                .rev()
                .reduce(|rest, one| one.or_else(rest))
                .unwrap_or_else(Truth::null);
        }
        if name != "case" || conditions.len() + usize::from(has_else) != results.len() {
            return Truth::unknown(&scope.text(value));
        }
        let last = match has_else {
            true => result(conditions.len()),
            false => Some(Truth::null()),
        };
        let mut answer = last.unwrap_or_else(Truth::null);
        for (at, condition) in conditions.iter().enumerate().rev() {
            let Some(then) = result(at) else {
                continue;
            };
            let when = self.condition(condition, scope);
            let otherwise = when.is_false.clone().or(when.is_null.clone());
            answer = Truth {
                is_true: when
                    .is_true
                    .clone()
                    .and(then.is_true)
                    .or(otherwise.clone().and(answer.is_true)),
                is_false: when
                    .is_true
                    .clone()
                    .and(then.is_false)
                    .or(otherwise.clone().and(answer.is_false)),
                is_null: when
                    .is_true
                    .and(then.is_null)
                    .or(otherwise.and(answer.is_null)),
            };
        }
        answer
    }

    /// The value of an expression.
    pub(super) fn term(&self, value: &'a Value, scope: &Scope<'a>) -> Term {
        let unknown = || Term::Unknown(scope.text(value));
        match &value.kind {
            ValueKind::Text(text) => Term::of_text(text),
            ValueKind::Number(text) => Term::Constant(text.clone()),
            ValueKind::Boolean(is) => Term::Constant(is.to_string()),
            ValueKind::Null => Term::Null,
            ValueKind::Column(column) => scope.column(value, column, self.tenancy),
            ValueKind::Cast(inner, to) => self.term(inner, scope).cast(to, scope.text(value)),
            ValueKind::Query(query) => {
                alone(query).map_or_else(unknown, |inner| self.term(inner, scope))
            }
            ValueKind::Choice { results, name, .. } if *name == "coalesce" => {
                self.first_of(value, results, scope)
            }
            ValueKind::Called(called) => self.called(value, called, scope),
            ValueKind::Default
            | ValueKind::Choice { .. }
            | ValueKind::Operation { .. }
            | ValueKind::Compared(..)
            | ValueKind::Test(..)
            | ValueKind::Parameter(_)
            | ValueKind::Other(_) => unknown(),
        }
    }

    /// `COALESCE`.
    fn first_of(&self, value: &'a Value, results: &'a [Value], scope: &Scope<'a>) -> Term {
        for result in results {
            match self.term(result, scope) {
                Term::Null => {}
                Term::Free(_) if results.len() > 1 => return Term::Free(scope.text(value)),
                other => return other,
            }
        }
        Term::Null
    }

    fn called(&self, value: &'a Value, called: &'a Called, scope: &Scope<'a>) -> Term {
        let argument = |at: usize| called.arguments.get(at);
        if called.special && called.name == "nullif" {
            return self.null_if(value, called, scope);
        }
        let is_own = { called.schema.as_deref() }.is_none_or(|schema| schema == "pg_catalog");
        if is_own && called.name == "current_setting" {
            let may_miss = argument(1).is_some_and(is_written_true);
            return match argument(0).map(|one| &one.kind) {
                Some(ValueKind::Text(name)) => self.setting(name, may_miss, scope),
                Some(_) | None => Term::Unknown(scope.text(value)),
            };
        }
        match self.inlined(called, scope) {
            Some(Inlined::Value(inner, scope)) => self.term(inner, &scope),
            Some(Inlined::Constant(term)) => term,
            None => Term::Unknown(scope.text(value)),
        }
    }

    /// `NULLIF`, whose arguments are read as one group.
    fn null_if(&self, value: &'a Value, called: &'a Called, scope: &Scope<'a>) -> Term {
        let arguments = match called.arguments.as_slice() {
            [only] => match &only.kind {
                ValueKind::Other(values) => values.as_slice(),
                _ => &[],
            },
            arguments => arguments,
        };
        match arguments {
            [one, other] => self.term(one, scope).null_if(&self.term(other, scope)),
            _ => Term::Unknown(scope.text(value)),
        }
    }

    fn setting(&self, name: &str, may_miss: bool, scope: &Scope<'a>) -> Term {
        if name.to_lowercase() != self.tenancy.setting {
            return Term::Free(format!("the setting {name}"));
        }
        match scope.session {
            Session::Tenant => Term::Session,
            Session::Empty => Term::Empty,
            Session::Unset if may_miss => Term::Null,
            Session::Unset => Term::Error,
        }
    }

    /// The expression that a function of the module stands for, with its arguments.
    fn inlined(&self, called: &'a Called, scope: &Scope<'a>) -> Option<Inlined<'a>> {
        let name = Name {
            schema: called
                .schema
                .clone()
                .unwrap_or_else(|| self.schema.owned().to_owned()),
            name: called.name.clone(),
        };
        let [routine] = self.schema.routines(&name) else {
            return None;
        };
        let is_kept = routine.volatility == Volatility::Immutable
            && self
                .schema
                .reached(&name)
                .reads
                .contains(&self.tenancy.setting);
        if is_kept {
            let what = format!("a plan keeps what {name} returned first, because it is IMMUTABLE");
            return Some(Inlined::Constant(Term::Free(what)));
        }
        let result = routine.result.as_ref()?;
        let mut settings = routine.settings.iter();
        let sets_tenant = settings.any(|one| one.name == self.tenancy.setting);
        if scope.depth >= DEPTH || called.open || sets_tenant {
            return None;
        }
        let scope = Scope {
            session: scope.session,
            expression: result,
            bound: Vec::new(),
            arguments: self.arguments(routine, called, scope),
            asked: scope.asked.clone(),
            depth: scope.depth + 1,
            as_owner: scope.as_owner || routine.security_definer,
        };
        Some(Inlined::Value(&result.value, scope))
    }

    fn arguments(
        &self,
        routine: &Routine,
        called: &'a Called,
        scope: &Scope<'a>,
    ) -> Vec<(String, Term)> {
        let created = routine.created.as_deref();
        let parameters = created.into_iter().flat_map(|created| &created.parameters);
        let named = parameters.zip(&called.arguments);
        let terms = named.filter_map(|(parameter, argument)| {
            Some((parameter.name.clone()?, self.term(argument, scope)))
        });
        terms.collect()
    }
}

/// What a call of a function stands for.
enum Inlined<'a> {
    Value(&'a Value, Scope<'a>),
    Constant(Term),
}

/// The value of `(SELECT value)`.
fn alone(query: &Query) -> Option<&Value> {
    let [Branch::Select(select)] = query.operands.as_slice() else {
        return None;
    };
    let [target] = select.targets.as_slice() else {
        return None;
    };
    let is_plain = query.with.is_empty()
        && select.from.is_empty()
        && select.filters.is_empty()
        && select.values.is_empty()
        && select.groups.is_empty()
        && !select.changes;
    target.value.as_ref().filter(|_| is_plain)
}

/// `true`, also as a string.
fn is_written_true(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Boolean(is) => *is,
        ValueKind::Text(text) => ["t", "true", "on", "yes", "1"].contains(&text.as_str()),
        ValueKind::Number(_)
        | ValueKind::Null
        | ValueKind::Default
        | ValueKind::Column(_)
        | ValueKind::Cast(..)
        | ValueKind::Called(_)
        | ValueKind::Choice { .. }
        | ValueKind::Query(_)
        | ValueKind::Operation { .. }
        | ValueKind::Compared(..)
        | ValueKind::Test(..)
        | ValueKind::Parameter(_)
        | ValueKind::Other(_) => false,
    }
}

/// Whether a value is true or false by its form.
fn is_condition(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Test(..) | ValueKind::Compared(..) => true,
        ValueKind::Operation { rest, .. } => rest.iter().any(|(operator, _)| operator.compares()),
        ValueKind::Query(query) => alone(query).is_some_and(is_condition),
        ValueKind::Called(called) => called.special && called.name == "exists",
        ValueKind::Text(_)
        | ValueKind::Number(_)
        | ValueKind::Boolean(_)
        | ValueKind::Null
        | ValueKind::Default
        | ValueKind::Column(_)
        | ValueKind::Cast(..)
        | ValueKind::Choice { .. }
        | ValueKind::Parameter(_)
        | ValueKind::Other(_) => false,
    }
}
