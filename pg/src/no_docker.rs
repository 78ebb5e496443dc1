//! Replaces `docker.rs` in a build without the feature `docker`.

use crate::major::Major;

/// Never exists: without the feature no container is started.
#[derive(Debug)]
pub(crate) enum Container {}

#[derive(Debug, thiserror::Error)]
#[error("not in this build; add `--features docker` to the command")]
pub(crate) struct NotBuiltIn;

impl Container {
    pub(crate) async fn start(_: Major) -> Result<Container, NotBuiltIn> {
        Err(NotBuiltIn)
    }

    pub(crate) fn url(&self) -> &str {
        match *self {}
    }

    pub(crate) fn image(&self) -> &str {
        match *self {}
    }
}
