//! An issuer of certificates.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, Error, IsCa, Issuer, KeyPair, date_time_ymd,
};

pub(crate) struct Authority {
    pub(crate) pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// A certificate and its key, as PEM.
pub(crate) struct Issued {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new() -> Result<Self, Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "an issuer");
        let pem = params.self_signed(&key)?.pem();
        Ok(Self {
            pem,
            issuer: Issuer::new(params, key),
        })
    }

    /// For a host, or for the role of a client.
    pub(crate) fn issue(&self, name: &str) -> Result<Issued, Error> {
        self.issue_until(name, 2090)
    }

    pub(crate) fn issue_until(&self, name: &str, year: i32) -> Result<Issued, Error> {
        let key = KeyPair::generate()?;
        let params = params(name, year)?;
        Ok(Issued {
            certificate: params.signed_by(&key, &self.issuer)?.pem(),
            key: key.serialize_pem(),
        })
    }
}

impl Issued {
    /// A certificate that signed itself and is an issuer, as `openssl req -x509` writes it.
    pub(crate) fn by_itself(name: &str, year: i32) -> Result<Self, Error> {
        let key = KeyPair::generate()?;
        let mut params = params(name, year)?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Ok(Self {
            certificate: params.self_signed(&key)?.pem(),
            key: key.serialize_pem(),
        })
    }
}

fn params(name: &str, year: i32) -> Result<CertificateParams, Error> {
    let names = match name.contains('_') {
        true => Vec::new(),
        false => vec![name.to_owned()],
    };
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(year, 1, 1);
    Ok(params)
}
