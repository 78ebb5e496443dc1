//! What of the server's certificate is checked.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::tls::pem;
use crate::unreadable::Unreadable;
use crate::wanted::{Check, Roots, Wanted};

/// Checks as much as `sslmode` asks for. That the server has the certificate's key is always checked.
#[derive(Debug)]
struct Verifier {
    check: Check,
    provider: Arc<CryptoProvider>,
    /// None where nothing is checked.
    issuers: Option<Arc<WebPkiServerVerifier>>,
    /// Certificates that are trusted as they are.
    trusted: Vec<CertificateDer<'static>>,
}

pub(super) fn verifier(
    wanted: &Wanted,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Unreadable> {
    let trusted = match (wanted.check, &wanted.roots) {
        (Check::Nothing, _) => Vec::new(),
        (Check::Issuer | Check::IssuerAndName, Roots::File(file)) => pem::certificates(file)?,
        (Check::Issuer | Check::IssuerAndName, Roots::System) => {
            rustls_native_certs::load_native_certs().certs
        }
    };
    let issuers = match wanted.check {
        Check::Nothing => None,
        Check::Issuer | Check::IssuerAndName => Some(issuers(&trusted, provider)?),
    };
    Ok(Arc::new(Verifier {
        check: wanted.check,
        provider: Arc::clone(provider),
        issuers,
        trusted,
    }))
}

fn issuers(
    trusted: &[CertificateDer<'static>],
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, Unreadable> {
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(trusted.iter().cloned());
    if added == 0 {
        let why = "no trusted certificate was found: name the issuer's with sslrootcert";
        return Err(Unreadable::Tls(why.to_owned()));
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| Unreadable::Tls(error.to_string()))
}

impl Verifier {
    /// A certificate that signed itself and is in `sslrootcert` is trusted, as OpenSSL does. webpki refuses it as an
    /// issuer in the place of a server, and has looked at its dates before.
    fn is_trusted_itself(&self, end_entity: &CertificateDer<'_>, error: &Error) -> bool {
        let Error::InvalidCertificate(CertificateError::Other(why)) = error else {
            return false;
        };
        why.to_string() == "CaUsedAsEndEntity"
            && self
                .trusted
                .iter()
                .any(|one| one.as_ref() == end_entity.as_ref())
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(issuers) = &self.issuers else {
            return Ok(ServerCertVerified::assertion());
        };
        let checked =
            issuers.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match checked {
            // The name is the last that is checked.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.check == Check::Issuer => Ok(ServerCertVerified::assertion()),
            Err(error) if self.is_trusted_itself(end_entity, &error) => {
                if self.check == Check::IssuerAndName {
                    verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                }
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let known = &self.provider.signature_verification_algorithms;
        known.supported_schemes()
    }
}
