//! Modules start in the order of what they need, on one connection, and one report says which did what.

use std::time::Duration;

use onward::{
    Error, Modules, ModulesError, ModulesReport, PendingRelease, Plan, Role, Startup, modules,
};
use onward_pg::{Database, PgBouncer, database};
use tokio::task::JoinSet;
use tokio_postgres::{Client, NoTls};

use crate::support::folder::Folder;
use crate::support::witness::{row, rows};
use crate::{Outcome, applied, connector};

static PEOPLE: Plan = onward::embed_migrations!("tests/fixtures/people");
static ORDERS: Plan = onward::embed_migrations!("tests/fixtures/orders");
static BILLS: Plan = onward::embed_migrations!("tests/fixtures/bills");
static ALL: Modules = modules!(BILLS, ORDERS, PEOPLE);

const ORDER: [&str; 3] = ["people", "orders", "bills"];

const PIDS: &str = "SELECT count(DISTINCT pid) FROM (SELECT pid FROM people.people UNION ALL
    SELECT pid FROM orders.orders UNION ALL SELECT pid FROM bills.bills) AS sessions";

fn tolerant(_: &Plan, startup: Startup) -> Startup {
    startup.pending_release(PendingRelease::Report)
}

fn schemas(report: &ModulesReport) -> Vec<&'static str> {
    report.reports().iter().map(|one| one.schema()).collect()
}

/// What the catalogs show after all modules have started.
async fn is_up(client: &Client) -> Outcome {
    assert_eq!(
        rows(client, "SELECT id, name FROM orders.named").await?,
        ["1|one"]
    );
    let valid = "SELECT bool_and(indisvalid) FROM pg_index WHERE indexrelid IN
        ('people.people_name_idx'::regclass, 'orders.orders_person_idx'::regclass)";
    assert_eq!(row(client, valid).await?, "t");
    let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert_eq!(row(client, locks).await?, "0");
    Ok(())
}

#[tokio::test]
async fn one_that_is_needed_starts_before_those_that_need_it() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let report = ALL.with(tolerant).run(&mut client).await?;
    assert_eq!(schemas(&report), ORDER);
    let text = report.to_string();
    assert!(text.starts_with("people: applied 3 migrations"), "{text}");
    assert!(text.contains("\norders: applied 3 migrations"), "{text}");
    assert!(text.contains("\nbills: applied 2 migrations"), "{text}");
    assert!(
        report
            .of("bills")
            .is_some_and(|bills| bills.pending_release().len() == 1)
    );
    is_up(&client).await?;
    assert_eq!(row(&client, PIDS).await?, "1");
    let again = ALL.with(tolerant).run(&mut client).await?;
    assert!(again.reports().iter().all(|one| applied(one).is_empty()));
    Ok(())
}

/// On the server itself and through a pooler: the next run takes the session that the one before has left.
#[tokio::test]
async fn runs_with_a_connector_share_one_connection() -> Outcome {
    for is_direct in [true, false] {
        let database = database().await?;
        let settings = "pool_mode = transaction\ndefault_pool_size = 1";
        let pooler = PgBouncer::start(&database, settings).await?;
        let url = if is_direct {
            database.url()
        } else {
            pooler.url()
        };
        let connector = onward::Connector::new(url.parse()?, NoTls);
        let report = ALL.with(tolerant).run_with(&connector).await?;
        assert_eq!(schemas(&report), ORDER);
        let client = database.connect().await?;
        is_up(&client).await?;
        assert_eq!(row(&client, PIDS).await?, "1", "direct: {is_direct}");
    }
    Ok(())
}

/// The session that a run leaves has its role; the next run takes its own.
#[tokio::test]
async fn each_module_has_its_own_owner_on_the_shared_session() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    let mut owners = Vec::new();
    for schema in ORDER {
        let name = format!("{schema}_owner_{}", std::process::id());
        let all = "GRANT pg_read_all_data TO ";
        client
            .batch_execute(&format!(
                "CREATE ROLE {name}; CREATE SCHEMA {schema} AUTHORIZATION {name}; {all} {name}"
            ))
            .await?;
        owners.push((schema, Role::new(&name)?));
    }
    let start = ALL.with(|plan, startup| {
        let owner = owners.iter().find(|(schema, _)| *schema == plan.schema());
        let startup = tolerant(plan, startup);
        owner.map_or(startup.clone(), |(_, owner)| startup.role(owner.clone()))
    });
    let answer = start.run_with(&connector(&database)?).await;
    let owned = rows(
        &client,
        "SELECT schemaname, split_part(tableowner, '_owner', 1) FROM pg_tables
         WHERE tablename IN ('people', 'orders', 'bills') ORDER BY 1",
    )
    .await;
    for (schema, owner) in &owners {
        client
            .batch_execute(&format!(
                "DROP SCHEMA {schema} CASCADE; DROP OWNED BY {owner}; DROP ROLE {owner}"
            ))
            .await?;
    }
    answer?;
    assert_eq!(owned?, ["bills|bills", "orders|orders", "people|people"]);
    Ok(())
}

async fn refused(database: &Database) -> Result<ModulesError, Box<dyn std::error::Error>> {
    let answer = ALL.with(tolerant).run_with(&connector(database)?).await;
    answer.err().ok_or_else(|| "the modules started".into())
}

#[tokio::test]
async fn the_first_that_fails_keeps_those_behind_it_from_starting() -> Outcome {
    let database = database().await?;
    let client = database.connect().await?;
    client
        .batch_execute("CREATE SCHEMA orders; CREATE VIEW orders.named AS SELECT 1 AS one")
        .await?;
    let error = refused(&database).await?;
    assert_eq!(error.schema(), "orders");
    assert_eq!(schemas(error.finished()), ["people"]);
    assert_eq!(error.untried(), ["bills"]);
    assert!(
        matches!(error.reason(), Error::ForeignSchema { .. }),
        "{error:?}"
    );
    let said = "the module orders did not start; started before it: people; not tried: bills";
    assert_eq!(error.to_string(), said);
    let chain = onward::Chain(&error).to_string();
    assert!(chain.contains("view orders.named"), "{chain}");
    client.batch_execute("DROP VIEW orders.named").await?;
    let report = ALL.with(tolerant).run_with(&connector(&database)?).await?;
    assert!(applied(&report.reports()[0]).is_empty());
    assert_eq!(report.reports()[1].applied().len(), 3);
    is_up(&client).await
}

#[tokio::test]
async fn a_pending_release_is_refused_with_what_has_started() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    let error = ALL
        .run(&mut client)
        .await
        .err()
        .ok_or("the modules started")?;
    assert_eq!(error.schema(), "bills");
    assert!(matches!(error.reason(), Error::PendingRelease { .. }));
    assert_eq!(schemas(error.finished()), ["people", "orders"]);
    Ok(())
}

#[tokio::test]
async fn the_budget_is_for_all_of_them() -> Outcome {
    let database = database().await?;
    let start = ALL.with(tolerant).budget(Duration::ZERO);
    let error = start.run_with(&connector(&database)?).await.err();
    assert_eq!(error.map(|error| error.schema()), Some("people"));
    Ok(())
}

/// Replicas start at once, and one of them has only a part of the modules, in another order.
#[tokio::test]
async fn many_programs_start_at_once() -> Outcome {
    static TWO: Modules = modules!(ORDERS, PEOPLE);
    let database = database().await?;
    let mut runs = JoinSet::new();
    for n in 0..6 {
        let connector = connector(&database)?;
        let modules = if n % 3 == 0 { TWO } else { ALL };
        runs.spawn(async move {
            let run = modules.with(tolerant).run_with(&connector).await;
            run.map_err(|error| onward::Chain(&error).to_string())
        });
    }
    let reports: Result<Vec<_>, _> = runs.join_all().await.into_iter().collect();
    let applied = { reports? }
        .iter()
        .flat_map(ModulesReport::reports)
        .map(|report| report.applied().len())
        .sum::<usize>();
    assert_eq!(applied, 8);
    is_up(&database.connect().await?).await
}

/// The command line reads what a module needs as the compiler does.
#[tokio::test]
async fn a_folder_has_the_needs_that_the_compiler_sees() -> Outcome {
    let orders = Folder::empty("orders").with(
        "001_orders.sql",
        "-- onward: external people.people (id int8)\nCREATE VIEW orders.v AS SELECT id FROM people.people;",
    );
    let plan = orders.plan()?;
    let [need] = plan.needs() else {
        return Err("one need".into());
    };
    assert_eq!(
        (need.schema, need.name, need.at_start),
        ("people", "people", true)
    );
    assert_eq!(need.columns[0].data_type(), "bigint");
    let [named, orders] = ORDERS.offers() else {
        return Err("two offers".into());
    };
    assert_eq!((named.name, orders.name), ("named", "orders"));
    let names = named.columns.unwrap_or_default();
    assert_eq!(
        names.iter().map(|one| one.name()).collect::<Vec<_>>(),
        ["id", "name"]
    );
    Ok(())
}

/// A service whose role may not migrate asks for all of its modules.
#[tokio::test]
async fn a_start_that_only_verifies_names_the_first_module_that_is_behind() -> Outcome {
    let database = database().await?;
    let mut client = database.connect().await?;
    Startup::new(&PEOPLE).run(&mut client).await?;
    let behind = ALL.verify_only(&client).await.err().ok_or("it is behind")?;
    assert_eq!(behind.schema(), "orders");
    assert!(
        matches!(
            behind.reason(),
            Error::Behind {
                has_ledger: false,
                ..
            }
        ),
        "{behind}"
    );
    assert_eq!(schemas(behind.finished()), ["people"]);
    ALL.with(tolerant).run(&mut client).await?;
    let report = ALL.with(tolerant).verify_only(&client).await?;
    assert_eq!(schemas(&report), ORDER);
    Ok(())
}
