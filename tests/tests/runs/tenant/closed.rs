//! The ways in which a tenant could stay on a connection, each of them closed.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use onward::tenant::{Error, Tenancy, scope};
use tokio_postgres::Client;

use super::{ACME, Answer, BOLT, Tenants, is_idle, notes};
use crate::Outcome;
use crate::support::witness::{pid, row, until};

/// No transaction, no tenant, and the next tenant's scope is right.
async fn is_clean(client: &mut Client) -> Outcome {
    assert!(is_idle(client).await?, "a transaction is open");
    assert_eq!(notes(client).await?, [""; 0]);
    let next = scope(client, BOLT).await?;
    assert_eq!(notes(&next).await?, ["of bolt"]);
    Ok(next.rollback().await?)
}

/// What acme has, to whom no policy applies.
async fn of_acme(tenants: &Tenants) -> Answer<String> {
    let count =
        "SELECT count(*) FROM shop.orders WHERE tenant_id = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'";
    row(&tenants.admin, count).await
}

const ADD: &str = "INSERT INTO shop.orders VALUES ('aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 2)";

#[tokio::test]
async fn a_scope_that_is_dropped_or_panics_is_rolled_back() -> Outcome {
    let tenants = Tenants::new().await?;
    let mut client = tenants.connect().await?;
    let dropped = scope(&mut client, ACME).await?;
    dropped.batch_execute(ADD).await?;
    drop(dropped);
    is_clean(&mut client).await?;

    let panics = async {
        let scope = scope(&mut client, ACME).await.expect("it begins");
        scope.batch_execute(ADD).await.expect("the row is its own");
        panic!("on purpose");
    };
    assert!(caught(panics).await, "it did not panic");
    is_clean(&mut client).await?;
    assert_eq!(of_acme(&tenants).await?, "1");

    let committed = scope(&mut client, ACME).await?;
    committed.batch_execute(ADD).await?;
    committed.commit().await?;
    assert_eq!(of_acme(&tenants).await?, "2");
    is_clean(&mut client).await?;
    drop(client);
    tenants.leave().await
}

/// Whether a future panics.
async fn caught(future: impl Future<Output = ()>) -> bool {
    let mut future = Box::pin(future);
    std::future::poll_fn(move |context| {
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        match polled {
            Ok(polled) => polled.map(|()| false),
            Err(_) => std::task::Poll::Ready(true),
        }
    })
    .await
}

/// A future that is dropped while it begins, while it queries and while it commits.
#[tokio::test]
async fn a_scope_whose_future_is_dropped_is_rolled_back_or_committed_as_a_whole() -> Outcome {
    let tenants = Tenants::new().await?;
    let mut client = tenants.connect().await?;
    // So many polls, and no more: each may be one step further.
    for polls in 1..12 {
        let mut work = Box::pin(async {
            let scope = scope(&mut client, ACME).await?;
            scope.batch_execute(ADD).await.map_err(Error::Connection)?;
            scope.commit().await
        });
        let mut left = polls;
        let ended = std::future::poll_fn(|context| {
            left -= 1;
            match work.as_mut().poll(context) {
                std::task::Poll::Pending if left == 0 => std::task::Poll::Ready(None),
                polled => polled.map(Some),
            }
        })
        .await;
        drop(work);
        if let Some(ended) = ended {
            ended?;
        }
        is_clean(&mut client).await?;
        let rows = of_acme(&tenants).await?;
        assert!(matches!(&*rows, "1" | "2"), "{rows}");
        let again = "DELETE FROM shop.orders WHERE id = 2";
        tenants.admin.batch_execute(again).await?;
    }
    // A query that is still running on the server.
    let slow = async {
        let scope = scope(&mut client, ACME).await?;
        scope.batch_execute(ADD).await.map_err(Error::Connection)?;
        scope
            .batch_execute("SELECT pg_sleep(0.4)")
            .await
            .map_err(Error::Connection)
    };
    assert!(
        tokio::time::timeout(Duration::from_millis(200), slow)
            .await
            .is_err()
    );
    is_clean(&mut client).await?;
    assert_eq!(of_acme(&tenants).await?, "1");
    drop(client);
    tenants.leave().await
}

#[tokio::test]
async fn a_scope_in_a_transaction_is_refused_and_the_transaction_stays_as_it_was() -> Outcome {
    let tenants = Tenants::new().await?;
    let mut client = tenants.connect().await?;
    let acme = format!("BEGIN; SELECT set_config('app.tenant_id', '{ACME}', true); {ADD}");
    client.batch_execute(&acme).await?;
    let error = scope(&mut client, BOLT).await.err().ok_or("it began")?;
    assert!(
        matches!(error, Error::OpenTransaction { failed: false, .. }),
        "{error}"
    );
    // Still acme's, with its row.
    assert_eq!(notes(&client).await?, ["", "of acme"]);
    client.batch_execute("COMMIT").await?;
    assert_eq!(of_acme(&tenants).await?, "2");

    client.batch_execute("BEGIN; SAVEPOINT before").await?;
    assert!(client.batch_execute("SELECT 1 / 0").await.is_err());
    let error = scope(&mut client, BOLT).await.err().ok_or("it began")?;
    assert!(
        matches!(error, Error::OpenTransaction { failed: true, .. }),
        "{error}"
    );
    client.batch_execute("ROLLBACK TO before; COMMIT").await?;
    is_clean(&mut client).await?;
    drop(client);
    tenants.leave().await
}

#[tokio::test]
async fn a_statement_that_ends_the_transaction_or_changes_the_tenant_is_not_committed() -> Outcome {
    let tenants = Tenants::new().await?;
    let mut client = tenants.connect().await?;
    let other = format!("SELECT set_config('app.tenant_id', '{BOLT}', true)");
    let other_forever = other.replace("true", "false");
    for (inside, kept) in [
        ("COMMIT", "2"),
        ("ROLLBACK", "1"),
        (&*other, "1"),
        (&*other_forever, "1"),
        ("SET LOCAL app.tenant_id = ''", "1"),
        ("RESET app.tenant_id", "1"),
    ] {
        let scope = scope(&mut client, ACME).await?;
        scope.batch_execute(ADD).await?;
        scope.batch_execute(inside).await?;
        let error = scope.commit().await.err().ok_or("it was committed")?;
        assert!(
            matches!(error, Error::TenantChanged { .. }),
            "{inside}: {error}"
        );
        is_clean(&mut client).await?;
        assert_eq!(of_acme(&tenants).await?, kept, "{inside}");
        let again = "DELETE FROM shop.orders WHERE id = 2";
        tenants.admin.batch_execute(again).await?;
    }
    let failed = scope(&mut client, ACME).await?;
    failed.batch_execute(ADD).await?;
    assert!(failed.batch_execute("SELECT 1 / 0").await.is_err());
    let error = failed.commit().await.err().ok_or("it was committed")?;
    assert!(matches!(error, Error::Failed { .. }), "{error}");
    is_clean(&mut client).await?;
    assert_eq!(of_acme(&tenants).await?, "1");
    drop(client);
    tenants.leave().await
}

/// A SET without LOCAL would be seen by the next one that gets the session.
#[tokio::test]
async fn a_session_that_has_a_tenant_outside_of_scopes_is_refused() -> Outcome {
    let tenants = Tenants::new().await?;
    let mut client = tenants.connect().await?;
    client
        .batch_execute(&format!("SET app.tenant_id = '{ACME}'"))
        .await?;
    for tenant in [ACME, BOLT] {
        let error = scope(&mut client, tenant).await.err().ok_or("it began")?;
        assert!(matches!(error, Error::SessionHasTenant { .. }), "{error}");
        assert!(is_idle(&client).await?);
    }
    client.batch_execute("RESET app.tenant_id").await?;
    is_clean(&mut client).await?;

    let (role, database) = (&tenants.role, tenants.database.name());
    for (set, reset) in [
        (format!("ALTER ROLE {role}"), format!("ALTER ROLE {role}")),
        (
            format!("ALTER DATABASE {database}"),
            format!("ALTER DATABASE {database}"),
        ),
    ] {
        let set = format!("{set} SET app.tenant_id = '{ACME}'");
        tenants.admin.batch_execute(&set).await?;
        let mut client = tenants.connect().await?;
        let error = scope(&mut client, BOLT).await.err().ok_or("it began")?;
        assert!(matches!(error, Error::SessionHasTenant { .. }), "{error}");
        let reset = format!("{reset} RESET app.tenant_id");
        tenants.admin.batch_execute(&reset).await?;
    }
    let mut client = tenants.connect().await?;
    client
        .batch_execute("SET app.tenant_id = 'not a tenant'")
        .await?;
    let error = Tenancy::default().current(&client).await.err();
    assert!(matches!(error, Some(Error::NotATenant { .. })), "{error:?}");
    assert!(scope(&mut client, ACME).await.is_err());
    drop(client);
    tenants.leave().await
}

/// The server ends the session in the middle of it.
#[tokio::test]
async fn a_scope_whose_connection_ends_is_an_error_and_nothing_is_applied() -> Outcome {
    let tenants = Tenants::new().await?;
    let mut client = tenants.connect().await?;
    let number = pid(&client).await?;
    let scope = scope(&mut client, ACME).await?;
    scope.batch_execute(ADD).await?;
    let end = format!("SELECT pg_terminate_backend({number})");
    tenants.admin.batch_execute(&end).await?;
    let gone = format!("SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {number})");
    until(&tenants.admin, &gone).await?;
    let error = scope.commit().await.err().ok_or("it was committed")?;
    assert!(matches!(error, Error::Connection(_)), "{error}");
    assert_eq!(of_acme(&tenants).await?, "1");
    drop(client);
    tenants.leave().await
}
