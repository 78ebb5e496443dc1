//! Both sides stay together, whatever stops between them.

mod broken;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore as _, ObjectStoreExt as _, PutPayload};
use onward::artifact::Ref;
use onward::tenant::TenantId;
use onward::{Checksum, Startup};
use onward_pg::{Database, database};
use tokio_postgres::Client;

use self::broken::{Broken, How};
use super::download::download;
use super::records::{begin, commit, find, give_up, is_new};
use super::sweep::{AGE, Swept, sweep};
use super::upload::{Declared, upload};
use super::{ArtifactError, Store};
use crate::EVIDENCE;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const ACME: TenantId = TenantId::from_bytes([0xaa; 16]);
const BOLT: TenantId = TenantId::from_bytes([0xbb; 16]);

const LIMIT: u64 = 640_000;

/// Small parts, so that a small body has several.
const PART: usize = 80_000;

async fn ready() -> Result<(Database, Client), Box<dyn std::error::Error>> {
    let database = database().await?;
    let mut client = database.connect().await?;
    Startup::new(&EVIDENCE).run(&mut client).await?;
    Ok((database, client))
}

async fn memory() -> Result<Store, ArtifactError> {
    let mut store = Store::new(Arc::new(InMemory::new()));
    store.part = PART;
    store.mark(true).await?;
    Ok(store)
}

/// So many bytes, in pieces that do not divide a part.
fn body(size: usize) -> impl futures_util::Stream<Item = Result<Bytes, Infallible>> + Unpin {
    let all: Bytes = (0..size)
        .map(|n| u8::try_from(n % 251).unwrap_or(0))
        .collect::<Vec<u8>>()
        .into();
    let pieces: Vec<Bytes> = (0..size)
        .step_by(7_777)
        .map(|at| all.slice(at..size.min(at + 7_777)))
        .collect();
    stream::iter(pieces.into_iter().map(Ok))
}

async fn stored(
    store: &Store,
    client: &mut Client,
    size: usize,
) -> Result<(String, Ref), ArtifactError> {
    let key = begin(client, ACME).await?;
    let declared = Declared {
        media_type: "application/json".to_owned(),
        ..Declared::default()
    };
    let sbom = upload(store, &key, &declared, LIMIT, body(size)).await?;
    Ok((
        commit(client, ACME, "pkg:cargo/onward@1", &sbom).await?,
        sbom,
    ))
}

async fn keys(store: &Store) -> Result<Vec<String>, object_store::Error> {
    let prefix = Path::from("sboms");
    let listed = store.objects.list(Some(&prefix));
    let keys = listed.map_ok(|object| object.location.to_string());
    let mut keys: Vec<String> = keys.try_collect().await?;
    keys.sort();
    Ok(keys)
}

/// The uploads in flight, or the records.
async fn count(client: &Client, what: &str) -> Result<i64, tokio_postgres::Error> {
    let count = match what {
        "uploads" => "SELECT count(*) FROM evidence.objects WHERE stored_at IS NULL".to_owned(),
        table => format!("SELECT count(*) FROM evidence.{table}"),
    };
    client.query_one(&count, &[]).await?.try_get(0)
}

async fn read(store: &Store, sbom: Ref) -> Result<Vec<u8>, ArtifactError> {
    let chunks: Vec<Bytes> = download(store, sbom).await?.try_collect().await?;
    Ok(chunks.concat())
}

/// In memory and in a folder, in one piece and in parts.
#[tokio::test]
async fn an_artifact_reads_back() -> Outcome {
    let folder = std::env::temp_dir().join(format!("authority-store-{}", std::process::id()));
    let url = format!("file://{}", folder.display());
    let (_database, mut client) = ready().await?;
    assert!(is_new(&client).await?);
    for mut store in [memory().await?, Store::of_url(&url)?] {
        store.part = PART;
        store.mark(true).await?;
        for size in [1, PART, PART + 1, 200_000] {
            let (id, sbom) = stored(&store, &mut client, size).await?;
            let found = find(&mut client, ACME, &id).await?;
            assert_eq!(found, sbom);
            assert_eq!(sbom.size(), u64::try_from(size)?);
            let all: Vec<Bytes> = body(size)
                .map(|chunk| chunk.unwrap_or_default())
                .collect()
                .await;
            assert!(read(&store, found).await? == all.concat(), "{size}");
        }
        assert_eq!(keys(&store).await?.len(), 4);
    }
    std::fs::remove_dir_all(folder)?;
    assert_eq!(count(&client, "uploads").await?, 0);
    assert!(!is_new(&client).await?);
    assert!(matches!(
        find(&mut client, ACME, "x").await,
        Err(ArtifactError::Unknown(_))
    ));
    Ok(())
}

/// As the role that policies hold: the record is another tenant's, and the sweep takes it in that tenant's scope.
#[tokio::test]
async fn an_artifact_is_of_its_tenant() -> Outcome {
    let (database, admin) = ready().await?;
    let role = format!("app_{}", database.name());
    admin
        .batch_execute(&format!(
            "CREATE ROLE {role}; GRANT USAGE ON SCHEMA evidence TO {role};
             GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA evidence TO {role}"
        ))
        .await?;
    let mut client = database.connect().await?;
    client.batch_execute(&format!("SET ROLE {role}")).await?;
    let store = memory().await?;
    let (kept, _) = stored(&store, &mut client, 10).await?;
    let (lost, gone) = stored(&store, &mut client, 11).await?;
    assert!(find(&mut client, ACME, &kept).await.is_ok());
    let other = find(&mut client, BOLT, &kept).await;
    assert!(matches!(other, Err(ArtifactError::Unknown(_))));
    store.remove(gone.key()).await?;
    let swept = sweep(&store, &mut client, Duration::ZERO).await?;
    assert_eq!((swept.uploads, swept.objects, swept.records), (0, 0, 1));
    assert!(matches!(
        find(&mut client, ACME, &lost).await,
        Err(ArtifactError::Unknown(_))
    ));
    assert!(find(&mut client, ACME, &kept).await.is_ok());
    drop(client);
    let drop = format!("DROP OWNED BY {role}; DROP ROLE {role}");
    Ok(admin.batch_execute(&drop).await?)
}

/// More than the memory that it may take: the buffer is one part, however much comes.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_large_artifact_passes_through_little_memory() -> Outcome {
    const SIZE: usize = 200 << 20;
    let resident = || -> Result<usize, Box<dyn std::error::Error>> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        Ok(line
            .and_then(|line| line.split_whitespace().nth(1))
            .ok_or("no VmHWM")?
            .parse::<usize>()?
            << 10)
    };
    let folder = std::env::temp_dir().join(format!("authority-large-{}", std::process::id()));
    let store = Store::of_url(&format!("file://{}", folder.display()))?;
    store.mark(true).await?;
    let declared = Declared {
        media_type: "application/json".to_owned(),
        ..Declared::default()
    };
    let piece = Bytes::from(vec![7; 1 << 16]);
    let before = resident()?;
    let pieces = stream::iter((0..SIZE >> 16).map(|_| Ok::<_, Infallible>(piece.clone())));
    let sbom = upload(&store, "sboms/large", &declared, 5 << 30, pieces).await?;
    assert_eq!(sbom.size(), u64::try_from(SIZE)?);
    let mut read = 0;
    let mut chunks = Box::pin(download(&store, sbom).await?);
    while let Some(chunk) = chunks.try_next().await? {
        read += chunk.len();
    }
    std::fs::remove_dir_all(folder)?;
    assert_eq!(read, SIZE);
    let grown = resident()?.saturating_sub(before);
    assert!(grown < 96 << 20, "{} MB more", grown >> 20);
    Ok(())
}

#[tokio::test]
async fn what_is_not_what_was_declared_is_not_stored() -> Outcome {
    let store = memory().await?;
    let declared = |size, sha256| Declared {
        size,
        sha256,
        media_type: "text/plain".to_owned(),
    };
    let other = Some(Checksum([1; 32]));
    let cases = [
        (0, declared(None, None), "is empty"),
        (0, declared(Some(0), None), "is empty"),
        (10, declared(Some(9), None), "9 bytes were declared"),
        (
            10,
            declared(Some(11), None),
            "11 bytes were declared, and 10 were sent",
        ),
        (10, declared(None, other), "0101 was declared"),
        (200_000, declared(None, other), "0101 was declared"),
        (
            10,
            declared(Some(5 << 30), None),
            "larger than 640000 bytes",
        ),
        (700_000, declared(None, None), "larger than 640000 bytes"),
    ];
    for (n, (size, declared, what)) in cases.into_iter().enumerate() {
        let key = format!("sboms/{n}");
        let error = upload(&store, &key, &declared, LIMIT, body(size)).await;
        let error = error.err().ok_or(what)?;
        assert!(error.to_string().contains(what), "{error}");
    }
    let cut = stream::iter([Ok(Bytes::from_static(b"a")), Err("the client has gone")]);
    let error = upload(&store, "sboms/cut", &declared(None, None), LIMIT, cut).await;
    assert!(matches!(error, Err(ArtifactError::Body(_))));
    assert_eq!(keys(&store).await?, [""; 0]);
    Ok(())
}

/// It refuses a part, or does not answer any more: at the second part, and at the end.
#[tokio::test]
async fn a_store_that_stops_half_way_leaves_what_a_sweep_removes() -> Outcome {
    let (_database, mut client) = ready().await?;
    for how in [How::Fails, How::Hangs] {
        for answers in [1, 2, 3] {
            let broken = Arc::new(Broken::new(how, answers));
            let mut store = Store::new(broken.clone());
            store.mark(true).await?;
            store.patience = Duration::from_millis(200);
            store.part = PART;
            let error = stored(&store, &mut client, 200_000).await.err();
            let is_right = match how {
                How::Fails => matches!(error, Some(ArtifactError::Store(_))),
                How::Hangs => matches!(error, Some(ArtifactError::StoreStopped(_))),
            };
            assert!(is_right, "{how:?} {answers}: {error:?}");
            assert_eq!(
                (
                    count(&client, "uploads").await?,
                    count(&client, "sboms").await?
                ),
                (1, 0)
            );
            assert_eq!(sweep(&store, &mut client, AGE).await?, Swept::default());
            broken.mend();
            let swept = sweep(&store, &mut client, Duration::ZERO).await?;
            assert_eq!((swept.uploads, swept.records), (1, 0));
            assert_eq!(keys(&store).await?, [""; 0]);
            assert_eq!(count(&client, "uploads").await?, 0);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_sweep_removes_the_orphans_of_both_sides_and_nothing_else() -> Outcome {
    let (_database, mut client) = ready().await?;
    let store = memory().await?;
    let (kept, _) = stored(&store, &mut client, 10).await?;
    let (lost, gone) = stored(&store, &mut client, 11).await?;
    store.remove(gone.key()).await?;
    store
        .objects
        .put(&Path::from("sboms/orphan"), PutPayload::from("x"))
        .await?;
    store
        .objects
        .put(&Path::from("others/1"), PutPayload::from("x"))
        .await?;
    begin(&client, ACME).await?;
    assert_eq!(
        sweep(&store, &mut client, AGE).await?,
        Swept::default(),
        "all of it is young"
    );
    let swept = sweep(&store, &mut client, Duration::ZERO).await?;
    let expected = Swept {
        uploads: 1,
        objects: 1,
        records: 1,
    };
    assert_eq!(swept, expected);
    assert!(find(&mut client, ACME, &kept).await.is_ok());
    assert!(matches!(
        find(&mut client, ACME, &lost).await,
        Err(ArtifactError::Unknown(_))
    ));
    assert!(store.objects.head(&Path::from("others/1")).await.is_ok());
    assert_eq!(
        sweep(&store, &mut client, Duration::ZERO).await?,
        Swept::default()
    );
    Ok(())
}

/// Every record would be without its object.
#[tokio::test]
async fn another_store_is_refused() -> Outcome {
    let (_database, mut client) = ready().await?;
    let store = memory().await?;
    stored(&store, &mut client, 10).await?;
    let other = Store::new(Arc::new(InMemory::new()));
    let swept = sweep(&other, &mut client, Duration::ZERO).await;
    assert!(matches!(swept, Err(ArtifactError::NotTheStore(_))));
    let marked = other.mark(is_new(&client).await?).await;
    assert!(matches!(marked, Err(ArtifactError::NotTheStore(_))));
    assert_eq!(count(&client, "sboms").await?, 1);
    for url in ["memory", "ftp://a/b", "s3://bucket"] {
        let refused = Store::of_url(url).is_err();
        assert!(refused || cfg!(feature = "s3"), "{url}");
    }
    Ok(())
}

#[tokio::test]
async fn an_upload_that_was_swept_cannot_be_committed() -> Outcome {
    let (_database, mut client) = ready().await?;
    let store = memory().await?;
    let key = begin(&client, ACME).await?;
    let declared = Declared {
        media_type: "text/plain".to_owned(),
        ..Declared::default()
    };
    let sbom = upload(&store, &key, &declared, LIMIT, body(10)).await?;
    sweep(&store, &mut client, Duration::ZERO).await?;
    let committed = commit(&mut client, ACME, "a", &sbom).await;
    assert!(matches!(committed, Err(ArtifactError::Swept)));
    let given_up = begin(&client, ACME).await?;
    give_up(&client, &given_up).await?;
    assert_eq!(
        (
            count(&client, "uploads").await?,
            count(&client, "sboms").await?
        ),
        (0, 0)
    );
    Ok(())
}

/// A sweep that takes everything at once, beside writers: what is committed has its object, and nothing else is left.
#[tokio::test(flavor = "multi_thread")]
async fn sweeps_and_writers_go_on_beside_each_other() -> Outcome {
    let (database, mut client) = ready().await?;
    let store = memory().await?;
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (store, mut client) = (store.clone(), database.connect().await?);
        writers.spawn(async move {
            let mut committed = 0;
            for size in 1..60 {
                match stored(&store, &mut client, size).await {
                    Ok(_) => committed += 1,
                    Err(ArtifactError::Swept) => {}
                    Err(error) => return Err(onward::Chain(&error).to_string()),
                }
            }
            Ok(committed)
        });
    }
    let mut sweeps = 0;
    while !writers.is_empty() {
        let swept = sweep(&store, &mut client, Duration::ZERO).await?;
        assert_eq!(swept.records, 0, "a committed artifact has lost its object");
        sweeps += 1;
        if let Some(done) = writers.try_join_next() {
            assert!(done?? > 0);
        }
    }
    // How many there are beside four writers is the scheduler's choice.
    assert!(sweeps > 1, "{sweeps}");
    sweep(&store, &mut client, Duration::ZERO).await?;
    let objects = i64::try_from(keys(&store).await?.len())?;
    assert_eq!(objects, count(&client, "sboms").await?);
    Ok(())
}

#[tokio::test]
async fn an_object_that_is_missing_or_another_one_is_an_error() -> Outcome {
    let (_database, mut client) = ready().await?;
    let store = memory().await?;
    let (_, sbom) = stored(&store, &mut client, 200_000).await?;
    let path = Path::from(sbom.key());
    let mut bytes = read(&store, sbom.clone()).await?;
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    let size = bytes.len();
    store.objects.put(&path, bytes.into()).await?;
    let mut let_out = 0;
    let mut stream = Box::pin(download(&store, sbom.clone()).await?);
    let mut end = None;
    while let Some(chunk) = stream.next().await {
        match chunk {
            Ok(chunk) => let_out += chunk.len(),
            Err(error) => end = Some(error),
        }
    }
    assert!(
        matches!(end, Some(ArtifactError::Damaged { .. })),
        "{end:?}"
    );
    assert!(let_out < size);
    store.objects.put(&path, PutPayload::from("short")).await?;
    let damaged = download(&store, sbom.clone()).await.map(|_| ());
    assert!(matches!(damaged, Err(ArtifactError::Damaged { .. })));
    store.remove(sbom.key()).await?;
    let missing = download(&store, sbom).await.map(|_| ());
    assert!(matches!(missing, Err(ArtifactError::Missing { .. })));
    Ok(())
}

/// `AWS_ENDPOINT` is that of a server for tests, such as `moto_server` or MinIO, and `ONWARD_S3_BUCKET` a bucket of it.
#[cfg(feature = "s3")]
#[tokio::test]
async fn the_same_on_a_server_that_speaks_s3() -> Outcome {
    let bucket = std::env::var("ONWARD_S3_BUCKET")
        .map_err(|_| "no S3 server: `.ci/s3` starts one, and runs this test")?;
    let (_database, mut client) = ready().await?;
    let store = Store::of_url(&format!("s3://{bucket}/{}", std::process::id()))?;
    store.mark(true).await?;
    let mut declared = Declared {
        media_type: "text/plain".to_owned(),
        ..Declared::default()
    };
    for size in [1, 20_000_000] {
        let key = begin(&client, ACME).await?;
        let sbom = upload(&store, &key, &declared, 64 << 20, body(size)).await?;
        let id = commit(&mut client, ACME, "a", &sbom).await?;
        let all: Vec<Bytes> = body(size)
            .map(|chunk| chunk.unwrap_or_default())
            .collect()
            .await;
        let found = find(&mut client, ACME, &id).await?;
        assert!(read(&store, found).await? == all.concat(), "{size}");
    }
    declared.sha256 = Some(Checksum([1; 32]));
    let key = begin(&client, ACME).await?;
    let refused = upload(&store, &key, &declared, 64 << 20, body(20_000_000)).await;
    assert!(matches!(refused, Err(ArtifactError::OtherChecksum { .. })));
    store
        .objects
        .put(&Path::from("sboms/orphan"), PutPayload::from("x"))
        .await?;
    let (lost, gone) = stored(&store, &mut client, 11).await?;
    store.remove(gone.key()).await?;
    // The server's clock has seconds.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let swept = sweep(&store, &mut client, Duration::ZERO).await?;
    let expected = Swept {
        uploads: 1,
        objects: 1,
        records: 1,
    };
    assert_eq!(swept, expected);
    assert!(matches!(
        find(&mut client, ACME, &lost).await,
        Err(ArtifactError::Unknown(_))
    ));
    assert_eq!(keys(&store).await?.len(), 2);
    Ok(())
}
