//! How data migrations run.

use std::fmt::Write as _;

use crate::plan::RelationName;

/// How the statements of a data migration run, in the background or all at once.
///
/// ```
/// use onward::plan::Job;
///
/// fn is_cut(job: &Job) -> bool {
///     matches!(job, Job::Ranges(_))
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Job {
    /// Its statements in one transaction, once.
    Whole,
    /// One statement, for one range of a key after another.
    Ranges(Ranges),
    /// One statement that limits itself, again and again until it finds no row.
    Repeated,
    /// Code of the service: see [`data::Batch`](crate::data::Batch).
    Code,
    /// Its steps, which cannot run in a transaction, without a limit of time: an index that is built, a
    /// constraint that is validated.
    Background,
}

/// A statement that is cut into ranges of a key: it reads `head condition tail`, where
/// [`condition`](Self::condition) confines it to one range.
///
/// ```
/// use onward::plan::{Key, Ranges, RelationName};
///
/// let users = RelationName { schema: "auth", name: "users" };
/// let keys = &[Key { column: "id", data_type: "bigint" }];
/// let ranges = Ranges::__new(1000, users, "users", keys, ["UPDATE auth.users SET a = b WHERE (a IS NULL) AND (", ")"]);
/// assert_eq!(ranges.condition(true), r#""users"."id" > $1 AND "users"."id" <= $2"#);
/// assert_eq!(ranges.condition(false), r#""users"."id" <= $2"#);
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Ranges {
    /// Rows in a batch as the file says, at least 1. The worker adapts the number while it runs.
    pub rows: u32,
    /// The table that is walked.
    pub table: RelationName,
    /// The name by which the statement knows the table, folded and unquoted.
    pub alias: &'static str,
    /// The columns of a unique index of the table, none of them nullable.
    pub keys: &'static [Key],
    /// The text before the condition.
    pub head: &'static str,
    /// The text after it.
    pub tail: &'static str,
}

/// A column by which a table is cut.
///
/// ```
/// let id = onward::plan::Key { column: "id", data_type: "bigint" };
/// assert_eq!(id.column, "id");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its folded, unquoted name.
    pub column: &'static str,
    /// Its type as SQL: `bigint`, `uuid`, `shop.currency`.
    pub data_type: &'static str,
}

impl Ranges {
    /// What `embed_migrations!` writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(
        rows: u32,
        table: RelationName,
        alias: &'static str,
        keys: &'static [Key],
        [head, tail]: [&'static str; 2],
    ) -> Self {
        Self {
            rows,
            table,
            alias,
            keys,
            head,
            tail,
        }
    }

    /// The range that a batch is confined to. The parameters are the keys of the last row of the batch before,
    /// then those of the last row of this one; the first batch has no lower bound.
    ///
    /// ```
    /// fn print(ranges: &onward::plan::Ranges) {
    ///     println!("WHERE {}", ranges.condition(true));
    /// }
    /// ```
    #[must_use]
    pub fn condition(&self, has_lower: bool) -> String {
        let row = row(self.keys.iter().map(|key| column(self.alias, key)));
        let bound = |first: usize| row_of_parameters(first, self.keys.len());
        let mut condition = String::new();
        if has_lower {
            condition.extend([&row, " > ", &bound(1), " AND "]);
        }
        condition.extend([&row, " <= ", &bound(self.keys.len() + 1)]);
        condition
    }

    /// The statement of one batch, with its range.
    ///
    /// ```
    /// fn print(ranges: &onward::plan::Ranges) {
    ///     println!("{}", ranges.statement(true));
    /// }
    /// ```
    #[must_use]
    pub fn statement(&self, has_lower: bool) -> String {
        [self.head, &self.condition(has_lower), self.tail].concat()
    }
}

/// For the runtime.
impl Ranges {
    /// The statement of one row, whose keys are the parameters.
    pub(crate) fn statement_of_row(&self) -> String {
        let keys = row(self.keys.iter().map(|key| column(self.alias, key)));
        let values = row_of_parameters(1, self.keys.len());
        [self.head, &keys, " = ", &values, self.tail].concat()
    }
}

fn row_of_parameters(first: usize, count: usize) -> String {
    row((first..first + count).map(|number| format!("${number}")))
}

/// A row constructor, or the value itself when there is one only.
fn row(values: impl Iterator<Item = String>) -> String {
    let values: Vec<_> = values.collect();
    match values.as_slice() {
        [one] => one.clone(),
        _ => ["(", &values.join(", "), ")"].concat(),
    }
}

fn column(alias: &str, key: &Key) -> String {
    let mut name = String::new();
    for part in [alias, key.column] {
        let dot = if name.is_empty() { "" } else { "." };
        // Writing to a String cannot fail.
        let _ = write!(name, "{dot}\"{}\"", part.replace('"', "\"\""));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_columns_are_compared_as_a_row() {
        const KEYS: &[Key] = &[
            Key {
                column: "tenant_id",
                data_type: "uuid",
            },
            Key {
                column: "Id",
                data_type: "bigint",
            },
        ];
        let table = RelationName {
            schema: "a",
            name: "t",
        };
        let ranges = Ranges::__new(10, table, "t", KEYS, ["DELETE FROM a.t WHERE (", ")"]);
        assert_eq!(
            ranges.statement(true),
            r#"DELETE FROM a.t WHERE (("t"."tenant_id", "t"."Id") > ($1, $2) AND ("t"."tenant_id", "t"."Id") <= ($3, $4))"#
        );
        assert_eq!(
            ranges.statement(false),
            r#"DELETE FROM a.t WHERE (("t"."tenant_id", "t"."Id") <= ($3, $4))"#
        );
    }
}
