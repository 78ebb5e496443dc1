//! Types have the names that PostgreSQL's `format_type()` gives them.

use std::error::Error;

use onward_analyzer::lower::lower;
use onward_analyzer::split::split;
use onward_analyzer::statement::Change;
use onward_pg::shared;

/// The spellings that PostgreSQL accepts.
const TYPES: [&str; 63] = [
    "int",
    "int4",
    "integer",
    "INT",
    "int2",
    "smallint",
    "int8",
    "bigint",
    "pg_catalog.int8",
    "\"int4\"",
    "serial",
    "bigserial",
    "serial8",
    "smallserial",
    "real",
    "float4",
    "float",
    "float(1)",
    "float(24)",
    "float(25)",
    "float(53)",
    "float8",
    "double precision",
    "decimal",
    "dec(10)",
    "numeric(10, 2)",
    "numeric ( 5 , -1 )",
    "bool",
    "boolean",
    "char",
    "char(3)",
    "character",
    "\"char\"",
    "pg_catalog.\"char\"",
    "bpchar",
    "bpchar(3)",
    "national character (4)",
    "nchar varying(5)",
    "varchar",
    "varchar(7)",
    "character varying",
    "text",
    "text[]",
    "int ARRAY",
    "int ARRAY[3]",
    "int[3][4]",
    "varchar(7)[]",
    "bit",
    "bit(3)",
    "bit varying",
    "varbit(5)",
    "timestamp",
    "timestamp(3)",
    "timestamp (0) with time zone",
    "timestamptz(6)",
    "timestamp without time zone",
    "time",
    "timetz(2)",
    "interval",
    "interval(3)",
    "interval day to second(2)",
    "interval year",
    "app.Mood[]",
];

#[tokio::test]
async fn as_the_server_names_them() -> Result<(), Box<dyn Error>> {
    let database = shared().await?.database().await?;
    let client = database.connect().await?;
    client
        .batch_execute("CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('calm')")
        .await?;
    let mut wrong = Vec::new();
    for written in TYPES {
        let text = format!("CREATE TABLE app.t (c {written})");
        client.batch_execute(&text).await?;
        let row = client
            .query_one(
                "SELECT format_type(atttypid, atttypmod) FROM pg_attribute
                 WHERE attrelid = 'app.t'::regclass AND attnum = 1",
                &[],
            )
            .await?;
        client.batch_execute("DROP TABLE app.t").await?;
        let statement = lower(&text, &split(&text).statements[0], "app");
        let Change::CreateTable(create) = &statement.clauses[0].change else {
            return Err(format!("{text}: {statement:?}").into());
        };
        let (ours, theirs) = (
            create.columns[0].data_type.to_string(),
            row.get::<_, String>(0),
        );
        if ours != theirs {
            wrong.push(format!("{written}: {ours}, but the server says {theirs}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    Ok(())
}
