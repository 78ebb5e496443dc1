//! The servers that a connection string names.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use tokio_postgres::Config;

use crate::unreadable::Unreadable;

/// One of the servers, tried in their order.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) host: Host,
    /// Where the host is, so that its name is not looked up.
    pub(crate) address: Option<IpAddr>,
    pub(crate) port: u16,
    pub(crate) password: Option<String>,
    /// No host was named.
    is_usual: bool,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Host {
    Name(String),
    Socket(PathBuf),
}

/// Where servers on this machine listen when nothing else is set: Debian's place, and PostgreSQL's own.
const USUAL_SOCKETS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

impl Server {
    /// From the comma-separated lists. A single port counts for all servers.
    pub(crate) fn all(
        hosts: Option<&str>,
        addresses: Option<&str>,
        ports: Option<&str>,
    ) -> Result<Vec<Self>, Unreadable> {
        let list = |text: Option<&str>| -> Vec<String> {
            let text = text.filter(|text| !text.is_empty());
            let list = text.map(|text| text.split(',').map(str::to_owned).collect());
            list.unwrap_or_default()
        };
        let (hosts, addresses, ports) = (list(hosts), list(addresses), list(ports));
        let count = hosts.len().max(addresses.len()).max(1);
        for (others, what, may_be_one) in [
            (hosts.len(), "hosts", false),
            (addresses.len(), "addresses", false),
            (ports.len(), "ports", true),
        ] {
            if others > 0 && others != count && !(may_be_one && others == 1) {
                return Err(Unreadable::Count {
                    servers: count,
                    others,
                    what,
                });
            }
        }
        let server = |n: usize| {
            let port = ports.get(n).or(ports.first()).map(String::as_str);
            Self::new(
                hosts.get(n).map_or("", String::as_str),
                addresses.get(n).map_or("", String::as_str),
                port.unwrap_or_default(),
            )
        };
        (0..count).map(server).collect()
    }

    fn new(host: &str, address: &str, port: &str) -> Result<Self, Unreadable> {
        let wrong = |what: &str, takes| Unreadable::Value {
            place: what.to_owned(),
            takes,
        };
        let address: Option<IpAddr> = match address {
            "" => None,
            text => Some(
                text.parse()
                    .map_err(|_| wrong("hostaddr", "an IP address"))?,
            ),
        };
        let port = match port {
            "" => 5432,
            text => text.parse().ok().filter(|port| *port > 0).ok_or_else(|| {
                wrong(
                    "the port",
                    "a number; in a user name or password, write `/` as %2F and `:` as %3A",
                )
            })?,
        };
        let host = match (host, address) {
            ("", Some(address)) => Some(Host::Name(address.to_string())),
            ("", None) => None,
            (path, _) if path.starts_with('/') => Some(Host::Socket(path.into())),
            (name, _) => Some(Host::Name(name.to_owned())),
        };
        Ok(Self {
            is_usual: host.is_none(),
            host: host.unwrap_or_else(|| usual_host(port)),
            address,
            port,
            password: None,
        })
    }

    /// The name in a password file.
    pub(crate) fn login_name(&self) -> String {
        match &self.host {
            Host::Socket(folder) if is_usual_socket(folder) => "localhost".to_owned(),
            Host::Socket(folder) => folder.display().to_string(),
            Host::Name(name) => name.clone(),
        }
    }

    pub(crate) const fn is_socket(&self) -> bool {
        match &self.host {
            Host::Socket(_) => true,
            Host::Name(_) => false,
        }
    }

    /// The driver's configuration for this server alone.
    pub(crate) fn configured(&self, config: &Config) -> Config {
        let mut config = config.clone();
        match &self.host {
            Host::Name(name) => {
                config.host(name);
                self.address.map(|address| config.hostaddr(address));
            }
            #[cfg(unix)]
            Host::Socket(folder) => {
                config.host_path(folder);
            }
            #[cfg(not(unix))]
            Host::Socket(folder) => {
                config.host(folder.display().to_string());
            }
        }
        config.port(self.port);
        if let Some(password) = &self.password {
            config.password(password);
        }
        config
    }
}

fn usual_host(port: u16) -> Host {
    if !cfg!(unix) {
        return Host::Name("localhost".to_owned());
    }
    let listens = |folder: &&&str| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
    let [first, _] = USUAL_SOCKETS;
    let folder = USUAL_SOCKETS.iter().find(listens).unwrap_or(&first);
    Host::Socket(folder.into())
}

fn is_usual_socket(folder: &Path) -> bool {
    USUAL_SOCKETS.iter().any(|usual| folder == Path::new(usual))
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Name(name) if name.contains(':') => write!(f, "[{name}]:{}", self.port)?,
            Host::Name(name) => write!(f, "{name}:{}", self.port)?,
            Host::Socket(folder) => write!(f, "socket {}, port {}", folder.display(), self.port)?,
        }
        match self.is_usual {
            true => f.write_str(" (the URL names no host, and neither does PGHOST)"),
            false => Ok(()),
        }
    }
}
