//! The code that the pages of the guide show, compiled. It is not run: each of it has tests of its own. A test of the
//! command compares the pages with the sources.

use std::error::Error;

use onward::{Connector, Role};
use tokio_postgres::Client;

static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");

/// docs/operator.md.
mod operator {
    static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
    static VULN: onward::Plan = onward::embed_migrations!("migrations/vuln");

    fn main() -> std::process::ExitCode {
        onward_cli::main(&[&AUTH, &VULN])
    }

    pub(super) const MAIN: fn() -> std::process::ExitCode = main;
}

/// docs/testing.md.
mod testing {
    static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");

    async fn a_new_tenant_has_no_users() -> Result<(), Box<dyn std::error::Error>> {
        let database = onward::testing::database(&AUTH).await?;
        let client = database.connect().await?; // or any other driver, by `database.url()`
        assert!(
            client
                .query("SELECT FROM auth.users", &[])
                .await?
                .is_empty()
        );
        Ok(())
    }

    pub(super) async fn run() -> crate::Outcome {
        a_new_tenant_has_no_users().await
    }
}

/// docs/types.md.
mod types {
    static AUTH: onward::Plan = onward::embed_migrations!("migrations/auth");
    onward::schema!(AUTH = "migrations/auth");

    #[derive(onward::Row)]
    #[onward(table = "auth.permissions")]
    struct Permission {
        #[onward(column = "permission_code")]
        code: String,
        description: String,
    }

    async fn rename(
        client: &tokio_postgres::Client,
        code: &str,
    ) -> Result<u64, tokio_postgres::Error> {
        let query = onward::query!(
            AUTH,
            "UPDATE auth.permissions SET description = $2 WHERE permission_code = $1",
            code,
            "what it permits",
        );
        query.execute(client).await
    }

    pub(super) async fn run(client: &tokio_postgres::Client) -> crate::Outcome {
        rename(client, AUTH.schema()).await?;
        for row in client.query("TABLE auth.permissions", &[]).await? {
            let permission = Permission::try_from(&row)?;
            assert_ne!(permission.code, permission.description);
        }
        Ok(())
    }
}

/// docs/clients.md, docs/connecting.md, docs/data.md.
async fn connect(url: String) -> Result<(), Box<dyn Error>> {
    let connector = onward::Connector::from_url(&url)?;
    onward::Startup::new(&AUTH).run_with(&connector).await?;

    let connector = onward::Connector::from_url(&std::env::var("DATABASE_URL")?)?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = onward::data::Worker::new(&AUTH);
    let stop_asked = async { stopped.await.unwrap_or_default() };
    tokio::spawn(async move { worker.run(&connector, stop_asked).await });
    stop.send(()).map_err(|()| "the worker has ended")?;
    Ok(())
}

/// docs/roles.md.
async fn start(mut client: Client) -> Result<(), Box<dyn Error>> {
    let report = onward::Startup::new(&AUTH)
        .refuse_privileged()
        .run(&mut client)
        .await?;
    assert!(report.applied().is_empty());
    let report = onward::Startup::new(&AUTH)
        .verify_only()
        .run(&client)
        .await?;
    drop(report);
    Ok(())
}

/// docs/tenants.md.
async fn keep_apart(
    mut connection: Client,
    header: &str,
    admin: Connector,
) -> Result<(), Box<dyn Error>> {
    let audited = onward::tenant::audit::Audit::new(&["auth", "vuln"], Role::new("app")?)
        .run(&admin)
        .await?;
    assert!(audited.is_held(), "{audited}");
    use onward::tenant::{TenantId, scope};

    let tenant: TenantId = header.parse()?;
    let scope = scope(&mut connection, tenant).await?;
    let users = scope.query("SELECT email FROM auth.users", &[]).await?;
    scope.commit().await?;
    drop(users);
    Ok(())
}

/// docs/throttles.md.
async fn throttle(client: Client) -> Result<String, Box<dyn Error>> {
    let all = onward::data::list(&client, &AUTH, None).await?;
    let room = onward::data::readings(&client, &AUTH, None, &Throttles::new()).await?;
    let body = onward::data::Metrics::new()
        .module(&AUTH, &all, &room)
        .to_string();

    use onward::data::{Indicator, Throttles, Worker};
    use std::time::Duration;

    let throttles = Throttles::new()
        .replication_lag(8 << 20, 64 << 20)
        .long_transactions(Duration::from_secs(300), Duration::from_secs(3600))
        .off(Indicator::WalRate);
    let worker = Worker::new(&AUTH).throttles(throttles);
    drop(worker);
    Ok(body)
}

#[test]
fn the_code_of_the_pages_is_compiled() {
    let _ = (
        operator::MAIN,
        testing::run,
        types::run,
        connect,
        start,
        keep_apart,
        throttle,
    );
}
