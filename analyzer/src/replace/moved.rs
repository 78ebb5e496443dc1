//! A column that moves to another table: two triggers, one on each.

use crate::intake::directive::Moved;
use crate::replace::pair::{Pair, Row};
use crate::replace::trigger::{back_function, function, trigger};
use crate::schema::{ConstraintKind, Relation, Schema};
use crate::statement::to_sql::quote_name;
use crate::statement::{Name, ReferentialAction};
use crate::text::quote::{quote_ident, quote_list};

/// Why the column cannot move there.
pub(super) fn refused(
    schema: &Schema,
    table: &Relation,
    column: &str,
    moved: &Moved,
) -> Option<String> {
    let Some(to) = schema.relation(&moved.table) else {
        return Some(format!(
            "the files do not create the table {}: create it first, with {}",
            moved.table,
            moved.by.join(", ")
        ));
    };
    let key = table.primary_key();
    if key.is_empty() || key.len() != moved.by.len() {
        return Some(format!(
            "the primary key of {} has {} columns, and --by names {}",
            table.name,
            key.len(),
            moved.by.len()
        ));
    }
    let by = to
        .columns
        .iter()
        .filter(|one| moved.by.contains(&one.name))
        .map(|one| one.id);
    let by: Vec<_> = by.collect();
    let is_unique = to.indexes.iter().any(|index| {
        index.unique
            && index.predicate.is_none()
            && index.keys.len() == by.len()
            && index
                .keys
                .iter()
                .all(|key| key.column.is_some_and(|id| by.contains(&id)))
    });
    if by.len() != moved.by.len() || !is_unique {
        return Some(format!(
            "{} has no unique key over {}: a row of {} has to have one there",
            moved.table,
            moved.by.join(", "),
            table.name
        ));
    }
    let mut others = to
        .columns
        .iter()
        .filter(|one| one.not_null && !one.is_filled() && !moved.by.contains(&one.name));
    if let Some(other) = others.next() {
        return Some(format!(
            "{}.{} is required: the trigger does not know what to write there",
            moved.table, other.name
        ));
    }
    let old = table.column(column)?;
    if key.contains(&old.id) {
        return Some(format!(
            "{}.{column} is part of the primary key, by which the rows of both tables belong together",
            table.name
        ));
    }
    if old.not_null && !old.is_filled() {
        return Some(format!(
            "{}.{column} is NOT NULL: new code does not write it any more. First let it be null",
            table.name
        ));
    }
    let mut keys = to.constraints.iter().filter_map(|one| match &one.kind {
        ConstraintKind::ForeignKey {
            parent, on_delete, ..
        } if parent.name == table.name => Some((&one.name, on_delete)),
        _ => None,
    });
    keys.find(|(_, on_delete)| **on_delete != ReferentialAction::Cascade).map(|(name, _)| {
        format!("the foreign key {name} stops a DELETE of {} that old code relies on: let it be ON DELETE CASCADE", table.name)
    })
}

/// Pairs of the primary key's columns and those of the other table.
fn keys<'a>(pair: &'a Pair<'_>, moved: &'a Moved) -> Vec<(String, String)> {
    let own = pair
        .table
        .primary_key()
        .iter()
        .filter_map(|id| pair.table.name_of(*id));
    own.zip(&moved.by)
        .map(|(own, by)| (quote_ident(own), quote_ident(by)))
        .collect()
}

/// The functions and triggers.
pub(super) fn create(pair: &Pair<'_>, moved: &Moved) -> String {
    let Some(texts) = Texts::of(pair, moved) else {
        return String::new();
    };
    let (forth, back) = (function(pair.series), back_function(pair.series));
    let name = quote_ident(&trigger(pair.series, pair.table));
    let Texts {
        table,
        to,
        old,
        new,
        ..
    } = &texts;
    format!(
        "{}{}{}{}\
         CREATE TRIGGER {name} AFTER INSERT OR UPDATE OF {new}, {} OR DELETE ON {to}\n    FOR EACH ROW EXECUTE FUNCTION {}();\n\
         -- onward: allow wide-lock-window because \"both triggers begin together, or one side would not follow\"\n\
         CREATE TRIGGER {name} AFTER INSERT OR UPDATE OF {old}, {} OR DELETE ON {table}\n    FOR EACH ROW EXECUTE FUNCTION {}();\n",
        head(pair, &forth),
        texts.forth(pair),
        head(pair, &back),
        texts.back(pair),
        quote_list(&moved.by),
        quote_name(&back),
        texts.all(&|(own, _)| own.clone(), ", "),
        quote_name(&forth)
    )
}

/// The beginning of a function.
fn head(pair: &Pair<'_>, name: &Name) -> String {
    format!(
        "CREATE FUNCTION {}() RETURNS trigger\n    LANGUAGE plpgsql SECURITY INVOKER SET search_path = {}, pg_temp\nAS $replace$\n",
        quote_name(name),
        quote_ident(&pair.series.table.schema)
    )
}

/// Names as SQL.
struct Texts {
    table: String,
    to: String,
    old: String,
    new: String,
    /// The value of the new column in `first`, and in `NEW` of the old table; that of the old column in `NEW` of the other.
    copied: String,
    using: String,
    back: String,
    keys: Vec<(String, String)>,
}

impl Texts {
    fn of(pair: &Pair<'_>, moved: &Moved) -> Option<Self> {
        let [target] = pair.series.targets.as_slice() else {
            return None;
        };
        Some(Self {
            table: quote_name(&pair.series.table),
            to: quote_name(&moved.table),
            old: quote_ident(&pair.series.column),
            new: quote_ident(&target.column),
            copied: pair.using(target, Row::Joined),
            using: pair.using(target, Row::Forth),
            back: pair.back(Row::Back),
            keys: keys(pair, moved),
        })
    }

    /// Each pair of keys in a text.
    fn all(&self, form: &dyn Fn(&(String, String)) -> String, with: &str) -> String {
        self.keys.iter().map(form).collect::<Vec<_>>().join(with)
    }

    /// The function of the old table. A key that changes takes the row of the other table along.
    fn forth(&self, pair: &Pair<'_>) -> String {
        let Self {
            to,
            old,
            new,
            using,
            ..
        } = self;
        let by = self.all(&|(_, by)| by.clone(), ", ");
        let own = self.all(&|(own, _)| format!("NEW.{own}"), ", ");
        let there = self.all(&|(own, by)| format!("{by} = OLD.{own}"), " AND ");
        let changed = self.all(
            &|(own, _)| format!("NEW.{own} IS DISTINCT FROM OLD.{own}"),
            " OR ",
        );
        let set = self.all(&|(own, by)| format!("{by} = NEW.{own}"), ", ");
        format!(
            "BEGIN\n    IF TG_OP = 'DELETE' THEN\n        DELETE FROM {to} WHERE {there};\n        RETURN NULL;\n    END IF;\n    \
             IF TG_OP = 'UPDATE' AND ({changed}) THEN\n        UPDATE {to} SET {set} WHERE {there};\n    END IF;\n    \
             IF TG_OP = 'INSERT' AND NEW.{old} IS NOT NULL OR TG_OP = 'UPDATE' AND {} THEN\n        \
             INSERT INTO {to} AS there ({by}, {new}) VALUES ({own}, {using})\n        \
             ON CONFLICT ({by}) DO UPDATE SET {new} = EXCLUDED.{new} WHERE {};\n    \
             END IF;\n    RETURN NULL;\nEND\n$replace$;\n",
            pair.changed(pair.old),
            pair.differs(Row::Forth)
        )
    }

    /// The function of the other table. A row that is added without a value gets the one that exists.
    fn back(&self, pair: &Pair<'_>) -> String {
        let Self {
            table,
            to,
            old,
            new,
            copied,
            back,
            ..
        } = self;
        let first = |row: &str| self.all(&|(own, by)| format!("first.{own} = {row}.{by}"), " AND ");
        let there = self.all(&|(_, by)| format!("there.{by} = NEW.{by}"), " AND ");
        let changed = self.all(
            &|(_, by)| format!("NEW.{by} IS DISTINCT FROM OLD.{by}"),
            " OR ",
        );
        format!(
            "BEGIN\n    IF TG_OP = 'INSERT' AND NEW.{new} IS NULL THEN\n        \
             UPDATE {to} AS there SET {new} = {copied} FROM {table} AS first\n        WHERE {there} AND {} AND first.{old} IS NOT NULL;\n        \
             RETURN NULL;\n    END IF;\n    \
             IF TG_OP = 'DELETE' OR TG_OP = 'UPDATE' AND ({changed}) THEN\n        \
             UPDATE {table} AS first SET {old} = NULL WHERE {} AND first.{old} IS NOT NULL;\n    END IF;\n    \
             IF TG_OP <> 'DELETE' THEN\n        UPDATE {table} AS first SET {old} = {back} WHERE {} AND {};\n    END IF;\n    \
             RETURN NULL;\nEND\n$replace$;\n",
            first("NEW"),
            first("OLD"),
            first("NEW"),
            pair.differs(Row::Back)
        )
    }
}

pub(super) fn drop(pair: &Pair<'_>, moved: &Moved) -> String {
    let name = quote_ident(&trigger(pair.series, pair.table));
    format!(
        "DROP TRIGGER {name} ON {};\n\
         -- onward: allow wide-lock-window because \"both triggers end together, or one side would not follow\"\n\
         DROP TRIGGER {name} ON {};\nDROP FUNCTION {}();\nDROP FUNCTION {}();\n",
        quote_name(&moved.table),
        quote_name(&pair.series.table),
        quote_name(&function(pair.series)),
        quote_name(&back_function(pair.series))
    )
}

/// The data migration: rows that the triggers have not written. It locks the rows that it reads: another session that
/// deletes or changes one at this moment has ended before its value is copied, and is the newest.
pub(super) fn data(pair: &Pair<'_>, moved: &Moved, key: &[String]) -> String {
    let [target] = pair.series.targets.as_slice() else {
        return String::new();
    };
    let (table, to, new) = (
        quote_name(&pair.series.table),
        quote_name(&moved.table),
        quote_ident(&target.column),
    );
    let keys = keys(pair, moved);
    let by = quote_list(&moved.by);
    let list = keys
        .iter()
        .map(|(own, _)| format!("first.{own}"))
        .collect::<Vec<_>>()
        .join(", ");
    let on = keys
        .iter()
        .map(|(own, by)| format!("second.{by} = first.{own}"))
        .collect::<Vec<_>>()
        .join(" AND ");
    format!(
        "-- onward: batch 1000 by {}\n-- onward: done when SELECT true FROM {table} AS first LEFT JOIN {to} AS second ON {on} WHERE {}\n\
         INSERT INTO {to} AS there ({by}, {new})\nSELECT {list}, {} FROM {table} AS first WHERE first.{} IS NOT NULL FOR SHARE OF first\n\
         ON CONFLICT ({by}) DO UPDATE SET {new} = EXCLUDED.{new} WHERE there.{new} IS NULL;\n",
        quote_list(key),
        pair.differs(Row::Joined),
        pair.using(target, Row::Joined),
        quote_ident(&pair.series.column)
    )
}
