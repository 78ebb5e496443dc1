//! Two tenants over HTTP, as the role that policies hold.

use onward_pg::{Database, PgBouncer, database};
use serde_json::Value;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config};

use crate::artifacts::post;
use crate::support::{Answer, Service, authority, refused, release};

const ACME: &str = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";
const BOLT: &str = "bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb";

/// A database that is served, with two tenants, and the role of the service.
async fn two_tenants() -> Answer<(Database, Client, String)> {
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
    Ok((database, admin, role))
}

async fn leave(admin: &Client, role: &str) -> Answer<()> {
    let drop = format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
    Ok(admin.batch_execute(&drop).await?)
}

/// The service, logging in as the role on the way to the server that a URL names.
async fn service(database: &Database, role: &str, url: &str, store: &str) -> Answer<Service> {
    let (_, server) = url.split_once('@').ok_or("the URL names a role")?;
    let mut command = authority(database);
    command
        .env("DATABASE_URL", format!("postgres://{role}:x@{server}"))
        .env("MIGRATE_URL", database.url())
        .env("AUTHORITY_STORE", store);
    Service::of(command).await
}

/// A pooler in transaction mode with two connections, which logs in to the server as the role, and its URL.
async fn pooler_of(database: &Database, role: &str) -> Answer<(PgBouncer, String)> {
    let config: Config = database.url().parse()?;
    let Some(Host::Tcp(host)) = config.get_hosts().first() else {
        return Err("the server is reached by TCP".into());
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let settings = format!(
        "pool_mode = transaction\ndefault_pool_size = 2\n[databases]\n\
         service = host={host} port={port} dbname={} user={role} password=x",
        database.name()
    );
    let pooler = PgBouncer::start(database, &settings).await?;
    let (server, _) = pooler
        .url()
        .rsplit_once('/')
        .ok_or("the URL names a database")?;
    let url = format!("{server}/service");
    Ok((pooler, url))
}

/// Both tenants, at once and again and again: people and artifacts, on the server itself and through a pooler that gives
/// their transactions the same two connections.
#[tokio::test]
async fn two_tenants_with_their_artifacts_also_through_a_pooler() -> Answer<()> {
    let (database, admin, role) = two_tenants().await?;
    let (pooler, pooled) = pooler_of(&database, &role).await?;
    let folder = std::env::temp_dir().join(format!("authority-tenants-{}", std::process::id()));
    let store = format!("file://{}", folder.display());
    for url in [database.url(), &pooled] {
        let service = service(&database, &role, url, &store).await?;
        let (status, body) = service.ready().await?;
        assert_eq!(
            (status, body["modules"].as_array().map(Vec::len)),
            (200, Some(2)),
            "{body:#}"
        );
        let mut stored: Vec<(&str, String, String)> = Vec::new();
        for round in 0..3 {
            for (tenant, email) in [(ACME, "ann@acme.example"), (BOLT, "bob@bolt.example")] {
                let header = format!("x-tenant-id: {tenant}");
                let (_, _, people) = service.ask("GET", "/users", &[&header]).await?;
                assert!(
                    people.contains(email) && people.matches('@').count() == 1,
                    "{people}"
                );
                let sbom = format!("{{\"of\":\"{tenant}\",\"round\":{round}}}");
                let headers = format!(
                    "{header}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
                    sbom.len()
                );
                let (status, said) =
                    post(&service, "/sboms?subject=pkg:cargo/a", &headers, &sbom).await?;
                assert_eq!(status, 201, "{said}");
                let id = said["id"].as_str().ok_or("no id")?.to_owned();
                stored.push((tenant, id, sbom));
            }
        }
        for (owner, id, sbom) in &stored {
            for tenant in [ACME, BOLT] {
                let header = format!("x-tenant-id: {tenant}");
                let (status, _, body) = service
                    .ask("GET", &format!("/sboms/{id}"), &[&header])
                    .await?;
                match tenant == *owner {
                    true => assert_eq!((status, &body), (200, sbom)),
                    false => assert_eq!(status, 404, "{body}"),
                }
            }
            assert_eq!(service.get(&format!("/sboms/{id}")).await?.0, 401);
        }
        let of_none = "content-type: text/plain\r\ncontent-length: 1\r\n";
        for (header, expected) in [
            ("", 401),
            ("x-tenant-id: %\r\n", 400),
            ("x-tenant-id: \r\n", 400),
        ] {
            let headers = [header, of_none].concat();
            assert_eq!(
                post(&service, "/sboms?subject=a", &headers, "x").await?.0,
                expected
            );
        }
        let empty =
            format!("x-tenant-id: {ACME}\r\ncontent-type: text/plain\r\ncontent-length: 0\r\n");
        assert_eq!(post(&service, "/sboms?subject=a", &empty, "").await?.0, 422);
        service.stop("-TERM").await?;
    }
    let rows = "SELECT (SELECT count(*) FROM evidence.sboms), (SELECT count(*) FROM evidence.objects),
        (SELECT count(DISTINCT tenant_id) FROM evidence.sboms JOIN evidence.objects USING (object_key)
         WHERE of_tenant = tenant_id AND objects.stored_at IS NOT NULL)";
    let row = admin.query_one(rows, &[]).await?;
    assert_eq!([0, 1, 2].map(|n| row.get::<_, i64>(n)), [12, 12, 2]);
    drop(pooler);
    std::fs::remove_dir_all(folder)?;
    leave(&admin, &role).await
}

#[tokio::test]
async fn a_request_sees_the_rows_of_its_tenant_only() -> Answer<()> {
    let (database, admin, role) = two_tenants().await?;
    let service = service(&database, &role, database.url(), "memory:///").await?;
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
    leave(&admin, &role).await
}
