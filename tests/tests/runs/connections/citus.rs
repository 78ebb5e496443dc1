//! Engines that pass DDL on to other servers, as Citus does with `citus.enable_schema_based_sharding`: a command is
//! passed on with the text that it came with, so a bare one among others in a message is refused there.

use std::io::Write as _;

use onward::tenant::{TenantId, scope};
use onward::{Release, Startup};
use onward_pg::database;
use tokio_postgres::{Client, Config, NoTls};

use crate::migrations::majors::MODULES;
use crate::support::folder::Folder;
use crate::support::witness::{is_sound, row};
use crate::{Outcome, SHOP, connector, release, start};

/// Refuses a command that is not alone in its message and in no block.
const REFUSES: &str = "CREATE SCHEMA IF NOT EXISTS engine;
    CREATE FUNCTION engine.refuses() RETURNS event_trigger LANGUAGE plpgsql AS $$
    DECLARE
      stack text;
    BEGIN
      GET DIAGNOSTICS stack = PG_CONTEXT;
      IF stack !~ 'inline_code_block' AND rtrim(current_query(), E'; \n') ~ ';' THEN
        RAISE EXCEPTION 'cannot insert multiple commands into a prepared statement' USING ERRCODE = 'syntax_error';
      END IF;
    END $$;
    CREATE EVENT TRIGGER refuses ON ddl_command_start EXECUTE FUNCTION engine.refuses()";

/// Refuses what the documentation says that Citus refuses, for tables that it keeps: a policy with a subquery in both
/// modes, and where rows are spread by a tenant also keys and foreign keys without it, and actions that would change it.
const REFUSES_DEFINITIONS: &str = "CREATE SCHEMA engine; CREATE FUNCTION engine.refuses_definitions() RETURNS event_trigger LANGUAGE plpgsql AS $$
    DECLARE
      spread bool := current_setting('engine.spread')::bool;
      found text;
    BEGIN
      SELECT polname INTO found FROM pg_policy WHERE concat(polqual, polwithcheck) LIKE '%SUBLINK%' LIMIT 1;
      IF found IS NOT NULL THEN
        RAISE EXCEPTION 'cannot create policy' USING ERRCODE = 'feature_not_supported', DETAIL = found;
      END IF;
      SELECT indexrelid::regclass::text INTO found FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attname = 'tenant_id'
        WHERE spread AND (indisunique OR indisexclusion) AND NOT attnum = ANY (indkey) LIMIT 1;
      IF found IS NOT NULL THEN
        RAISE EXCEPTION 'cannot create constraint' USING ERRCODE = 'feature_not_supported', DETAIL = found;
      END IF;
      SELECT conname INTO found FROM pg_constraint
        JOIN pg_attribute child ON child.attrelid = conrelid AND child.attname = 'tenant_id'
        LEFT JOIN pg_attribute parent ON parent.attrelid = confrelid AND parent.attname = 'tenant_id'
        WHERE spread AND contype = 'f' AND (
          parent.attnum IS NOT NULL AND array_position(conkey, child.attnum) IS DISTINCT FROM array_position(confkey, parent.attnum)
          OR child.attnum = ANY (conkey) AND (confdeltype IN ('n', 'd') OR confupdtype IN ('n', 'd', 'c'))) LIMIT 1;
      IF found IS NOT NULL THEN
        RAISE EXCEPTION 'cannot create foreign key constraint' USING ERRCODE = 'feature_not_supported', DETAIL = found;
      END IF;
    END $$;
    CREATE EVENT TRIGGER refuses_definitions ON ddl_command_end EXECUTE FUNCTION engine.refuses_definitions()";

async fn brings_a_module_up(mut client: Client, connector: onward::Connector) -> Outcome {
    start(&SHOP, &mut client).await?;
    release(&SHOP, &mut client).await?;
    let again = Startup::new(&SHOP).run_with(&connector).await?;
    assert_eq!(again.applied(), []);
    is_sound(&client).await
}

#[tokio::test]
async fn no_command_that_changes_the_schema_is_bare_in_a_message_of_several() -> Outcome {
    for own in [false, true] {
        let database = database().await?;
        let client = database.connect().await?;
        client.batch_execute(REFUSES).await?;
        let bare = "CREATE TABLE engine.a (); CREATE TABLE engine.b ()";
        assert!(client.batch_execute(bare).await.is_err());
        let connector = connector(&database)?;
        if own {
            onward::Release::new(&SHOP).run_with(&connector).await?;
        }
        brings_a_module_up(client, connector).await?;
    }
    Ok(())
}

/// All modules are what both kinds of a cluster accept, as far as their documented refusals are imitated.
#[tokio::test]
async fn the_seven_modules_come_up_where_a_cluster_refuses_what_is_documented() -> Outcome {
    for spread in ["off", "on"] {
        let database = database().await?;
        let mut client = database.connect().await?;
        client
            .batch_execute(&format!("SET engine.spread = {spread}"))
            .await?;
        client.batch_execute(REFUSES_DEFINITIONS).await?;
        client.batch_execute(REFUSES).await?;
        for plan in MODULES.iter().skip(1) {
            Release::new(plan).run(&mut client).await?;
            assert_eq!(Startup::new(plan).run(&mut client).await?.applied(), []);
        }
    }
    Ok(())
}

/// What a cluster refuses is reported as any server's refusal: with its file and its code, and nothing of it stays.
#[tokio::test]
async fn a_refusal_of_the_cluster_names_the_file_and_the_code() -> Outcome {
    const TABLES: &str = "CREATE TABLE shop.orders (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id));
        CREATE TABLE shop.lines (tenant_id uuid NOT NULL, id uuid, order_id uuid, PRIMARY KEY (tenant_id, id));";
    for (spread, sql) in [
        (
            "off",
            "CREATE POLICY p ON shop.orders USING (tenant_id = (SELECT current_setting('app.tenant_id')::uuid));",
        ),
        (
            "on",
            "CREATE UNIQUE INDEX orders_id_key ON shop.orders (id);",
        ),
        (
            "on",
            "ALTER TABLE shop.lines ADD FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders ON DELETE SET NULL (order_id);",
        ),
    ] {
        let database = database().await?;
        let mut client = database.connect().await?;
        client
            .batch_execute(&format!("SET engine.spread = {spread}"))
            .await?;
        client.batch_execute(REFUSES_DEFINITIONS).await?;
        client.batch_execute(REFUSES).await?;
        let folder = Folder::empty("shop")
            .with("001_tables.sql", TABLES)
            .with("002_more.sql", sql);
        let error = start(&folder.plan()?, &mut client)
            .await
            .err()
            .ok_or("it was accepted")?;
        let error = onward::Chain(&error).to_string();
        assert!(
            error.contains("002_more.sql") && error.contains("0A000"),
            "{error}"
        );
        let stayed = "SELECT (SELECT count(*) FROM pg_policy) + (SELECT count(*) FROM pg_class WHERE relname = 'orders_id_key')
            + (SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'shop.lines'::regclass)";
        assert_eq!(row(&client, stayed).await?, "0");
    }
    Ok(())
}

/// The text with which Citus would pass the tenant on is the setting alone: it passes on what a statement came with.
#[tokio::test]
async fn a_scope_sets_its_tenant_in_a_statement_of_its_own() -> Outcome {
    let text = include_str!("../../../../runtime/src/sql/tenant/begin.sql");
    assert!(
        text.contains("EXECUTE pg_catalog.format('SET LOCAL")
            && !text.contains("SELECT pg_catalog.set_config")
    );
    let database = database().await?;
    let mut client = database.connect().await?;
    let tenant = TenantId::from_bytes([0xaa; 16]);
    let scope = scope(&mut client, tenant).await?;
    let set = row(&scope, "SELECT current_setting('app.tenant_id')").await?;
    assert_eq!(set, tenant.to_string());
    Ok(scope.commit().await?)
}

#[tokio::test]
async fn a_module_comes_up_on_citus_with_schema_based_sharding() -> Outcome {
    let Ok(url) = std::env::var("ONWARD_CITUS") else {
        let absent =
            "NO CITUS: SET ONWARD_CITUS TO THE URL OF AN EMPTY DATABASE; IT IS ONLY IMITATED";
        writeln!(std::io::stderr(), "{absent}")?;
        return Ok(());
    };
    let sharded = url.parse::<tokio_postgres::Config>()?;
    let mut sharded = sharded.clone();
    sharded.options("-c citus.enable_schema_based_sharding=on");
    let (client, connection) = sharded.connect(NoTls).await?;
    tokio::spawn(async move { connection.await.ok() });
    client
        .batch_execute("DROP SCHEMA IF EXISTS shop CASCADE")
        .await?;
    brings_a_module_up(client, onward::Connector::new(sharded, NoTls)).await
}

/// The same cluster with rows that are spread: the tables of the seven modules are distributed once they are there, and a
/// scope sees its own rows on whichever server they are.
#[tokio::test]
async fn the_seven_modules_are_spread_over_a_citus_cluster() -> Outcome {
    let Ok(url) = std::env::var("ONWARD_CITUS") else {
        writeln!(
            std::io::stderr(),
            "NO CITUS: SET ONWARD_CITUS TO THE URL OF AN EMPTY DATABASE; NO ROWS WERE SPREAD"
        )?;
        return Ok(());
    };
    let mut config = url.parse::<Config>()?;
    config.options("-c citus.enable_unsafe_triggers=on -c citus.propagate_set_commands=none");
    let (mut client, connection) = config.connect(NoTls).await?;
    tokio::spawn(async move { connection.await.ok() });
    for plan in MODULES.iter().skip(1) {
        client
            .batch_execute(&format!("DROP SCHEMA IF EXISTS {} CASCADE", plan.schema()))
            .await?;
        Release::new(plan).run(&mut client).await?;
    }
    // Reference tables first: foreign keys lead to them.
    client
        .batch_execute(
            "DO $$ DECLARE one regclass; spread bool; BEGIN
               FOR spread IN VALUES (false), (true) LOOP
                 FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND NOT starts_with(relname, 'schema_migration')
                     AND relnamespace::regnamespace::text IN ('auth', 'vuln', 'vex', 'scheduler', 'notify', 'policy', 'audit')
                     AND spread = EXISTS (SELECT FROM pg_attribute WHERE attrelid = pg_class.oid AND attname = 'tenant_id')
                     ORDER BY oid LOOP
                   IF spread THEN PERFORM create_distributed_table(one, 'tenant_id', colocate_with => 'default');
                   ELSE PERFORM create_reference_table(one); END IF;
                 END LOOP;
               END LOOP; END $$",
        )
        .await?;
    client
        .batch_execute(include_str!("../support/two_tenants.sql"))
        .await?;
    client
        .batch_execute(
            "DROP ROLE IF EXISTS onward_spread; CREATE ROLE onward_spread; GRANT USAGE ON SCHEMA auth TO onward_spread;
             GRANT SELECT ON auth.users TO onward_spread; SET citus.propagate_set_commands = 'local'; SET ROLE onward_spread",
        )
        .await?;
    for tenant in [
        TenantId::from_bytes([0xaa; 16]),
        TenantId::from_bytes([0xbb; 16]),
    ] {
        let scope = scope(&mut client, tenant).await?;
        let seen = row(
            &scope,
            "SELECT string_agg(DISTINCT tenant_id::text, ',') FROM auth.users",
        )
        .await?;
        assert_eq!(seen, tenant.to_string());
        scope.commit().await?;
    }
    Ok(())
}
