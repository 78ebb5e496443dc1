//! A store that stops half way through an upload.

use std::fmt;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use futures_util::FutureExt as _;
use futures_util::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, UploadPart,
};

/// What it does instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    Fails,
    Hangs,
}

#[derive(Debug)]
pub(super) struct Broken {
    inner: InMemory,
    how: How,
    /// How many more requests about parts it answers.
    left: Arc<AtomicUsize>,
}

impl Broken {
    pub(super) fn new(how: How, answers: usize) -> Self {
        Self {
            inner: InMemory::new(),
            how,
            left: Arc::new(AtomicUsize::new(answers)),
        }
    }

    pub(super) fn mend(&self) {
        self.left.store(usize::MAX, Ordering::Relaxed);
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a broken store")
    }
}

#[async_trait]
impl ObjectStore for Broken {
    async fn put_opts(
        &self,
        at: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        self.inner.put_opts(at, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Ok(Box::new(Parts {
            inner: self.inner.put_multipart_opts(at, options).await?,
            how: self.how,
            left: self.left.clone(),
        }))
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(at, options).await
    }

    fn delete_stream(
        &self,
        at: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(at)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[derive(Debug)]
struct Parts {
    inner: Box<dyn MultipartUpload>,
    how: How,
    left: Arc<AtomicUsize>,
}

impl Parts {
    fn answers(&self) -> bool {
        let less = |left: usize| left.checked_sub(1);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }
}

async fn stopped<T>(how: How) -> Result<T> {
    match how {
        How::Fails => Err(Error::Generic {
            store: "broken",
            source: "it has stopped".into(),
        }),
        How::Hangs => pending().await,
    }
}

#[async_trait]
impl MultipartUpload for Parts {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        match self.answers() {
            true => self.inner.put_part(data),
            false => stopped(self.how).boxed(),
        }
    }

    async fn complete(&mut self) -> Result<PutResult> {
        match self.answers() {
            true => self.inner.complete().await,
            false => stopped(self.how).await,
        }
    }

    async fn abort(&mut self) -> Result<()> {
        match self.answers() {
            true => self.inner.abort().await,
            false => stopped(self.how).await,
        }
    }
}
