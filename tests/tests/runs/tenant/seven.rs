//! The seven modules with rows of two tenants, as the roles of the model, on each major version.

use onward::tenant::Roles;
use onward::tenant::audit::Audit;
use onward::{Connector, Plan, Release, Role, Startup};
use onward_pg::{Major, Server};
use tokio_postgres::{Client, Config, NoTls};

use super::Answer;
use crate::Outcome;
use crate::migrations::majors::MODULES;

const ROWS: &str = include_str!("../support/two_tenants.sql");

/// The first of the list is a fixture of other tests.
fn modules() -> impl Iterator<Item = &'static Plan> {
    MODULES.iter().skip(1)
}

async fn connect(config: &Config) -> Answer<Client> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(async move { connection.await.ok() });
    Ok(client)
}

/// All is held, and each control is red: an attempt whose control is not is unreliable, and that is not held.
async fn the_audit_on(major: Major) -> Outcome {
    let server = Server::of(major).await?;
    let database = server.database().await?;
    let admin = database.connect().await?;
    let names = ["owner", "app", "auditor"].map(|part| format!("{part}_{}", database.name()));
    let [owner, application, auditor] = &names;
    let roles = Roles::new(
        Role::new(owner)?,
        Role::new(application)?,
        Role::new(auditor)?,
    )?;
    let schemas: Vec<&str> = modules().map(Plan::schema).collect();
    assert_eq!(schemas.len(), 7);
    admin.batch_execute(&roles.sql(&schemas)).await?;
    admin
        .batch_execute(&format!("ALTER ROLE {owner} PASSWORD 'x'"))
        .await?;
    let mut config: Config = database.url().parse()?;
    config.user(owner).password("x");
    let mut migrator = connect(&config).await?;
    for plan in modules() {
        Release::new(plan).run(&mut migrator).await?;
        let report = Startup::new(plan).run(&mut migrator).await?;
        assert_eq!(report.applied(), []);
    }
    admin.batch_execute(ROWS).await?;

    let audit = Audit::new(&schemas, Role::new(application)?);
    let audited = audit
        .run(&Connector::new(database.url().parse()?, NoTls))
        .await?;
    assert!(audited.is_held(), "{major}: {audited}");
    for schema in schemas {
        let of_schema = |object: &str| object.starts_with(&format!("{schema}."));
        let tried = audited
            .probes()
            .iter()
            .filter(|probe| of_schema(probe.object()))
            .count();
        assert!(tried > 40, "{schema}: {tried} attempts");
    }
    drop(migrator);
    // One after the other: together, PostgreSQL looks for a default privilege that it has dropped with its owner.
    let owned = names
        .iter()
        .map(|name| format!("DROP OWNED BY {name} CASCADE;"));
    let drop = owned.collect::<String>() + &format!("DROP ROLE {}", names.join(", "));
    Ok(admin.batch_execute(&drop).await?)
}

#[tokio::test]
async fn postgresql_15() -> Outcome {
    the_audit_on(Major::V15).await
}

#[tokio::test]
async fn postgresql_16() -> Outcome {
    the_audit_on(Major::V16).await
}

#[tokio::test]
async fn postgresql_17() -> Outcome {
    the_audit_on(Major::V17).await
}

#[tokio::test]
async fn postgresql_18() -> Outcome {
    the_audit_on(Major::V18).await
}
