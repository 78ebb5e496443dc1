//! The expressions of a series, with other names for the columns in them.

use std::ops::Range;

use crate::lower::lower;
use crate::statement::to_sql::quote_name;
use crate::statement::{Change, Expression, Name, Scope, Value, ValueKind};
use crate::text::split::{split, tokens};

/// An expression over the columns of a table, read from a text.
pub(crate) struct Read {
    /// A statement with the expression in it; the places in the expression are those of this text.
    sql: String,
    /// Where the expression begins.
    start: usize,
    pub(crate) expression: Expression,
}

/// `None` if the text is not one expression.
pub(crate) fn read(own: &str, table: &Name, text: &str) -> Option<Read> {
    let head = format!("UPDATE {} SET value = ", quote_name(table));
    let sql = format!("{head}{text}");
    let split = split(&sql);
    let [raw] = split.statements.as_slice() else {
        return None;
    };
    let statement = lower(&sql, raw, Scope::from(own));
    let [clause] = statement.clauses.as_slice() else {
        return None;
    };
    let Change::Update(update) = &clause.change else {
        return None;
    };
    let [set] = update.set.as_slice() else {
        return None;
    };
    let is_alone = update.choice.condition.is_none() && update.choice.from.is_empty();
    let is_all = set.value.span.end == sql.trim_end().len();
    (is_alone && is_all).then(|| Read {
        expression: set.value.clone(),
        start: head.len(),
        sql: sql.clone(),
    })
}

impl Read {
    /// The text with other names for its columns; `None` if a subquery hides some of them.
    pub(crate) fn with(&self, name: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        if self.expression.has_subquery {
            return None;
        }
        let mut places = Vec::new();
        named(&self.expression.value, &mut places);
        places.sort_by_key(|(start, _, _)| *start);
        places.dedup();
        let mut text = self.sql.get(self.start..)?.to_owned();
        for (start, parts, column) in places.into_iter().rev() {
            let start = start.checked_sub(self.start)?;
            let span = path(text.get(start..)?, parts)?;
            if let Some(written) = name(&column) {
                text.replace_range(start + span.start..start + span.end, &written);
            }
        }
        Some(text)
    }
}

/// The columns of a value: where each begins, how many parts its name has, and the last of them.
fn named(value: &Value, found: &mut Vec<(usize, usize, String)>) {
    if let ValueKind::Column(column) = &value.kind
        && let Some(name) = column.parts.last()
        && !column.all
    {
        found.push((value.span.start, column.parts.len(), name.clone()));
    }
    for inner in value.inner() {
        named(inner, found);
    }
}

/// The bytes of a name with so many parts.
fn path(text: &str, parts: usize) -> Option<Range<usize>> {
    let tokens = tokens(text);
    let first = tokens.first()?.span();
    let last = tokens.get(2 * parts.checked_sub(1)?)?.span();
    Some(first.start..last.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_get_other_names_and_nothing_else_does() {
        let table = Name {
            schema: "shop".into(),
            name: "orders".into(),
        };
        let with = |text: &str| {
            let name =
                |column: &str| (column == "at" || column == "B c").then(|| format!("NEW.{column}"));
            read("shop", &table, text)?.with(&name)
        };
        for (text, written) in [
            ("at AT TIME ZONE 'at'", Some("NEW.at AT TIME ZONE 'at'")),
            ("round(at * 100)::at", Some("round(NEW.at * 100)::at")),
            ("orders.at + shop.orders.at", Some("NEW.at + NEW.at")),
            ("at(at, other)", Some("at(NEW.at, other)")),
            ("\"B c\" || at[1]", Some("NEW.B c || NEW.at[1]")),
            (
                "CASE WHEN at > 0 THEN at ELSE - at END",
                Some("CASE WHEN NEW.at > 0 THEN NEW.at ELSE - NEW.at END"),
            ),
            ("(SELECT at)", None),
            ("at, b = 3", None),
            ("at WHERE true", None),
            ("at; SELECT 1", None),
        ] {
            assert_eq!(with(text).as_deref(), written, "{text}");
        }
    }
}
