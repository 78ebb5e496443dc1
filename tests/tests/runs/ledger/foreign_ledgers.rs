//! Ledgers that another role made or changed, with its code in them: no verb reads or writes one, and the
//! role gains nothing.

use onward::{Connector, Error, Startup};
use onward_pg::database;
use tokio_postgres::NoTls;

use crate::support::folder::Folder;
use crate::support::mallory::{Mallory, login};
use crate::support::witness::{is_sound, row};
use crate::{Outcome, SHOP, applied, connector, start};

/// The columns of the log.
const LOG: &str = "seq bigint PRIMARY KEY, event text NOT NULL, category text NOT NULL, version text NOT NULL,
    name text NOT NULL, attempt int NOT NULL DEFAULT 1, checksum bytea NOT NULL, plan bytea NOT NULL, build text NOT NULL,
    run text NOT NULL DEFAULT '', compatible_from text, who text NOT NULL DEFAULT session_user,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), ms int, prev bytea NOT NULL UNIQUE, chain bytea NOT NULL";
const HEAD: &str =
    "one boolean PRIMARY KEY DEFAULT true CHECK (one), seq bigint NOT NULL, chain bytea NOT NULL";
const FIRST: &str =
    "INSERT INTO shop.schema_migration_head (seq, chain) VALUES (0, sha256('onward/v1/shop'))";

/// With tables that look like the module's ledger, with its first row, and open to all.
async fn makes_a_ledger(mallory: &Mallory, log: &str, head: &str, then: &str) -> Outcome {
    let open = "GRANT ALL ON ALL TABLES IN SCHEMA shop TO PUBLIC";
    mallory
        .client
        .batch_execute(&format!("{log}; {head}; {FIRST}; {open}; {then}"))
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_ledger_of_a_role_that_may_create_in_the_schema_is_refused_in_every_verb() -> Outcome {
    let log = &format!("CREATE TABLE shop.schema_migration_log ({LOG})");
    let head = &format!("CREATE TABLE shop.schema_migration_head ({HEAD})");
    for then in [
        "",
        "CREATE TRIGGER t BEFORE UPDATE ON shop.schema_migration_head FOR EACH ROW EXECUTE FUNCTION shop.gains()",
        "CREATE TRIGGER t AFTER INSERT ON shop.schema_migration_log FOR EACH ROW EXECUTE FUNCTION shop.gains()",
        "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON shop.schema_migration_log DEFERRABLE INITIALLY DEFERRED
           FOR EACH ROW EXECUTE FUNCTION shop.gains()",
        "CREATE RULE r AS ON UPDATE TO shop.schema_migration_head DO ALSO SELECT shop.gain()",
        "CREATE RULE r AS ON INSERT TO shop.schema_migration_log DO ALSO SELECT shop.gain()",
        "ALTER TABLE shop.schema_migration_head ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
         CREATE POLICY p ON shop.schema_migration_head USING (shop.gain())",
        "ALTER TABLE shop.schema_migration_log ADD COLUMN more bool DEFAULT shop.gain()",
        "ALTER TABLE shop.schema_migration_log ADD COLUMN more text GENERATED ALWAYS AS (shop.gains(name)) STORED",
        "ALTER TABLE shop.schema_migration_log ALTER COLUMN ms SET DEFAULT length(shop.gains('x'))",
        "ALTER TABLE shop.schema_migration_log ADD CHECK (shop.gain())",
        "CREATE INDEX ON shop.schema_migration_log (shop.gains(name))",
        "CREATE INDEX ON shop.schema_migration_log (seq) WHERE shop.gains(name) = 'x'",
        "CREATE DOMAIN shop.evil AS text CHECK (shop.gain());
         ALTER TABLE shop.schema_migration_log ALTER COLUMN name TYPE shop.evil",
        "CREATE TABLE shop.child () INHERITS (shop.schema_migration_log);
         CREATE FOREIGN TABLE shop.far () INHERITS (shop.schema_migration_head) SERVER nowhere",
        "ALTER TABLE shop.schema_migration_log SET UNLOGGED",
    ] {
        let database = database().await?;
        let mallory = Mallory::in_schema(&database, "shop").await?;
        makes_a_ledger(&mallory, log, head, then).await?;
        let part = mallory.is_refused(&SHOP, &database).await;
        let part = part.map_err(|error| format!("{then}: {error}"))?;
        assert_eq!(part.owner, mallory.name, "{then}");
        assert!(part.object.contains("shop.schema_migration_"), "{part}");
        assert!(part.fix.contains("REVOKE CREATE ON SCHEMA shop"), "{}", part.fix);
        mallory.leave().await?;
    }
    Ok(())
}

#[tokio::test]
async fn what_only_has_the_name_of_a_ledger_is_refused_by_its_kind() -> Outcome {
    let columns = "1::bigint AS seq, ''::text AS event, ''::text AS category, ''::text AS version, ''::text AS name,
        1 AS attempt, ''::bytea AS checksum, ''::bytea AS plan, ''::text AS build, ''::text AS run,
        ''::text AS compatible_from, ''::text AS who, now() AS at, 1 AS ms, ''::bytea AS prev, ''::bytea AS chain";
    let head = &format!("CREATE TABLE shop.schema_migration_head ({HEAD})");
    for (log, kind) in [
        (
            format!("CREATE VIEW shop.schema_migration_log AS SELECT {columns} WHERE shop.gain()"),
            "view",
        ),
        (
            format!(
                "CREATE MATERIALIZED VIEW shop.schema_migration_log AS SELECT {columns} WHERE shop.gain()"
            ),
            "materialized view",
        ),
        (
            "CREATE FOREIGN TABLE shop.schema_migration_log (seq bigint) SERVER nowhere".to_owned(),
            "foreign table",
        ),
        (
            format!("CREATE TABLE shop.schema_migration_log ({LOG}) PARTITION BY LIST (seq)")
                .replace(" UNIQUE", ""),
            "table",
        ),
        (
            format!(
                "CREATE TABLE shop.above ({LOG}) PARTITION BY LIST (seq);
                     CREATE TABLE shop.schema_migration_log PARTITION OF shop.above DEFAULT"
            )
            .replace(" UNIQUE", ""),
            "table",
        ),
        (
            "CREATE SEQUENCE shop.schema_migration_log".to_owned(),
            "sequence",
        ),
        (
            "CREATE TYPE shop.schema_migration_log AS (seq bigint)".to_owned(),
            "composite type",
        ),
    ] {
        let database = database().await?;
        let mallory = Mallory::in_schema(&database, "shop").await?;
        makes_a_ledger(&mallory, &log, head, "").await?;
        let part = mallory.is_refused(&SHOP, &database).await?;
        assert_eq!(part.object, format!("{kind} shop.schema_migration_log"));
        assert_eq!(part.defect, "is not an ordinary table");
        mallory.leave().await?;
    }
    Ok(())
}

/// The other half is not there, or the other way round: nothing is created beside it.
#[tokio::test]
async fn half_a_ledger_is_a_schema_that_is_not_empty() -> Outcome {
    let database = database().await?;
    let mallory = Mallory::in_schema(&database, "shop").await?;
    mallory
        .client
        .batch_execute("CREATE VIEW shop.schema_migration_log AS SELECT shop.gain()")
        .await?;
    let mut client = database.connect().await?;
    let refused = start(&SHOP, &mut client).await.err();
    assert!(
        matches!(refused, Some(Error::ForeignSchema { .. })),
        "{refused:?}"
    );
    let status = onward::status(&client, &[&SHOP]).await?;
    assert!(status[0].head().is_none());
    assert!(onward::verify(&client, &SHOP).await.is_err());
    mallory.gained_nothing().await?;
    mallory.leave().await
}

/// Where every role may create, as in databases that were made before PostgreSQL 15.
#[tokio::test]
async fn the_schema_public_of_an_old_database_is_no_way_in() -> Outcome {
    let plan = Folder::empty("public")
        .with(
            "001_t.sql",
            "CREATE TABLE public.t (id bigint PRIMARY KEY);",
        )
        .plan()?;
    let database = database().await?;
    let mallory = Mallory::in_schema(&database, "public").await?;
    let in_public = |sql: &str| sql.replace("shop", "public");
    mallory
        .client
        .batch_execute(&in_public(&format!(
            "CREATE TABLE shop.schema_migration_log ({LOG}); CREATE TABLE shop.schema_migration_head ({HEAD}); {FIRST};
             CREATE TRIGGER t BEFORE UPDATE ON shop.schema_migration_head FOR EACH ROW EXECUTE FUNCTION shop.gains()"
        )))
        .await?;
    let part = mallory.is_refused(&plan, &database).await?;
    assert_eq!(part.owner, mallory.name);
    assert_eq!(
        row(&mallory.admin, "SELECT to_regclass('public.t') IS NULL").await?,
        "t"
    );
    mallory.leave().await
}

/// As the owner, or a superuser on another's behalf, can add it to a ledger that a run has created.
#[tokio::test]
async fn whatever_was_added_to_a_ledger_is_named_with_what_removes_it() -> Outcome {
    for (then, object, fix) in [
        (
            "CREATE TRIGGER t BEFORE UPDATE ON shop.schema_migration_head FOR EACH ROW EXECUTE FUNCTION shop.gains()",
            "trigger t on table shop.schema_migration_head",
            "DROP TRIGGER t ON shop.schema_migration_head",
        ),
        (
            "CREATE RULE r AS ON INSERT TO shop.schema_migration_log DO ALSO SELECT shop.gain()",
            "rule r on table shop.schema_migration_log",
            "DROP RULE r ON shop.schema_migration_log",
        ),
        (
            "CREATE POLICY p ON shop.schema_migration_log USING (shop.gain())",
            "policy p on table shop.schema_migration_log",
            "DROP POLICY p ON shop.schema_migration_log",
        ),
        (
            "ALTER TABLE shop.schema_migration_log ENABLE ROW LEVEL SECURITY",
            "table shop.schema_migration_log",
            "DISABLE ROW LEVEL SECURITY",
        ),
        (
            "ALTER TABLE shop.schema_migration_log ADD COLUMN more bool DEFAULT shop.gain()",
            "column more of table shop.schema_migration_log",
            "DROP COLUMN more",
        ),
        (
            "ALTER TABLE shop.schema_migration_log ALTER COLUMN ms SET DEFAULT length(shop.gains('x'))",
            "column ms of table shop.schema_migration_log",
            "ALTER COLUMN ms DROP DEFAULT",
        ),
        (
            "ALTER TABLE shop.schema_migration_log ADD CONSTRAINT c CHECK (shop.gain()) NOT VALID",
            "constraint c on table shop.schema_migration_log",
            "DROP CONSTRAINT c",
        ),
        (
            "ALTER TABLE shop.schema_migration_log ADD CONSTRAINT x EXCLUDE (seq WITH =) WHERE (shop.gains(name) = 'x')",
            "constraint x on table shop.schema_migration_log",
            "DROP CONSTRAINT x",
        ),
        (
            "CREATE INDEX i ON shop.schema_migration_log (shop.gains(name))",
            "index shop.i",
            "DROP INDEX shop.i",
        ),
        (
            "CREATE INDEX i ON shop.schema_migration_log (seq) WHERE shop.gains(name) = 'x'",
            "index shop.i",
            "DROP INDEX shop.i",
        ),
        (
            "CREATE FUNCTION shop.less(int8, int8) RETURNS int4 IMMUTABLE LANGUAGE plpgsql AS
               'BEGIN PERFORM shop.gain(); RETURN 0; END';
             CREATE OPERATOR CLASS shop.evil FOR TYPE int8 USING btree AS OPERATOR 3 =, FUNCTION 1 shop.less(int8, int8);
             CREATE INDEX i ON shop.schema_migration_head (seq shop.evil)",
            "index shop.i",
            "DROP INDEX shop.i",
        ),
        (
            "CREATE FUNCTION shop.one(int4) RETURNS int4 IMMUTABLE LANGUAGE plpgsql AS
               'BEGIN PERFORM shop.gain(); RETURN 1; END';
             CREATE STATISTICS shop.s ON (shop.one(1)), seq FROM shop.schema_migration_head",
            "statistics object shop.s",
            "DROP STATISTICS shop.s",
        ),
        (
            "CREATE TABLE shop.child () INHERITS (shop.schema_migration_log)",
            "table shop.child",
            "ALTER TABLE shop.child NO INHERIT shop.schema_migration_log",
        ),
        (
            "CREATE TABLE shop.pointing (seq bigint REFERENCES shop.schema_migration_log)",
            "trigger RI_ConstraintTrigger_",
            "ALTER TABLE shop.pointing DROP CONSTRAINT pointing_seq_fkey",
        ),
        (
            "CREATE FUNCTION shop.other() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS
               'BEGIN PERFORM shop.gain(); RETURN new; END';
             CREATE TRIGGER t BEFORE INSERT ON shop.schema_migration_log FOR EACH ROW EXECUTE FUNCTION shop.other()",
            "trigger t on table shop.schema_migration_log",
            "DROP TRIGGER t ON shop.schema_migration_log",
        ),
        (
            "ALTER FUNCTION shop.schema_migration_forward() SECURITY DEFINER",
            "trigger schema_migration_forward on table shop.schema_migration_head",
            "DROP TRIGGER schema_migration_forward",
        ),
        (
            "ALTER FUNCTION shop.schema_migration_forward() RESET ALL",
            "trigger schema_migration_forward on table shop.schema_migration_head",
            "DROP TRIGGER schema_migration_forward",
        ),
        (
            "ALTER FUNCTION shop.schema_migration_forward() OWNER TO mallory",
            "trigger schema_migration_forward on table shop.schema_migration_head",
            "DROP TRIGGER schema_migration_forward",
        ),
        (
            "CREATE OR REPLACE FUNCTION shop.schema_migration_append_only() RETURNS trigger LANGUAGE plpgsql
               SET search_path = pg_catalog, pg_temp AS 'BEGIN PERFORM shop.gain(); RETURN new; END'",
            "trigger schema_migration_append_only on table shop.schema_migration_log",
            "DROP TRIGGER schema_migration_append_only",
        ),
    ] {
        let database = database().await?;
        start(&SHOP, &mut database.connect().await?).await?;
        let mallory = Mallory::in_schema(&database, "shop").await?;
        let then = then.replace("mallory", &mallory.name);
        mallory.admin.batch_execute(&then).await?;
        let reset = format!("ALTER ROLE {} NOSUPERUSER", mallory.name);
        mallory.admin.batch_execute(&reset).await?;
        let part = mallory.is_refused(&SHOP, &database).await;
        let part = part.map_err(|error| format!("{then}: {error}"))?;
        assert!(part.object.starts_with(object), "{then}: {part}");
        assert!(part.fix.contains(fix), "{then}: {}", part.fix);
        mallory.leave().await?;
    }
    Ok(())
}

/// The functions of the ledger that write are not called when they are not those of this version.
#[tokio::test]
async fn replaced_functions_of_the_ledger_are_not_called() -> Outcome {
    let plan = Folder::shop()
        .with(
            "005_next.sql",
            "CREATE TABLE shop.next (id bigint PRIMARY KEY);",
        )
        .plan()?;
    let claim = "shop.schema_migration_claim(int4, int4, text, int8, text, text, text, text)";
    for then in [
        format!("CREATE OR REPLACE FUNCTION {claim} RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
                   AS 'BEGIN PERFORM shop.gain(); END'"),
        format!("CREATE OR REPLACE FUNCTION {claim} RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp
                   AS 'SELECT shop.gain()'"),
        format!("ALTER FUNCTION {claim} OWNER TO mallory"),
        format!("ALTER FUNCTION {claim} SECURITY DEFINER"),
        format!("ALTER FUNCTION {claim} SET search_path = shop"),
        format!("ALTER FUNCTION {claim} STRICT"),
        format!("ALTER FUNCTION {claim} IMMUTABLE"),
        "CREATE FUNCTION shop.schema_migration_claim(int8, int8, text, int8, text, text, text, text) RETURNS void
           LANGUAGE plpgsql AS 'BEGIN PERFORM shop.gain(); END'".to_owned(),
    ] {
        let database = database().await?;
        let mut client = database.connect().await?;
        start(&SHOP, &mut client).await?;
        let mallory = Mallory::in_schema(&database, "shop").await?;
        let then = then.replace("mallory", &mallory.name);
        mallory.admin.batch_execute(&then).await?;
        assert_eq!(applied(&start(&plan, &mut client).await?), ["005_next.sql"], "{then}");
        mallory.gained_nothing().await?;
        is_sound(&client).await?;
        mallory.leave().await?;
    }
    Ok(())
}

/// Between the look and the write, by a role that was given the right to create triggers.
#[tokio::test(flavor = "multi_thread")]
async fn a_trigger_that_appears_behind_the_look_is_not_fired() -> Outcome {
    let plan = Folder::shop()
        .with(
            "005_next.sql",
            "CREATE TABLE shop.next (id bigint PRIMARY KEY);",
        )
        .plan()?;
    for table in ["schema_migration_head", "schema_migration_log"] {
        let database = database().await?;
        let mut client = database.connect().await?;
        start(&SHOP, &mut client).await?;
        let mallory = Mallory::in_schema(&database, "shop").await?;
        let grant = format!("GRANT ALL ON ALL TABLES IN SCHEMA shop TO {}", mallory.name);
        mallory.admin.batch_execute(&grant).await?;
        let (sender, receiver) = std::sync::mpsc::channel::<()>();
        let (done, is_done) = std::sync::mpsc::channel::<bool>();
        let hers = login(&database, &mallory.name).await?;
        let handle = tokio::runtime::Handle::current();
        let thread = std::thread::spawn(move || {
            let trigger = format!(
                "CREATE TRIGGER t BEFORE INSERT OR UPDATE ON shop.{table} FOR EACH ROW EXECUTE FUNCTION shop.gains()"
            );
            if receiver.recv().is_ok() {
                let made = handle.block_on(hers.batch_execute(&trigger));
                let _ = done.send(made.is_ok());
            }
        });
        let is_done = std::sync::Mutex::new(is_done);
        let refused = Startup::new(&plan)
            .listener(move |event| {
                if let onward::Event::Behind { .. } = event {
                    let _ = sender.send(());
                    let made = is_done.lock().expect("no thread panicked").recv();
                    assert_eq!(made, Ok(true), "she could create it");
                }
            })
            .run(&mut client)
            .await;
        thread.join().expect("it ends");
        let Some(Error::ForeignLedger { part, .. }) = refused.as_ref().err() else {
            return Err(format!("{table}: {refused:?}").into());
        };
        assert_eq!(part.object, format!("trigger t on table shop.{table}"));
        assert_eq!(part.owner, mallory.name);
        mallory.gained_nothing().await?;
        let absent = "SELECT to_regclass('shop.next') IS NULL";
        assert_eq!(row(&mallory.admin, absent).await?, "t");
        mallory.leave().await?;
    }
    Ok(())
}

/// The ledger of the schema's owner, of a member of it, and of a superuser is trusted by other roles; it need
/// not be the one who looks.
#[tokio::test]
async fn a_ledger_of_the_schemas_owner_or_of_a_superuser_is_trusted_by_all() -> Outcome {
    for owner in ["owner", "member", "superuser"] {
        let database = database().await?;
        let admin = database.connect().await?;
        let name = database.name();
        admin
            .batch_execute(&format!(
                "CREATE ROLE owner_{name}; CREATE ROLE member_{name} LOGIN PASSWORD 'x' IN ROLE owner_{name};
                 CREATE ROLE app_{name} LOGIN PASSWORD 'x';
                 CREATE SCHEMA shop AUTHORIZATION owner_{name};
                 GRANT USAGE ON SCHEMA shop TO app_{name};
                 ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_{name};
                 ALTER DEFAULT PRIVILEGES FOR ROLE owner_{name}, member_{name} GRANT SELECT ON TABLES TO app_{name}"
            ))
            .await?;
        let mut config: tokio_postgres::Config = database.url().parse()?;
        config.user(format!("member_{name}")).password("x");
        let first = match owner {
            "superuser" => Startup::new(&SHOP).run_with(&connector(&database)?).await,
            "member" => {
                Startup::new(&SHOP)
                    .run_with(&Connector::new(config, NoTls))
                    .await
            }
            _ => {
                let role = onward::Role::new(&format!("owner_{name}"))?;
                let startup = Startup::new(&SHOP).role(role);
                startup.run_with(&Connector::new(config, NoTls)).await
            }
        };
        assert!(
            matches!(first, Err(Error::PendingRelease { .. })),
            "{owner}: {first:?}"
        );
        let mut app = login(&database, &format!("app_{name}")).await?;
        let start = start(&SHOP, &mut app).await;
        let status = onward::status(&app, &[&SHOP]).await;
        let again = crate::start(&SHOP, &mut database.connect().await?).await;
        drop(app);
        admin
            .batch_execute(&format!(
                "DROP OWNED BY app_{name}, member_{name}, owner_{name} CASCADE;
                 ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM app_{name}; DROP SCHEMA IF EXISTS shop CASCADE;
                 DROP ROLE app_{name}, member_{name}, owner_{name}"
            ))
            .await?;
        assert_eq!(start?.applied(), [], "{owner}");
        assert!(status?[0].tampering().is_none());
        assert_eq!(again?.applied(), []);
    }
    Ok(())
}

/// A transaction of repeatable read sees the names of now and the catalogs of before: it knows nothing of a ledger
/// that appeared meanwhile, and so does not read it.
#[tokio::test]
async fn a_ledger_that_appears_behind_a_snapshot_is_not_read() -> Outcome {
    // No index is built: a build waits for snapshots.
    let plan = Folder::empty("shop")
        .with("001_t.sql", "CREATE TABLE shop.t (id bigint PRIMARY KEY);")
        .plan()?;
    let database = database().await?;
    let client = database.connect().await?;
    client
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM pg_class")
        .await?;
    start(&plan, &mut database.connect().await?).await?;
    let status = onward::status(&client, &[&plan]).await;
    assert!(status.is_err(), "{status:?}");
    client.batch_execute("ROLLBACK").await?;
    assert!(
        onward::status(&client, &[&plan]).await?[0]
            .tampering()
            .is_none()
    );
    Ok(())
}
