//! Subqueries: whether a row that they look for can exist.

use super::can::{Can, Truth};
use super::judge::Judge;
use super::scope::{Bound, Scope};
use super::situation::{Row, Session};
use super::term::{Term, compared};
use crate::schema::Relation;
use crate::statement::{Branch, Name, PolicyCommand, Query, Select, SourceKind, Value};

impl<'a> Judge<'a> {
    /// `EXISTS (query)`; with a value, whether the query returns this value.
    pub(super) fn exists(
        &self,
        value: &'a Value,
        query: &'a Query,
        wanted: Option<&Term>,
        scope: &Scope<'a>,
    ) -> Truth {
        let Some((select, relation, alias)) = self.one_relation(query) else {
            return Truth::unknown(&scope.text(value));
        };
        let is_confined = !scope.as_owner && self.confines(relation, scope);
        let rows: &[Row] = match (is_confined, scope.session) {
            (true, Session::Tenant) => &[Row::Same],
            (true, Session::Unset | Session::Empty) => &[],
            (false, _) => &[Row::Same, Row::Other],
        };
        let found = rows.iter().map(|row| {
            let mut inside = scope.clone();
            inside.bound.push(Bound {
                alias,
                relation,
                row: *row,
            });
            self.found(select, wanted, &inside)
        });
        let is_true = found.fold(Can::Never, Can::or);
        Truth {
            is_true: match is_true {
                Can::Never => Can::Never,
                Can::Unknown(_) | Can::Yes(_) => self.decided_by(relation, is_confined, scope),
            },
            // There may be no such row.
            is_false: Can::where_is(format!("{} has no such row", relation.name)),
            is_null: Can::Never,
        }
    }

    /// Whether the query can return the value from such a row.
    fn found(&self, select: &'a Select, wanted: Option<&Term>, inside: &Scope<'a>) -> Can {
        let filters = select.filters.iter();
        let filters = filters.map(|filter| self.condition(filter, inside).is_true);
        let is_read = filters.fold(Can::always(), Can::and);
        let Some(wanted) = wanted else {
            return is_read;
        };
        let target = match select.targets.as_slice() {
            [only] => only.value.as_ref(),
            _ => None,
        };
        let Some(target) = target else {
            return is_read.and(Can::unknown("the list of the subquery"));
        };
        is_read.and(compared(wanted, "=", &self.term(target, inside)).is_true)
    }

    /// What the rows of the table decide. A session that may add rows to it decides by itself.
    fn decided_by(&self, relation: &Relation, is_confined: bool, scope: &Scope<'a>) -> Can {
        let name = &relation.name;
        let accepts_any = !is_confined && self.accepts_any(relation, scope);
        match accepts_any && self.schema.is_writable(relation.id) {
            true => Can::where_is(format!("the session adds a row to {name}")),
            false => Can::unknown(format!("the rows of {name}")),
        }
    }

    /// Whether the session reads only rows of its own tenant.
    fn confines(&self, relation: &'a Relation, scope: &Scope<'a>) -> bool {
        relation.column(&self.tenancy.column).is_some()
            && self.is_proven(relation, PolicyCommand::Select, scope)
    }

    /// Whether no policy decides which rows a session with the right may add.
    fn accepts_any(&self, relation: &'a Relation, scope: &Scope<'a>) -> bool {
        !relation.row_security
            || [PolicyCommand::Insert, PolicyCommand::Update]
                .iter()
                .any(|command| self.is_leak(relation, *command, scope))
    }

    /// The only relation that a query reads.
    fn one_relation(&self, query: &'a Query) -> Option<(&'a Select, &'a Relation, &'a str)> {
        let [Branch::Select(select)] = query.operands.as_slice() else {
            return None;
        };
        let [source] = select.from.as_slice() else {
            return None;
        };
        let SourceKind::Relation { schema, name } = &source.kind else {
            return None;
        };
        let full = Name {
            schema: schema
                .clone()
                .unwrap_or_else(|| self.schema.owned().to_owned()),
            name: name.clone(),
        };
        let is_plain = query.with.is_empty()
            && select.values.is_empty()
            && select.groups.is_empty()
            && !select.changes;
        let relation = self.schema.relation(&full).filter(|_| is_plain)?;
        let is_known = self.schema.is_certain(&full, &relation.origin);
        let alias = source.alias.as_deref().unwrap_or(name);
        is_known.then_some((select, relation, alias))
    }
}
