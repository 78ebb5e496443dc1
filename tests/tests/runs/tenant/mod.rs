//! Tenants at run time, as an application role that policies hold.

mod audit;
mod closed;
mod pages;
mod roles;
mod scopes;
mod seven;

use onward::tenant::TenantId;
use onward_pg::{Database, database};
use tokio_postgres::{Client, Config, NoTls};

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

const ACME: TenantId = TenantId::from_bytes([0xaa; 16]);
const BOLT: TenantId = TenantId::from_bytes([0xbb; 16]);

/// What every tenant has: one row of its own. The role may do everything that a service may.
const TABLES: &str = "
    CREATE SCHEMA shop;
    CREATE TABLE shop.orders (
      tenant_id uuid NOT NULL,
      id int NOT NULL,
      note text NOT NULL DEFAULT '',
      PRIMARY KEY (tenant_id, id)
    );
    INSERT INTO shop.orders VALUES
      ('aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 1, 'of acme'),
      ('bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb', 1, 'of bolt');
    ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
    ALTER TABLE shop.orders FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant_isolation ON shop.orders
      USING (tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid));
";

/// A database with two tenants, and the role that a service has.
struct Tenants {
    database: Database,
    admin: Client,
    /// The application's role.
    role: String,
    config: Config,
}

impl Tenants {
    async fn new() -> Answer<Self> {
        let database = database().await?;
        let admin = database.connect().await?;
        let role = format!("app_{}", database.name());
        admin.batch_execute(TABLES).await?;
        admin
            .batch_execute(&format!(
                "CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA shop TO {role};
                 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shop TO {role}"
            ))
            .await?;
        let mut config: Config = database.url().parse()?;
        config.user(&role).password("x");
        Ok(Self {
            database,
            admin,
            role,
            config,
        })
    }

    /// A session of the application's.
    async fn connect(&self) -> Answer<Client> {
        let (client, connection) = self.config.connect(NoTls).await?;
        tokio::spawn(async move { connection.await.ok() });
        Ok(client)
    }

    async fn leave(self) -> crate::Outcome {
        let Self { admin, role, .. } = &self;
        let drop = format!("DROP OWNED BY {role} CASCADE; DROP ROLE {role}");
        Ok(admin.batch_execute(&drop).await?)
    }
}

/// The notes that a session sees.
async fn notes(client: &Client) -> Answer<Vec<String>> {
    crate::support::witness::rows(client, "SELECT note FROM shop.orders ORDER BY note").await
}

/// Whether the session is outside of every transaction.
async fn is_idle(client: &Client) -> Answer<bool> {
    // Two messages of one transaction have one time of its begin.
    let now = "SELECT transaction_timestamp() = statement_timestamp()";
    Ok(crate::support::witness::row(client, now).await? == "t")
}
