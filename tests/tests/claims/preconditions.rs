//! What a statement demands of rows: the query lists those for which a server refuses it, all of them and no other.

use onward_analyzer::analyze;
use onward_analyzer::precondition::{Precondition, Question, preconditions};
use onward_analyzer::source::Module;
use onward_pg::database;
use tokio_postgres::SimpleQueryMessage;

use crate::Outcome;

struct Case {
    before: &'static str,
    rows: &'static str,
    statement: &'static str,
    /// What each question lists, by the keys; the statement is run when all of them are deleted.
    listed: &'static [(&'static str, &'static [&'static str])],
}

const CASES: &[Case] = &[
    Case {
        before: "CREATE TABLE shop.stays (id bigint PRIMARY KEY, room int, during int4range);",
        rows: "INSERT INTO shop.stays VALUES (1, 1, '[1,5)'), (2, 1, '[3,7)'), (3, 1, '[7,9)'), (4, 1, NULL), (5, 0, '[1,9)')",
        statement: "ALTER TABLE shop.stays ADD CONSTRAINT one_guest EXCLUDE USING gist (during WITH &&) WHERE (room > 0);",
        listed: &[("shop.stays", &["1", "2"])],
    },
    Case {
        before: "CREATE TABLE shop.users (id bigint PRIMARY KEY, name text, \"Kind\" int);",
        rows: "INSERT INTO shop.users VALUES (1, 'Ann', 1), (2, 'ann', 1), (3, 'ann', 2), (4, NULL, 1), (5, NULL, 1), (6, 'Bob', NULL), (7, 'bob', NULL)",
        statement: "ALTER TABLE shop.users ADD EXCLUDE (lower(name) WITH OPERATOR(pg_catalog.=), \"Kind\" WITH =);",
        listed: &[("shop.users", &["1", "2"])],
    },
    Case {
        before: "CREATE TABLE shop.events (id bigint NOT NULL, at date) PARTITION BY RANGE (at);
            CREATE TABLE shop.rest PARTITION OF shop.events (PRIMARY KEY (id)) DEFAULT;
            CREATE TABLE shop.y2024 (id bigint PRIMARY KEY, at date);",
        rows: "INSERT INTO shop.y2024 VALUES (1, '2024-05-05'), (2, '2023-12-31'), (3, NULL), (4, '2025-01-01'), (5, '2024-01-01');
            INSERT INTO shop.rest VALUES (10, '2024-06-01'), (11, '2022-01-01'), (12, NULL)",
        statement: "ALTER TABLE shop.events ATTACH PARTITION shop.y2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
        listed: &[("shop.y2024", &["2", "3", "4"]), ("shop.rest", &["10"])],
    },
    Case {
        before: "CREATE TABLE shop.grid (id bigint NOT NULL, a int, b int) PARTITION BY RANGE (a, b);
            CREATE TABLE shop.low (id bigint PRIMARY KEY, a int, b int);",
        rows: "INSERT INTO shop.low VALUES (1, 1, -9), (2, 3, 4), (3, 3, 5), (4, 0, 1), (5, 2, NULL), (6, 2, 99), (7, 3, 6)",
        statement: "ALTER TABLE shop.grid ATTACH PARTITION shop.low FOR VALUES FROM (1, MINVALUE) TO (3, 5);",
        listed: &[("shop.low", &["3", "4", "5", "7"])],
    },
    Case {
        before: "CREATE TABLE shop.grid (id bigint NOT NULL, a int, b int) PARTITION BY RANGE (a, b);
            CREATE TABLE shop.high (id bigint PRIMARY KEY, a int, b int);",
        rows: "INSERT INTO shop.high VALUES (1, 1, 4), (2, 1, 3), (3, 3, 99), (4, 4, 1), (5, NULL, NULL)",
        statement: "ALTER TABLE shop.grid ATTACH PARTITION shop.high FOR VALUES FROM (1, 4) TO (3, MAXVALUE);",
        listed: &[("shop.high", &["2", "4", "5"])],
    },
    Case {
        before: "CREATE TABLE shop.kinds (id bigint NOT NULL, kind text) PARTITION BY LIST (kind);
            CREATE TABLE shop.ab (id bigint PRIMARY KEY, kind text);",
        rows: "INSERT INTO shop.ab VALUES (1, 'a'), (2, NULL), (3, 'c'), (4, 'b, c')",
        statement: "ALTER TABLE shop.kinds ATTACH PARTITION shop.ab FOR VALUES IN ('a', 'b, c', NULL);",
        listed: &[("shop.ab", &["3"])],
    },
    Case {
        before: "CREATE TABLE shop.kinds (id bigint NOT NULL, kind text) PARTITION BY LIST (kind);
            CREATE TABLE shop.ab (id bigint PRIMARY KEY, kind text);",
        rows: "INSERT INTO shop.ab VALUES (1, 'a'), (2, NULL)",
        statement: "ALTER TABLE shop.kinds ATTACH PARTITION shop.ab FOR VALUES IN ('a');",
        listed: &[("shop.ab", &["2"])],
    },
    Case {
        before: "CREATE TABLE shop.kinds (id bigint NOT NULL, kind text) PARTITION BY LIST (kind);
            CREATE TABLE shop.a PARTITION OF shop.kinds FOR VALUES IN ('a');
            CREATE TABLE shop.b PARTITION OF shop.kinds FOR VALUES IN ('b', NULL);
            CREATE TABLE shop.rest (id bigint PRIMARY KEY, kind text);",
        rows: "INSERT INTO shop.rest VALUES (1, 'a'), (2, NULL), (3, 'c')",
        statement: "ALTER TABLE shop.kinds ATTACH PARTITION shop.rest DEFAULT;",
        listed: &[("shop.rest", &["1", "2"])],
    },
    Case {
        before: "CREATE TABLE shop.kinds (id bigint NOT NULL, kind text) PARTITION BY LIST (kind);
            CREATE TABLE shop.rest PARTITION OF shop.kinds (PRIMARY KEY (id)) DEFAULT;",
        rows: "INSERT INTO shop.rest VALUES (1, 'a'), (2, NULL), (3, 'c')",
        statement: "CREATE TABLE shop.a PARTITION OF shop.kinds FOR VALUES IN ('a');",
        listed: &[("shop.rest", &["1"])],
    },
    Case {
        before: "CREATE DOMAIN shop.amount AS int; CREATE DOMAIN shop.fee AS shop.amount;
            CREATE TABLE shop.bills (id bigint PRIMARY KEY, n shop.amount, fee shop.fee, other int);",
        rows: "INSERT INTO shop.bills VALUES (1, 0, 1, 0), (2, NULL, NULL, 0), (3, 5, 5, 0), (4, 5, -1, 0)",
        statement: "ALTER DOMAIN shop.amount ADD CONSTRAINT positive CHECK (VALUE > 0);",
        listed: &[("shop.bills", &["1"]), ("shop.bills", &["4"])],
    },
    Case {
        before: "CREATE DOMAIN shop.amount AS int; CREATE DOMAIN shop.fee AS shop.amount;
            CREATE TABLE shop.bills (id bigint PRIMARY KEY, n shop.amount, fee shop.fee, other int);",
        rows: "INSERT INTO shop.bills VALUES (1, 0, 1, 0), (2, NULL, NULL, 0), (3, 5, 5, 0), (4, 5, -1, 0)",
        statement: "ALTER DOMAIN shop.amount ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;
            ALTER DOMAIN shop.amount VALIDATE CONSTRAINT positive;",
        listed: &[("shop.bills", &["1"]), ("shop.bills", &["4"])],
    },
    Case {
        before: "CREATE DOMAIN shop.amount AS int;
            CREATE TABLE shop.bills (id bigint PRIMARY KEY, n shop.amount);",
        rows: "INSERT INTO shop.bills VALUES (1, 0), (2, NULL)",
        statement: "ALTER DOMAIN shop.amount SET NOT NULL;",
        listed: &[("shop.bills", &["2"])],
    },
];

fn asked(case: &Case) -> Vec<Precondition> {
    let files = [("001_a.sql", case.before), ("002_b.sql", case.statement)];
    let module = analyze(Module::in_memory("shop", files)).module;
    let all = preconditions(&module);
    all.into_iter().filter(|one| one.source == 1).collect()
}

#[tokio::test]
async fn the_query_lists_the_rows_that_a_statement_fails_for() -> Outcome {
    for case in CASES {
        let database = database().await?;
        let client = database.connect().await?;
        let before = format!("CREATE SCHEMA shop; {}", case.before);
        client.batch_execute(&before).await?;
        // Without rows nothing is in the way.
        client
            .batch_execute(&format!("BEGIN; {} ROLLBACK", case.statement))
            .await?;
        client.batch_execute(case.rows).await?;
        let mut listed = Vec::new();
        for one in asked(case) {
            let Question::NoRow(sql) = &one.question else {
                return Err(format!("{}: {:?}", case.statement, one.question).into());
            };
            let answer = client.simple_query(sql).await;
            let answer = answer.map_err(|error| format!("{sql}: {error:?}"))?;
            let keys = answer.iter().filter_map(|message| match message {
                SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            });
            let mut keys: Vec<String> = keys.collect();
            keys.sort_by_key(|key| (key.len(), key.clone()));
            listed.push((one.table.to_string(), keys));
        }
        let expected: Vec<(String, Vec<String>)> = { case.listed.iter() }
            .map(|(table, keys)| {
                let keys = keys.iter().map(|key| (*key).to_owned());
                ((*table).to_owned(), keys.collect())
            })
            .collect();
        assert_eq!(listed, expected, "{}", case.statement);
        assert!(
            client.batch_execute(case.statement).await.is_err(),
            "{}",
            case.statement
        );
        for (table, keys) in listed {
            let delete = format!("DELETE FROM {table} WHERE id IN ({})", keys.join(", "));
            client.batch_execute(&delete).await?;
        }
        let ran = client.batch_execute(case.statement).await;
        ran.map_err(|error| format!("{}: {error:?}", case.statement))?;
    }
    Ok(())
}

/// A hash has no bound that a person could write down: the server's own function is asked.
#[tokio::test]
async fn rows_of_another_remainder_are_listed() -> Outcome {
    let case = Case {
        before: "CREATE TABLE shop.h (id bigint NOT NULL) PARTITION BY HASH (id);
            CREATE TABLE shop.h0 (id bigint PRIMARY KEY);",
        rows: "INSERT INTO shop.h0 SELECT generate_series(1, 100)",
        statement: "ALTER TABLE shop.h ATTACH PARTITION shop.h0 FOR VALUES WITH (MODULUS 2, REMAINDER 0);",
        listed: &[],
    };
    let database = database().await?;
    let client = database.connect().await?;
    let before = format!("CREATE SCHEMA shop; {}; {}", case.before, case.rows);
    client.batch_execute(&before).await?;
    let all = asked(&case);
    let [
        Precondition {
            question: Question::NoRow(sql),
            ..
        },
    ] = all.as_slice()
    else {
        return Err(format!("{all:?}").into());
    };
    let listed = client.query(sql.as_str(), &[]).await?.len();
    assert!((1..100).contains(&listed), "{listed}");
    assert!(client.batch_execute(case.statement).await.is_err());
    let delete = format!("DELETE FROM shop.h0 WHERE id IN ({sql})");
    client.batch_execute(&delete).await?;
    client.batch_execute(case.statement).await?;
    Ok(())
}
