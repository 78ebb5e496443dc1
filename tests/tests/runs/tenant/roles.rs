//! The three roles, pasted and attacked, and what a start reports about the role that it works as.

use std::sync::{Arc, Mutex};

use onward::tenant::{RoleProblem, Roles, scope};
use onward::{Connector, Error, Event, PendingRelease, Plan, Power, Role, Startup};
use onward_pg::{Database, database};
use tokio_postgres::{Client, Config, NoTls};

use super::{ACME, Answer};
use crate::Outcome;
use crate::support::folder::Folder;
use crate::support::relay::Relay;
use crate::support::witness::{row, rows};

const ORDERS: &str = "
    CREATE TABLE shop.orders (tenant_id uuid NOT NULL, id int, PRIMARY KEY (tenant_id, id));
    ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
    ALTER TABLE shop.orders FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant_isolation ON shop.orders
      USING (tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid));";
const COUNT: &str = "
    CREATE FUNCTION shop.count_orders() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
      SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN (SELECT count(*) FROM shop.orders); END';
    CREATE FUNCTION shop.double(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
    CREATE MATERIALIZED VIEW shop.totals AS SELECT tenant_id, count(*) FROM shop.orders GROUP BY 1
      WITH NO DATA;
    CREATE SEQUENCE shop.numbers;";

fn plan(files: usize) -> Result<Plan, onward_cli::FolderError> {
    let all = [("001_orders.sql", ORDERS), ("002_count.sql", COUNT)];
    let files = all.iter().take(files);
    files
        .fold(Folder::empty("shop"), |folder, (name, sql)| {
            folder.with(name, sql)
        })
        .plan()
}

/// A database, and roles of its own.
struct Service {
    database: Database,
    admin: Client,
    names: [String; 3],
    roles: Roles,
}

const OWNER: usize = 0;
const APPLICATION: usize = 1;
const AUDITOR: usize = 2;

impl Service {
    async fn new() -> Answer<Self> {
        let database = database().await?;
        let admin = database.connect().await?;
        let names = ["owner", "app", "auditor"].map(|part| format!("{part}_{}", database.name()));
        let [owner, application, auditor] = &names;
        let roles = Roles::new(
            Role::new(owner)?,
            Role::new(application)?,
            Role::new(auditor)?,
        )?;
        admin.batch_execute(&roles.sql(&["shop"])).await?;
        for name in &names {
            let password = format!("ALTER ROLE {name} PASSWORD 'x'");
            admin.batch_execute(&password).await?;
        }
        Ok(Self {
            database,
            admin,
            names,
            roles,
        })
    }

    fn config(&self, part: usize) -> Answer<Config> {
        let mut config: Config = self.database.url().parse()?;
        config.user(&self.names[part]).password("x");
        Ok(config)
    }

    async fn connect(&self, part: usize) -> Answer<Client> {
        let (client, connection) = self.config(part)?.connect(NoTls).await?;
        tokio::spawn(async move { connection.await.ok() });
        Ok(client)
    }

    async fn problems(&self) -> Answer<Vec<RoleProblem>> {
        Ok(self.roles.check(&self.admin, &["shop"]).await?)
    }

    async fn leave(self) -> Outcome {
        for name in &self.names {
            let drop = format!("DROP OWNED BY {name} CASCADE; DROP ROLE {name}");
            self.admin.batch_execute(&drop).await?;
        }
        Ok(())
    }
}

/// The SQLSTATE that a statement ends with, in a transaction that is rolled back.
async fn refused(client: &Client, sql: &str) -> Answer<Option<String>> {
    let tried = client.batch_execute(&format!("BEGIN; {sql}")).await;
    client.batch_execute("ROLLBACK").await?;
    Ok(tried
        .err()
        .and_then(|error| Some(error.code()?.code().to_owned())))
}

#[tokio::test]
async fn each_role_does_its_work_and_nothing_of_the_others() -> Outcome {
    let service = Service::new().await?;
    let owner = Connector::new(service.config(OWNER)?, NoTls);
    Startup::new(&plan(1)?).run_with(&owner).await?;
    // What is created later has its rights by default; functions and materialised views need the paste again.
    Startup::new(&plan(2)?).run_with(&owner).await?;
    service
        .admin
        .batch_execute(&service.roles.sql(&["shop"]))
        .await?;
    assert_eq!(service.problems().await?, []);

    let [owner, application, auditor] = &service.names;
    let mut client = service.connect(APPLICATION).await?;
    let work = scope(&mut client, ACME).await?;
    work.execute("INSERT INTO shop.orders VALUES ($1, 1)", &[&ACME])
        .await?;
    work.execute("UPDATE shop.orders SET id = 2", &[]).await?;
    assert_eq!(
        row(
            &work,
            "SELECT count(*), shop.count_orders() FROM shop.orders"
        )
        .await?,
        "1|1"
    );
    work.commit().await?;
    // The service starts on what the owner has applied.
    let report = Startup::new(&plan(2)?)
        .refuse_privileged()
        .run(&mut client)
        .await?;
    assert_eq!((report.applied(), report.privileged()), (&[][..], None));
    let escapes = [
        "CREATE TABLE shop.x (id int)".to_owned(),
        "CREATE TABLE public.x (id int)".to_owned(),
        "CREATE TEMP TABLE orders (id int)".to_owned(),
        "CREATE SCHEMA y".to_owned(),
        "CREATE FUNCTION shop.f() RETURNS int LANGUAGE sql AS 'SELECT 1'".to_owned(),
        "ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY".to_owned(),
        "ALTER TABLE shop.orders NO FORCE ROW LEVEL SECURITY".to_owned(),
        "DROP POLICY tenant_isolation ON shop.orders".to_owned(),
        "DROP TABLE shop.orders".to_owned(),
        "TRUNCATE shop.orders".to_owned(),
        "SELECT * FROM shop.totals".to_owned(),
        "SELECT last_value FROM shop.numbers".to_owned(),
        "SELECT nextval('shop.numbers')".to_owned(),
        "INSERT INTO shop.schema_migration_progress SELECT * FROM shop.schema_migration_progress"
            .to_owned(),
        "UPDATE shop.schema_migration_head SET seq = seq + 1".to_owned(),
        "DELETE FROM shop.schema_migration_log".to_owned(),
        "SET session_replication_role = replica".to_owned(),
        "COPY shop.orders TO PROGRAM 'cat'".to_owned(),
        "CREATE ROLE mallory".to_owned(),
        format!("ALTER ROLE {application} BYPASSRLS"),
        format!("SET ROLE {owner}"),
        format!("SET ROLE {auditor}"),
        format!("GRANT {owner} TO {application}"),
        format!("SET SESSION AUTHORIZATION {owner}"),
    ];
    for escape in &escapes {
        assert_eq!(
            refused(&client, escape).await?.as_deref(),
            Some("42501"),
            "{escape}"
        );
    }

    let mut reader = service.connect(AUDITOR).await?;
    let audited = scope(&mut reader, ACME).await?;
    assert_eq!(
        row(&audited, "SELECT count(*), shop.double(1) FROM shop.orders").await?,
        "1|2"
    );
    audited.rollback().await?;
    assert_eq!(rows(&reader, "SELECT 1 FROM shop.orders").await?, [""; 0]);
    reader
        .batch_execute("SET default_transaction_read_only = off")
        .await?;
    for write in [
        "INSERT INTO shop.orders VALUES ('aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa', 9)",
        "UPDATE shop.orders SET id = 9",
        "DELETE FROM shop.orders",
        "SELECT shop.count_orders()",
        "CREATE TEMP TABLE orders (id int)",
    ] {
        assert_eq!(
            refused(&reader, write).await?.as_deref(),
            Some("42501"),
            "{write}"
        );
    }
    for escape in escapes.iter().filter(|one| !one.contains("SET ROLE")) {
        assert_eq!(
            refused(&reader, escape).await?.as_deref(),
            Some("42501"),
            "{escape}"
        );
    }

    // The owner is held by the policy too, because it is forced, and is no superuser.
    let migrator = service.connect(OWNER).await?;
    assert_eq!(rows(&migrator, "SELECT 1 FROM shop.orders").await?, [""; 0]);
    for escape in [
        format!("ALTER ROLE {owner} BYPASSRLS"),
        format!("ALTER ROLE {owner} SUPERUSER"),
        format!("SET ROLE {application}"),
        "COPY shop.orders TO PROGRAM 'cat'".to_owned(),
    ] {
        assert_eq!(
            refused(&migrator, &escape).await?.as_deref(),
            Some("42501"),
            "{escape}"
        );
    }
    drop((client, reader, migrator));
    service.leave().await
}

/// Each difference is found, and what is to be typed removes it.
#[tokio::test]
async fn each_difference_is_found_and_its_fix_removes_it() -> Outcome {
    let service = Service::new().await?;
    let owner = Connector::new(service.config(OWNER)?, NoTls);
    Startup::new(&plan(2)?).run_with(&owner).await?;
    service
        .admin
        .batch_execute(&service.roles.sql(&["shop"]))
        .await?;
    let [owner, application, auditor] = &service.names;
    let member = format!("GRANT {owner} TO {application}");
    for (change, expected) in [
        (&*member, "migrates"),
        ("GRANT pg_write_server_files TO APP", "reaches more"),
        ("ALTER ROLE APP SUPERUSER", "has SUPERUSER"),
        ("ALTER ROLE APP BYPASSRLS", "has BYPASSRLS"),
        ("ALTER ROLE APP CREATEROLE", "has CREATEROLE"),
        ("ALTER ROLE APP REPLICATION", "has REPLICATION"),
        ("ALTER ROLE OWNER BYPASSRLS", "has BYPASSRLS"),
        ("GRANT APP TO AUDITOR", "can become"),
        (
            "GRANT CREATE ON SCHEMA shop TO APP",
            "may create objects in the schema shop",
        ),
        (
            "GRANT CREATE ON SCHEMA public TO PUBLIC",
            "may create objects in the schema public",
        ),
        (
            "GRANT TRUNCATE ON shop.orders TO APP",
            "has TRUNCATE on shop.orders",
        ),
        (
            "GRANT INSERT ON shop.orders TO AUDITOR",
            "has INSERT on shop.orders",
        ),
        (
            "REVOKE SELECT ON shop.orders FROM APP",
            "has no SELECT on shop.orders",
        ),
        (
            "REVOKE SELECT ON shop.orders FROM AUDITOR",
            "has no SELECT on shop.orders",
        ),
        ("REVOKE USAGE ON SCHEMA shop FROM AUDITOR", "has no USAGE"),
        (
            "GRANT INSERT ON shop.schema_migration_log TO APP",
            "a part of the ledger",
        ),
        (
            "GRANT SELECT ON shop.totals TO APP",
            "the rows of all tenants",
        ),
        (
            "GRANT USAGE ON SEQUENCE shop.numbers TO APP",
            "counts all tenants",
        ),
        (
            "GRANT SELECT ON shop.orders TO PUBLIC",
            "has rights on shop.orders",
        ),
        (
            "GRANT EXECUTE ON FUNCTION shop.count_orders TO PUBLIC",
            "runs as its owner",
        ),
        (
            "GRANT EXECUTE ON FUNCTION shop.count_orders TO AUDITOR",
            "runs as its owner",
        ),
        ("CREATE TABLE shop.x (id int)", "does not own shop.x"),
        (
            "ALTER SCHEMA shop OWNER TO CURRENT_USER",
            "does not own the schema",
        ),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE OWNER IN SCHEMA shop REVOKE DELETE ON TABLES FROM APP",
            "gets no DELETE",
        ),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE OWNER IN SCHEMA shop GRANT TRUNCATE ON TABLES TO APP",
            "gets TRUNCATE",
        ),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE OWNER GRANT USAGE ON SEQUENCES TO APP",
            "gets USAGE on sequences",
        ),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE OWNER GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
            "may execute functions",
        ),
    ] {
        let change = change
            .replace("APP", application)
            .replace("AUDITOR", auditor)
            .replace("ROLE OWNER", &format!("ROLE {owner}"));
        service.admin.batch_execute(&change).await?;
        let found = service.problems().await?;
        let is_found = found.iter().any(|one| one.to_string().contains(expected));
        assert!(is_found, "{change}: {found:?}");
        // One that hides others, such as a membership, is removed first.
        for _ in 0..3 {
            for problem in service.problems().await? {
                service
                    .admin
                    .batch_execute(problem.fix())
                    .await
                    .map_err(|error| format!("{change}: {}: {error:?}", problem.fix()))?;
            }
        }
        assert_eq!(service.problems().await?, [], "{change}");
    }
    service.leave().await
}

/// In the same round trip as everything else, and never the cause of one more.
#[tokio::test]
async fn a_start_reports_that_policies_do_not_hold_its_role() -> Outcome {
    let service = Service::new().await?;
    let plan = plan(1)?;
    let mut migrator = service.connect(OWNER).await?;
    Startup::new(&plan).run(&mut migrator).await?;
    service
        .admin
        .batch_execute(&service.roles.sql(&["shop"]))
        .await?;
    let [owner, application, _] = &service.names;
    for (change, back, power, via) in [
        ("SUPERUSER", "NOSUPERUSER", Power::Superuser, None),
        ("BYPASSRLS", "NOBYPASSRLS", Power::BypassRls, None),
        ("GRANT", "REVOKE", Power::Owner, Some(owner)),
    ] {
        let (change, back) = match via {
            None => (
                format!("ALTER ROLE {application} {change}"),
                format!("ALTER ROLE {application} {back}"),
            ),
            Some(owner) => (
                format!("GRANT {owner} TO {application}"),
                format!("REVOKE {owner} FROM {application}"),
            ),
        };
        service.admin.batch_execute(&change).await?;
        let mut client = service.connect(APPLICATION).await?;
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = Arc::clone(&heard);
        let startup = Startup::new(&plan).listener(move |event| {
            if let Event::Privileged(privileged) = event {
                ears.lock()
                    .expect("no thread panics")
                    .push(privileged.clone());
            }
        });
        let report = startup.run(&mut client).await?;
        let privileged = report.privileged().ok_or("nothing is reported")?;
        assert_eq!(
            (privileged.login(), privileged.power()),
            (&**application, power)
        );
        assert_eq!(privileged.via(), via.map(String::as_str));
        assert!(privileged.has_policies());
        assert_eq!(
            *heard.lock().expect("no thread panics"),
            std::slice::from_ref(privileged)
        );
        let status = onward::status(&client, &[&plan]).await?;
        assert_eq!(status[0].privileged(), Some(privileged));
        assert!(
            status[0]
                .to_string()
                .contains("row-level security does not hold it")
        );
        let refused = Startup::new(&plan)
            .refuse_privileged()
            .run(&mut client)
            .await;
        let error = refused.err().ok_or("it was not refused")?;
        assert!(matches!(error, Error::Privileged { .. }), "{error}");
        assert!(error.to_string().contains("onward roles"), "{error}");
        // A session that has become the application is still the login's.
        if power == Power::Superuser {
            client
                .batch_execute(&format!(
                    "CREATE ROLE meek_{application}; SET ROLE meek_{application}"
                ))
                .await?;
            let granted = format!(
                "GRANT USAGE ON SCHEMA shop TO meek_{application};
                GRANT SELECT ON ALL TABLES IN SCHEMA shop TO meek_{application}"
            );
            service.admin.batch_execute(&granted).await?;
            let report = Startup::new(&plan).run(&mut client).await?;
            assert_eq!(
                report.privileged().map(onward::Privileged::power),
                Some(power)
            );
            let gone = format!("DROP OWNED BY meek_{application}; DROP ROLE meek_{application}");
            service.admin.batch_execute(&gone).await?;
        }
        service.admin.batch_execute(&back).await?;
        let mut client = service.connect(APPLICATION).await?;
        let report = Startup::new(&plan)
            .refuse_privileged()
            .run(&mut client)
            .await?;
        assert_eq!(report.privileged(), None);
        assert_eq!(
            onward::status(&client, &[&plan]).await?[0].privileged(),
            None
        );
    }
    // As the owner it is so, and right.
    let report = Startup::new(&plan).run(&mut migrator).await?;
    assert_eq!(
        report.privileged().map(onward::Privileged::power),
        Some(Power::Owner)
    );
    drop(migrator);
    service.leave().await
}

/// One round trip on the fast path, whatever is asked of the role.
#[tokio::test]
async fn the_look_at_the_role_costs_no_round_trip() -> Outcome {
    let plan = plan(1)?;
    let database = database().await?;
    let relay = Relay::before(&database).await?;
    let mut client = relay.connect().await?;
    let startup = || Startup::new(&plan).pending_release(PendingRelease::Report);
    // Refused before anything is created.
    assert!(matches!(
        startup().refuse_privileged().run(&mut client).await,
        Err(Error::Privileged { .. })
    ));
    assert_eq!(
        row(&client, "SELECT to_regnamespace('shop') IS NULL").await?,
        "t"
    );
    startup().run(&mut client).await?;
    relay.counted();
    let report = startup().run(&mut client).await?;
    assert_eq!(relay.counted().0, 1);
    assert_eq!(
        report.privileged().map(onward::Privileged::power),
        Some(Power::Superuser)
    );
    assert!(
        startup()
            .refuse_privileged()
            .run(&mut client)
            .await
            .is_err()
    );
    assert_eq!(relay.counted().0, 1);
    Ok(())
}
