//! A start that only verifies: as a role that may only read, on a standby, through a pooler, in one message.

use onward::{Connector, Error, PendingRelease, Plan, Release, Report, Startup};
use onward_pg::{Binaries, Cluster, Database, PgBouncer, Settings, connect, database};
use tokio_postgres::{Client, NoTls};

use crate::support::folder::Folder;
use crate::support::relay::Relay;
use crate::support::witness::{ledger, row, until};
use crate::{Outcome, SHOP, start};

fn verify(plan: &Plan) -> onward::VerifyOnly {
    Startup::new(plan)
        .pending_release(PendingRelease::Report)
        .verify_only()
}

async fn missing(plan: &Plan, client: &Client) -> (bool, Vec<&'static str>) {
    match Startup::new(plan).verify_only().run(client).await {
        Err(Error::Behind {
            has_ledger,
            pending,
            ..
        }) => (has_ledger, pending.iter().map(|one| one.name).collect()),
        answer => panic!("{answer:?}"),
    }
}

/// A role that may read the ledgers of the schemas, and nothing else.
struct Reader {
    admin: Client,
    name: String,
    config: tokio_postgres::Config,
}

impl Reader {
    async fn of(database: &Database, grants: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let admin = database.connect().await?;
        let name = format!("reader_{}", database.name());
        admin
            .batch_execute(&format!(
                "CREATE ROLE {name} LOGIN PASSWORD 'x'; ALTER ROLE {name} SET default_transaction_read_only = on;
                 REVOKE ALL ON DATABASE {} FROM PUBLIC; GRANT CONNECT ON DATABASE {} TO {name}; {}",
                database.name(),
                database.name(),
                grants.replace("<role>", &name),
            ))
            .await?;
        let mut config: tokio_postgres::Config = database.url().parse()?;
        config.user(&name).password("x");
        Ok(Self {
            admin,
            name,
            config,
        })
    }

    async fn gone(self) -> Outcome {
        let name = &self.name;
        let drop = format!("DROP OWNED BY {name} CASCADE; DROP ROLE {name}");
        Ok(self.admin.batch_execute(&drop).await?)
    }
}

const GRANTS: &str = "GRANT USAGE ON SCHEMA shop TO <role>;
    GRANT SELECT ON shop.schema_migration_log, shop.schema_migration_head TO <role>;";

#[tokio::test]
async fn a_role_that_may_only_read_learns_what_is_missing_and_who_has_to_act() -> Outcome {
    let database = database().await?;
    let newer = Folder::shop()
        .with(
            "005_next.sql",
            "CREATE TABLE shop.next (id bigint PRIMARY KEY);",
        )
        .plan()?;
    let mut client = database.connect().await?;
    assert!(!missing(&SHOP, &client).await.0);
    assert_eq!(
        row(&client, "SELECT to_regnamespace('shop') IS NULL").await?,
        "t"
    );
    start(&SHOP, &mut client).await?;
    let before = ledger(&client).await?;

    let reader = Reader::of(&database, GRANTS).await?;
    let connector = Connector::new(reader.config.clone(), NoTls);
    let report = verify(&SHOP).run_with(&connector).await?;
    assert_eq!(
        (report.applied(), report.pending_release().len()),
        (&[][..], 1)
    );
    let (session, connection) = reader.config.connect(NoTls).await?;
    tokio::spawn(async move { connection.await.ok() });
    // All that is missing is a release: the same error as that of a start.
    let refused = Startup::new(&SHOP).verify_only().run(&session).await;
    assert!(
        matches!(refused, Err(Error::PendingRelease { .. })),
        "{refused:?}"
    );
    let (has_ledger, names) = missing(&newer, &session).await;
    assert_eq!(
        (has_ledger, &*names),
        (
            true,
            &["005_next.sql", "100_drop_products_legacy_code.sql"][..]
        )
    );
    let behind = verify(&newer)
        .run(&session)
        .await
        .err()
        .map(|error| error.to_string());
    let behind = behind.unwrap_or_default();
    for part in [
        "shop: the database is behind this binary; this start only verifies, and applied nothing",
        "`onward up ",
        " --startup --url <url>`, which applies:",
        "005_next.sql",
    ] {
        assert!(behind.contains(part), "{behind}");
    }
    assert!(!behind.contains("100_"), "{behind}");
    assert_eq!(ledger(&client).await?, before);
    drop(session);
    reader.gone().await
}

#[tokio::test]
async fn a_role_without_the_grants_is_told_which_ones_are_missing() -> Outcome {
    for (grants, fix) in [
        ("", "GRANT USAGE ON SCHEMA"),
        ("GRANT USAGE ON SCHEMA shop TO <role>;", "GRANT SELECT ON"),
    ] {
        let database = database().await?;
        start(&SHOP, &mut database.connect().await?).await?;
        let reader = Reader::of(&database, grants).await?;
        let connector = Connector::new(reader.config.clone(), NoTls);
        let error = verify(&SHOP).run_with(&connector).await.err();
        reader.gone().await?;
        assert!(matches!(error, Some(Error::Permission { .. })), "{error:?}");
        let text = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(text.contains(fix), "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn it_is_one_round_trip_also_behind_a_pooler() -> Outcome {
    let database = database().await?;
    let mut direct = database.connect().await?;
    start(&SHOP, &mut direct).await?;
    let relay = Relay::before(&database).await?;
    let client = relay.connect().await?;
    relay.counted();
    verify(&SHOP).run(&client).await?;
    let (trips, messages, _) = relay.counted();
    assert_eq!((trips, messages), (1, 1));

    let pooler =
        PgBouncer::start(&database, "pool_mode = transaction\ndefault_pool_size = 1").await?;
    let pooled = pooler.connect().await?;
    let sessions = [verify(&SHOP).run(&pooled), verify(&SHOP).run(&pooled)];
    for session in sessions {
        assert_eq!(session.await?.schema(), "shop");
    }
    verify(&SHOP)
        .run_with(&Connector::new(pooler.url().parse()?, NoTls))
        .await?;
    Ok(())
}

#[tokio::test]
async fn on_a_standby_it_is_the_same() -> Outcome {
    let mut primary = Cluster::start(&Binaries::find().await?, Settings::fast()).await?;
    let standby = primary.standby().await?;
    let mut client = connect(&primary.url()).await?;
    let there = connect(&standby.url()).await?;
    start(&SHOP, &mut client).await?;
    let has = "SELECT to_regclass('shop.schema_migration_head') IS NOT NULL";
    until(&there, has).await?;
    let seq = "SELECT seq FROM shop.schema_migration_head";
    let all = row(&client, seq).await?;
    until(&there, &format!("SELECT ({seq}) = {all}")).await?;
    let report: Report = verify(&SHOP).run(&there).await?;
    assert_eq!(report.head().seq.to_string(), all);
    let newer = Folder::shop()
        .with("005_next.sql", "CREATE TABLE shop.next (id bigint);")
        .plan()?;
    assert!(missing(&newer, &there).await.0);
    Ok(())
}

#[tokio::test]
async fn what_a_start_refuses_is_refused() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    start(&SHOP, &mut client).await?;
    Release::new(&SHOP).run(&mut client).await?;
    let report = Startup::new(&SHOP).verify_only().run(&client).await?;
    assert_eq!(report.pending_data().len(), 1);
    let edited = Folder::shop()
        .edited("001_products.sql", |text| format!("{text}\n-- edited\n"))
        .plan()?;
    let error = verify(&edited).run(&client).await.err();
    assert!(matches!(error, Some(Error::Modified { .. })), "{error:?}");
    let older = Folder::shop()
        .without("100_drop_products_legacy_code.sql")
        .plan()?;
    verify(&older).run(&client).await?;

    let superuser = Startup::new(&SHOP).refuse_privileged().verify_only();
    let error = superuser.run(&client).await.err();
    assert!(matches!(error, Some(Error::Privileged { .. })), "{error:?}");

    let transaction = client.transaction().await?;
    let error = verify(&SHOP).run(transaction.client()).await.err();
    assert!(
        matches!(error, Some(Error::OpenTransaction { .. })),
        "{error:?}"
    );
    transaction.rollback().await?;

    client
        .batch_execute(
            "ALTER TABLE shop.schema_migration_log DISABLE TRIGGER ALL;
             UPDATE shop.schema_migration_log SET who = 'mallory' WHERE seq = 1",
        )
        .await?;
    assert!(verify(&SHOP).run(&client).await.is_err());

    let dead = "postgres://app@127.0.0.1:1/x".parse()?;
    let dead =
        Connector::new(dead, NoTls).total_connect_timeout(std::time::Duration::from_millis(300));
    let error = verify(&SHOP).run_with(&dead).await.err();
    assert!(
        matches!(error, Some(Error::Unreachable { .. })),
        "{error:?}"
    );

    Ok(())
}
