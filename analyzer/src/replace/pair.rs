//! The old and the new columns of a series in the model, and when a row of both agrees.

use crate::intake::directive::{Series, Target};
use crate::replace::expression::read;
use crate::schema::{Column, ColumnId, Relation, Schema, TypeKind};
use crate::statement::to_sql::data_type as type_sql;
use crate::statement::{ColumnValue, DataType, Name};
use crate::text::quote::quote_ident;

/// A series whose columns the files create.
pub(crate) struct Pair<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) series: &'a Series,
    pub(crate) table: &'a Relation,
    /// The table of the new columns, which is another one if the column moves.
    pub(crate) to: &'a Relation,
    pub(crate) old: &'a Column,
    /// The new columns, in the order of the series.
    pub(crate) new: Vec<&'a Column>,
}

/// Of which row an expression reads the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// Of the table in a query.
    Stored,
    /// `NEW` of a trigger.
    New,
    /// The old column is one of `first`, the new one of `second`: tables under these names.
    Joined,
    /// The old column is one of `NEW`, the new one of `there`: a trigger writes the other table.
    Forth,
    /// The old column is one of `first`, the new one of `NEW`: a trigger of the other table writes back.
    Back,
}

impl Row {
    /// What stands before the old column, and before a new one.
    const fn sides(self) -> (&'static str, &'static str) {
        match self {
            Self::Stored => ("", ""),
            Self::New => ("NEW.", "NEW."),
            Self::Joined => ("first.", "second."),
            Self::Forth => ("NEW.", "there."),
            Self::Back => ("first.", "NEW."),
        }
    }
}

impl<'a> Pair<'a> {
    pub(crate) fn of(schema: &'a Schema, series: &'a Series) -> Option<Self> {
        let table = schema.relation(&series.table)?;
        let to = schema.relation(series.to())?;
        let new = series
            .targets
            .iter()
            .map(|target| to.column(&target.column));
        Some(Self {
            schema,
            series,
            table,
            to,
            old: table.column(&series.column)?,
            new: new.collect::<Option<_>>()?,
        })
    }

    /// Whether the new column has the value of the old one, as it is.
    pub(crate) fn is_copy(&self) -> bool {
        let is = |text: &str, column: &str| text == column || text == quote_ident(column);
        match self.series.targets.as_slice() {
            [target] => {
                is(&target.using, &self.series.column) && is(&self.series.back, &target.column)
            }
            _ => false,
        }
    }

    /// Whether the new column also has its type.
    pub(crate) fn is_rename(&self) -> bool {
        let same = |new: &&Column| {
            new.data_type == self.old.data_type && new.collation == self.old.collation
        };
        self.is_copy() && self.new.iter().all(same)
    }

    /// Whether keys over the one hold for the other, too: the same type, or integers of another length.
    pub(crate) fn keeps_keys(&self) -> bool {
        let both = || self.is_copy() && self.new.iter().all(|new| are_integers(self.old, new));
        self.is_rename() || both()
    }

    /// The value of a new column, computed from the old one.
    pub(crate) fn using(&self, target: &Target, row: Row) -> String {
        let name = |column: &str| {
            (column == self.series.column).then(|| place(row.sides().0, &self.series.column))
        };
        self.written(&self.series.table, &target.using, &name)
    }

    /// The value of the old column, computed from the new ones.
    pub(crate) fn back(&self, row: Row) -> String {
        let name = |column: &str| {
            let is_new = self
                .series
                .targets
                .iter()
                .any(|target| target.column == column);
            is_new.then(|| place(row.sides().1, column))
        };
        self.written(self.series.to(), &self.series.back, &name)
    }

    fn written(&self, table: &Name, text: &str, name: &dyn Fn(&str) -> Option<String>) -> String {
        let read = read(self.schema.owned(), table, text);
        let written = read.and_then(|read| read.with(name));
        written.unwrap_or_else(|| text.to_owned())
    }

    /// True for a row in which neither the new columns have the values of the old one, nor the old one theirs.
    pub(crate) fn differs(&self, row: Row) -> String {
        let old = place(row.sides().0, &self.series.column);
        let each = self
            .series
            .targets
            .iter()
            .zip(&self.new)
            .map(|(target, new)| {
                let value = place(row.sides().1, &target.column);
                distinct(
                    self.schema,
                    &value,
                    &self.using(target, row),
                    new,
                    Some(self.old),
                )
            });
        let each: Vec<String> = each.collect();
        if self.is_copy() && (self.is_rename() || self.keeps_keys()) {
            return each.join(" OR ");
        }
        let back = self.back(row);
        let known = match self.new.as_slice() {
            [new] => Some(*new),
            _ => None,
        };
        let other = distinct(self.schema, &old, &back, self.old, known);
        match each.as_slice() {
            [one] => format!("{one} AND {other}"),
            several => format!("({}) AND {other}", several.join(" OR ")),
        }
    }

    /// Whether two values of the column are different, or a value and what it was before.
    pub(crate) fn changed(&self, column: &Column) -> String {
        let name = quote_ident(&column.name);
        distinct(
            self.schema,
            &format!("NEW.{name}"),
            &format!("OLD.{name}"),
            column,
            Some(column),
        )
    }

    /// The sequence from which the old column takes its values.
    pub(crate) fn sequence(&self) -> Option<&'a Name> {
        let owned = (self.table.id, self.old.id);
        let mut all = self.schema.sequences();
        all.find(|(_, sequence)| sequence.owner == Some(owned))
            .map(|(name, _)| name)
    }

    /// Whether an INSERT that leaves the old column out gives it a value that no other call gives.
    pub(crate) fn has_fresh_default(&self) -> bool {
        match &self.old.value {
            ColumnValue::None | ColumnValue::Generated { .. } => false,
            ColumnValue::Serial | ColumnValue::Identity(_) => true,
            ColumnValue::Default(value) => {
                crate::effect::volatile_call(value, self.schema).is_some()
            }
        }
    }

    pub(crate) fn is_old(&self, id: ColumnId) -> bool {
        id == self.old.id
    }

    /// The column that has the value of this one of the old table when the series has ended; none if it is in no row of
    /// the table of the new columns.
    pub(crate) fn successor(&self, id: ColumnId) -> Option<&'a str> {
        if self.is_old(id) {
            return self.new.first().map(|new| new.name.as_str());
        }
        let Some(moved) = &self.series.moved else {
            return self.table.name_of(id);
        };
        let mut keys = self.table.primary_key().iter();
        let at = keys.position(|one| *one == id)?;
        moved.by.get(at).map(String::as_str)
    }
}

fn are_integers(one: &Column, other: &Column) -> bool {
    let is_one = |column: &Column| {
        let data_type = column.data_type.as_ref();
        data_type.is_some_and(|data_type| {
            !data_type.array
                && data_type.is_built_in()
                && matches!(data_type.name.as_str(), "smallint" | "integer" | "bigint")
        })
    };
    is_one(one) && is_one(other)
}

fn place(side: &str, column: &str) -> String {
    format!("{side}{}", quote_ident(column))
}

/// Whether a value of the column is another one than this: as the column's type, because an assignment rounds.
fn distinct(
    schema: &Schema,
    value: &str,
    other: &str,
    column: &Column,
    from: Option<&Column>,
) -> String {
    let Some(data_type) = &column.data_type else {
        return format!("{value} IS DISTINCT FROM {other}");
    };
    let is_name = other
        .chars()
        .all(|c| c.is_alphanumeric() || "_.\"".contains(c));
    let is_same = from.is_some_and(|from| {
        from.data_type.as_ref() == Some(data_type) || are_integers(from, column)
    });
    let other = match is_name && is_same {
        true => other.to_owned(),
        false => format!("({other})::{}", type_sql(data_type)),
    };
    match compares_exactly(schema, column, data_type) {
        true => format!("{value} IS DISTINCT FROM {other}"),
        false => format!("{value}::text IS DISTINCT FROM ({other})::text"),
    }
}

/// Whether `=` of the type says that two values are the same. Some types have no `=`, some compare areas, and others
/// ignore case.
fn compares_exactly(schema: &Schema, column: &Column, data_type: &DataType) -> bool {
    const EXACT: [&str; 26] = [
        "smallint",
        "integer",
        "bigint",
        "boolean",
        "text",
        "character varying",
        "character",
        "numeric",
        "real",
        "double precision",
        "date",
        "time without time zone",
        "time with time zone",
        "timestamp without time zone",
        "timestamp with time zone",
        "uuid",
        "bytea",
        "jsonb",
        "inet",
        "cidr",
        "macaddr",
        "macaddr8",
        "bit",
        "bit varying",
        "oid",
        "money",
    ];
    if column.collation.is_some() {
        return false;
    }
    if data_type.is_built_in() {
        return EXACT.contains(&data_type.name.as_str());
    }
    let known = schema.made_type(data_type);
    known.is_some_and(|known| matches!(known.kind, TypeKind::Enum(_)))
}
