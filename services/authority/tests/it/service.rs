//! Its start fails, is fixed by a release, serves, and stops.

use onward_pg::database;
use serde_json::Value;
use tokio::time::timeout;

use crate::support::{Answer, PATIENCE, Service, authority, refused, release, verified};

#[tokio::test]
async fn a_service_with_pending_releases_prints_what_to_do_and_ends() -> Answer<()> {
    let database = database().await?;
    // Twice: the first start applies what it may, the second has nothing to apply and fails in the same way.
    for _ in 0..2 {
        let (output, text) = refused(&database).await?;
        let err = String::from_utf8(output.stderr)?;
        for part in [
            "the schema could not be migrated to what this version of the service needs",
            "`onward release migrations/auth --url <url>`",
            "100_drop_users_phone_number.sql",
            "101_drop_sign_in_attempts_ip_address_idx.sql",
        ] {
            assert!(err.contains(part), "no `{part}` in {err}");
        }
        assert!(!text.contains("serving"), "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn a_released_schema_is_served_until_sigterm() -> Answer<()> {
    let database = database().await?;
    refused(&database).await?;
    let report = release(&database).await?;
    assert_eq!(report.applied().len(), 2);

    let service = Service::start(&database).await?;
    assert_eq!(service.get("/healthz").await?, (200, "alive\n".to_owned()));
    let (status, body) = service.settled().await?;
    assert_eq!(status, 200, "{body:#}");
    assert_eq!(body["ready"], true);
    assert_eq!(body["schema"], "auth");
    // Its worker has begun the data migration, and finished it.
    assert_eq!(body["ledger"]["seq"], report.head().seq + 2);
    let head = verified(&database).await?;
    assert_eq!(body["ledger"]["chain"], head.chain.to_string());
    for category in ["startup", "seed", "release", "data"] {
        assert_eq!(body["pending"][category], Value::Array(Vec::new()));
    }
    assert_eq!(body["drift"], Value::Array(Vec::new()));
    assert_eq!(body["tampered"], Value::Null);
    assert_eq!(service.get("/nowhere").await?.0, 404);

    assert_eq!(
        service.stop("-TERM").await?,
        (Some(0), "stopped".to_owned())
    );
    Ok(())
}

#[tokio::test]
async fn a_service_whose_schema_is_not_current_is_not_ready_and_keeps_running() -> Answer<()> {
    let database = database().await?;
    release(&database).await?;
    let service = Service::start(&database).await?;
    assert_eq!(service.settled().await?.0, 200);
    let client = database.connect().await?;

    client
        .batch_execute("UPDATE auth.schema_migration_head SET seq = seq + 1")
        .await?;
    let (status, body) = service.auth().await?;
    assert_eq!((status, &body["ready"]), (503, &Value::Bool(false)));
    assert!(
        body["tampered"]
            .as_str()
            .is_some_and(|text| text.contains("was removed"))
    );

    client
        .batch_execute(
            "ALTER TABLE auth.schema_migration_head DISABLE TRIGGER USER;
             UPDATE auth.schema_migration_head SET seq = seq - 1;
             ALTER TABLE auth.schema_migration_head ENABLE ALWAYS TRIGGER schema_migration_forward",
        )
        .await?;
    assert_eq!(service.auth().await?.0, 200);

    client
        .batch_execute("ALTER SCHEMA auth RENAME TO gone")
        .await?;
    let (status, body) = service.auth().await?;
    assert_eq!((status, &body["ledger"]), (503, &Value::Null));
    assert_eq!(service.get("/healthz").await?.0, 200);

    database.close().await?;
    let (status, body) = service.auth().await?;
    assert_eq!((status, &body["ready"]), (503, &Value::Bool(false)));
    assert!(body["error"].is_string(), "{body:#}");
    assert_eq!(service.get("/healthz").await?.0, 200);
    assert_eq!(service.stop("-INT").await?.0, Some(0));
    Ok(())
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() -> Answer<()> {
    let database = database().await?;
    release(&database).await?;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = taken.local_addr()?.to_string();
    let mut command = authority(&database);
    command.env("AUTHORITY_LISTEN", &address);
    let output = timeout(PATIENCE, command.output()).await??;
    assert_eq!(output.status.code(), Some(1));
    let err = String::from_utf8(output.stderr)?;
    assert!(
        err.contains(&format!("cannot listen on {address}")),
        "{err}"
    );
    Ok(())
}
