//! The role that owns a module, and the login that migrates.

use onward::{Connector, Error, Release, Role, Startup};
use onward_pg::database;
use tokio_postgres::NoTls;

use crate::Outcome;
use crate::support::folder::Folder;
use crate::support::witness::{row, rows};

/// The login owns nothing; it may become the owner.
#[tokio::test]
async fn a_migration_role_owns_what_a_login_applies() -> Outcome {
    let plan = Folder::shop()
        .with("101_vacuum.sql", "VACUUM (FREEZE) shop.products;")
        .plan()?;
    for inherits in ["INHERIT", "NOINHERIT"] {
        let database = database().await?;
        let admin = database.connect().await?;
        let (owner, login) = (
            format!("owner_{}", database.name()),
            format!("login_{}", database.name()),
        );
        admin
            .batch_execute(&format!(
                "CREATE ROLE {owner}; CREATE ROLE {login} LOGIN {inherits} PASSWORD 'x'; GRANT {owner} TO {login};
                 GRANT CREATE ON DATABASE {} TO {owner}",
                database.name()
            ))
            .await?;
        let mut config: tokio_postgres::Config = database.url().parse()?;
        config.user(&login).password("x");
        let connector = Connector::new(config.clone(), NoTls);
        let role = Role::new(&owner)?;
        if inherits == "NOINHERIT" {
            let without = Startup::new(&plan).run_with(&connector).await.err();
            assert!(
                matches!(without, Some(Error::Permission { .. })),
                "{without:?}"
            );
        }
        let run = Release::new(&plan)
            .role(role.clone())
            .run_with(&connector)
            .await;
        let again = Startup::new(&plan)
            .role(role.clone())
            .run_with(&connector)
            .await;
        let (mut borrowed, connection) = config.connect(NoTls).await?;
        tokio::spawn(async move { connection.await.ok() });
        let lent = Startup::new(&plan).role(role).run(&mut borrowed).await;
        let unchanged = row(&borrowed, "SELECT current_user = session_user").await;
        let owners = rows(
            &admin,
            "SELECT DISTINCT relowner::regrole FROM pg_class WHERE relnamespace = 'shop'::regnamespace",
        )
        .await;
        let who = rows(&admin, "SELECT DISTINCT who FROM shop.schema_migration_log").await;
        drop(borrowed);
        admin
            .batch_execute(&format!(
                "DROP OWNED BY {owner} CASCADE; DROP OWNED BY {login} CASCADE; DROP ROLE {login}; DROP ROLE {owner}"
            ))
            .await?;
        assert_eq!(run?.applied().len(), 7);
        assert_eq!(again?.applied(), []);
        assert_eq!(lent?.applied(), []);
        assert_eq!(unchanged?, "t");
        assert_eq!(owners?, [owner]);
        assert_eq!(who?, [login]);
    }
    Ok(())
}
