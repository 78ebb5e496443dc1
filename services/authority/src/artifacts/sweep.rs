//! Removes what one side has and the other has not: uploads that were never committed, objects without a record, and
//! records whose object is gone. Writers go on meanwhile.

use std::time::{Duration, SystemTime};

use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use onward::tenant::{TenantId, scope};
use tokio::sync::watch::Receiver;
use tokio::time::sleep;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config};

use super::ArtifactError;
use super::records::connect;
use super::store::Store;
use crate::worker::stopped;

/// What is younger is left alone: its upload may be in flight.
pub(crate) const AGE: Duration = Duration::from_secs(60 * 60);

/// How long between two sweeps.
const PAUSE: Duration = Duration::from_secs(10 * 60);

/// How many rows and objects are looked at together.
const SOME: usize = 500;

/// What a sweep has removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Swept {
    /// Uploads that were never committed, with their objects.
    pub(crate) uploads: usize,
    /// Objects without a record.
    pub(crate) objects: usize,
    /// Records whose object is gone.
    pub(crate) records: usize,
}

/// Sweeps again and again until the service stops.
pub(crate) async fn keep_swept(store: Store, database: Config, stopping: Receiver<bool>) {
    loop {
        tokio::select! {
            () = stopped(stopping.clone()) => return,
            () = sleep(PAUSE) => {}
        }
        let swept = match connect(&database).await {
            Ok(mut client) => sweep(&store, &mut client, AGE).await,
            Err(error) => Err(error),
        };
        match swept {
            Ok(swept) => tracing::info!(?swept, "swept the artifacts"),
            Err(error) => {
                tracing::warn!(error = %onward::Chain(&error), "artifacts were not swept")
            }
        }
    }
}

/// Removes the orphans of both sides that are older than `age`.
pub(crate) async fn sweep(
    store: &Store,
    client: &mut Client,
    age: Duration,
) -> Result<Swept, ArtifactError> {
    // In a store that is empty because it is the wrong one, every object is missing.
    store.is_marked().await?;
    Ok(Swept {
        uploads: uploads(store, client, age).await?,
        objects: objects(store, client, age).await?,
        records: records(store, client, age).await?,
    })
}

/// The row is the lock between a sweep and the writer who commits it: one of them deletes it, and the other finds none.
async fn uploads(store: &Store, client: &Client, age: Duration) -> Result<usize, ArtifactError> {
    let take = "DELETE FROM evidence.objects WHERE object_key IN (
        SELECT object_key FROM evidence.objects WHERE stored_at IS NULL AND begun_at < now() - make_interval(secs => $1)
        ORDER BY begun_at LIMIT 500 FOR UPDATE SKIP LOCKED) RETURNING object_key";
    let mut count = 0;
    loop {
        let rows = client
            .query_typed(take, &[(&age.as_secs_f64(), Type::FLOAT8)])
            .await?;
        if rows.is_empty() {
            return Ok(count);
        }
        for row in rows {
            store.remove(row.try_get(0)?).await?;
            count += 1;
        }
    }
}

/// Listed first and asked about then: a key is in the table before its object is in the store.
async fn objects(store: &Store, client: &Client, age: Duration) -> Result<usize, ArtifactError> {
    let orphans = "SELECT key FROM unnest($1::text[]) AS key
        WHERE NOT EXISTS (SELECT FROM evidence.objects WHERE object_key = key)";
    let before = SystemTime::now() - age;
    let mut listed = store.objects.list(Some(&Path::from("sboms"))).fuse();
    let mut count = 0;
    loop {
        let mut keys: Vec<String> = Vec::new();
        while keys.len() < SOME {
            let Some(object) = store.answer(listed.try_next()).await? else {
                break;
            };
            if SystemTime::from(object.last_modified) <= before {
                keys.push(object.location.to_string());
            }
        }
        if keys.is_empty() {
            return Ok(count);
        }
        for row in client
            .query_typed(orphans, &[(&keys, Type::TEXT_ARRAY)])
            .await?
        {
            store.remove(row.try_get(0)?).await?;
            count += 1;
        }
    }
}

/// What the table has of an object.
#[derive(onward::Row)]
#[onward(schema = crate::schema::EVIDENCE, table = "evidence.objects")]
struct Stored {
    #[onward(column = "object_key")]
    key: String,
    #[onward(column = "of_tenant")]
    tenant: TenantId,
}

/// An object that is missing is looked for a second time while its line is locked. The record is its tenant's.
async fn records(
    store: &Store,
    client: &mut Client,
    age: Duration,
) -> Result<usize, ArtifactError> {
    let page = "SELECT object_key, of_tenant FROM evidence.objects
        WHERE object_key > $1 AND stored_at < now() - make_interval(secs => $2) ORDER BY object_key LIMIT 500";
    let mut last = String::new();
    let mut removed = 0;
    loop {
        let after: [(&(dyn ToSql + Sync), Type); 2] =
            [(&last, Type::TEXT), (&age.as_secs_f64(), Type::FLOAT8)];
        let rows = client.query_typed(page, &after).await?;
        let Some(end) = rows.last() else {
            return Ok(removed);
        };
        last = Stored::try_from(end)?.key;
        for row in &rows {
            let Stored { key, tenant } = row.try_into()?;
            if !store.has(&key).await? && forget(store, client, &key, tenant).await? {
                tracing::error!(key, %tenant, "the object is gone, and so is its record now");
                removed += 1;
            }
        }
    }
}

async fn forget(
    store: &Store,
    client: &mut Client,
    key: &str,
    tenant: TenantId,
) -> Result<bool, ArtifactError> {
    let lock = "SELECT FROM evidence.objects WHERE object_key = $1 FOR UPDATE";
    let scope = scope(client, tenant).await?;
    let named: [(&(dyn ToSql + Sync), Type); 1] = [(&key, Type::TEXT)];
    let is_there = !scope.query_typed(lock, &named).await?.is_empty();
    let is_gone = is_there && !store.has(key).await?;
    if is_gone {
        for delete in [
            "DELETE FROM evidence.sboms WHERE object_key = $1",
            "DELETE FROM evidence.objects WHERE object_key = $1",
        ] {
            scope.execute_typed(delete, &named).await?;
        }
    }
    scope.commit().await?;
    Ok(is_gone)
}
