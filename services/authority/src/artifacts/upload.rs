//! Streams a body into the store, in parts, and refuses one that is not what was declared before it can be seen.

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt as _, PutPayload};
use onward::Checksum;
use onward::artifact::Ref;

use super::ArtifactError;
use super::digest::Digest;
use super::store::{Store, path};

/// What the client says about the artifact that it sends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Declared {
    pub(crate) size: Option<u64>,
    pub(crate) sha256: Option<Checksum>,
    pub(crate) media_type: String,
}

/// Stores a body under a key. Nothing is stored if it fails, as far as the store can still be asked.
pub(crate) async fn upload<B, E>(
    store: &Store,
    key: &str,
    declared: &Declared,
    limit: u64,
    body: B,
) -> Result<Ref, ArtifactError>
where
    B: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut sink = Sink::new(store, path(key)?);
    let stored = match read(&mut sink, declared, limit, body).await {
        Ok(digest) => sink.finish().await.map(|()| digest),
        Err(error) => Err(error),
    };
    match stored {
        Ok(digest) => {
            let media_type = declared.media_type.clone();
            Ok(Ref::new(key, digest.size, digest.checksum(), media_type)?)
        }
        Err(error) => {
            sink.abort().await;
            Err(error)
        }
    }
}

async fn read<B, E>(
    sink: &mut Sink<'_>,
    declared: &Declared,
    limit: u64,
    mut body: B,
) -> Result<Digest, ArtifactError>
where
    B: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let most = declared.size.unwrap_or(limit);
    if most > limit {
        return Err(ArtifactError::TooLarge { limit });
    }
    let mut digest = Digest::default();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| ArtifactError::Body(error.into()))?;
        digest.add(&chunk);
        if digest.size > limit {
            return Err(ArtifactError::TooLarge { limit });
        }
        if digest.size > most {
            break;
        }
        sink.write(&chunk).await?;
    }
    if digest.size == 0 {
        return Err(ArtifactError::Empty);
    }
    if let Some(declared) = declared.size.filter(|declared| *declared != digest.size) {
        let sent = digest.size;
        return Err(ArtifactError::OtherSize { declared, sent });
    }
    let found = digest.checksum();
    match declared.sha256.filter(|declared| *declared != found) {
        Some(declared) => Err(ArtifactError::OtherChecksum { declared, found }),
        None => Ok(digest),
    }
}

/// Where the bytes go: one object if they are few, parts of one if they are many.
struct Sink<'a> {
    store: &'a Store,
    key: Path,
    buffer: BytesMut,
    parts: Option<Box<dyn MultipartUpload>>,
}

impl<'a> Sink<'a> {
    fn new(store: &'a Store, key: Path) -> Self {
        Self {
            store,
            key,
            buffer: BytesMut::new(),
            parts: None,
        }
    }

    async fn write(&mut self, chunk: &[u8]) -> Result<(), ArtifactError> {
        self.buffer.extend_from_slice(chunk);
        while self.buffer.len() > self.store.part {
            let part = self.buffer.split_to(self.store.part).freeze();
            self.put_part(part).await?;
        }
        Ok(())
    }

    async fn put_part(&mut self, part: Bytes) -> Result<(), ArtifactError> {
        if self.parts.is_none() {
            let begun = self.store.objects.put_multipart(&self.key);
            self.parts = Some(self.store.answer(begun).await?);
        }
        if let Some(parts) = &mut self.parts {
            let put = parts.put_part(PutPayload::from(part));
            self.store.answer(put).await?;
        }
        Ok(())
    }

    /// Only now the object can be seen.
    async fn finish(&mut self) -> Result<(), ArtifactError> {
        let rest = self.buffer.split().freeze();
        if self.parts.is_none() {
            let put = self.store.objects.put(&self.key, PutPayload::from(rest));
            return self.store.answer(put).await.map(|_| ());
        }
        self.put_part(rest).await?;
        match &mut self.parts {
            Some(parts) => self.store.answer(parts.complete()).await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// A store that has stopped may not hear of it: then the sweep removes what it has.
    async fn abort(&mut self) {
        let aborted = match &mut self.parts {
            Some(parts) => self.store.answer(parts.abort()).await,
            None => Ok(()),
        };
        if let Err(error) = aborted {
            tracing::warn!(error = %onward::Chain(&error), key = %self.key, "an upload was left in the store");
        }
    }
}
