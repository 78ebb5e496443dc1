//! The data migration that is code of the service: a release that did not write the column has left rows.

use std::time::Duration;

use onward_pg::database;
use tokio::time::{sleep, timeout};

use crate::support::{Answer, PATIENCE, Service, authority, plan_of, refused, release};

#[tokio::test]
async fn the_service_runs_its_own_code_on_the_rows_of_older_releases() -> Answer<()> {
    let database = database().await?;
    // The first start fails, as the operator's part of auth is missing, behind which evidence comes.
    refused(&database).await?;
    release(&database).await?;
    let evidence = plan_of("services/authority/migrations/evidence")?;
    let mut client = database.connect().await?;
    onward::Startup::new(&evidence).run(&mut client).await?;
    client
        .batch_execute(
            "CREATE TEMPORARY TABLE given AS
               SELECT md5(n::text)::uuid AS tenant, 'k' || n AS key, subject FROM (
                 SELECT row_number() OVER () % 3 AS n, subject FROM unnest(ARRAY['pkg:PyPI/Django_Rest@1', 'PKG:npm/@angular/core', 'a machine']) AS subject
                 UNION ALL SELECT n, 'pkg:cargo/a?N=' || n FROM generate_series(3, 2002) AS n
               ) AS all_of_them;
             UPDATE given SET tenant = md5((length(key) % 2)::text)::uuid;
             INSERT INTO evidence.objects (object_key, of_tenant, stored_at) SELECT key, tenant, now() FROM given;
             INSERT INTO evidence.sboms (tenant_id, subject, object_key, sbom)
               SELECT tenant, subject, key, ROW(key, 1, NULL::bytea, 'text/plain')::evidence.artifact FROM given",
        )
        .await?;
    let folder = std::env::temp_dir().join(format!("authority-subjects-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    // The store of those records, as far as the service looks.
    std::fs::write(folder.join(".authority-store"), "1\n")?;
    let mut command = authority(&database);
    command.env("AUTHORITY_STORE", format!("file://{}", folder.display()));
    let service = Service::of(command).await?;
    let done = "SELECT exists(SELECT FROM evidence.schema_migration_log WHERE event = 'data_done')";
    timeout(PATIENCE, async {
        while !client.query_one(done, &[]).await?.get::<_, bool>(0) {
            sleep(Duration::from_millis(50)).await;
        }
        Ok::<_, tokio_postgres::Error>(())
    })
    .await??;
    let filled = "SELECT count(*), count(canonical_subject), string_agg(canonical_subject, ' ' ORDER BY subject)
                    FILTER (WHERE subject !~ '^pkg:cargo') FROM evidence.sboms";
    let row = client.query_one(filled, &[]).await?;
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (2003, 2003));
    assert_eq!(
        row.get::<_, &str>(2)
            .split(' ')
            .collect::<std::collections::BTreeSet<_>>(),
        [
            "a",
            "machine",
            "pkg:npm/%40angular/core",
            "pkg:pypi/django-rest@1"
        ]
        .into()
    );
    let progress = "SELECT rows, batches > 2, state FROM evidence.schema_migration_progress";
    let row = client.query_one(progress, &[]).await?;
    assert_eq!(
        (row.get(0), row.get(1), row.get(2)),
        (2003_i64, true, "done")
    );
    service.stop("-TERM").await?;
    Ok(std::fs::remove_dir_all(folder)?)
}
