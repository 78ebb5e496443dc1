//! `onward tenancy --url`: held, leaking and unreliable.

use std::collections::BTreeSet;

use onward_pg::database;
use serde_json::Value;

use crate::Outcome;
use crate::support::page::shows;
use crate::support::{FOLDER, onward_on};

const ORDERS: &str = "
    CREATE SCHEMA shop;
    CREATE TABLE shop.orders (tenant_id uuid, id int, PRIMARY KEY (tenant_id, id));
    INSERT INTO shop.orders VALUES ('aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 1), ('bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb', 2);
    ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
    ALTER TABLE shop.orders FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant_isolation ON shop.orders
      USING (tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid));";

/// The words in backticks of the line of docs/json.md about this document.
fn documented() -> BTreeSet<&'static str> {
    let page = include_str!("../../../../docs/json.md");
    let mut lines = page.lines();
    let line = lines.find(|line| line.starts_with("| `tenancy` | with `--url`"));
    let words = line.unwrap_or_default().split('`').skip(1).step_by(2);
    words
        .filter(|word| !matches!(*word, "tenancy" | "--url"))
        .collect()
}

/// The keys of a document and of its attempts, and what they call a verdict.
fn used(document: &Value) -> BTreeSet<&str> {
    let attempts = document["attempts"].as_array().into_iter().flatten();
    let of_attempts = attempts.flat_map(|one| {
        let verdict = one["verdict"].as_str();
        one.as_object()
            .into_iter()
            .flat_map(|object| object.keys().map(String::as_str))
            .chain(verdict)
    });
    of_attempts
        .chain(
            document
                .as_object()
                .into_iter()
                .flat_map(|object| object.keys().map(String::as_str)),
        )
        .collect()
}

#[tokio::test]
async fn a_schema_is_proven_and_a_leak_is_shown() -> Outcome {
    let database = database().await?;
    let admin = database.connect().await?;
    let role = format!("app_{}", database.name());
    admin.batch_execute(ORDERS).await?;
    admin
        .batch_execute(&format!(
            "CREATE ROLE {role}; GRANT USAGE ON SCHEMA shop TO {role};
             GRANT SELECT, INSERT, UPDATE, DELETE ON shop.orders TO {role}"
        ))
        .await?;
    let tenancy = ["tenancy", FOLDER, "--application", &role];
    let held = onward_on(&database, &tenancy).await?;
    held.with(0).says(&["0 leak, 0 unreliable", "kind 35"]);

    let disable = "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY";
    admin.batch_execute(disable).await?;
    let leaks = onward_on(&database, &tenancy).await?;
    let leak = "LEAK        shop.orders: SELECT rows of another tenant: found 1 (kind 1)";
    leaks.with(1).says(&[leak]);
    shows("tenants.md", "LEAK ", leak);
    let json = [&tenancy[..], &["--format", "json"]].concat();
    let document = onward_on(&database, &json).await?.with(1).json()?;
    assert_eq!(document["held"], false);
    let attempts = document["attempts"].as_array().ok_or("no attempts")?;
    assert!(
        attempts
            .iter()
            .any(|one| one["verdict"] == "leak" && one["kind"] == 1)
    );

    admin.batch_execute("DELETE FROM shop.orders").await?;
    let vain = onward_on(&database, &tenancy).await?;
    vain.with(1).says(&["UNRELIABLE  shop.orders"]);
    let unreliable = onward_on(&database, &json).await?.with(1).json()?;
    let mut words: BTreeSet<&str> = used(&document).union(&used(&unreliable)).copied().collect();
    // The introduction of the page has it for all documents.
    assert!(words.remove("format_version"));
    assert_eq!(words, documented());
    let stranger = ["tenancy", FOLDER, "--application", "no_such_role"];
    let missing = onward_on(&database, &stranger).await?;
    missing.with(2).says(&["there is no role no_such_role"]);
    let drop = format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
    Ok(admin.batch_execute(&drop).await?)
}
