//! TLS by rustls.

mod check;
mod pem;

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, SupportedProtocolVersion};
use tokio_postgres::{Config, Error, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::mode::SslMode;
use crate::opened::{Opened, speak};
use crate::unreadable::Unreadable;
use crate::wanted::{Versions, Wanted};

#[derive(Clone)]
pub(crate) struct Tls(Option<MakeRustlsConnect>);

impl Tls {
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    pub(crate) fn of(wanted: &Wanted, _: SslMode) -> Result<Self, Unreadable> {
        let failed = |error: rustls::Error| Unreadable::Tls(error.to_string());
        let versions: &[&SupportedProtocolVersion] = match wanted.versions {
            Versions::Both => &[&TLS13, &TLS12],
            Versions::Only12 => &[&TLS12],
            Versions::Only13 => &[&TLS13],
        };
        // Of its own: a service may have another provider for the whole process.
        let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
        let verifier = check::verifier(wanted, &provider)?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .map_err(failed)?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match &wanted.own {
            Some((certificate, key)) => {
                let chain = pem::certificates(certificate)?;
                let key = pem::key(key)?;
                builder.with_client_auth_cert(chain, key).map_err(failed)?
            }
            None => builder.with_no_client_auth(),
        };
        config.enable_sni = wanted.names_host;
        if wanted.is_direct {
            config.alpn_protocols = vec![b"postgresql".to_vec()];
        }
        Ok(Self(Some(MakeRustlsConnect::new(config))))
    }

    pub(crate) const fn is_there(&self) -> bool {
        self.0.is_some()
    }

    pub(crate) async fn speak(&self, config: &Config) -> Result<Opened, Error> {
        match &self.0 {
            Some(tls) => speak(config, tls.clone()).await,
            None => speak(config, NoTls).await,
        }
    }
}
