//! Batches of one tenant after another, as an owner that policies hold.

use onward::data::{Command, Event, Pace, Worker, history, steer};
use onward::{Connector, Plan, Role, Startup, Up};
use onward_pg::{Database, PgBouncer, database};
use tokio_postgres::{Client, NoTls};

use crate::support::folder::Folder;
use crate::support::job::{heard, listened, version};
use crate::support::witness::{is_sound, row, rows, until};
use crate::{Outcome, connector};

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

const TOML: &str = "[tenancy]\nmode = \"required\"\n[tenancy.global]\n\"shop.tenants\" = \"one row is one tenant\"\n";

/// Three tenants, the second without rows.
const A: &str = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
const B: &str = "bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
const C: &str = "cccccccc-cccc-4ccc-8ccc-cccccccccccc";

fn tables(reference: &str) -> String {
    format!(
        "CREATE TABLE shop.tenants (id uuid, CONSTRAINT tenants_pkey PRIMARY KEY (id));
         CREATE TABLE shop.notes (
             tenant_id uuid NOT NULL {reference}, id bigint NOT NULL, body text NOT NULL, folded text,
             seen int NOT NULL DEFAULT 0, divisor int NOT NULL DEFAULT 1,
             CONSTRAINT notes_pkey PRIMARY KEY (tenant_id, id)
         );
         ALTER TABLE shop.notes ENABLE ROW LEVEL SECURITY;
         ALTER TABLE shop.notes FORCE ROW LEVEL SECURITY;
         CREATE POLICY tenant_isolation ON shop.notes
             USING (tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid));"
    )
}

const KEYED: &str = "CONSTRAINT notes_tenant_fkey REFERENCES shop.tenants (id)";

const FILL: &str = "-- onward: batch 20 by tenant_id, id
-- onward: skip at most 2 rows
-- onward: allow data-not-idempotent because \"the test counts how often a row is changed\"
UPDATE shop.notes SET folded = lower(body) || 1 / divisor, seen = seen + 1 WHERE folded IS NULL;\n";

struct Scene {
    database: Database,
    admin: Client,
    owner: String,
    plan: Plan,
    _folder: Folder,
}

impl Scene {
    /// The service has started as its owner, and has rows.
    async fn new(reference: &str, data: &str) -> Answer<Scene> {
        let folder = Folder::empty("shop")
            .with("onward.toml", TOML)
            .with("001_notes.sql", &tables(reference))
            .with("DM001_notes_folded.sql", data);
        let plan = folder.plan()?;
        let (database, admin, owner) = owned().await?;
        let mut client = database.connect().await?;
        let role = Role::new(&owner)?;
        Startup::new(&plan).role(role).run(&mut client).await?;
        admin
            .batch_execute(&format!(
                "INSERT INTO shop.tenants VALUES ('{A}'), ('{B}'), ('{C}');
                 INSERT INTO shop.notes (tenant_id, id, body) SELECT '{A}', n, 'A' || n FROM generate_series(1, 70) n;
                 INSERT INTO shop.notes (tenant_id, id, body) SELECT '{C}', n, 'C' || n FROM generate_series(1, 40) n;
                 ANALYZE shop.notes"
            ))
            .await?;
        Ok(Scene {
            database,
            admin,
            owner,
            plan,
            _folder: folder,
        })
    }

    fn worker(&self) -> Answer<Worker> {
        Ok(Worker::new(&self.plan).role(Role::new(&self.owner)?))
    }

    async fn finish(&self) -> Result<(), String> {
        let worker = self.worker().map_err(|error| error.to_string())?;
        let connector = connector(&self.database).map_err(|error| error.to_string())?;
        let finished = worker.finish(&connector, None).await;
        finished.map_err(|error| error.to_string())
    }

    async fn seen(&self) -> Answer<Vec<String>> {
        let seen = "SELECT left(tenant_id::text, 1), min(seen), max(seen), count(*), count(folded)
                    FROM shop.notes GROUP BY 1 ORDER BY 1";
        rows(&self.admin, seen).await
    }

    async fn end(self) -> Outcome {
        let owner = &self.owner;
        is_sound(&self.admin).await?;
        let drop = format!("DROP OWNED BY {owner} CASCADE; DROP ROLE {owner}");
        Ok(self.admin.batch_execute(&drop).await?)
    }
}

/// A database, and a role that is neither a superuser nor has BYPASSRLS.
async fn owned() -> Answer<(Database, Client, String)> {
    let database = database().await?;
    let admin = database.connect().await?;
    let name = database.name().to_owned();
    let owner = format!("owner_{name}");
    admin
        .batch_execute(&format!(
            "CREATE ROLE {owner} NOSUPERUSER NOBYPASSRLS; GRANT CREATE ON DATABASE \"{name}\" TO {owner}"
        ))
        .await?;
    Ok((database, admin, owner))
}

#[tokio::test]
async fn each_tenant_gets_its_own_batches_and_one_without_rows_is_passed_over() -> Outcome {
    let scene = Scene::new(KEYED, FILL).await?;
    scene.finish().await?;
    assert_eq!(scene.seen().await?, ["a|1|1|70|70", "c|1|1|40|40"]);
    let progress = "SELECT state, pass, rows, scanned, position = goal, position->>0 FROM shop.schema_migration_progress";
    assert_eq!(
        row(&scene.admin, progress).await?,
        format!("done|1|110|110|t|{C}")
    );
    // No batch is of two tenants, and none is larger than the file says.
    let batches = "SELECT max(rows) <= 20, count(DISTINCT until->>0), sum(rows) FROM shop.schema_migration_batch";
    assert_eq!(row(&scene.admin, batches).await?, "t|2|110");
    scene.end().await
}

const COUNT: &str = "-- onward: batch 20 by tenant_id, id
-- onward: allow data-not-idempotent because \"each range runs once\"
UPDATE shop.notes SET seen = seen + 1, folded = body WHERE divisor = 1;\n";

/// The statement counts up, so that a range that ran twice would show.
#[tokio::test(flavor = "multi_thread")]
async fn each_row_is_changed_once_whatever_dies() -> Outcome {
    let scene = Scene::new(KEYED, COUNT).await?;
    let done =
        "SELECT exists(SELECT FROM shop.schema_migration_log WHERE event = 'data_done')::text";
    let mut rounds = 0;
    while row(&scene.admin, done).await? == "false" {
        let connector = connector(&scene.database)?;
        let (worker, mut events) = listened(&scene.plan);
        let worker = worker
            .role(Role::new(&scene.owner)?)
            .pace(Pace::new().share(0.5));
        let working =
            tokio::spawn(async move { worker.run(&connector, std::future::pending()).await });
        let a_batch = heard(&mut events, |event| {
            matches!(event, Event::Batch { .. } | Event::Done { .. })
        });
        let _heard = tokio::time::timeout(std::time::Duration::from_secs(10), a_batch).await;
        working.abort();
        let _ = working.await;
        rounds += 1;
        assert!(rounds < 100, "it never ends");
    }
    assert_eq!(scene.seen().await?, ["a|1|1|70|70", "c|1|1|40|40"]);
    // The server notices a moment later that the last worker is gone.
    until(&scene.admin, "SELECT NOT exists(SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))").await?;
    scene.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tenant_is_set_through_a_pooler_too_and_does_not_stay() -> Outcome {
    let scene = Scene::new(KEYED, COUNT).await?;
    let settings = "pool_mode = transaction\ndefault_pool_size = 1";
    let pooler = PgBouncer::start(&scene.database, settings).await?;
    let connector = Connector::new(pooler.url().parse()?, NoTls);
    scene.worker()?.finish(&connector, None).await?;
    assert_eq!(scene.seen().await?, ["a|1|1|70|70", "c|1|1|40|40"]);
    let (client, connection) = tokio_postgres::connect(pooler.url(), NoTls).await?;
    tokio::spawn(connection);
    let left = "SELECT coalesce(current_setting('app.tenant_id', true), ''), current_setting('row_security')";
    assert_eq!(row(&client, left).await?, "|on");
    drop(client);
    drop(pooler);
    scene.end().await
}

#[tokio::test]
async fn a_tenant_that_appears_behind_the_cursor_is_found_by_the_check() -> Outcome {
    let scene = Scene::new(KEYED, FILL).await?;
    let (worker, mut events) = listened(&scene.plan);
    let worker = worker
        .role(Role::new(&scene.owner)?)
        .pace(Pace::new().share(0.05));
    let connector = connector(&scene.database)?;
    let working = tokio::spawn(async move { worker.run(&connector, std::future::pending()).await });
    heard(&mut events, |event| matches!(event, Event::Batch { .. })).await?;
    let early = "00000000-0000-4000-8000-000000000000";
    let late = "ffffffff-ffff-4fff-8fff-ffffffffffff";
    scene
        .admin
        .batch_execute(&format!(
            "INSERT INTO shop.tenants VALUES ('{early}'), ('{late}');
             INSERT INTO shop.notes (tenant_id, id, body) VALUES ('{early}', 1, 'Early'), ('{late}', 1, 'Late')"
        ))
        .await?;
    heard(&mut events, |event| {
        matches!(event, Event::Pass { number: 2, .. })
    })
    .await?;
    heard(&mut events, |event| matches!(event, Event::Done { .. })).await?;
    working.abort();
    let left = "SELECT count(*), max(seen) FROM shop.notes WHERE folded IS NOT NULL";
    assert_eq!(row(&scene.admin, left).await?, "112|1");
    scene.end().await
}

#[tokio::test]
async fn rows_that_fail_are_found_left_out_and_taken_again() -> Outcome {
    let scene = Scene::new(KEYED, FILL).await?;
    let poison = |divisor| {
        format!(
            "UPDATE shop.notes SET divisor = {divisor} WHERE (tenant_id, id) IN (('{A}', 33), ('{C}', 40))"
        )
    };
    scene.admin.batch_execute(&poison(0)).await?;
    let error = scene.finish().await.err().unwrap_or_default();
    assert!(error.contains("rows were left out"), "{error}");
    let lately = history(&scene.admin, &scene.plan, None, version(), 10).await?;
    let mut keys: Vec<_> = lately.skipped.iter().map(|row| &*row.key).collect();
    keys.sort_unstable();
    assert_eq!(keys, [format!("[\"{A}\", 33]"), format!("[\"{C}\", 40]")]);
    assert_eq!(scene.seen().await?, ["a|0|1|70|69", "c|0|1|40|39"]);
    scene.admin.batch_execute(&poison(1)).await?;
    let retry = steer(&scene.admin, &scene.plan, None, version(), Command::Retry);
    retry.await?;
    scene.finish().await?;
    assert_eq!(scene.seen().await?, ["a|1|1|70|70", "c|1|1|40|40"]);
    scene.end().await
}

/// Without a foreign key the file lists them. A list that leaves all of them out is not believed.
#[tokio::test]
async fn a_list_without_tenants_is_no_success() -> Outcome {
    let listed = |query: &str| format!("-- onward: tenants {query}\n{FILL}");
    for (query, reason) in [
        (
            "SELECT id FROM shop.tenants WHERE false",
            "the table is not empty",
        ),
        (
            "SELECT DISTINCT tenant_id FROM shop.notes",
            "row-level security",
        ),
    ] {
        let scene = Scene::new("", &listed(query)).await?;
        let error = scene.finish().await.err().unwrap_or_default();
        assert!(error.contains(reason), "{query}: {error}");
        assert_eq!(scene.seen().await?, ["a|0|0|70|0", "c|0|0|40|0"]);
        scene.end().await?;
    }
    let scene = Scene::new("", &listed("SELECT id FROM shop.tenants")).await?;
    scene.finish().await?;
    assert_eq!(scene.seen().await?, ["a|1|1|70|70", "c|1|1|40|40"]);
    scene.end().await
}

/// Cut across tenants, which the build refuses, the server does too.
#[tokio::test]
async fn without_a_tenant_it_fails_and_changes_nothing() -> Outcome {
    let across = "-- onward: batch 20 by tenant_id, id
-- onward: allow-file data-without-tenant because \"the test shows why not\"
UPDATE shop.notes SET folded = lower(body) WHERE folded IS NULL;\n";
    let scene = Scene::new("", across).await?;
    let error = scene.finish().await.err().unwrap_or_default();
    assert!(
        error.contains("row-level security") && error.contains("42501"),
        "{error}"
    );
    assert_eq!(scene.seen().await?, ["a|0|0|70|0", "c|0|0|40|0"]);
    scene.end().await
}

#[tokio::test]
async fn everything_at_once_takes_one_tenant_after_another_too() -> Outcome {
    // An empty database first: there are no tenants, and it is done.
    let folder = Folder::empty("shop")
        .with("onward.toml", TOML)
        .with("001_notes.sql", &tables(KEYED))
        .with("DM001_notes_folded.sql", FILL)
        .with(
            "002_notes_folded_check.sql",
            "-- onward: requires DM001\nALTER TABLE shop.notes ADD CONSTRAINT notes_folded_check CHECK (folded <> '') NOT VALID;",
        );
    let plan = folder.plan()?;
    let (database, admin, owner) = owned().await?;
    let mut client = database.connect().await?;
    let role = Role::new(&owner)?;
    Startup::new(&plan).role(role).run(&mut client).await?;
    let done =
        "SELECT exists(SELECT FROM shop.schema_migration_log WHERE event = 'data_done')::text";
    let added =
        "SELECT exists(SELECT FROM pg_constraint WHERE conname = 'notes_folded_check')::text";
    assert_eq!(row(&admin, added).await?, "true");
    assert_eq!(row(&admin, done).await?, "true");
    let drop = format!("DROP OWNED BY {owner} CASCADE; DROP ROLE {owner}");
    admin.batch_execute(&drop).await?;

    let scene = Scene::new(KEYED, FILL).await?;
    let mut client = scene.database.connect().await?;
    let role = Role::new(&scene.owner)?;
    Up::new(&scene.plan).role(role).run(&mut client).await?;
    assert_eq!(scene.seen().await?, ["a|1|1|70|70", "c|1|1|40|40"]);
    scene.end().await
}
