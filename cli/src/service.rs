//! A service that runs a worker, and what it says over HTTP.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::Response;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};

use crate::connect::{DatabaseError, read};

/// The variable with the operator's token, which no command line shows.
const TOKEN: &str = "ONWARD_OPERATOR_TOKEN";
/// What every answer of an operator's route has in its head.
const MARK: &str = "onward-operator";
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// No answer of a service is larger.
const MOST_BYTES: u64 = 16 << 20;

/// The service of a verb that can ask one.
#[derive(Clone, Debug, Args)]
pub(crate) struct Service {
    /// Service that runs a worker, as http://host:port or https://host; asked instead of a database. The operator's
    /// token that it was started with is read from the variable ONWARD_OPERATOR_TOKEN.
    #[arg(long, value_name = "URL")]
    service: Option<String>,
    /// File whose first line is the operator's token, `-` for standard input; used instead of the variable.
    #[arg(long, value_name = "FILE", requires = "service")]
    token_file: Option<PathBuf>,
}

impl Service {
    /// A database is asked.
    pub(crate) const fn none() -> Self {
        Self {
            service: None,
            token_file: None,
        }
    }

    /// Where it is, if the command line names one.
    pub(crate) fn endpoint(&self) -> Result<Option<Endpoint>, ServiceError> {
        let Some(url) = &self.service else {
            return Ok(None);
        };
        let base = base(url)?;
        let token = match &self.token_file {
            Some(file) => first_line(&read(file)?),
            None => std::env::var(TOKEN).unwrap_or_default(),
        };
        let token = token.trim().to_owned();
        if token.is_empty() {
            return Err(ServiceError::NoToken);
        }
        if !token.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(ServiceError::BadToken);
        }
        let agent = agent(base.starts_with("https:"));
        Ok(Some(Endpoint { base, token, agent }))
    }
}

fn first_line(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().to_owned()
}

/// The URL to which paths are added. A mistake in it is not repeated as far as it could hold a password.
fn base(url: &str) -> Result<String, ServiceError> {
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"));
    let host = rest.unwrap_or_default();
    if host.contains('@') {
        return Err(ServiceError::Password);
    }
    let is_host = !host.is_empty() && !host.starts_with(['/', ':']);
    if !is_host || host.contains(['?', '#']) || host.contains(char::is_whitespace) {
        return Err(ServiceError::Url(url.to_owned()));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// The token goes to this host and to no other: neither through a proxy of the environment, nor behind a redirect.
fn agent(has_tls: bool) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None);
    let config = match has_tls {
        true => config.tls_config(tls()),
        false => config,
    };
    config.build().new_agent()
}

/// With the issuers that the system trusts.
fn tls() -> TlsConfig {
    let trusted = rustls_native_certs::load_native_certs().certs;
    let trusted = trusted.iter();
    let trusted = trusted.map(|one| Certificate::from_der(one).to_owned());
    TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&trusted.collect::<Vec<_>>()))
        .build()
}

/// A service, and the token for it.
pub(crate) struct Endpoint {
    base: String,
    token: String,
    agent: Agent,
}

#[derive(Clone, Copy)]
enum Method {
    Get,
    Post,
}

impl Endpoint {
    /// Its URL.
    pub(crate) fn url(&self) -> &str {
        &self.base
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ServiceError> {
        self.ask(Method::Get, path).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str) -> Result<T, ServiceError> {
        self.ask(Method::Post, path).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
    ) -> Result<T, ServiceError> {
        let url = format!("{}{path}", self.base);
        let (agent, bearer) = (self.agent.clone(), format!("Bearer {}", self.token));
        let asked = tokio::task::spawn_blocking(move || {
            let sent = match method {
                Method::Get => agent.get(&url).header("authorization", bearer).call(),
                Method::Post => agent
                    .post(&url)
                    .header("authorization", bearer)
                    .send_empty(),
            };
            sent.and_then(Answer::read)
        });
        let base = || self.base.clone();
        let answer = asked
            .await
            .map_err(|_| ServiceError::Stopped)?
            .map_err(|source| ServiceError::Silent {
                base: base(),
                source,
            })?;
        if !answer.is_marked {
            return Err(ServiceError::Stranger {
                base: base(),
                status: answer.status,
            });
        }
        let document = |source| ServiceError::Document {
            base: base(),
            source,
        };
        let why = || {
            let refusal = serde_json::from_str::<Refusal>(&answer.body);
            refusal.map(|refusal| refusal.error).unwrap_or_default()
        };
        match answer.status {
            200 => serde_json::from_str(&answer.body).map_err(document),
            401 => Err(ServiceError::Token { base: base() }),
            409 => Err(ServiceError::Refused { why: why() }),
            status => Err(ServiceError::Unable {
                base: base(),
                status,
                why: why(),
            }),
        }
    }
}

/// What a route says when it does not do what was asked.
#[derive(serde::Deserialize)]
struct Refusal {
    error: String,
}

struct Answer {
    status: u16,
    is_marked: bool,
    body: String,
}

impl Answer {
    fn read(response: Response<ureq::Body>) -> Result<Self, ureq::Error> {
        let status = response.status().as_u16();
        let is_marked = response.headers().contains_key(MARK);
        // What another program says is of no interest, and may be endless.
        let body = match is_marked {
            true => response
                .into_body()
                .into_with_config()
                .limit(MOST_BYTES)
                .read_to_string()?,
            false => String::new(),
        };
        Ok(Self {
            status,
            is_marked,
            body,
        })
    }
}

/// Why a service does not do what was asked. None of these texts holds the token.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServiceError {
    #[error("`{0}` is not the URL of a service: write http://host:port")]
    Url(String),
    #[error(
        "the URL of the service has a user or password in it, which other users see in the process list: write \
         http://host:port, and put the operator's token into {TOKEN}"
    )]
    Password,
    #[error(
        "the operator's token is missing: set {TOKEN} to the token that the service was started with, or name a file with \
         --token-file"
    )]
    NoToken,
    #[error("the operator's token cannot be sent: it has to be one line of ASCII characters")]
    BadToken,
    #[error(transparent)]
    File(#[from] DatabaseError),
    #[error(
        "there is no answer from {base}; `curl -i {base}/migrations` shows whether a service listens there"
    )]
    Silent { base: String, source: ureq::Error },
    #[error(
        "what answers at {base} has no routes for operators (HTTP {status}): it is another program, another port, or a \
         service without the routes of docs/data.md"
    )]
    Stranger { base: String, status: u16 },
    #[error(
        "{base} does not accept the operator's token (HTTP 401): set {TOKEN} to the token that the service was started with"
    )]
    Token { base: String },
    #[error("{why}")]
    Refused { why: String },
    #[error("{base} cannot do this (HTTP {status}): {why}")]
    Unable {
        base: String,
        status: u16,
        why: String,
    },
    #[error(
        "{base} answered with a document of another version; use the `onward` of the service's version"
    )]
    Document {
        base: String,
        source: serde_json::Error,
    },
    #[error("{has} has {version} in several modules: name one, `onward data {verb} {first} {version} --service <url>`", has = modules.join(", "), first = modules.first().map_or("", String::as_str))]
    Ambiguous {
        modules: Vec<String>,
        version: String,
        verb: &'static str,
    },
    #[error("{base} has no module `{module}`; it has {has}", has = modules.join(", "))]
    NoModule {
        base: String,
        module: String,
        modules: Vec<String>,
    },
    #[error(
        "{base} has no data migration {version}; `onward data list --service {base}` lists all of them"
    )]
    NoVersion { base: String, version: String },
    #[error("the request was stopped")]
    Stopped,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_url_is_a_service() {
        for good in ["http://a", "http://[::1]:80/", "https://a.b:1/c/"] {
            assert_eq!(
                base(good).ok().as_deref(),
                Some(good.trim_end_matches('/')),
                "{good}"
            );
        }
        for bad in [
            "",
            "a:80",
            "http://",
            "ftp://a",
            "http:///a",
            "http://:80",
            "http://a?b",
            "http://a b",
        ] {
            assert!(matches!(base(bad), Err(ServiceError::Url(_))), "{bad}");
        }
        let error = base("http://me:secret@a")
            .err()
            .map(|error| error.to_string());
        assert!(error.is_some_and(|error| !error.contains("secret")));
    }
}
