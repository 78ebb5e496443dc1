//! The verdicts about policies are those that two tenants see: what is proved shows no row of another tenant on a
//! fresh or a reused connection, and what leaks shows one.

use onward_cases::policies::{CONDITIONS, TENANT};
use onward_pg::{Database, shared};
use tokio_postgres::Client;

use crate::Outcome;

const FIRST: &str = "11111111-1111-1111-1111-111111111111";
const SECOND: &str = "22222222-2222-2222-2222-222222222222";

/// The rows of three tenants. Each has a public row, and one that is shared with the first.
fn tables() -> String {
    let rows = [FIRST, SECOND, "00000000-0000-0000-0000-000000000000"].map(|tenant| {
        format!("('{tenant}', gen_random_uuid(), 'a', '{FIRST}', true), ('{tenant}', gen_random_uuid(), 'b', NULL, false)")
    });
    format!(
        "CREATE SCHEMA app;
         CREATE TABLE app.notes (
             tenant_id uuid NOT NULL, id uuid, body text, shared_with uuid, is_public boolean NOT NULL,
             PRIMARY KEY (tenant_id, id));
         INSERT INTO app.notes VALUES {};
         CREATE FUNCTION app.unknown(text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
         ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
         ALTER TABLE app.notes FORCE ROW LEVEL SECURITY;
         GRANT USAGE ON SCHEMA app TO pg_monitor;
         GRANT SELECT ON app.notes TO pg_monitor;",
        rows.join(", ")
    )
}

/// Whether the session reads a row of another tenant. An error is not a row.
async fn reads(client: &Client, of: &str) -> bool {
    let query = format!("SELECT FROM app.notes WHERE tenant_id <> '{of}'");
    client
        .query(&query, &[])
        .await
        .is_ok_and(|rows| !rows.is_empty())
}

/// What a role without special rights reads of other tenants: without a setting, as the first tenant, with a pattern
/// in place of a tenant, and afterwards on the same connection.
async fn leaks(database: &Database) -> Result<Vec<&'static str>, Box<dyn std::error::Error>> {
    let client = database.connect().await?;
    // The other settings that a condition may read are what suits an intruder.
    client
        .batch_execute(&format!(
            "SET ROLE pg_monitor; SET app.bypass = 'on'; SET app.user_tenant = '{SECOND}'"
        ))
        .await?;
    let mut found = Vec::new();
    // Before the setting exists in the session.
    if reads(&client, FIRST).await {
        found.push("unset");
    }
    for (name, tenant) in [("tenant", FIRST), ("pattern", "%")] {
        client.batch_execute("BEGIN").await?;
        client
            .batch_execute(&format!("SET LOCAL app.tenant_id = '{tenant}'"))
            .await?;
        if reads(&client, FIRST).await {
            found.push(name);
        }
        client.batch_execute("ROLLBACK").await?;
    }
    if reads(&client, FIRST).await {
        found.push("reused");
    }
    Ok(found)
}

#[tokio::test]
async fn each_verdict_is_what_two_tenants_see() -> Outcome {
    let database = shared().await?.database().await?;
    let owner = database.connect().await?;
    owner.batch_execute(&tables()).await?;
    let (mut wrong, mut asked) = (Vec::new(), 0);
    for (condition, word) in CONDITIONS {
        if *word == "UNVERIFIED" {
            continue;
        }
        asked += 1;
        let condition = condition.replace("$T", TENANT);
        owner
            .batch_execute(&format!(
                "DROP POLICY IF EXISTS p ON app.notes; CREATE POLICY p ON app.notes USING ({condition})"
            ))
            .await?;
        let leaks = leaks(&database).await?;
        if leaks.is_empty() != (*word == "PROVEN") {
            wrong.push(format!("{condition}: {word}, and shown: {leaks:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(asked >= 40, "only {asked} conditions");
    Ok(())
}
