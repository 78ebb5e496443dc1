//! Reads an object, and lets out its last bytes only if all of it is what the reference says.

use bytes::Bytes;
use futures_util::stream::{BoxStream, try_unfold};
use futures_util::{Stream, StreamExt as _};
use object_store::{Error, ObjectStoreExt as _};
use onward::artifact::Ref;

use super::ArtifactError;
use super::digest::Digest;
use super::store::{Store, path};

struct Reading {
    artifact: Ref,
    stream: BoxStream<'static, Result<Bytes, Error>>,
    digest: Digest,
    /// What was read and is not let out yet.
    held: Option<Bytes>,
}

/// The bytes of the artifact. The stream ends with an error if they are others.
pub(crate) async fn download(
    store: &Store,
    artifact: Ref,
) -> Result<impl Stream<Item = Result<Bytes, ArtifactError>> + use<>, ArtifactError> {
    let found = store
        .answer(store.objects.get(&path(artifact.key())?))
        .await
        .map_err(|error| match error {
            ArtifactError::Store(Error::NotFound { .. }) => ArtifactError::Missing {
                key: artifact.key().to_owned(),
            },
            error => error,
        })?;
    if found.meta.size != artifact.size() {
        let bytes = |size: u64| format!("{size} bytes");
        return Err(ArtifactError::Damaged {
            key: artifact.key().to_owned(),
            expected: bytes(artifact.size()),
            found: bytes(found.meta.size),
        });
    }
    let reading = Reading {
        artifact,
        stream: found.into_stream(),
        digest: Digest::default(),
        held: None,
    };
    Ok(try_unfold(reading, next))
}

async fn next(mut reading: Reading) -> Result<Option<(Bytes, Reading)>, ArtifactError> {
    loop {
        let Some(chunk) = reading.stream.next().await else {
            let whole = reading.held.take();
            return match whole {
                Some(last) => is_it(&reading).map(|()| Some((last, reading))),
                None => Ok(None),
            };
        };
        let chunk = chunk?;
        reading.digest.add(&chunk);
        if let Some(before) = reading.held.replace(chunk) {
            return Ok(Some((before, reading)));
        }
    }
}

fn is_it(reading: &Reading) -> Result<(), ArtifactError> {
    let (expected, found) = (reading.artifact.sha256(), reading.digest.checksum());
    if expected == found && reading.digest.size == reading.artifact.size() {
        return Ok(());
    }
    Err(ArtifactError::Damaged {
        key: reading.artifact.key().to_owned(),
        expected: expected.to_string(),
        found: found.to_string(),
    })
}
