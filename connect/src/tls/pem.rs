//! Certificates and keys, out of PEM files.

use std::fs;
use std::path::Path;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::unreadable::Unreadable;

const CERTIFICATE: &str = "the certificate file";
const KEY: &str = "the key file";

pub(super) fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Unreadable> {
    let text = read(file, CERTIFICATE)?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let unusable = |why: String| Unreadable::Pem {
        what: CERTIFICATE,
        file: file.to_owned(),
        why,
    };
    let all = all.map_err(|error| unusable(error.to_string()))?;
    match all.is_empty() {
        true => Err(unusable(
            "there is no certificate in it; it must be PEM".to_owned(),
        )),
        false => Ok(all),
    }
}

pub(super) fn key(file: &Path) -> Result<PrivateKeyDer<'static>, Unreadable> {
    let text = read(file, KEY)?;
    let unusable = |why: String| Unreadable::Pem {
        what: KEY,
        file: file.to_owned(),
        why,
    };
    if is_open_to_others(file) {
        let why = format!("other users can read it: chmod 0600 {}", file.display());
        return Err(unusable(why));
    }
    if text.windows(9).any(|window| window == b"ENCRYPTED") {
        let why = "it is encrypted, and this program asks for no passphrase: decrypt it with `openssl pkey`";
        return Err(unusable(why.to_owned()));
    }
    PrivateKeyDer::from_pem_slice(&text)
        .map_err(|_| unusable("there is no private key in it; it must be PEM".to_owned()))
}

fn read(file: &Path, what: &'static str) -> Result<Vec<u8>, Unreadable> {
    fs::read(file).map_err(|source| Unreadable::File {
        what,
        file: file.to_owned(),
        source,
    })
}

/// As libpq demands: the owner alone, or root's file that a group may read.
#[cfg(unix)]
fn is_open_to_others(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(facts) = fs::metadata(file) else {
        return false;
    };
    let open = match facts.uid() {
        0 => 0o037,
        _ => 0o077,
    };
    facts.mode() & open != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}
