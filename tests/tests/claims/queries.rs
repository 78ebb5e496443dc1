//! What `query!` reports is what the server says, and the types are the server's.

use std::path::Path;

use onward_analyzer::source::Module;
use onward_analyzer::typed::{Known, Query};
use onward_pg::{Database, shared};
use tokio_postgres::Client;
use tokio_postgres::types::{Kind, Type};

use crate::Outcome;

const SHOP: &str = include_str!("queries/shop.sql");

fn statements(text: &'static str) -> Vec<&'static str> {
    text.lines().filter(|line| !line.is_empty()).collect()
}

fn shop() -> Known {
    Known::of(Module::in_memory("shop", [("001_shop.sql", SHOP)]))
}

/// The database goes with its value.
async fn server() -> Result<(Database, Client), Box<dyn std::error::Error>> {
    let database = shared().await?.database().await?;
    let client = database.connect().await?;
    client
        .batch_execute("CREATE SCHEMA shop; SET search_path = shop")
        .await?;
    client.batch_execute(SHOP).await?;
    Ok((database, client))
}

/// A name by which both sides know the type; a domain is its base type, as it is where rows are read.
fn spoken(ty: &Type) -> String {
    match ty.kind() {
        Kind::Domain(base) => spoken(base),
        Kind::Array(element) => format!("{}[]", spoken(element)),
        _other => ty.name().to_owned(),
    }
}

/// The names of `format_type()` as those of the catalog.
fn catalogued(shown: &str) -> String {
    if let Some(element) = shown.strip_suffix("[]") {
        return format!("{}[]", catalogued(element));
    }
    let name = shown.strip_prefix("shop.").unwrap_or(shown);
    let known = match name {
        "integer" => "int4",
        "bigint" | "cents" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "real" => "float4",
        "double precision" => "float8",
        "character varying" => "varchar",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time without time zone" => "time",
        "email" => "text",
        "\"char\"" => "char",
        name => name,
    };
    known.to_owned()
}

/// Where ours are known and are not the server's.
fn differ(query: &Query, parameters: &[Type], columns: &[(&str, &Type)]) -> Vec<String> {
    let mut found = Vec::new();
    let compare = |what: &str, ours: &str, theirs: &Type| {
        let (ours, theirs) = (catalogued(ours), spoken(theirs));
        let differ = !ours.is_empty() && ours != theirs;
        differ.then(|| format!("{what} is {theirs} to the server and {ours} to us"))
    };
    for (at, (ours, theirs)) in query.parameters.iter().zip(parameters).enumerate() {
        found.extend(compare(&format!("${}", at + 1), &ours.data_type, theirs));
    }
    for (ours, (name, theirs)) in query.columns.iter().zip(columns) {
        found.extend(compare(name, &ours.data_type, theirs));
        if ours.name != *name {
            found.push(format!("{name} is {} to us", ours.name));
        }
    }
    if query.parameters.len() != parameters.len() {
        found.push("the numbers of parameters differ".to_owned());
    }
    if !query.is_open && query.columns.len() != columns.len() {
        found.push("the numbers of columns differ".to_owned());
    }
    found
}

#[tokio::test]
async fn what_the_server_accepts_is_accepted_with_the_same_types() -> Outcome {
    let known = shop();
    let (_database, client) = server().await?;
    let (mut wrong, mut unknown, mut all) = (Vec::new(), 0, 0);
    for sql in statements(include_str!("queries/accepted.sql")) {
        let query = known.query("query", sql);
        let prepared = client
            .prepare(sql)
            .await
            .map_err(|error| format!("{sql}: {error:?}"))?;
        let columns: Vec<(&str, &Type)> = prepared
            .columns()
            .iter()
            .map(|column| (column.name(), column.type_()))
            .collect();
        let found = differ(&query, prepared.params(), &columns);
        wrong.extend(found.iter().map(|one| format!("{sql}\n    {one}")));
        wrong.extend(query.errors.iter().map(|one| format!("{sql}\n{one}")));
        all += prepared.params().len() + columns.len();
        unknown += query.unchecked.len();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unknown * 10 < all, "{unknown} of {all} types are not known");
    Ok(())
}

#[tokio::test]
async fn what_the_server_refuses_is_refused() -> Outcome {
    let known = shop();
    let (_database, client) = server().await?;
    let all = statements(include_str!("queries/refused.sql"));
    let mut missed = Vec::new();
    for sql in &all {
        let is_refused = match client.prepare(sql).await {
            Err(_) => true,
            // Some fail only when they run, with whatever values.
            Ok(prepared) if prepared.params().is_empty() => {
                let run = format!("BEGIN; {sql}; ROLLBACK");
                let failed = client.batch_execute(&run).await.is_err();
                client.batch_execute("ROLLBACK").await?;
                failed || sql.contains(';')
            }
            Ok(_) => sql.starts_with("INSERT"),
        };
        assert!(is_refused, "the server accepts: {sql}");
        if known.query("query", sql).errors.is_empty() {
            missed.push(*sql);
        }
    }
    let (n, all) = (missed.len(), all.len());
    assert!(n * 20 <= all, "{n} of {all}:\n{}", missed.join("\n"));
    Ok(())
}

#[test]
fn the_queries_of_the_examples_are_accepted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/auth");
    let known = Known::of(onward_analyzer::source::read(&folder, "migrations/auth"));
    let query = known.query(
        "query",
        "SELECT u.email, r.display_name FROM auth.users u LEFT JOIN auth.user_roles x ON x.user_id = u.id \
         LEFT JOIN auth.roles r ON r.id = x.role_id WHERE u.tenant_id = $1",
    );
    assert!(query.errors.is_empty(), "{:?}", query.errors);
    let nullable: Vec<bool> = query.columns.iter().map(|column| column.nullable).collect();
    assert_eq!(nullable, [false, true]);
}
