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
    /// Where policies show a session the rows of one tenant only: the batches are those of one tenant after another,
    /// whose column is the first of the keys.
    pub tenants: Option<Tenants>,
}

/// How the batches of one tenant after another get their tenant.
///
/// ```
/// let tenants = onward::plan::Tenants { query: "SELECT id FROM auth.tenants", setting: "app.tenant_id" };
/// assert_eq!(tenants.setting, "app.tenant_id");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tenants {
    /// A query of one column: the tenants, each at least once. It is asked without a tenant.
    pub query: &'static str,
    /// The setting with the tenant of a session, which policies read.
    pub setting: &'static str,
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
            tenants: None,
        }
    }

    /// What `embed_migrations!` writes, where policies show a session the rows of one tenant only.
    #[doc(hidden)]
    #[must_use]
    pub const fn __of_tenants(self, query: &'static str, setting: &'static str) -> Self {
        Self {
            tenants: Some(Tenants { query, setting }),
            ..self
        }
    }

    /// The range that a batch is confined to. The parameters are the keys of the last row of the batch before,
    /// then those of the last row of this one; the first batch has no lower bound. Where batches are those of a
    /// tenant, it is the first parameter and not among the keys of those rows.
    ///
    /// ```
    /// fn print(ranges: &onward::plan::Ranges) {
    ///     println!("WHERE {}", ranges.condition(true));
    /// }
    /// ```
    #[must_use]
    pub fn condition(&self, has_lower: bool) -> String {
        self.bounded(self.alias, has_lower, true)
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
    /// The columns that are the same in a batch, and those by which its rows are in order.
    pub(crate) fn split_keys(&self) -> (&'static [Key], &'static [Key]) {
        let fixed = usize::from(self.tenants.is_some());
        self.keys.split_at(fixed.min(self.keys.len()))
    }

    /// The range of the table under another name, with those bounds that there are.
    pub(crate) fn bounded(&self, alias: &str, has_lower: bool, has_upper: bool) -> String {
        let (fixed, walked) = self.split_keys();
        let mut parts: Vec<String> = fixed
            .iter()
            .map(|key| [&column(alias, key), " = $1"].concat())
            .collect();
        if !walked.is_empty() {
            let row = row(walked.iter().map(|key| column(alias, key)));
            let (lower, count) = (fixed.len() + 1, walked.len());
            if has_lower {
                parts.push([&*row, " > ", &row_of_parameters(lower, count)].concat());
            }
            if has_upper {
                parts.push([&*row, " <= ", &row_of_parameters(lower + count, count)].concat());
            }
        }
        parts.join(" AND ")
    }

    /// The statement of one tenant, which is the parameter.
    pub(crate) fn statement_of_tenant(&self) -> String {
        let (fixed, _) = self.split_keys();
        let own = fixed.iter().map(|key| column(self.alias, key));
        [self.head, &row(own), " = $1", self.tail].concat()
    }

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
        let of_tenants = ranges.__of_tenants("SELECT id FROM a.tenants", "app.tenant_id");
        assert_eq!(
            of_tenants.condition(true),
            r#""t"."tenant_id" = $1 AND "t"."Id" > $2 AND "t"."Id" <= $3"#
        );
        assert_eq!(
            of_tenants.condition(false),
            r#""t"."tenant_id" = $1 AND "t"."Id" <= $3"#
        );
        assert_eq!(
            of_tenants.statement_of_tenant(),
            r#"DELETE FROM a.t WHERE ("t"."tenant_id" = $1)"#
        );
        let by_tenant = Ranges::__new(10, table, "t", &KEYS[..1], ["", ""]);
        let by_tenant = by_tenant.__of_tenants("SELECT id FROM a.tenants", "app.tenant_id");
        assert_eq!(by_tenant.condition(true), r#""t"."tenant_id" = $1"#);
    }
}
