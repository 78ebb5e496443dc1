//! Two tenants over HTTP, as the role that policies hold.

use onward_pg::database;
use serde_json::Value;

use crate::support::{Answer, Service, authority, refused, release};

const ACME: &str = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";
const BOLT: &str = "bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb";

#[tokio::test]
async fn a_request_sees_the_rows_of_its_tenant_only() -> Answer<()> {
    let database = database().await?;
    refused(&database).await?;
    release(&database).await?;
    // The owner's start makes the schemas that the role below gets its rights on.
    let owners = Service::of(authority(&database)).await?;
    owners.stop("-TERM").await?;
    let admin = database.connect().await?;
    let role = format!("app_{}", database.name());
    admin
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA auth, evidence TO {role};
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth, evidence TO {role};
             INSERT INTO auth.tenants (id, slug, display_name) VALUES ('{ACME}', 'acme', 'Acme'), ('{BOLT}', 'bolt', 'Bolt');
             INSERT INTO auth.users (tenant_id, email, display_name) VALUES
               ('{ACME}', 'ann@acme.example', 'Ann'), ('{BOLT}', 'bob@bolt.example', 'Bob')"
        ))
        .await?;
    let (_, server) = database
        .url()
        .split_once('@')
        .ok_or("the URL names a role")?;
    let mut command = authority(&database);
    command
        .env("DATABASE_URL", format!("postgres://{role}:x@{server}"))
        .env("MIGRATE_URL", database.url());
    let service = Service::of(command).await?;
    // The same pooled connections serve both.
    for _ in 0..4 {
        for (tenant, email) in [(ACME, "ann@acme.example"), (BOLT, "bob@bolt.example")] {
            let header = format!("X-Tenant-Id: {tenant}");
            let (status, _, body) = service.ask("GET", "/users", &[&header]).await?;
            let people: Value = serde_json::from_str(&body)?;
            assert_eq!((status, people[0]["email"].as_str()), (200, Some(email)));
            assert_eq!(people.as_array().map(Vec::len), Some(1));
        }
    }
    let stranger = "X-Tenant-Id: cccccccc-cccc-cccc-cccc-cccccccccccc";
    let (status, _, body) = service.ask("GET", "/users", &[stranger]).await?;
    assert_eq!((status, &*body), (200, "[]"));
    for bad in ["", "%", "acme", "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'"] {
        let header = format!("X-Tenant-Id: {bad}");
        let (status, _, body) = service.ask("GET", "/users", &[&header]).await?;
        assert_eq!(status, 400, "{body}");
        assert!(body.contains("is a UUID"), "{body}");
    }
    assert_eq!(service.get("/users").await?.0, 401);
    service.stop("-TERM").await?;
    let drop = format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
    Ok(admin.batch_execute(&drop).await?)
}
