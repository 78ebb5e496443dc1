//! A data migration that the build has cut changes the same rows in ranges as its statement does as a whole.

use std::error::Error;

use onward::plan::{Key, Ranges, RelationName};
use onward_analyzer::plan::{Job, Ranges as Owned};
use onward_analyzer::source::Module;
use onward_analyzer::{analyze, report};
use onward_pg::shared;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::Outcome;

const TABLES: &str = r#"
CREATE TABLE app.users (
    id bigint PRIMARY KEY, tenant_id bigint NOT NULL, email text, folded text, logins bigint NOT NULL, done boolean NOT NULL,
    UNIQUE (tenant_id, id)
);
CREATE TABLE app.orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, cents bigint NOT NULL, state text);
CREATE TABLE app.copies (user_id bigint PRIMARY KEY, email text, cents bigint);
CREATE TABLE app.old_orders (id bigint PRIMARY KEY, user_id bigint, cents bigint);
CREATE TABLE app.members (
    tenant_id bigint, id bigint, email text, folded text, CONSTRAINT members_pkey PRIMARY KEY (tenant_id, id)
);
"#;

const ROWS: &str = r"
INSERT INTO app.users SELECT n, n % 3, CASE WHEN n % 4 = 0 THEN NULL ELSE 'U' || n || '@X' END,
    CASE WHEN n % 5 = 0 THEN 'kept' END, n, n % 2 = 0 FROM generate_series(1, 23) n;
INSERT INTO app.orders SELECT n, n % 17 + 1, n * 10, CASE n % 3 WHEN 0 THEN 'old' WHEN 1 THEN 'new' END
    FROM generate_series(1, 31) n;
INSERT INTO app.copies SELECT n, 'copy', n FROM generate_series(1, 7) n;
INSERT INTO app.members SELECT n % 4, n, 'M' || n, CASE WHEN n % 6 = 0 THEN 'kept' END FROM generate_series(1, 29) n;
";

/// The columns of the batch, and the statement.
const CASES: &[(&str, &str)] = &[
    (
        "id",
        "UPDATE app.users SET folded = lower(email) WHERE folded IS NULL",
    ),
    (
        "id",
        "UPDATE app.users SET folded = lower(email)\n    WHERE -- which\n    folded IS NULL -- rows\n    OR email IS NULL -- all of them\n",
    ),
    (
        "id",
        "UPDATE app.users AS u SET folded = lower(u.email) WHERE u.folded IS NULL OR u.done",
    ),
    (
        "id",
        "UPDATE ONLY app.users u SET (folded, logins) = (lower(email), logins + 1) WHERE NOT done",
    ),
    (
        "id",
        "UPDATE app.users AS \"U\" SET logins = logins + 1 WHERE \"U\".id IS NOT NULL RETURNING \"U\".id",
    ),
    (
        "id",
        "UPDATE app.users * SET logins = logins * 2 WHERE (logins > 3) AND (done OR (folded = 'kept')) RETURNING id AS where_id",
    ),
    (
        "id",
        "UPDATE app.users SET folded = 'x -- WHERE /* ' || email || $$ ' $x $$ WHERE email IS NOT NULL /* last */",
    ),
    (
        "tenant_id, id",
        "UPDATE app.users SET folded = 'x' WHERE folded IS NULL OR false",
    ),
    (
        "tenant_id, id",
        "UPDATE app.members m SET folded = lower(m.email) WHERE folded IS NULL",
    ),
    (
        "id",
        "UPDATE app.users SET folded = (SELECT max(o.state) FROM app.orders o WHERE o.user_id = users.id AND o.cents > 20) WHERE folded IS NULL",
    ),
    (
        "id",
        "UPDATE app.users u SET logins = o.cents FROM app.orders o WHERE o.id = u.id AND o.state IS NOT NULL",
    ),
    (
        "id",
        "UPDATE app.copies c SET cents = o.cents FROM app.orders o WHERE o.id = c.user_id OR false",
    ),
    (
        "id",
        "UPDATE app.copies c SET email = u.email FROM (SELECT id, email FROM app.users WHERE email IS NOT NULL OR done) AS u WHERE u.id = c.user_id",
    ),
    (
        "id",
        "WITH sums AS (SELECT user_id, sum(cents) AS cents FROM app.orders GROUP BY user_id)\nUPDATE app.users SET logins = sums.cents FROM sums WHERE sums.user_id = users.id",
    ),
    (
        "id",
        "UPDATE app.users u SET logins = coalesce(o.cents, 0) FROM app.copies c LEFT JOIN app.orders o ON o.id = c.user_id WHERE c.user_id = u.id",
    ),
    ("id", "DELETE FROM app.orders WHERE state = 'old'"),
    (
        "id",
        "DELETE FROM app.orders o WHERE o.state = 'old' OR o.state IS NULL RETURNING o.id",
    ),
    (
        "id",
        "DELETE FROM app.orders USING app.users AS u WHERE u.id = orders.user_id AND u.done",
    ),
    (
        "user_id",
        "DELETE FROM app.copies AS c WHERE EXISTS (SELECT FROM app.users u WHERE u.id = c.user_id AND u.done) OR c.user_id = 1",
    ),
    (
        "id",
        "INSERT INTO app.old_orders (id, user_id, cents) SELECT id, user_id, cents FROM app.orders WHERE state = 'old' OR state = 'new'",
    ),
    (
        "id",
        "INSERT INTO app.old_orders (id) SELECT o.id FROM app.orders AS o\nORDER BY o.id DESC -- newest first\nON CONFLICT (id) DO NOTHING",
    ),
    (
        "id",
        "INSERT INTO app.old_orders (id) (SELECT o.id FROM app.orders o WHERE o.cents > 50)",
    ),
    (
        "id",
        "INSERT INTO app.copies (user_id, email) SELECT u.id, u.email FROM app.users u WHERE NOT EXISTS (SELECT FROM app.copies WHERE copies.user_id = u.id)",
    ),
    (
        "id",
        "INSERT INTO app.copies (user_id, cents) SELECT u.id, (SELECT sum(o.cents) FROM app.orders o WHERE o.user_id = u.id) FROM app.users u ON CONFLICT (user_id) DO UPDATE SET cents = excluded.cents WHERE copies.email IS NOT NULL",
    ),
    (
        "id",
        "INSERT INTO app.old_orders (id, cents) SELECT o.id, c.cents FROM app.orders o LEFT JOIN app.copies c ON c.user_id = o.user_id",
    ),
    (
        "id",
        "INSERT INTO app.old_orders (id, cents) SELECT o.id, c.cents FROM app.copies c RIGHT JOIN app.orders o ON c.user_id = o.user_id WHERE o.state IS NULL",
    ),
    (
        "id",
        "INSERT INTO app.old_orders (id, cents) SELECT o.id, c.cents FROM app.orders o CROSS JOIN LATERAL (SELECT max(cents) AS cents FROM app.copies WHERE user_id = o.user_id) c",
    ),
    (
        "id",
        "INSERT INTO app.old_orders (id, cents) SELECT s.id, s.cents FROM (SELECT o.id, o.cents FROM app.orders o WHERE o.cents > 100 OR o.state = 'old') s WHERE s.id > 2",
    ),
    (
        "id",
        "INSERT INTO app.old_orders (id, user_id) SELECT o.id, u.id FROM app.orders o, app.users u WHERE u.id = o.user_id AND u.done",
    ),
    (
        "id",
        "WITH moved AS (DELETE FROM app.orders WHERE state = 'old' RETURNING id, user_id, cents)\nINSERT INTO app.old_orders (id, user_id, cents) SELECT id, user_id, cents FROM moved",
    ),
    (
        "id",
        "WITH moved AS (DELETE FROM app.orders WHERE cents > 50 OR state IS NULL RETURNING *)\nINSERT INTO app.old_orders SELECT m.id, m.user_id, m.cents FROM moved m WHERE m.cents > 0",
    ),
    (
        "id",
        "WITH kept AS (SELECT id, cents FROM app.orders WHERE state IS NOT NULL)\nINSERT INTO app.old_orders (id, cents) SELECT id, cents FROM kept",
    ),
    (
        "id",
        "MERGE INTO app.copies USING app.users ON users.id = copies.user_id\nWHEN MATCHED AND users.done THEN DELETE\nWHEN MATCHED THEN UPDATE SET email = users.email\nWHEN NOT MATCHED THEN INSERT (user_id, email) VALUES (users.id, users.email)",
    ),
    (
        "id",
        "MERGE INTO app.copies AS c USING app.users AS u ON u.id = c.user_id OR false\nWHEN NOT MATCHED AND u.done THEN INSERT (user_id) VALUES (u.id)",
    ),
    (
        "id",
        "MERGE INTO app.copies c USING (SELECT id, email FROM app.users WHERE done OR id = 3) s ON s.id = c.user_id\nWHEN NOT MATCHED THEN INSERT (user_id, email) VALUES (s.id, s.email) WHEN MATCHED THEN UPDATE SET email = s.email",
    ),
    (
        "user_id",
        "MERGE INTO app.copies c USING app.users u ON u.id = c.user_id OR u.id = c.user_id + 100\nWHEN MATCHED THEN UPDATE SET email = u.email",
    ),
];

#[tokio::test]
async fn ranges_change_what_the_whole_statement_changes() -> Outcome {
    let database = shared().await?.database().await?;
    let client = database.connect().await?;
    client.batch_execute("CREATE SCHEMA app").await?;
    client.batch_execute(TABLES).await?;
    client.batch_execute(ROWS).await?;
    let before = rows(&client).await?;
    let mut wrong = Vec::new();
    for (by, statement) in CASES {
        let ranges = match cut(by, statement) {
            Ok(ranges) => ranges,
            Err(why) => {
                wrong.push(format!("{statement}\n{why}"));
                continue;
            }
        };
        client.batch_execute("BEGIN").await?;
        client.batch_execute(statement).await?;
        let whole = rows(&client).await?;
        client.batch_execute("ROLLBACK; BEGIN").await?;
        let outcome = run(&client, &ranges).await;
        let pieces = match outcome {
            Ok(()) => rows(&client).await?,
            Err(error) => error.to_string(),
        };
        client.batch_execute("ROLLBACK").await?;
        if whole == before {
            wrong.push(format!("changes nothing: {statement}"));
        }
        if whole != pieces {
            let sent = ranges.statement(true);
            wrong.push(format!(
                "{statement}\nsent: {sent}\nwhole:\n{whole}\nin ranges:\n{pieces}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    Ok(())
}

/// What the build makes of it: with an allowance where it asks for one, because each range runs once here.
fn cut(by: &str, statement: &str) -> Result<Ranges, String> {
    let allowed = "-- onward: allow data-not-idempotent because \"each range runs once\"\n";
    cut_with("", by, statement).or_else(|_| cut_with(allowed, by, statement))
}

fn cut_with(allowance: &str, by: &str, statement: &str) -> Result<Ranges, String> {
    let data = format!("-- onward: batch 2 by {by}\n{allowance}{statement};\n");
    let files = [
        ("001_tables.sql", TABLES),
        ("DM001_data.sql", data.as_str()),
    ];
    let analysis = analyze(Module::in_memory("app", files));
    let plan = analysis.plan.as_ref();
    match plan
        .and_then(|plan| plan.data.first()?.data.clone())
        .map(|data| data.job)
    {
        Some(Job::Ranges(ranges)) => Ok(leaked(ranges)),
        other => {
            let reports = report::by_file(&analysis.findings, &analysis.module.texts);
            Err(format!("{other:?}: {}", reports.join("\n")))
        }
    }
}

fn leaked(ranges: Owned) -> Ranges {
    let keys = ranges.keys.into_iter().map(|key| Key {
        column: key.column.leak(),
        data_type: key.data_type.leak(),
    });
    Ranges::__new(
        ranges.rows,
        RelationName {
            schema: ranges.table.schema.leak(),
            name: ranges.table.name.leak(),
        },
        ranges.alias.leak(),
        keys.collect::<Vec<_>>().leak(),
        [ranges.head.leak(), ranges.tail.leak()],
    )
}

/// Walks the table as the worker does, up to its last row at the beginning.
async fn run(client: &Client, ranges: &Ranges) -> Outcome {
    let columns: Vec<String> = ranges
        .keys
        .iter()
        .map(|key| format!("{:?}", key.column))
        .collect();
    let list = columns.join(", ");
    let table = format!("{}.{}", ranges.table.schema, ranges.table.name);
    let all = client
        .query(&format!("SELECT {list} FROM {table} ORDER BY {list}"), &[])
        .await?;
    let all: Vec<Vec<i64>> = all
        .iter()
        .map(|row| (0..columns.len()).map(|column| row.get(column)).collect())
        .collect();
    let mut lower: Option<Vec<i64>> = None;
    for chunk in all.chunks(2) {
        let upper = chunk.last().ok_or("a chunk has a row")?.clone();
        // The first range has no lower bound, and its parameters keep their numbers.
        let from = lower.clone().unwrap_or_else(|| upper.clone());
        let values: Vec<i64> = from.into_iter().chain(upper.clone()).collect();
        let mut sql = ranges.statement(lower.is_some());
        for (n, value) in values.iter().enumerate().rev() {
            sql = sql.replace(&format!("${}", n + 1), &value.to_string());
        }
        client.batch_execute(&sql).await?;
        lower = Some(upper);
    }
    Ok(())
}

/// Every row of every table, in order.
async fn rows(client: &Client) -> Result<String, Box<dyn Error>> {
    let mut all = Vec::new();
    for table in ["users", "orders", "copies", "old_orders", "members"] {
        let query = format!("SELECT t::text FROM app.{table} t ORDER BY t::text");
        for message in client.simple_query(&query).await? {
            if let SimpleQueryMessage::Row(row) = message {
                all.push(format!("{table} {}", row.get(0).unwrap_or_default()));
            }
        }
    }
    Ok(all.join("\n"))
}
