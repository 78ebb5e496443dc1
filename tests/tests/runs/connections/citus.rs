//! Engines that pass DDL on to other servers, as Citus does with `citus.enable_schema_based_sharding`: a command is
//! passed on with the text that it came with, so a bare one among others in a message is refused there.

use std::io::Write as _;

use onward::Startup;
use onward_pg::database;
use tokio_postgres::{Client, NoTls};

use crate::support::witness::is_sound;
use crate::{Outcome, SHOP, connector, release, start};

/// Refuses a command that is not alone in its message and in no block.
const REFUSES: &str = "CREATE SCHEMA engine;
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
