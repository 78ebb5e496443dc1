//! What a scope sees and writes, on the server itself, in a pool and through a pooler.

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use onward::tenant::{Error, Refusal, Setting, Tenancy, TenantId, scope};
use onward_pg::PgBouncer;
use tokio_postgres::{IsolationLevel, NoTls};

use super::{ACME, BOLT, Tenants, is_idle, notes};
use crate::Outcome;
use crate::support::relay::Relay;
use crate::support::witness::{row, rows};

#[tokio::test]
async fn a_scope_sees_and_writes_the_rows_of_its_tenant_only() -> Outcome {
    let tenants = Tenants::new().await?;
    let mut client = tenants.connect().await?;
    for (tenant, own) in [(ACME, "of acme"), (BOLT, "of bolt"), (ACME, "of acme")] {
        let scope = scope(&mut client, tenant).await?;
        assert_eq!(scope.tenant(), tenant);
        assert_eq!(Tenancy::default().current(&scope).await?, tenant);
        assert_eq!(notes(&scope).await?, [own]);
        // The id is a uuid to the server, in both directions.
        let found: TenantId = scope
            .query_one(
                "SELECT tenant_id FROM shop.orders WHERE tenant_id = $1",
                &[&tenant],
            )
            .await?
            .get(0);
        assert_eq!(found, tenant);
        let changed = scope
            .execute("UPDATE shop.orders SET note = note", &[])
            .await?;
        assert_eq!(changed, 1);
        scope.commit().await?;
    }
    let scope = scope(&mut client, ACME).await?;
    let foreign = scope
        .execute("INSERT INTO shop.orders VALUES ($1, 2)", &[&BOLT])
        .await;
    let refusal = foreign.err().as_ref().and_then(Refusal::of);
    assert_eq!(refusal, Some(Refusal::Policy));
    drop(scope);
    drop(client);
    tenants.leave().await
}

/// Nothing is seen, and the errors say why.
#[tokio::test]
async fn outside_of_a_scope_nothing_is_seen_and_the_errors_say_why() -> Outcome {
    let tenants = Tenants::new().await?;
    let mut client = tenants.connect().await?;
    for is_reused in [false, true] {
        if is_reused {
            // The setting is empty from now on, where it was absent before.
            scope(&mut client, ACME).await?.commit().await?;
        }
        assert_eq!(notes(&client).await?, [""; 0]);
        let error = Tenancy::default().current(&client).await.err();
        let error = error.ok_or("there is a tenant")?;
        assert!(matches!(error, Error::NoTenant { .. }), "{error}");
        assert!(
            error.to_string().contains("onward::tenant::scope"),
            "{error}"
        );
        let written = client
            .execute("INSERT INTO shop.orders VALUES ($1, 2)", &[&ACME])
            .await;
        let refusal = written.err().as_ref().and_then(Refusal::of);
        assert_eq!(refusal, Some(Refusal::Policy));
        assert!(Refusal::Policy.to_string().contains("there is no scope"));
    }
    // A policy that casts what is empty, and one that asks for a setting that has to be there.
    for (condition, is_reused) in [
        ("current_setting('app.tenant_id', true)::uuid", true),
        ("current_setting('app.tenant_id')::uuid", false),
    ] {
        let policy = format!(
            "DROP POLICY tenant_isolation ON shop.orders;
             CREATE POLICY tenant_isolation ON shop.orders USING (tenant_id = {condition})"
        );
        tenants.admin.batch_execute(&policy).await?;
        let mut client = tenants.connect().await?;
        if is_reused {
            scope(&mut client, ACME).await?.commit().await?;
        }
        let error = client.query("SELECT FROM shop.orders", &[]).await.err();
        assert_eq!(
            error.as_ref().and_then(Refusal::of),
            Some(Refusal::NoTenant),
            "{error:?}"
        );
    }
    // Other errors with the same SQLSTATEs are about something else.
    for other in [
        "SELECT FROM pg_authid",
        "SELECT 'x'::uuid",
        "SELECT 'x'::int",
        "SELECT FROM nowhere",
    ] {
        let error = client
            .query(other, &[])
            .await
            .err()
            .ok_or("it is allowed")?;
        assert_eq!(Refusal::of(&error), None, "{other}");
    }
    drop(client);
    tenants.leave().await
}

/// One round trip less than BEGIN, SET LOCAL, the query and COMMIT one by one.
#[tokio::test]
async fn a_scope_costs_two_round_trips_around_its_queries() -> Outcome {
    let tenants = Tenants::new().await?;
    let relay = Relay::before(&tenants.database).await?;
    let mut client = relay.connect().await?;
    relay.counted();
    let query = "SELECT note FROM shop.orders";
    let tenant = scope(&mut client, ACME).await?;
    tenant.simple_query(query).await?;
    tenant.commit().await?;
    let (scoped, _, _) = relay.counted();
    let set = format!("SET LOCAL app.tenant_id = '{ACME}'");
    for statement in ["BEGIN", &*set, query, "COMMIT"] {
        client.simple_query(statement).await?;
    }
    let (one_by_one, _, _) = relay.counted();
    assert_eq!((scoped, one_by_one), (3, 4));
    drop(client);
    tenants.leave().await
}

/// Two sessions behind it serve three scopes at once; what a session keeps would be seen by the next.
#[tokio::test]
async fn a_pool_and_a_pooler_lend_one_session_to_one_tenant_after_the_other() -> Outcome {
    let tenants = Tenants::new().await?;
    let settings = "pool_mode = transaction\ndefault_pool_size = 2";
    let pooler = PgBouncer::start(&tenants.database, settings).await?;
    for url in [tenants.database.url(), pooler.url()] {
        let recycling_method = RecyclingMethod::Fast;
        let manager = Manager::from_config(url.parse()?, NoTls, ManagerConfig { recycling_method });
        let pool = Pool::builder(manager).max_size(3).build()?;
        let as_application = format!("SET LOCAL ROLE {}", tenants.role);
        for turn in 0..6 {
            let (tenant, own) = [(ACME, "of acme"), (BOLT, "of bolt")][turn % 2];
            let mut lent = pool.get().await?;
            let scope = scope(&mut lent, tenant).await?;
            scope.batch_execute(&as_application).await?;
            assert_eq!(notes(&scope).await?, [own], "{url}");
            match turn % 3 {
                0 => scope.commit().await?,
                1 => scope.rollback().await?,
                _ => drop(scope),
            }
            drop(lent);
            // The next one that gets a session sees nothing without a scope of its own.
            let mut other = pool.get().await?;
            let none = other.transaction().await?;
            none.batch_execute(&as_application).await?;
            assert_eq!(
                row(none.client(), "SELECT count(*) FROM shop.orders").await?,
                "0",
                "{url}"
            );
            none.rollback().await?;
        }
    }
    drop(pooler);
    tenants.leave().await
}

/// A plan that was made for one tenant is not used for another.
#[tokio::test]
async fn a_statement_that_was_prepared_in_one_scope_runs_in_another() -> Outcome {
    let tenants = Tenants::new().await?;
    let mut client = tenants.connect().await?;
    client
        .batch_execute("SET plan_cache_mode = force_generic_plan")
        .await?;
    let statement = client.prepare("SELECT note FROM shop.orders").await?;
    for _ in 0..8 {
        for (tenant, own) in [(ACME, "of acme"), (BOLT, "of bolt")] {
            let scope = scope(&mut client, tenant).await?;
            let note: String = scope.query_one(&statement, &[]).await?.get(0);
            assert_eq!(note, own);
        }
    }
    drop(client);
    tenants.leave().await
}

#[tokio::test]
async fn another_setting_another_isolation_and_a_scope_that_only_reads() -> Outcome {
    let tenants = Tenants::new().await?;
    let mut client = tenants.connect().await?;
    let shop = Tenancy::new(Setting::new("shop.customer")?);
    let scope = shop.scope(&mut client, ACME).await?;
    let set = "SELECT current_setting('shop.customer'), current_setting('app.tenant_id', true)";
    assert_eq!(row(&scope, set).await?, format!("{ACME}|-"));
    scope.rollback().await?;
    let strict = Tenancy::default()
        .isolation(IsolationLevel::Serializable)
        .read_only();
    let scope = strict.scope(&mut client, ACME).await?;
    assert_eq!(
        row(&scope, "SHOW transaction_isolation").await?,
        "serializable"
    );
    let written = scope.execute("DELETE FROM shop.orders", &[]).await.err();
    let code = written
        .as_ref()
        .and_then(|error| error.code())
        .map(|code| code.code());
    assert_eq!(code, Some("25006"));
    drop(scope);
    assert!(is_idle(&client).await?);
    assert_eq!(rows(&client, "SELECT 1 FROM shop.orders").await?, [""; 0]);
    drop(client);
    tenants.leave().await
}
