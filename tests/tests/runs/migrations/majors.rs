//! All kinds of runs on each major version, with a fixture and the seven modules.

use onward::{PendingRelease, Plan, Release, Startup};
use onward_pg::{Major, Server};
use tokio_postgres::Client;

use crate::Outcome;

pub(crate) static MODULES: [Plan; 8] = [
    onward::embed_migrations!("tests/fixtures/shop"),
    onward::embed_migrations!("migrations/auth"),
    onward::embed_migrations!("migrations/vuln"),
    onward::embed_migrations!("migrations/vex"),
    onward::embed_migrations!("migrations/scheduler"),
    onward::embed_migrations!("migrations/notify"),
    onward::embed_migrations!("migrations/policy"),
    onward::embed_migrations!("migrations/audit"),
];

#[tokio::test]
async fn postgresql_15() -> Outcome {
    the_story_on(Major::V15).await
}

#[tokio::test]
async fn postgresql_16() -> Outcome {
    the_story_on(Major::V16).await
}

#[tokio::test]
async fn postgresql_17() -> Outcome {
    the_story_on(Major::V17).await
}

#[tokio::test]
async fn postgresql_18() -> Outcome {
    the_story_on(Major::V18).await
}

async fn the_story_on(major: Major) -> Outcome {
    let server = Server::of(major).await?;
    assert_eq!(server.major(), major);
    let database = server.database().await?;
    let mut client = database.connect().await?;
    for plan in &MODULES {
        the_story_of(plan, &mut client)
            .await
            .map_err(|error| format!("{} on {server}: {error}", plan.schema()))?;
    }
    let status = onward::status(&client, &MODULES.each_ref()).await?;
    for one in &status {
        assert!(one.is_current(), "{one}");
    }
    Ok(())
}

/// A start that fails, the release that it needs, and starts that have nothing to do.
async fn the_story_of(plan: &Plan, client: &mut Client) -> Outcome {
    let names = |count: usize| format!("{count} of {}", plan.schema());
    let automatic = plan.startup().len() + plan.seed().len();

    let refused = Startup::new(plan).run(client).await.err();
    let Some(onward::Error::PendingRelease {
        pending, progress, ..
    }) = refused
    else {
        return Err(format!("the first start: {refused:?}").into());
    };
    assert_eq!(names(progress.applied.len()), names(automatic));
    assert_eq!(names(pending.len()), names(plan.release().len()));
    the_catalogs_are_sound(plan, client).await?;

    let report = Startup::new(plan)
        .pending_release(PendingRelease::Report)
        .run(client)
        .await?;
    assert_eq!(report.applied(), []);

    let report = Release::new(plan).run(client).await?;
    assert_eq!(names(report.applied().len()), names(plan.release().len()));
    the_catalogs_are_sound(plan, client).await?;

    let again = Startup::new(plan).run(client).await?;
    assert_eq!(again.applied(), []);
    assert_eq!(again.head(), report.head());
    assert_eq!(names(again.pending_data().len()), names(plan.data().len()));
    Ok(())
}

async fn the_catalogs_are_sound(plan: &Plan, client: &Client) -> Outcome {
    for (what, sql) in [
        (
            "tables with tenant_id that do not enforce it",
            "SELECT relname::text FROM pg_class table_ JOIN pg_attribute tenant ON attrelid = table_.oid
             WHERE relnamespace = to_regnamespace($1) AND relkind IN ('r', 'p') AND attname = 'tenant_id'
               AND NOT (relrowsecurity AND relforcerowsecurity
                 AND EXISTS (SELECT FROM pg_policy WHERE polrelid = table_.oid))",
        ),
        (
            "policies that do not ask for the tenant",
            "SELECT polname::text FROM pg_policy JOIN pg_class table_ ON table_.oid = polrelid
             WHERE relnamespace = to_regnamespace($1)
               AND coalesce(pg_get_expr(polqual, polrelid), '') || coalesce(pg_get_expr(polwithcheck, polrelid), '')
                   NOT LIKE '%app.tenant_id%'",
        ),
        (
            "invalid indexes and private names",
            "SELECT relname::text FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid
             WHERE relnamespace = to_regnamespace($1) AND (NOT indisvalid OR relname LIKE '%onward%')",
        ),
        (
            "constraints that were never validated",
            "SELECT conname::text FROM pg_constraint WHERE connamespace = to_regnamespace($1) AND NOT convalidated",
        ),
        (
            "objects of the module outside of its schema",
            "SELECT relname::text FROM pg_class
             WHERE relnamespace = 'public'::regnamespace AND $1 <> ''",
        ),
    ] {
        let rows = client.query(sql, &[&plan.schema()]).await?;
        let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        assert!(names.is_empty(), "{}: {what}: {names:?}", plan.schema());
    }
    Ok(())
}
