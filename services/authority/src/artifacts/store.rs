//! The object store, and the time that it has for an answer.

use std::env;
use std::sync::Arc;
use std::time::Duration;

use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, PutPayload, parse_url_opts};
use tokio::time::timeout;
use url::Url;

use super::ArtifactError;

/// How long one request to the store may take; a part of an upload is one request.
const PATIENCE: Duration = Duration::from_secs(60);

/// What an upload needs of memory. S3 takes 10,000 parts, which are 80 GB then, and none below 5 MB but the last.
const PART: usize = 8 << 20;

/// Lies in the store from the first start on: a store without it is another one, and not one that has lost its objects.
const MARK: &str = ".authority-store";

/// An object store that answers in time or fails.
#[derive(Clone)]
pub(crate) struct Store {
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) patience: Duration,
    /// The size of a part of an upload.
    pub(crate) part: usize,
}

impl Store {
    /// The store of a URL: `memory:///`, `file:///var/artifacts`, and with the feature `s3` `s3://bucket/prefix`, whose
    /// endpoint, region and keys are in the variables `AWS_*`.
    pub(crate) fn of_url(url: &str) -> Result<Self, ArtifactError> {
        let wrong = |why: String| ArtifactError::NotTheStore(format!("`{url}`: {why}"));
        let parsed = Url::parse(url).map_err(|error| wrong(error.to_string()))?;
        let variables = env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?.to_ascii_lowercase();
            Some((name, value.into_string().ok()?))
        });
        let variables = variables.filter(|(name, _)| name.starts_with("aws_"));
        let (objects, prefix) =
            parse_url_opts(&parsed, variables).map_err(|error| wrong(error.to_string()))?;
        Ok(Self::new(Arc::new(PrefixStore::new(objects, prefix))))
    }

    pub(crate) fn new(objects: Arc<dyn ObjectStore>) -> Self {
        Self {
            objects,
            patience: PATIENCE,
            part: PART,
        }
    }

    /// Waits for an answer of the store, and not for ever.
    pub(crate) async fn answer<T>(
        &self,
        asked: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, ArtifactError> {
        let answer = timeout(self.patience, asked).await;
        Ok(answer.map_err(|_| ArtifactError::StoreStopped(self.patience))??)
    }

    /// Puts the mark into a store that has none, if there are no records of objects that should be in it.
    pub(crate) async fn mark(&self, is_new: bool) -> Result<(), ArtifactError> {
        match self.is_marked().await {
            Err(ArtifactError::NotTheStore(_)) if is_new => {
                let mark = Path::from(MARK);
                let put = self.objects.put(&mark, PutPayload::from("1\n"));
                self.answer(put).await.map(|_| ())
            }
            answer => answer,
        }
    }

    /// Whether this is the store that the records are about.
    pub(crate) async fn is_marked(&self) -> Result<(), ArtifactError> {
        match self.answer(self.objects.head(&Path::from(MARK))).await {
            Ok(_) => Ok(()),
            Err(ArtifactError::Store(Error::NotFound { .. })) => Err(ArtifactError::NotTheStore(
                format!("it has no `{MARK}`, so it is not the one that the records are about"),
            )),
            Err(error) => Err(error),
        }
    }

    /// Removes an object. One that is gone is removed.
    pub(crate) async fn remove(&self, key: &str) -> Result<(), ArtifactError> {
        match self.answer(self.objects.delete(&path(key)?)).await {
            Ok(()) | Err(ArtifactError::Store(Error::NotFound { .. })) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn has(&self, key: &str) -> Result<bool, ArtifactError> {
        match self.answer(self.objects.head(&path(key)?)).await {
            Ok(_) => Ok(true),
            Err(ArtifactError::Store(Error::NotFound { .. })) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

pub(crate) fn path(key: &str) -> Result<Path, ArtifactError> {
    Ok(Path::parse(key).map_err(Error::from)?)
}
