//! Every change of a type into every other type.

use std::error::Error;

use onward_analyzer::effect::effects;
use onward_analyzer::lower::lower;
use onward_analyzer::schema::Schema;
use onward_analyzer::split::split;
use onward_pg::Server;

use super::server::{Backend, Outcome};
use super::{Count, compare};

/// The objects that exist at the start of each history.
const MADE: &str = "\
CREATE EXTENSION citext SCHEMA app;
CREATE TYPE app.mood AS ENUM ('calm', 'sad');
CREATE DOMAIN app.plain AS text;
CREATE DOMAIN app.checked AS text CHECK (VALUE <> '');
CREATE DOMAIN app.present AS int NOT NULL;
CREATE DOMAIN app.twice AS app.checked;";

const TYPES: &[&str] = &[
    "smallint",
    "int",
    "bigint",
    "oid",
    "regclass",
    "real",
    "float8",
    "numeric",
    "numeric(10)",
    "numeric(10,2)",
    "numeric(12,2)",
    "numeric(12,4)",
    "boolean",
    "text",
    "varchar",
    "varchar(10)",
    "varchar(20)",
    "char(5)",
    "char(9)",
    "bpchar",
    "name",
    "citext",
    "bytea",
    "bit(3)",
    "bit(5)",
    "varbit",
    "varbit(3)",
    "varbit(5)",
    "date",
    "time",
    "time(0)",
    "time(3)",
    "timetz",
    "timetz(3)",
    "timestamp",
    "timestamp(0)",
    "timestamp(3)",
    "timestamp(6)",
    "timestamptz",
    "timestamptz(3)",
    "interval",
    "interval(3)",
    "interval(6)",
    "interval day to second",
    "interval day to second(3)",
    "interval year to month",
    "interval hour",
    "json",
    "jsonb",
    "uuid",
    "inet",
    "cidr",
    "macaddr",
    "xml",
    "int[]",
    "bigint[]",
    "text[]",
    "varchar[]",
    "varchar(10)[]",
    "varchar(20)[]",
    "mood",
    "plain",
    "checked",
    "present",
    "twice",
];

/// Each pair that PostgreSQL casts implicitly, with an index over the column, in a time zone that is not
/// UTC: a build cannot know the zone, and in every other zone these are changes.
pub(crate) async fn every_pair(
    server: &Server,
    major: u8,
    count: &mut Count,
) -> Result<(), Box<dyn Error>> {
    let database = server.database().await?;
    let backend = Backend::connect(database.url()).await?;
    let zone = "SET timezone = 'Europe/Vienna'";
    backend
        .run(&format!(
            "CREATE SCHEMA app; SET search_path = app; {zone}; {MADE}"
        ))
        .await?;
    for from in TYPES {
        let table = format!("CREATE TABLE t (a {from}, b int UNIQUE)");
        // These have no order.
        let index = match *from {
            "json" | "xml" => "SELECT 1",
            _ => "CREATE INDEX i ON t (a)",
        };
        backend.run(&format!("{table}; {index}")).await?;
        let schema = Schema::after("app", &[MADE, &table, index]);
        for to in TYPES {
            let text = format!("ALTER TABLE t ALTER COLUMN a TYPE {to}");
            let raw = split(&text);
            let statement = lower(&text, &raw.statements[0], "app");
            if let Outcome::Done(seen) = backend.try_out(&text).await? {
                let effect = effects(&statement, &schema, major);
                let problems = compare::compare(&statement, &schema, &effect, &seen);
                count.add(from, &text, problems);
            }
        }
        backend.run("DROP TABLE t").await?;
    }
    Ok(())
}
