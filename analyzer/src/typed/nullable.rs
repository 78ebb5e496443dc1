//! Which results of a query can be null.
//!
//! "Not null" is said only where it is certain: a column that is NOT NULL and not on the side of an outer join that is filled
//! up, a constant, and what is computed from these by operators and functions that return a value for values.

use crate::schema::Schema;
use crate::statement::{
    Branch, Called, ColumnName, Matched, Name, Query, Select, Source, SourceKind, Test, Value,
    ValueKind, is_aggregate,
};

/// A column that a query can name, and whether it can be null.
type Columns = Vec<(String, bool)>;

/// A source under its name.
#[derive(Clone, Debug)]
struct Item {
    name: Option<String>,
    columns: Columns,
    /// Whether these are all of its columns.
    whole: bool,
}

/// What the parts of a query see.
#[derive(Clone, Debug, Default)]
struct Scope {
    items: Vec<Item>,
    common: Vec<(String, Item)>,
}

/// Whether each column of the result can be null; `None` if it is not known how many there are.
pub(super) fn of(schema: &Schema, query: &Query) -> Option<Vec<bool>> {
    let columns = Reader { schema }.query(query, &Scope::default())?;
    Some(columns.into_iter().map(|(_, nullable)| nullable).collect())
}

struct Reader<'a> {
    schema: &'a Schema,
}

impl Reader<'_> {
    fn query(&self, query: &Query, outer: &Scope) -> Option<Columns> {
        let mut scope = outer.clone();
        for common in &query.with {
            let found = match query.recursive {
                true => None,
                false => self.query(&common.query, &scope),
            };
            let whole = found.is_some() && !common.grows;
            let mut columns = found.unwrap_or_default();
            for (name, column) in common.columns.iter().zip(&mut columns) {
                column.0.clone_from(name);
            }
            let item = Item {
                name: Some(common.name.clone()),
                columns,
                whole,
            };
            scope.common.push((common.name.clone(), item));
        }
        let mut operands = query.operands.iter().map(|one| self.operand(one, &scope));
        let mut all = operands.next()??;
        for other in operands {
            let other = other?;
            for (mine, theirs) in all.iter_mut().zip(other) {
                mine.1 |= theirs.1;
            }
        }
        Some(all)
    }

    fn operand(&self, operand: &Branch, scope: &Scope) -> Option<Columns> {
        match operand {
            Branch::Select(select) => self.select(select, scope),
            Branch::Query(query) => self.query(query, scope),
            Branch::Table(source) => {
                let mut items = self.source(source, scope);
                let item = items.pop().filter(|item| item.whole)?;
                Some(item.columns)
            }
            Branch::Values(rows) => {
                let first = rows.first()?;
                let columns = first.iter().enumerate().map(|(at, _)| {
                    let mut values = rows.iter().filter_map(|row| row.get(at));
                    (
                        format!("column{}", at + 1),
                        values.any(|one| self.can(one, scope)),
                    )
                });
                Some(columns.collect())
            }
        }
    }

    fn select(&self, select: &Select, outer: &Scope) -> Option<Columns> {
        let mut inner = Scope {
            items: Vec::new(),
            common: outer.common.clone(),
        };
        for source in &select.from {
            let seen = Scope {
                items: inner.items.iter().chain(&outer.items).cloned().collect(),
                common: outer.common.clone(),
            };
            inner.items.extend(self.source(source, &seen));
        }
        let own = inner.items.len();
        inner.items.extend(outer.items.iter().cloned());
        // `ROLLUP` and its like return nulls for columns that have none.
        let sets = select.groups.iter().any(has_sets);
        let mut columns = Vec::new();
        for target in &select.targets {
            let Some(value) = &target.value else {
                for item in inner.items.iter().take(own) {
                    if !item.whole {
                        return None;
                    }
                    columns.extend(item.columns.iter().cloned());
                }
                continue;
            };
            if let ValueKind::Column(column) = &value.kind
                && column.all
            {
                let name = column.parts.last();
                let mut items = inner.items.iter();
                let item = items.find(|item| item.name.as_ref() == name)?;
                if !item.whole {
                    return None;
                }
                columns.extend(item.columns.iter().cloned());
                continue;
            }
            let name = target.name.clone().or_else(|| match &value.kind {
                ValueKind::Column(column) => column.parts.last().cloned(),
                _other => None,
            });
            columns.push((name.unwrap_or_default(), self.can(value, &inner)));
        }
        if sets || select.mixed {
            columns
                .iter_mut()
                .for_each(|(_, nullable)| *nullable = true);
        }
        Some(columns)
    }

    /// A source; a join is several.
    fn source(&self, source: &Source, scope: &Scope) -> Vec<Item> {
        let items = match &source.kind {
            SourceKind::Relation { schema, name } => {
                vec![self.relation(schema.as_deref(), name, scope)]
            }
            SourceKind::Query(query) => {
                let columns = self.query(query, scope);
                vec![Item {
                    name: None,
                    whole: columns.is_some(),
                    columns: columns.unwrap_or_default(),
                }]
            }
            SourceKind::Functions { .. } | SourceKind::Other(_) => vec![Item {
                name: None,
                columns: Vec::new(),
                whole: false,
            }],
            SourceKind::Join {
                sides,
                matched,
                outer,
            } => {
                let [left, right] = outer.fills();
                let mut first = self.source(&sides.0, scope);
                let seen = Scope {
                    items: first.iter().chain(&scope.items).cloned().collect(),
                    common: scope.common.clone(),
                };
                let mut second = self.source(&sides.1, &seen);
                filled(&mut first, left);
                filled(&mut second, right);
                let mut both: Vec<Item> = first.into_iter().chain(second).collect();
                // The columns of USING come once, and first.
                if !matches!(matched, Matched::On(_)) {
                    both.iter_mut().for_each(|item| item.whole = false);
                }
                both
            }
        };
        match (&source.alias, items.as_slice()) {
            (Some(alias), [item]) => {
                let mut item = item.clone();
                item.name = Some(alias.clone());
                for (name, column) in source.columns.iter().zip(&mut item.columns) {
                    column.0.clone_from(name);
                }
                vec![item]
            }
            (Some(alias), _) => vec![Item {
                name: Some(alias.clone()),
                columns: Vec::new(),
                whole: false,
            }],
            (None, _) => items,
        }
    }

    fn relation(&self, schema: Option<&str>, written: &str, scope: &Scope) -> Item {
        if schema.is_none() {
            let mut common = scope.common.iter().rev();
            if let Some((_, item)) = common.find(|(name, _)| name == written) {
                return item.clone();
            }
        }
        let name = Name {
            schema: schema.unwrap_or(self.schema.owned()).to_owned(),
            name: written.to_owned(),
        };
        let shape = self.schema.shape(&name);
        let whole = shape.as_ref().is_some_and(|shape| !shape.hides());
        let relation = self.schema.relation(&name);
        let nullable = |column: &str| {
            relation.is_none_or(|one| {
                let of = one.column(column).and_then(|one| one.data_type.as_ref());
                let refuses = of.is_some_and(|of| super::Sort::refuses_null(self.schema, of));
                one.query.is_some() || !one.is_surely_not_null(column) && !refuses
            })
        };
        let columns = shape.into_iter().flat_map(|shape| shape.columns);
        let columns = columns.filter_map(|(name, _)| {
            let name = name?;
            let can = nullable(&name);
            Some((name, can))
        });
        Item {
            name: Some(written.to_owned()),
            columns: columns.collect(),
            whole,
        }
    }

    /// Whether a value can be null.
    fn can(&self, value: &Value, scope: &Scope) -> bool {
        let any = |values: &[&Value]| values.iter().any(|one| self.can(one, scope));
        match &value.kind {
            ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::Boolean(_) => false,
            ValueKind::Null
            | ValueKind::Default
            | ValueKind::Parameter(_)
            | ValueKind::Query(_)
            | ValueKind::Other(_) => true,
            ValueKind::Column(column) => column.is_part() || column_can(column, scope),
            ValueKind::Cast(inner, _) => self.can(inner, scope),
            ValueKind::Called(called) => self.called_can(called, scope),
            ValueKind::Choice {
                results,
                name,
                has_else,
                ..
            } => match *name {
                "case" => !has_else || any(&results.iter().collect::<Vec<_>>()),
                _choice => results.iter().all(|one| self.can(one, scope)),
            },
            // `->` and its like return null for what is not there.
            ValueKind::Operation { rest, .. } => {
                let known = [
                    "+", "-", "*", "/", "%", "||", "=", "<", ">", "<=", ">=", "<>", "!=",
                ];
                let plain = rest
                    .iter()
                    .all(|(one, _)| known.contains(&one.name.as_str()));
                !plain || any(&value.inner())
            }
            ValueKind::Compared(..) => any(&value.inner()),
            ValueKind::Test(test, _) => match test {
                Test::Null { .. } | Test::Truth { .. } | Test::Distinct { .. } => false,
                Test::And | Test::Or | Test::Not | Test::Other => any(&value.inner()),
            },
        }
    }

    fn called_can(&self, called: &Called, scope: &Scope) -> bool {
        let name = called.name.as_str();
        let given = || called.arguments.iter().any(|one| self.can(one, scope));
        if called.special {
            let never = [
                "exists",
                "current_date",
                "current_time",
                "current_timestamp",
                "localtime",
                "localtimestamp",
                "current_user",
                "session_user",
                "row",
                "array",
            ];
            let strict = ["extract", "position", "substring", "trim", "overlay"];
            return !never.contains(&name) && (!strict.contains(&name) || given());
        }
        let of_catalogue = called
            .schema
            .as_deref()
            .is_none_or(|one| one == "pg_catalog");
        if !of_catalogue || !self.schema.routines(&self.schema.own_name(name)).is_empty() {
            return true;
        }
        match name {
            "count"
            | "now"
            | "gen_random_uuid"
            | "clock_timestamp"
            | "statement_timestamp"
            | "transaction_timestamp"
            | "random"
            | "row_number"
            | "rank"
            | "dense_rank"
            | "nextval"
            | "concat"
            | "num_nulls"
            | "num_nonnulls"
            | "pg_backend_pid"
            | "current_database"
            | "version" => false,
            "lower" | "upper" | "length" | "char_length" | "octet_length" | "abs" | "trim"
            | "btrim" | "ltrim" | "rtrim" | "md5" | "date_trunc" | "round" | "floor" | "ceil"
            | "replace" | "encode" | "decode" | "to_char" | "left" | "right"
            | "jsonb_build_object"
                if !called.windowed =>
            {
                name != "jsonb_build_object" && given()
            }
            _other if is_aggregate(name) => true,
            _other => true,
        }
    }
}

/// Rows of the other side have nulls here.
fn filled(items: &mut [Item], fills: bool) {
    for item in items.iter_mut().filter(|_| fills) {
        item.columns
            .iter_mut()
            .for_each(|(_, nullable)| *nullable = true);
    }
}

fn has_sets(value: &Value) -> bool {
    let is_set = match &value.kind {
        ValueKind::Called(called) => {
            matches!(
                called.name.as_str(),
                "rollup" | "cube" | "grouping" | "sets"
            )
        }
        // What is not a plain value may be `GROUPING SETS`.
        ValueKind::Other(_) => true,
        _other => false,
    };
    is_set || value.inner().into_iter().any(has_sets)
}

fn column_can(column: &ColumnName, scope: &Scope) -> bool {
    let (of, name) = match column.parts.as_slice() {
        [name] => (None, name),
        [of, name] => (Some(of), name),
        [_, of, name] => (Some(of), name),
        [..] => return true,
    };
    let mut items = scope
        .items
        .iter()
        .filter(|item| of.is_none() || item.name.as_ref() == of);
    let found = items.find_map(|item| item.columns.iter().find(|(one, _)| one == name));
    found.is_none_or(|(_, nullable)| *nullable)
}
