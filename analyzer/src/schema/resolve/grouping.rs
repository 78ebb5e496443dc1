//! `GROUP BY`: which columns have one value for each group.

use super::forms::{aggregates, calls_of};
use super::scope::Item;
use super::{Resolver, Shape};
use crate::schema::ConstraintKind;
use crate::statement::{Called, ColumnName, Select, Selected, Value, ValueKind};

impl Resolver<'_> {
    /// A column of the list that is neither grouped nor in an aggregate. Whatever may group it counts as
    /// grouped.
    pub(super) fn grouped(&mut self, select: &Select) {
        let targets = || select.targets.iter().filter_map(|one| one.value.as_ref());
        let is_aggregate =
            |call: &&Called| aggregates(call) && !call.windowed && self.is_catalogued(call);
        let has_aggregate = targets().any(|value| calls_of(value).iter().any(&is_aggregate));
        if select.changes
            || select.mixed
            || !has_aggregate && !select.having && select.groups.is_empty()
        {
            return;
        }
        let mut names: Vec<&str> = Vec::new();
        for group in &select.groups {
            named(group, &mut names);
            names_of_target(group, &select.targets, &mut names);
        }
        let mut found = None;
        for target in &select.targets {
            let is_grouped = target
                .name
                .as_deref()
                .is_some_and(|name| names.contains(&name));
            if let Some(value) = target.value.as_ref().filter(|_| !is_grouped) {
                found = found.or_else(|| self.ungrouped(value, &names));
            }
        }
        if let Some((value, name)) = found {
            self.form(
                &value.span,
                format!("`{name}` has several values in a group"),
                "column must appear in the GROUP BY clause or be used in an aggregate function (42803)",
                "add the column to GROUP BY, or choose one of its values: `min(...)`, `array_agg(...)`",
            );
        }
    }

    /// The first column that has no single value.
    fn ungrouped<'v>(&self, value: &'v Value, names: &[&str]) -> Option<(&'v Value, &'v str)> {
        match &value.kind {
            ValueKind::Query(_) | ValueKind::Default => None,
            // What is not known may be an aggregate.
            ValueKind::Called(called) if !called.special && self.may_aggregate(called) => None,
            ValueKind::Column(column) => {
                let name = column.parts.last()?;
                let is_free = !column.all && !names.contains(&name.as_str());
                (is_free && self.has_several(column, name, names)).then_some((value, name))
            }
            ValueKind::Text(_)
            | ValueKind::Number(_)
            | ValueKind::Boolean(_)
            | ValueKind::Null
            | ValueKind::Parameter(_)
            | ValueKind::Cast(..)
            | ValueKind::Called(_)
            | ValueKind::Choice { .. }
            | ValueKind::Operation { .. }
            | ValueKind::Compared(..)
            | ValueKind::Test(..)
            | ValueKind::Other(_) => {
                let mut inner = value.inner().into_iter();
                inner.find_map(|inner| self.ungrouped(inner, names))
            }
        }
    }

    fn may_aggregate(&self, called: &Called) -> bool {
        let is_known = super::functions::known(&called.name).is_some();
        aggregates(called) && !called.windowed || !is_known || !self.is_catalogued(called)
    }

    /// Whether the column certainly is one of a single source of this query, whose key is not grouped.
    fn has_several(&self, column: &ColumnName, name: &str, names: &[&str]) -> bool {
        let Some(level) = self.levels.last() else {
            return false;
        };
        let qualifier = match column.parts.as_slice() {
            [_] => None,
            [of, _] => Some(of.as_str()),
            [..] => return false,
        };
        let mut leaves: Vec<&Item> = Vec::new();
        let mut waiting: Vec<&Item> = level.items.iter().collect();
        while let Some(item) = waiting.pop() {
            match item.inner.is_empty() {
                true => leaves.push(item),
                false => waiting.extend(&item.inner),
            }
        }
        if leaves.iter().any(|item| item.unread || item.shape.hides()) {
            return false;
        }
        let is_named = |item: &&&Item| qualifier.is_none_or(|of| item.name.as_deref() == Some(of));
        let has = |item: &&&Item| has_column(&item.shape, name);
        let mut owners = leaves.iter().filter(is_named).filter(has);
        match (owners.next(), owners.next()) {
            (Some(item), None) => !self.is_determined(item, names),
            (_, _) => false,
        }
    }

    /// Whether the group has the whole primary key of the table.
    fn is_determined(&self, item: &Item, names: &[&str]) -> bool {
        let table = item
            .relation
            .as_ref()
            .and_then(|it| self.schema.relation(it));
        let Some(table) = table else { return false };
        let key = table.primary_key();
        let is_late = table
            .constraints
            .iter()
            .any(|one| matches!(one.kind, ConstraintKind::PrimaryKey) && one.deferrable);
        let is_grouped = |id| {
            let mut columns = table.columns.iter();
            let column = columns.find(|column| column.id == id);
            column.is_none_or(|column| names.contains(&column.name.as_str()))
        };
        !key.is_empty() && !is_late && key.iter().copied().all(is_grouped)
    }
}

fn has_column(shape: &Shape, name: &str) -> bool {
    let mut columns = shape.columns.iter();
    columns.any(|(one, _)| one.as_deref() == Some(name))
}

/// The columns that a value names.
fn named<'v>(value: &'v Value, names: &mut Vec<&'v str>) {
    if let ValueKind::Column(column) = &value.kind {
        names.extend(column.parts.last().map(String::as_str));
        names.extend(column.field.as_deref());
    }
    for inner in value.inner() {
        named(inner, names);
    }
}

/// `GROUP BY 1`, and the name of an item of the list.
fn names_of_target<'v>(group: &Value, targets: &'v [Selected], names: &mut Vec<&'v str>) {
    let mut target = None;
    if let ValueKind::Number(number) = &group.kind {
        let at = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        target = at.and_then(|at| targets.get(at));
    } else if let ValueKind::Column(column) = &group.kind {
        let name = column.parts.last();
        let mut named = targets.iter().filter(|one| one.name.is_some());
        target = named.find(|one| one.name.as_ref() == name);
    }
    if let Some(value) = target.and_then(|target| target.value.as_ref()) {
        named(value, names);
    }
}
