//! Rows of constants that their table does not accept.

use std::cmp::Ordering;

use crate::check::context::{Context, Execution};
use crate::check::rule::{Check, FORBID, Group, Levels, Rule, SpannedMessage};
use crate::check::subject::Subject;
use crate::rules::facts::refusal::refused;
use crate::rules::facts::unwritten::{as_type, value};
use crate::schema::{Column, ConstraintKind, Relation};
use crate::statement::{
    Change, ColumnValue, Datum, Expression, Insert, Known, ObjectKind, Rows, Value, ValueKind,
};

pub(super) static RULE: Rule = Rule {
    id: "refused-row",
    summary: "an INSERT has a row that a NOT NULL or CHECK of its table refuses",
    page: include_str!("refused_row.md"),
    aliases: &[],
    group: Group::Definitions,
    levels: Levels {
        startup: FORBID,
        release: FORBID,
        seed: FORBID,
        data: FORBID,
    },
    check: Check::Of(&[Subject::Insert], &Check::Parts(check)),
};

fn check(context: &Context<'_>) -> Vec<SpannedMessage> {
    let Change::Insert(insert) = context.change() else {
        return Vec::new();
    };
    let table = context.certain(&insert.table);
    let table =
        table.filter(|table| context.runs != Execution::InRoutine && is_plain(context, table));
    let (Some(table), false) = (table, insert.columns.iter().any(|one| !one.whole)) else {
        return Vec::new();
    };
    let one: &[Vec<Expression>] = &[Vec::new()];
    let rows = match &insert.rows {
        Rows::Values(rows) => rows.as_slice(),
        Rows::Default => one,
        Rows::Query { .. } | Rows::Copied => return Vec::new(),
    };
    let width = match insert.columns.len() {
        0 => table.columns.len(),
        named => named,
    };
    // `refused-values` reports rows of another length.
    let fits = |row: &Vec<Expression>| match insert.columns.is_empty() {
        true => row.len() <= width,
        false => row.len() == width || row.is_empty(),
    };
    if !rows.iter().all(fits) {
        return Vec::new();
    }
    let found = rows.iter().find_map(|row| {
        let row = Row {
            context,
            insert,
            table,
            values: row,
        };
        row.null()
            .or_else(|| row.false_check())
            .or_else(|| row.elsewhere())
    });
    found.into_iter().collect()
}

/// Whether nothing changes a row on the way into the table.
fn is_plain(context: &Context<'_>, table: &Relation) -> bool {
    let parents = table
        .parents
        .iter()
        .chain(table.partition_of.iter().map(|(of, _)| of));
    let parents = parents.filter_map(|parent| context.schema.relation(&parent.name));
    let children = table
        .children
        .iter()
        .filter_map(|id| context.schema.by_id(*id));
    let mut all = parents.chain(children).chain([table]);
    table.kind == ObjectKind::Table
        && !table.name.is_temporary()
        && all.all(|one| one.triggers.is_empty() && one.rules.is_empty())
}

/// A constant, as it is written.
fn constant(value: &Value) -> Known {
    match &value.kind {
        ValueKind::Null => Known::Null,
        ValueKind::Text(text) => Known::Text(text.clone()),
        ValueKind::Number(number) => Known::Number(number.clone()),
        ValueKind::Operation { first: None, rest } => match rest.as_slice() {
            [(sign, one)] if sign.name == "-" => match &one.kind {
                ValueKind::Number(number) => Known::Number(format!("-{number}")),
                _other => Known::Unknown,
            },
            [..] => Known::Unknown,
        },
        _other => Known::Unknown,
    }
}

struct Row<'a> {
    context: &'a Context<'a>,
    insert: &'a Insert,
    table: &'a Relation,
    values: &'a [Expression],
}

impl Row<'_> {
    fn written(&self, column: &Column) -> Option<&Expression> {
        let at = match self.insert.columns.is_empty() {
            false => self.insert.position(&column.name),
            true => self
                .table
                .columns
                .iter()
                .position(|one| one.id == column.id),
        };
        self.values.get(at?)
    }

    fn known(&self, column: &Column) -> Known {
        let Some(data_type) = &column.data_type else {
            return Known::Unknown;
        };
        match self.written(column) {
            Some(written) if !written.text.eq_ignore_ascii_case("default") => {
                as_type(self.context, constant(&written.value), data_type)
            }
            Some(_) | None => value(self.context, &column.value, data_type).0,
        }
    }

    /// A column that is null and must not be.
    fn null(&self) -> Option<SpannedMessage> {
        let is_generated = |column: &Column| matches!(column.value, ColumnValue::Generated { .. });
        let mut needed = self.table.columns.iter().filter(|column| column.not_null);
        let column =
            needed.find(|column| !is_generated(column) && self.known(column) == Known::Null)?;
        let written = self.written(column);
        let span = written.map_or(&self.context.clause.span, |written| &written.span);
        Some(refused(
            span,
            format!(
                "{}.{} is NOT NULL, and this row has no value for it",
                self.table.name, column.name
            ),
            "null value in column violates not-null constraint (23502)",
            "write a value for the column, or give it a default first",
        ))
    }

    /// A row outside of the partition into which it is written.
    fn elsewhere(&self) -> Option<SpannedMessage> {
        let (parent, bound) = self.table.partition_of.as_ref()?;
        let by = self.context.certain(&parent.name)?.partition_by.as_ref()?;
        let [key] = by.parts.as_slice() else {
            return None;
        };
        let column = self.table.column(key.column.as_ref()?)?;
        let written = self.written(column)?;
        let value = match constant(&written.value) {
            Known::Text(text) => Datum::Text(text),
            Known::Number(number) => Datum::Number(number.parse().ok()?),
            Known::Unknown | Known::Present | Known::Null | Known::Bool(_) | Known::Literal(_) => {
                return None;
            }
        };
        let lists = bound.lists();
        let [from, to] = lists.as_slice() else {
            return None;
        };
        let below = value.compare(from.first()?) == Some(Ordering::Less);
        let above = value
            .compare(to.first()?)
            .is_some_and(|order| order != Ordering::Less);
        (below || above).then(|| {
            refused(
                &written.span,
                format!(
                    "this row does not belong to the partition {}",
                    self.table.name
                ),
                "new row violates partition constraint (23514)",
                format!("insert it into {}, which finds its partition", parent.name),
            )
        })
    }

    /// A check that the constants of the row do not satisfy.
    fn false_check(&self) -> Option<SpannedMessage> {
        let of = |name: &str| {
            let column = self.table.column(name);
            column.map_or(Known::Unknown, |column| self.known(column))
        };
        let mut checks = self.table.constraints.iter().filter(|one| one.enforced);
        let violated = checks.find(|one| match &one.kind {
            ConstraintKind::Check { expression, .. } => {
                expression.formula.value(&of) == Known::Bool(false)
            }
            ConstraintKind::NotNull
            | ConstraintKind::ForeignKey { .. }
            | ConstraintKind::PrimaryKey
            | ConstraintKind::Unique
            | ConstraintKind::Exclude(_) => false,
        })?;
        let (first, last) = (self.values.first(), self.values.last());
        let span = match (first, last) {
            (Some(first), Some(last)) => first.span.start..last.span.end,
            (_, _) => self.context.clause.span.clone(),
        };
        Some(refused(
            &span,
            format!(
                "this row does not satisfy the CHECK {} of {}",
                violated.name, self.table.name
            ),
            "new row violates check constraint (23514)",
            "write values that the constraint accepts, or change the constraint first",
        ))
    }
}
