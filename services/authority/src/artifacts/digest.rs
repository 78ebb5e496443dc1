//! What a stream of bytes has been so far.

use onward::Checksum;
use sha2::{Digest as _, Sha256};

/// The size and the SHA-256 of the bytes so far.
#[derive(Clone, Default)]
pub(crate) struct Digest {
    sha256: Sha256,
    pub(crate) size: u64,
}

impl Digest {
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.size += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    }

    pub(crate) fn checksum(&self) -> Checksum {
        Checksum(self.sha256.clone().finalize().into())
    }
}
