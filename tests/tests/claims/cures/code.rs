//! What the code of before does with its tables, written from the catalogs as they are before the fix.

use std::error::Error;

use tokio_postgres::Client;

/// A statement of the code, with `{n}` in place of a number that is different each time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) sql: String,
    /// Whether an INSERT gives every column that it can.
    full: bool,
}

impl Code {
    pub(super) fn is_insert(&self) -> bool {
        self.sql.starts_with("INSERT")
    }

    pub(super) const fn is_full(&self) -> bool {
        self.full
    }

    const fn other(sql: String) -> Self {
        Self { sql, full: false }
    }
}

const TABLES: &str = "SELECT c.oid::regclass::text, c.oid FROM pg_class c \
     WHERE c.relnamespace = to_regnamespace('app') AND c.relkind IN ('r', 'p') AND NOT c.relispartition \
     ORDER BY c.oid";

const COLUMNS: &str = "SELECT quote_ident(a.attname), format_type(a.atttypid, NULL), \
     a.attnotnull AND NOT a.atthasdef AND a.attidentity = '', \
     a.attidentity = 'a' OR a.attgenerated <> '', t.typtype::text, \
     coalesce((SELECT quote_literal(e.enumlabel) FROM pg_enum e WHERE e.enumtypid = t.oid \
       ORDER BY e.enumsortorder LIMIT 1), '') \
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid \
     WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

/// INSERTs with all columns and with the required ones, an UPDATE of every row, and a SELECT.
pub(super) async fn of(client: &Client) -> Result<Vec<Code>, Box<dyn Error>> {
    let mut all = Vec::new();
    for table in client.query(TABLES, &[]).await? {
        let (name, oid): (String, u32) = (table.try_get(0)?, table.try_get(1)?);
        let (mut full, mut required, mut named) = (Vec::new(), Vec::new(), Vec::new());
        for column in client.query(COLUMNS, &[&oid]).await? {
            let (column_name, data_type): (String, String) =
                (column.try_get(0)?, column.try_get(1)?);
            named.push(column_name.clone());
            if column.try_get(3)? {
                continue;
            }
            let label: String = column.try_get(5)?;
            let value = match label.is_empty() {
                // It may reference a row of another table, which has a first one.
                true if column_name.ends_with("_id") && value(&data_type) == "{n}" => {
                    "1".to_owned()
                }
                true => value(&data_type).to_owned(),
                false => label,
            };
            if column.try_get(2)? {
                required.push((column_name.clone(), value.clone()));
            }
            full.push((column_name, value));
        }
        all.push(insert(&name, &full, true));
        all.push(insert(&name, &required, false));
        if let Some((column, _)) = full.last() {
            all.push(Code::other(format!(
                "UPDATE {name} SET {column} = {column}"
            )));
        }
        all.push(Code::other(format!(
            "SELECT {} FROM {name}",
            named.join(", ")
        )));
    }
    all.dedup();
    Ok(all)
}

fn insert(table: &str, values: &[(String, String)], full: bool) -> Code {
    let list = |part: fn(&(String, String)) -> &str| {
        values.iter().map(part).collect::<Vec<_>>().join(", ")
    };
    let sql = match values {
        [] => format!("INSERT INTO {table} DEFAULT VALUES"),
        [_, ..] => format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            list(|(column, _)| column),
            list(|(_, value)| value)
        ),
    };
    Code { sql, full }
}

/// A value of the type; numbers are those of the rows of other tables.
fn value(data_type: &str) -> &'static str {
    match data_type {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => "{n}",
        "text" | "character varying" | "character" | "name" => "'a{n}@'",
        "boolean" => "true",
        "uuid" => "gen_random_uuid()",
        "json" | "jsonb" => "'{}'",
        "date" => "date '2025-01-01' + {n}",
        one if one.starts_with("timestamp") => "timestamp '2025-01-01' + {n} * interval '1 minute'",
        _ => "NULL",
    }
}
