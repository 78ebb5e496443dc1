//! `onward plan --url`: what is pending on a server, and what it meets there.

use onward_pg::{Database, database};
use tokio_postgres::Client;

use crate::Outcome;
use crate::support::{Folder, onward_on};

const FILES: &[(&str, &[u8])] = &[
    ("onward.toml", onward_tests::UNJUDGED.as_bytes()),
    (
        "001_items.sql",
        b"CREATE TABLE shop.makers (id bigint PRIMARY KEY);
CREATE TABLE shop.items (id bigint PRIMARY KEY, maker_id bigint, name text, code varchar(9), n text);
",
    ),
    (
        "002_demands.sql",
        b"ALTER TABLE shop.items
    ALTER COLUMN name SET NOT NULL,
    ADD CONSTRAINT items_maker FOREIGN KEY (maker_id) REFERENCES shop.makers,
    ADD CONSTRAINT items_code UNIQUE (code),
    ADD CONSTRAINT items_name CHECK (name <> 'x');
ALTER TABLE shop.items ALTER COLUMN code TYPE varchar(3);
ALTER TABLE shop.items ALTER COLUMN n TYPE integer USING n::integer;
ALTER TABLE shop.items ADD COLUMN late integer NOT NULL;
ALTER TABLE shop.makers ADD COLUMN later integer;
ALTER TABLE shop.makers ADD CONSTRAINT later CHECK (later > 0);
",
    ),
];

async fn behind() -> Result<(Folder, Database, Client), Box<dyn std::error::Error>> {
    let database = database().await?;
    let client = database.connect().await?;
    let first = Folder::shop(&FILES[..2])?;
    onward_on(&database, &["up", &first.path()]).await?.with(0);
    Ok((Folder::shop(FILES)?, database, client))
}

const ROWS: &str =
    "INSERT INTO shop.items VALUES (1, 7, NULL, 'twin', 'eins'), (2, NULL, 'x', 'twin', '2')";

#[tokio::test]
async fn each_demand_is_asked_of_the_rows() -> Outcome {
    let (folder, database, client) = behind().await?;
    let plan = ["plan", &folder.path()];
    let empty = onward_on(&database, &plan).await?;
    empty
        .with(0)
        .says(&["no row of shop.items has a null in name: yes"]);
    client.batch_execute(ROWS).await?;
    let answer = onward_on(&database, &plan).await?;
    answer.with(1).says(&[
        "PostgreSQL ",
        " connections free",
        "002_demands.sql, in one transaction",
        "no row of shop.items has a null in name: NO, 1 row in the way\n    SELECT id FROM shop.items WHERE name IS NULL\n",
        "every row of shop.items has a parent in shop.makers by maker_id: NO, 1 row in the way",
        "no two rows of shop.items have the same code: NO, 1 group in the way",
        "every row of shop.items satisfies items_name: NO, 1 row in the way",
        "every code of shop.items fits into character varying(3): NO, 2 rows in the way",
        "every n of shop.items fits into integer: NO, a value cannot be converted (22P02)",
        "shop.items has no rows, because the new column late is not null and nothing fills it: NO, 2 rows in the way",
        "every row of shop.makers satisfies later: not asked: pending migrations create what it is about",
    ]);
    for value in ["eins", "twin"] {
        assert!(
            !answer.out.contains(value),
            "a value of a row: {}",
            answer.out
        );
    }
    Ok(())
}

#[tokio::test]
async fn sizes_and_sessions_in_the_way_are_shown() -> Outcome {
    let (folder, database, mut client) = behind().await?;
    client.batch_execute(ROWS).await?;
    client
        .batch_execute("ANALYZE shop.items; SET application_name = 'report'")
        .await?;
    let open = client.transaction().await?;
    open.query("SELECT id FROM shop.items", &[]).await?;
    let path = folder.path();
    let plan = onward_on(&database, &["plan", &path]).await?;
    plan.with(1).says(&[
        "ACCESS EXCLUSIVE on shop.items (",
        " kB, about 2 rows): reads and writes wait\n      in the way now: pid ",
        "'report' of role 'postgres', idle in transaction, its transaction is open for ",
        "    rewrites shop.items (",
    ]);
    let json = onward_on(&database, &["plan", &path, "--format", "json"])
        .await?
        .with(1)
        .json()?;
    let live = &json[0]["live"];
    assert_eq!(live["pending"][0], "002_demands.sql");
    assert_eq!(live["server"]["standby"], false);
    assert_eq!(live["sessions"][0]["application"], "report");
    assert_eq!(live["tables"][0]["relation"], "shop.items");
    assert_eq!(live["demands"][0]["answer"], "fails");
    assert_eq!(live["demands"][0]["rows"], 1);
    let status = onward_on(&database, &["status", &path]).await?;
    status.with(1).says(&[
        "shop.items is in use, and a pending migration waits for it:",
        "'report'",
    ]);
    Ok(())
}

#[tokio::test]
async fn a_role_that_may_not_read_gets_no_guess() -> Outcome {
    let (folder, database, client) = behind().await?;
    client.batch_execute(ROWS).await?;
    let role = format!("blind_{}", database.name());
    client
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA shop TO {role};
             GRANT SELECT ON shop.schema_migration_log, shop.schema_migration_head TO {role}"
        ))
        .await?;
    let place = database
        .url()
        .rsplit_once('@')
        .map_or("", |(_, place)| place);
    let url = format!("postgres://{role}:x@{place}");
    let answer = crate::support::onward(&["plan", &folder.path(), "--url", &url]).await?;
    answer.with(0).says(&[
        "not answered: the role may not read all rows (42501)",
        "pg_read_all_stats",
    ]);
    client
        .batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"))
        .await?;
    Ok(())
}

#[tokio::test]
async fn without_an_answer_the_status_is_two() -> Outcome {
    let (folder, database, _) = behind().await?;
    let wrong = database.url().replace(database.name(), "no_such_database");
    crate::support::onward(&["plan", &folder.path(), "--url", &wrong])
        .await?
        .with(2);
    Ok(())
}
