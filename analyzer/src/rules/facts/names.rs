//! What is said about names that PostgreSQL refuses in queries, expressions and SQL bodies.

use crate::check::context::Context;
use crate::check::rule::SpannedMessage;
use crate::finding::Message;
use crate::schema::resolve::Why;
use crate::statement::{Name, ObjectKind};

/// Functions of extensions that people know without their extension, and what the server has instead.
const INSTEAD: [(&str, &str); 5] = [
    (
        "uuid_generate_v4",
        "`gen_random_uuid()` returns the same and needs no extension",
    ),
    (
        "uuid_generate_v1",
        "it belongs to the extension uuid-ossp; `gen_random_uuid()` needs no extension",
    ),
    ("gen_salt", "it belongs to the extension pgcrypto"),
    ("crypt", "it belongs to the extension pgcrypto"),
    ("similarity", "it belongs to the extension pg_trgm"),
];

/// The names that no server knows.
pub(in crate::rules) fn unknown(
    context: &Context<'_>,
    counts: impl Fn(&Why) -> bool,
) -> Vec<SpannedMessage> {
    let refused = context
        .refused_names()
        .iter()
        .filter(|one| counts(&one.why));
    let found = refused.filter_map(|one| Some((one.span.clone(), message(&one.why)?)));
    found.collect()
}

pub(in crate::rules) fn message(why: &Why) -> Option<Message> {
    Some(match why {
        Why::NoColumn { column, of, guess } => {
            let what = match of {
                Some(of) => format!("{of} has no column `{column}`"),
                None => format!("there is no column `{column}` here"),
            };
            refused(
                what,
                "column does not exist (42703). None of the tables, views and queries that can be named here has it",
                guess.as_deref(),
                "name a column that exists when the statement runs, or add the column in an earlier statement",
            )
        }
        Why::Ambiguous { column } => refused(
            format!("`{column}` can be a column of several tables here"),
            "column reference is ambiguous (42702)",
            None,
            &format!("write the table or its alias before it: `t.{column}`"),
        ),
        Why::Twice { column } => refused(
            format!("two columns of the view have the name `{column}`"),
            "column specified more than once (42701)",
            None,
            "give one of them another name with AS",
        ),
        Why::NoSource { source } => refused(
            format!("nothing in FROM has the name `{source}` here"),
            "missing FROM-clause entry (42P01). A query in FROM sees its neighbours only after LATERAL, and a table \
             with an alias only has the name of its alias",
            None,
            "write the alias that the table has in FROM, or add the table there",
        ),
        Why::NoRelation { name } if name.schema == "\"\"" => refused(
            format!(
                "`{}` has no schema, and the function has an empty search_path",
                name.name
            ),
            "table does not exist (42P01). PostgreSQL reads the body with the function's own search_path",
            None,
            "write the schema in front of the name",
        ),
        Why::NoRelation { name } => missing(
            ObjectKind::Table,
            absent_object(ObjectKind::Table, name),
            "table does not exist (42P01)",
            None,
        ),
        Why::NoFunction { name, guess } => {
            let instead = INSTEAD.iter().find(|(known, _)| known == name);
            let cure = "create the function in an earlier statement. Or, if something else creates it on every \
                        server, write `-- onward: external <schema>.<name>`; a function of an extension needs the \
                        extension's schema in front, because the search_path only has the module's own";
            refused(
                format!("there is no function {name}"),
                "function does not exist (42883)",
                guess.as_deref().filter(|_| instead.is_none()),
                instead.map_or(cure, |(_, instead)| instead),
            )
        }
        Why::NoArity { name, arguments } => refused(
            format!("no function {name} takes {arguments} arguments"),
            "function does not exist (42883)",
            None,
            "pass the arguments that the function has",
        ),
        Why::NoType { name, guess } => refused(
            absent_object(ObjectKind::Type, name),
            "type does not exist (42704)",
            guess.as_deref(),
            &of_other_databases(&name.name).map_or_else(
                || "name a type that exists when the statement runs".to_owned(),
                |ours| format!("PostgreSQL's type for it is `{ours}`"),
            ),
        ),
        Why::Newer { .. } | Why::NoValue { .. } | Why::Outside { .. } | Why::Form(_) => {
            return None;
        }
    })
}

/// The types of other databases, and PostgreSQL's for the same values.
const ELSEWHERE: [(&str, &str); 16] = [
    (
        "string nvarchar varchar2 nvarchar2 clob nclob ntext tinytext mediumtext longtext",
        "text",
    ),
    (
        "datetime datetime2 smalldatetime datetimeoffset",
        "timestamptz",
    ),
    (
        "blob binary varbinary tinyblob mediumblob longblob image raw bytes",
        "bytea",
    ),
    ("number", "numeric"),
    ("tinyint int1 int8u uint8 int16 year", "smallint"),
    ("mediumint int32 uint16", "integer"),
    ("long int64 uint32 bigint_unsigned", "bigint"),
    ("uint64", "numeric(20)"),
    ("double float64 binary_double", "double precision"),
    ("float32 binary_float", "real"),
    ("uniqueidentifier guid", "uuid"),
    ("bool1 logical", "boolean"),
    ("smallmoney currency", "numeric(19, 4)"),
    (
        "autoincrement counter auto_increment identity",
        "bigint GENERATED ALWAYS AS IDENTITY",
    ),
    ("jsontype map object variant", "jsonb"),
    ("duration timespan", "interval"),
];

/// PostgreSQL's type for one of another database.
pub(in crate::rules) fn of_other_databases(name: &str) -> Option<&'static str> {
    let mut known = ELSEWHERE.iter();
    let known = known.find(|(names, _)| names.split(' ').any(|one| one == name));
    known.map(|(_, ours)| *ours)
}

/// What is reported first about an object that does not exist.
pub(in crate::rules) fn absent_object(kind: ObjectKind, name: &Name) -> String {
    format!("there is no {kind} {name}")
}

/// About an object that only an earlier statement could have created.
pub(in crate::rules) fn missing(
    kind: ObjectKind,
    what: String,
    words: &str,
    guess: Option<&str>,
) -> Message {
    refused(
        what,
        &format!(
            "{words}. No earlier statement creates the {kind}, or one has dropped or renamed it"
        ),
        guess,
        &format!(
            "create the {kind} in an earlier statement: a new database is built from these files alone. Or, if \
             something else creates it on every server, write `-- onward: external <schema>.<name>`"
        ),
    )
}

fn refused(what: String, why: &str, guess: Option<&str>, cure: &str) -> Message {
    let guess = guess.map(|guess| format!("did you mean `{guess}`? If not, "));
    Message::new(
        what,
        format!("PostgreSQL refuses the statement: {why}"),
        format!("{}{cure}", guess.unwrap_or_default()),
    )
}
