//! Subqueries: whether a row that they look for can exist.

use super::can::{Can, Truth};
use super::judge::Judge;
use super::scope::{Bound, Scope};
use super::situation::{Row, Session};
use super::term::{Term, compared};
use crate::schema::Relation;
use crate::statement::{
    Branch, Name, Outer, PolicyCommand, Query, Select, Source, SourceKind, Value,
};

/// How many relations of one query are looked at together.
const MOST: usize = 4;

impl<'a> Judge<'a> {
    /// `EXISTS (query)`; with a value, whether the query returns this value.
    pub(super) fn exists(
        &self,
        value: &'a Value,
        query: &'a Query,
        wanted: Option<&Term>,
        scope: &Scope<'a>,
    ) -> Truth {
        let Some((select, read)) = self.read(query) else {
            return Truth::unknown(&scope.text(value));
        };
        let mut cases = vec![scope.clone()];
        let mut decided = Can::Never;
        for (relation, alias) in read {
            let is_confined = !scope.as_owner && self.confines(relation, scope);
            let rows: &[Row] = match (is_confined, scope.session) {
                (true, Session::Tenant) => &[Row::Same],
                (true, Session::Unset | Session::Empty) => &[],
                (false, _) => &[Row::Same, Row::Other],
            };
            let each = cases.iter().flat_map(|case| {
                rows.iter().map(|row| {
                    let mut inside = case.clone();
                    inside.bound.push(Bound {
                        alias,
                        relation,
                        row: *row,
                    });
                    inside
                })
            });
            cases = each.collect();
            let decides = self.decided_by(relation, is_confined, scope);
            decided = match decided {
                Can::Never => decides,
                other => other.and(decides),
            };
        }
        let found = cases
            .iter()
            .map(|inside| self.found(select, wanted, inside));
        Truth {
            is_true: match found.fold(Can::Never, Can::or) {
                Can::Never => Can::Never,
                Can::Unknown(_) | Can::Yes(_) => decided,
            },
            // There may be no such row.
            is_false: Can::where_is(format!("{} finds no row", scope.text(value))),
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

    /// The relations that a query reads side by side, each with its name in the query. The conditions of joins are
    /// left out: without them there are more rows, and what is never true of those is proved.
    fn read(&self, query: &'a Query) -> Option<(&'a Select, Vec<(&'a Relation, &'a str)>)> {
        let [Branch::Select(select)] = query.operands.as_slice() else {
            return None;
        };
        let is_plain = query.with.is_empty()
            && select.values.is_empty()
            && select.groups.is_empty()
            && !select.changes
            && !select.from.is_empty();
        let mut waiting: Vec<&Source> = select.from.iter().rev().collect();
        let mut read = Vec::new();
        while let Some(source) = waiting.pop().filter(|_| is_plain) {
            match &source.kind {
                SourceKind::Relation { schema, name } => {
                    let relation = self.known(schema.as_deref(), name)?;
                    read.push((relation, source.alias.as_deref().unwrap_or(name)));
                }
                SourceKind::Join {
                    sides,
                    outer: Outer::Inner,
                    ..
                } if source.alias.is_none() => waiting.extend([&sides.1, &sides.0]),
                SourceKind::Join { .. }
                | SourceKind::Query(_)
                | SourceKind::Functions { .. }
                | SourceKind::Other(_) => return None,
            }
        }
        let is_small = (1..=MOST).contains(&read.len());
        is_small.then_some((select, read))
    }

    fn known(&self, schema: Option<&str>, name: &str) -> Option<&'a Relation> {
        let full = Name {
            schema: schema.unwrap_or_else(|| self.schema.owned()).to_owned(),
            name: name.to_owned(),
        };
        let relation = self.schema.relation(&full)?;
        self.schema
            .is_certain(&full, &relation.origin)
            .then_some(relation)
    }
}
