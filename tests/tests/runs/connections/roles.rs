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

/// A login, an owner that it may become or not, and a database that the superuser owns.
struct Roles {
    database: onward_pg::Database,
    admin: tokio_postgres::Client,
    login: String,
    config: tokio_postgres::Config,
}

impl Roles {
    async fn new() -> Result<Roles, Box<dyn std::error::Error>> {
        let database = database().await?;
        let admin = database.connect().await?;
        let login = format!("login_{}", database.name());
        let mut config: tokio_postgres::Config = database.url().parse()?;
        config.user(&login).password("x");
        let create = format!("CREATE ROLE {login} LOGIN PASSWORD 'x'");
        admin.batch_execute(&create).await?;
        Ok(Roles {
            database,
            admin,
            login,
            config,
        })
    }

    async fn lent(&self) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
        let (client, connection) = self.config.connect(NoTls).await?;
        tokio::spawn(async move { connection.await.ok() });
        Ok(client)
    }

    /// Types what stands between the first backticks behind the last full stop of the text.
    async fn type_what_it_says(&self, error: &Error) -> Result<(), Box<dyn std::error::Error>> {
        let Error::Permission { fix, role, .. } = error else {
            return Err(format!("{error:?}").into());
        };
        assert_eq!(*role, self.login, "{error}");
        let sql = fix.split('`').nth(1).ok_or("nothing to type")?;
        Ok(self.admin.batch_execute(sql).await?)
    }

    async fn leave(self) -> crate::Outcome {
        let Roles {
            database: _database,
            admin,
            login,
            ..
        } = self;
        admin
            .batch_execute(&format!("DROP OWNED BY {login} CASCADE; DROP ROLE {login}"))
            .await?;
        Ok(())
    }
}

#[tokio::test]
async fn an_error_about_rights_says_the_grant_that_gives_them() -> Outcome {
    let plan = Folder::shop().plan()?;
    let newer = Folder::shop().with("S002_t.sql", "SELECT 1;").plan()?;
    // Nothing is there, and the login may not create it.
    let roles = Roles::new().await?;
    let own = Connector::new(roles.config.clone(), NoTls);
    let refused = crate::start(&plan, &mut roles.lent().await?).await;
    let error = refused.err().ok_or("it was not refused")?;
    assert!(
        error.to_string().contains("GRANT CREATE ON DATABASE"),
        "{error}"
    );
    roles.type_what_it_says(&error).await?;
    assert_eq!(
        crate::start(&plan, &mut roles.lent().await?)
            .await?
            .applied()
            .len(),
        5
    );
    roles.leave().await?;
    drop(own);

    // A ledger of the superuser, in a schema that the login owns: first it may not look, then not write.
    let roles = Roles::new().await?;
    crate::start(&plan, &mut roles.database.connect().await?).await?;
    let mut lent = roles.lent().await?;
    for error in [
        crate::start(&plan, &mut lent).await.err(),
        onward::status(&lent, &[&plan]).await.err(),
        onward::verify(&lent, &plan).await.err(),
    ] {
        let error = error.ok_or("it was not refused")?;
        assert!(
            error
                .to_string()
                .contains("GRANT SELECT ON \"shop\".schema_migration_log"),
            "{error}"
        );
        roles.type_what_it_says(&error).await?;
        assert_eq!(crate::start(&plan, &mut lent).await?.applied(), []);
        let take = format!(
            "REVOKE ALL ON ALL TABLES IN SCHEMA shop FROM {}",
            roles.login
        );
        roles.admin.batch_execute(&take).await?;
    }
    let read = format!(
        "GRANT SELECT ON ALL TABLES IN SCHEMA shop TO {}",
        roles.login
    );
    roles.admin.batch_execute(&read).await?;
    let error = crate::start(&newer, &mut lent)
        .await
        .err()
        .ok_or("it was not refused")?;
    assert!(
        error.to_string().contains("GRANT SELECT, INSERT ON"),
        "{error}"
    );
    roles.type_what_it_says(&error).await?;
    assert_eq!(crate::start(&newer, &mut lent).await?.applied().len(), 1);
    roles.leave().await
}

#[tokio::test]
async fn a_role_that_the_login_may_not_take_is_no_server_that_cannot_be_reached() -> Outcome {
    let plan = Folder::shop().plan()?;
    let roles = Roles::new().await?;
    let owner = format!("owner_{}", roles.database.name());
    let connector = Connector::new(roles.config.clone(), NoTls);
    for exists in [false, true] {
        if exists {
            let create = format!(
                "CREATE ROLE {owner}; GRANT CREATE ON DATABASE {} TO {owner}",
                roles.database.name()
            );
            roles.admin.batch_execute(&create).await?;
        }
        let startup = || Ok::<_, onward::InvalidRole>(Startup::new(&plan).role(Role::new(&owner)?));
        let own = startup()?
            .run_with(&connector)
            .await
            .err()
            .ok_or("it was not refused")?;
        let lent = startup()?
            .run(&mut roles.lent().await?)
            .await
            .err()
            .ok_or("it was not refused")?;
        for error in [&own, &lent] {
            assert!(
                error.to_string().contains(&format!("GRANT \"{owner}\" TO")),
                "{error}"
            );
            assert!(
                error.to_string().contains("if there is no such role"),
                "{error}"
            );
        }
        if exists {
            roles.type_what_it_says(&lent).await?;
            let report = startup()?.run_with(&connector).await;
            assert!(
                matches!(report, Err(Error::PendingRelease { .. })),
                "{report:?}"
            );
        }
    }
    roles
        .admin
        .batch_execute(&format!("DROP OWNED BY {owner} CASCADE; DROP ROLE {owner}"))
        .await?;
    roles.leave().await
}

#[tokio::test]
async fn an_extension_that_needs_a_superuser_says_so() -> Outcome {
    let plan = Folder::empty("shop")
        .with("001_extension.sql", "CREATE EXTENSION file_fdw;")
        .plan()?;
    let roles = Roles::new().await?;
    let grant = format!(
        "GRANT CREATE ON DATABASE {} TO {}",
        roles.database.name(),
        roles.login
    );
    roles.admin.batch_execute(&grant).await?;
    let refused = Startup::new(&plan).run(&mut roles.lent().await?).await;
    let error = refused.err().ok_or("it was not refused")?;
    assert!(
        error
            .to_string()
            .contains("A superuser has to create the extension"),
        "{error}"
    );
    roles.leave().await
}
