//! A role with few rights that wants more: her code in what a role with many reads or writes.

use onward::{Error, ForeignPart, Plan, Release, Startup};
use onward_pg::Database;
use tokio_postgres::{Client, NoTls};

use crate::support::witness::{row, rows};
use crate::{Outcome, connector, release, start};

/// A role that may create in the module's schema, and nothing else.
pub(crate) struct Mallory {
    pub(crate) name: String,
    pub(crate) client: Client,
    pub(crate) admin: Client,
}

/// What becomes of her is asked of the catalogs, and she is removed.
impl Mallory {
    /// In a schema that the superuser has created for her and for the module.
    pub(crate) async fn in_schema(
        database: &Database,
        schema: &str,
    ) -> Result<Mallory, Box<dyn std::error::Error>> {
        let admin = database.connect().await?;
        let name = format!("mallory_{}", database.name());
        admin
            .batch_execute(&format!(
                "CREATE ROLE {name} LOGIN PASSWORD 'x'; CREATE SCHEMA IF NOT EXISTS {schema};
                 GRANT USAGE, CREATE ON SCHEMA {schema} TO {name};
                 CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
                 GRANT USAGE ON FOREIGN SERVER nowhere TO {name}"
            ))
            .await?;
        let client = login(database, &name).await?;
        // What she wants, for every place that takes a function.
        client
            .batch_execute(&format!(
                "CREATE FUNCTION {schema}.gain() RETURNS bool LANGUAGE plpgsql AS
                   'BEGIN ALTER ROLE {name} SUPERUSER; RETURN true; EXCEPTION WHEN insufficient_privilege THEN RETURN true; END';
                 CREATE FUNCTION {schema}.gains(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
                   'BEGIN PERFORM {schema}.gain(); RETURN $1; END';
                 CREATE FUNCTION {schema}.gains() RETURNS trigger LANGUAGE plpgsql AS
                   'BEGIN PERFORM {schema}.gain(); RETURN new; END';
                 GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO PUBLIC"
            ))
            .await?;
        Ok(Mallory {
            name,
            client,
            admin,
        })
    }

    /// Every verb refuses, on every kind of connection, with the same words, and nothing has changed.
    pub(crate) async fn is_refused(
        &self,
        plan: &Plan,
        database: &Database,
    ) -> Result<ForeignPart, Box<dyn std::error::Error>> {
        let state = format!(
            "SELECT oid, relname, relowner, relfilenode, xmin FROM pg_class
             WHERE relnamespace = '{}'::regnamespace ORDER BY oid",
            plan.schema()
        );
        let before = rows(&self.admin, &state).await?;
        let mut lent = database.connect().await?;
        let own = connector(database)?;
        let errors = [
            ("start", start(plan, &mut lent).await.err()),
            ("own start", Startup::new(plan).run_with(&own).await.err()),
            ("release", release(plan, &mut lent).await.err()),
            ("own release", Release::new(plan).run_with(&own).await.err()),
            ("status", onward::status(&lent, &[plan]).await.err()),
            ("verify", onward::verify(&lent, plan).await.err()),
        ];
        let mut parts = Vec::new();
        for (verb, error) in errors {
            match error {
                Some(Error::ForeignLedger { part, .. }) => parts.push(*part),
                other => return Err(format!("{verb}: {other:?}").into()),
            }
        }
        assert_eq!(rows(&self.admin, &state).await?, before);
        self.gained_nothing().await?;
        assert!(parts.iter().all(|part| *part == parts[0]), "{parts:?}");
        Ok(parts.remove(0))
    }

    pub(crate) async fn gained_nothing(&self) -> Outcome {
        let role = format!(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = '{}'",
            self.name
        );
        assert_eq!(row(&self.admin, &role).await?, "f|f|f|f");
        Ok(())
    }

    pub(crate) async fn leave(self) -> Outcome {
        let Mallory { name, admin, .. } = self;
        admin
            .batch_execute(&format!(
                "DROP OWNED BY {name} CASCADE; DROP SERVER nowhere CASCADE; DROP FOREIGN DATA WRAPPER nothing CASCADE;
                 DROP ROLE {name}"
            ))
            .await?;
        Ok(())
    }
}

pub(crate) async fn login(
    database: &Database,
    name: &str,
) -> Result<Client, Box<dyn std::error::Error>> {
    let mut config: tokio_postgres::Config = database.url().parse()?;
    config.user(name).password("x");
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(async move { connection.await.ok() });
    Ok(client)
}
